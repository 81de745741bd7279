/** The outcome of a delivery as a callback, a dead letter and a log line tell it. */
import type { Outcome } from "./attempt.ts";
import type { Message, Publish } from "./message.ts";
import type { DeadMessage } from "./store.ts";

export function succeeded(outcome: Outcome): boolean {
  return outcome.status >= 200 && outcome.status < 300;
}

/** A destination that answers so says that trying again cannot help. */
export function notRetryable(outcome: Outcome): boolean {
  return outcome.status === 489 && outcome.headers.get("upstash-nonretryable-error") === "true";
}

export function callbackPublish(
  to: { url: string; headers: Record<string, string> },
  about: { message: Message; outcome: Outcome; dlqId?: string },
): Publish {
  const { message, outcome, dlqId } = about;
  const body = {
    status: outcome.status,
    header: lists(outcome.headers),
    body: (outcome.error === null ? outcome.body : Buffer.from(outcome.error)).toString("base64"),
    retried: message.retried,
    maxRetries: message.maxRetries,
    sourceMessageId: message.messageId,
    url: message.url,
    method: message.method,
    sourceHeader: lists(new Headers(message.forward)),
    sourceBody: message.bodyBase64,
    notBefore: String(message.notBefore),
    createdAt: String(message.createdAt),
    callerIP: "127.0.0.1",
    ...(message.scheduleId === null ? {} : { scheduleId: message.scheduleId }),
    ...(dlqId === undefined ? {} : { dlqId }),
  };
  return {
    url: to.url,
    headers: { "content-type": "application/json", ...to.headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}

export function deadLetter(message: Message, of: { outcome: Outcome; dlqId: string }): DeadMessage {
  return {
    ...message,
    dlqId: of.dlqId,
    responseStatus: of.outcome.status,
    responseHeader: lists(of.outcome.headers),
    responseBody: of.outcome.error ?? of.outcome.body.toString("utf8"),
  };
}

/** For the log: enough to see what went wrong. */
export function errorText(outcome: Outcome): string {
  return outcome.error ?? outcome.body.subarray(0, 200).toString("utf8");
}

export function lists(headers: Headers): Record<string, string[]> {
  const result: Record<string, string[]> = {};
  for (const [name, value] of headers) result[name] = [value];
  return result;
}
