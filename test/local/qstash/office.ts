/** A QStash server, the vendor's own client and receiver, and a destination that remembers what reached it. */
import { Client, Receiver } from "@upstash/qstash";
import { afterAll, beforeAll, vi } from "vitest";
import { type Asked, listen } from "#local/loopback.ts";
import { type LocalQStash, type QStashOptions, startQStash } from "#local/qstash.ts";

export const KEYS = { currentSigningKey: "sig_test_current_0001", nextSigningKey: "sig_test_next_0002" };
export const TOKEN = "token-of-the-laptop";

export type Reply = { status: number; headers?: Record<string, string>; text?: string };
export type Destination = { url: string; got: Asked[]; replies: Reply[]; close(): Promise<void> };

/** Answers the replies given, in turn, then 200. */
export async function destination(): Promise<Destination> {
  const got: Asked[] = [];
  const replies: Reply[] = [];
  const server = await listen({
    handle: (asked) => {
      got.push(asked);
      const { status, headers = {}, text = "" } = replies.shift() ?? { status: 200 };
      return { status, headers, bytes: Buffer.from(text) };
    },
  });
  return { url: server.url, got, replies, close: () => server.close() };
}

export async function qstash(options: Partial<QStashOptions> = {}): Promise<{ server: LocalQStash; client: Client }> {
  const server = await startQStash({ token: TOKEN, ...KEYS, backoff: () => 5, ...options });
  return { server, client: clientOf(server) };
}

export function clientOf(server: LocalQStash, token = TOKEN): Client {
  return new Client({ baseUrl: server.url, token, enableTelemetry: false, retry: { retries: 1, backoff: () => 5 } });
}

/** What our own door does: exact body, exact url. */
export async function verified(asked: Asked, url: string): Promise<boolean> {
  const signature = asked.headers["upstash-signature"] ?? "";
  return new Receiver(KEYS).verify({ signature, body: asked.body.toString("utf8"), url });
}

/** The client prints each refusal; where refusals are what is tested they would drown the report. */
export function quiet(): void {
  beforeAll(() => {
    for (const level of ["error", "warn"] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });
}
