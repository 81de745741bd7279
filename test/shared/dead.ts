// What QStash sends when it gives a message up, as our door gets it.
import { deliver } from "#test/kit/jobs.ts";
import { publicUrl, type World } from "#test/kit/world.ts";

export const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
export const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

export type Death = {
  project?: string;
  work?: string;
  message?: string;
  round?: number;
  job?: string;
  status?: number;
  answer?: unknown;
  payload?: object;
};

/** Of tenant a's work unless it says otherwise. */
export function callback(w: World, of: Death = {}) {
  const { work = "obx_w1", message = "msg_1", round = 0, job = "shared.sweep", status = 503 } = of;
  const again = round > 0 ? { round } : {};
  return {
    status,
    header: { "Content-Type": ["application/problem+json"] },
    body: base64(of.answer ?? { code: "database_unreachable" }),
    retried: 3,
    maxRetries: 3,
    dlqId: `dlq-${message}`,
    sourceMessageId: message,
    url: `${publicUrl}/jobs/${job}`,
    method: "POST",
    sourceHeader: { "X-Request-Id": ["req-of-the-sender"], Traceparent: [trace] },
    sourceBody: base64({ ...of.payload, project: of.project ?? w.a.project, id: work, ...again }),
  };
}

export const died = (w: World, of?: Death): Promise<Response> => deliver(w, "shared.letters.receive", callback(w, of));
