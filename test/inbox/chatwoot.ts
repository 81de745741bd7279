/** Chatwoot's side of the story: payloads in its shapes, sent signed to a tenant's door. */
import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Tenant, World } from "#test/kit/world.ts";

export type Json = Record<string, unknown>;

const fixtures = new URL("../fixtures/chatwoot/", import.meta.url);
const contents = new Map<string, string>();

/** A recorded sample (S1–S8), its account replaced by the tenant's own. */
export function sample(name: string, account: number): Json {
  const text = contents.get(name) ?? readFileSync(new URL(`${name}.json`, fixtures), "utf8");
  contents.set(name, text);
  return JSON.parse(text, (key, value: unknown) => {
    if (key === "account_id") return account;
    if (key === "account" && typeof value === "object" && value !== null) return { ...value, id: account };
    return value;
  }) as Json;
}

let numbers = 1000;
/** Numbers that no other test of this process uses. */
export const number = (): number => ++numbers;

const epoch = (iso: string): number => Date.parse(iso) / 1000;

export type Talk = { account: number; conversation: number; contact: number };
export const talk = (tenant: Tenant): Talk => ({
  account: tenant.accountId,
  conversation: number(),
  contact: number(),
});

export const contact = (at: Talk, change: Json = {}): Json => ({
  additional_attributes: {},
  custom_attributes: {},
  email: `mette${at.contact}@example.dk`,
  id: at.contact,
  identifier: null,
  name: "Mette Holm",
  phone_number: `+45203${String(at.contact).padStart(5, "0")}`,
  thumbnail: "",
  blocked: false,
  ...change,
});

export const conversation = (at: Talk, change: Json = {}): Json => ({
  additional_attributes: {},
  can_reply: true,
  channel: "Channel::Api",
  contact_inbox: { id: 311, contact_id: at.contact, inbox_id: 14, source_id: "+4520304050", pubsub_token: "REDACT-ME" },
  id: at.conversation,
  inbox_id: 14,
  messages: [],
  labels: [],
  meta: { sender: { ...contact(at), type: "contact" }, assignee: null, team: null, hmac_verified: false },
  status: "open",
  custom_attributes: {},
  snoozed_until: null,
  unread_count: 1,
  first_reply_created_at: null,
  priority: null,
  waiting_since: 0,
  agent_last_seen_at: 0,
  contact_last_seen_at: 0,
  last_activity_at: 1794726302,
  timestamp: 1794726302,
  created_at: 1794726301,
  updated_at: 1794726302.771,
  account: { id: at.account, name: "Nordvarme Service" },
  ...change,
});

export function message(at: Talk, change: Json = {}): Json {
  return {
    account: { id: at.account, name: "Nordvarme Service" },
    additional_attributes: {},
    content_attributes: {},
    content_type: "text",
    content: "Varmepumpen larmer igen, kan I komme torsdag?",
    conversation: conversation(at),
    created_at: "2026-11-15T06:25:02.744Z",
    id: number(),
    inbox: { id: 14, name: "SMS" },
    message_type: "incoming",
    private: false,
    sender: contact(at),
    source_id: null,
    event: "message_created",
    ...change,
  };
}

/** An edit whose own version Chatwoot told along, as it does when the message is still the newest. */
export function edit(at: Talk, of: Json, change: Json & { version: string }): Json {
  const { version, ...rest } = change;
  const nested = { id: of["id"], updated_at: version, account_id: at.account, created_at: epoch(version) };
  return { ...of, event: "message_updated", conversation: conversation(at, { messages: [nested] }), ...rest };
}

export const deletion = (at: Talk, of: Json, version: string): Json =>
  edit(at, of, {
    version,
    content: "This message was deleted",
    content_attributes: { deleted: true },
    attachments: [],
  });

export const signature = (secret: string, timestamp: string, body: string | Uint8Array): string =>
  `sha256=${createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex")}`;

export type How = { delivery?: string; at?: Date; secret?: string; source?: string; headers?: Record<string, string> };

/** Posts a payload (or raw bytes) as Chatwoot does. */
export function hear(w: World, tenant: Tenant, payload: unknown, how: How = {}): Promise<Response> {
  const raw = typeof payload === "string" || payload instanceof Uint8Array;
  const body = raw ? payload : JSON.stringify(payload);
  const timestamp = String(Math.floor((how.at ?? w.clock.now()).getTime() / 1000));
  return w.fetch(`/v1/hooks/chatwoot/${how.source ?? tenant.source.id}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-chatwoot-delivery": how.delivery ?? randomUUID(),
      "x-chatwoot-timestamp": timestamp,
      "x-chatwoot-signature": signature(how.secret ?? tenant.source.secret, timestamp, body),
      ...how.headers,
    },
    body: body as BodyInit,
  }) as Promise<Response>;
}

/** Posts and expects an outcome. */
export async function heard(w: World, tenant: Tenant, payload: unknown, how: How = {}): Promise<string> {
  const answer = await hear(w, tenant, payload, how);
  const told = (await answer.json()) as { outcome?: string; code?: string };
  if (!told.outcome) throw new Error(`${answer.status} ${JSON.stringify(told)} ${JSON.stringify(w.lines.at(-1))}`);
  return told.outcome;
}

/** Rows of a query by the database's owner, `$1` being the tenant's project. */
export const rows = (w: World, tenant: Tenant, sql: string, params: unknown[] = []): Promise<Json[]> =>
  w.neon.query(sql, [tenant.project, ...params]);

export const count = async (w: World, tenant: Tenant, table: string, where = "true"): Promise<number> =>
  Number((await rows(w, tenant, `select count(*) as n from ${table} where project_id = $1 and ${where}`))[0]?.["n"]);
