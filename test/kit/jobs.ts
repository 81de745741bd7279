// Deliveries as QStash makes them: signed with its key, to the door for jobs.
import type { QueueMessage } from "#brain/kernel/ports.ts";
import { signDelivery } from "#local/qstash/jwt.ts";
import { publicUrl, signingKeys, type World } from "./world.ts";

/** One signed delivery; the signature's time is the real one, since the verifier's is. */
export async function deliver(
  w: World,
  name: string,
  message: Record<string, unknown>,
  along: Record<string, string> = {},
): Promise<Response> {
  const body = JSON.stringify(message);
  const url = `${publicUrl}/jobs/${name}`;
  const signature = signDelivery(signingKeys.current, { url, body: Buffer.from(body), now: new Date(), id: "jwt_1" });
  const headers = { "content-type": "application/json", "upstash-signature": signature, ...along };
  const answer = await w.fetch(`/jobs/${name}`, { method: "POST", headers, body });
  await w.settled();
  return answer;
}

/** Delivers what has been published so far, each once, whatever its delay; what these runs publish waits for the next call. */
export async function deliverPublished(w: World): Promise<{ message: QueueMessage; status: number; body: unknown }[]> {
  const answers = [];
  for (const message of w.queue.published.splice(0)) {
    const { kind, project, id, body, round, request, trace } = message;
    const along = { ...(request ? { "x-request-id": request } : {}), ...(trace ? { traceparent: trace } : {}) };
    const answer = await deliver(w, kind, { ...body, project, id, ...(round ? { round } : {}) }, along);
    answers.push({ message, status: answer.status, body: await answer.json() });
  }
  return answers;
}
