/** How QStash shall let our jobs come: the dispatchers of one sender one after the other, no faster than its pace is renewed. */
import type { Flow, QueueMessage } from "../kernel/ports.ts";

/** A sender's pace is so many a second, and one run claims them: a second run within that second would find nothing to do. */
export function flowOf({ kind, project, body }: QueueMessage): Flow | undefined {
  const { sender } = body;
  if (kind !== "outbound.dispatch" || typeof sender !== "string") return undefined;
  return { name: `dispatch.${project}.${sender}`, parallelism: 1, rate: 1, periodSeconds: 1 };
}
