/** From staged row to QStash: after the response, and again by the sweep when that was lost. */
import { sql } from "drizzle-orm";
import { raw, send } from "./batch.ts";
import { as, type Ctx } from "./ctx.ts";
import { ProviderFailure } from "./ports.ts";

/** A staged row as SQL returns it; `due_at` is a timestamp's text. Request and trace are named where they are not this one's. */
export type Publishable = {
  id: string;
  kind: string;
  payload: Record<string, unknown>;
  due_at: string;
  request_id?: string | null;
  trace?: string | null;
  /** How often an operator sent it again. */
  round?: number;
};

/** Hands rows over after the response. A failure is logged; the sweep finds what was not published. */
export function publishStaged(ctx: Ctx, rows: Publishable[], project = ctx.who?.project): void {
  if (project && rows.length > 0) ctx.after(() => publish(ctx, project, rows));
}

export type Handed = { id: string; message_id?: string; error?: string };

/**
 * Publishes each row under its own id, then marks them in one request. Crashing in between only repeats: the id is the
 * deduplication id. Throws after marking when a row could not be handed over.
 */
export async function publish(ctx: Ctx, project: string, rows: Publishable[]): Promise<void> {
  const handed = await Promise.all(rows.map((row) => hand(ctx, project, row)));
  const credential = { kind: "system", project, job: "outbox" } as const;
  const entry = { permission: "shared:operate", scope: "project" } as const;
  // What happens after the response is not counted as the answer's.
  const system: Ctx = { ...as(ctx, { credential, entry }), meter: { requests: 0 } };
  await send(system, [
    raw(
      system,
      sql`update shared.outbox o set attempts = o.attempts + 1, error = h.error, message_id = coalesce(h.message_id, o.message_id),
          published_at = case when h.message_id is null then o.published_at else shared.clock() end, updated_at = shared.clock()
        from jsonb_to_recordset(${JSON.stringify(handed)}::jsonb) h (id text, message_id text, error text)
        where o.project_id = shared.scope() and o.id = h.id`,
    ),
  ]);
  const refused = handed.filter((row) => row.error !== undefined);
  if (refused.length > 0) throw new Error(`${refused.length} of ${rows.length} not published: ${refused[0]?.error}`);
}

/** One row to QStash; what was refused is told, not thrown. */
export async function hand(ctx: Ctx, project: string, row: Publishable): Promise<Handed> {
  const delaySeconds = Math.max(0, Math.ceil((Date.parse(row.due_at) - ctx.clock.now().getTime()) / 1000));
  const origin = { request: row.request_id ?? ctx.requestId, trace: row.trace ?? ctx.trace };
  const again = row.round ? { round: row.round } : {};
  const message = { kind: row.kind, project, id: row.id, body: row.payload, delaySeconds, ...origin, ...again };
  try {
    const { messageId } = await ctx.ports.queue.publish(message);
    return { id: row.id, message_id: messageId };
  } catch (thrown) {
    return { id: row.id, error: thrown instanceof ProviderFailure ? thrown.code : "queue_failed" };
  }
}
