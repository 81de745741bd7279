/** A customer's message as Chatwoot sends it, and our API as a script uses it. */
import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Local } from "./laptop.ts";

export type Line = { id: number; text: string };

const sample = (name: string): string =>
  readFileSync(new URL(`../fixtures/chatwoot/${name}.json`, import.meta.url), "utf8");

/** A recorded message that is nothing but an image. */
export const photo = (): string => sample("s3-image-no-text");

/** A recorded `message_created` that says something else, now. */
export function messageCreated({ id, text }: Line): string {
  const now = new Date();
  const body = JSON.parse(sample("s1-incoming-text")) as { conversation: { messages: object[] } };
  const said = { id, content: text };
  const nested = { ...body.conversation.messages[0], ...said, updated_at: now.toISOString() };
  const messages = [{ ...nested, created_at: Math.floor(now.getTime() / 1000) }];
  const conversation = { ...body.conversation, updated_at: now.getTime() / 1000, messages };
  return JSON.stringify({ ...body, ...said, created_at: now.toISOString(), conversation });
}

export async function tell(local: Local, line: Line): Promise<Response> {
  return sendSigned(local, { body: messageCreated(line), secret: local.chatwoot.secret });
}

export function sendSigned(local: Local, { body, secret }: { body: string; secret: string }): Promise<Response> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const mac = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  return fetch(local.chatwoot.hook, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-chatwoot-delivery": randomUUID(),
      "x-chatwoot-timestamp": timestamp,
      "x-chatwoot-signature": `sha256=${mac}`,
    },
    body,
  });
}

export async function get<T>(local: Local, path: string): Promise<T> {
  const headers = { authorization: `Bearer ${local.apiKey}` };
  const response = await fetch(`${local.url}${path}`, { headers });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

export type Memory = { chunks: number; pending: number; processing: number; ready: number; failed: number };
export type Hits = { data: { id: string; text: string; source: { table: string; pk: string } }[] };

export const memory = (local: Local): Promise<Memory> => get<Memory>(local, "/v1/memory/status");

export const search = (local: Local, q: string): Promise<Hits> =>
  get<Hits>(local, `/v1/search?q=${encodeURIComponent(q)}`);

export type Answer = {
  status: string;
  sentences: { text: string; citations: string[] }[];
  citations: { id: string; source: { table: string; pk: string }; quote: string }[];
};

export async function ask(local: Local, question: string): Promise<Answer> {
  const response = await fetch(`${local.url}/v1/ask`, {
    method: "POST",
    headers: { authorization: `Bearer ${local.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ question, audience: { kind: "staff" } }),
  });
  if (!response.ok) throw new Error(`/v1/ask: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** Database requests counted so far. */
export async function requests(local: Local): Promise<number> {
  const stats = (await (await fetch(local.neon.stats)).json()) as { requests: number };
  return stats.requests;
}
