/** One try at delivering a message: the signed request, and what came back. */
import { randomUUID } from "node:crypto";
import { signDelivery } from "./jwt.ts";
import type { Message } from "./message.ts";

export type Deliver = (request: Request) => Promise<Response> | Response;

/** Status 0 is an answer that never came: refused, cut off or too late. */
export type Outcome = { status: number; headers: Headers; body: Buffer; error: string | null };

export async function attempt(
  message: Message,
  by: { key: string; now: Date; deliver: Deliver; stop: AbortSignal },
): Promise<Outcome> {
  const limit = new AbortController();
  const end = () => limit.abort(by.stop.reason);
  by.stop.addEventListener("abort", end, { once: true });
  const timer = setTimeout(() => limit.abort(new Error(`no answer within ${message.timeoutMs} ms`)), message.timeoutMs);
  try {
    const sent = request(message, { ...by, limit: limit.signal });
    const answer = await Promise.race([by.deliver(sent), aborted(limit.signal)]);
    const body = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, headers: answer.headers, body, error: null };
  } catch (error) {
    return { status: 0, headers: new Headers(), body: Buffer.alloc(0), error: reason(error) };
  } finally {
    clearTimeout(timer);
    by.stop.removeEventListener("abort", end);
  }
}

function request(message: Message, by: { key: string; now: Date; limit: AbortSignal }): Request {
  const body = Buffer.from(message.bodyBase64, "base64");
  const headers = new Headers(message.forward);
  headers.set("user-agent", "Upstash-QStash");
  headers.set("upstash-message-id", message.messageId);
  headers.set("upstash-retried", String(message.retried));
  headers.set("upstash-region", "EU-CENTRAL-1");
  headers.set("upstash-caller-ip", "127.0.0.1");
  if (message.scheduleId !== null) headers.set("upstash-schedule-id", message.scheduleId);
  const signed = { url: message.url, body, now: by.now, id: `jwt_${randomUUID().replaceAll("-", "")}` };
  headers.set("upstash-signature", signDelivery(by.key, signed));
  return new Request(message.url, {
    method: message.method,
    headers,
    redirect: "manual",
    signal: by.limit,
    ...(message.method === "GET" ? {} : { body }),
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** fetch hides the interesting part, such as ECONNREFUSED, in the cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
