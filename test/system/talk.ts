/** A customer's message as Chatwoot sends it, and our API as a script uses it. */
import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Local } from "./laptop.ts";

export type Line = { id: number; text: string };

const recorded = readFileSync(new URL("../fixtures/chatwoot/s1-incoming-text.json", import.meta.url), "utf8");

/** A recorded `message_created` that says something else, now. */
export function messageCreated({ id, text }: Line): string {
  const now = new Date();
  const body = JSON.parse(recorded) as { conversation: { messages: object[] } };
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

export function post(local: Local, path: string, json: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${local.apiKey}`, "content-type": "application/json" };
  return fetch(`${local.url}${path}`, { method: "POST", headers, body: JSON.stringify(json) });
}

export type Memory = { chunks: number; pending: number; processing: number; ready: number; failed: number };
export type Hits = { data: { id: string; text: string; source: { table: string; pk: string } }[] };

export const memory = (local: Local): Promise<Memory> => get<Memory>(local, "/v1/memory/status");

export const search = (local: Local, q: string): Promise<Hits> =>
  get<Hits>(local, `/v1/search?q=${encodeURIComponent(q)}`);

/** Database requests counted so far. */
export async function requests(local: Local): Promise<number> {
  const stats = (await (await fetch(local.neon.stats)).json()) as { requests: number };
  return stats.requests;
}
