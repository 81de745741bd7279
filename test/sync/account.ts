// A tenant bound to a Chatwoot account of its own, both on one clock, and the comparison of the mirror with the account.
import { settableClock } from "#brain/kernel/clock.ts";
import type { Message } from "#local/chatwoot/records.ts";
import { type LocalChatwoot, startChatwoot } from "#local/chatwoot.ts";
import { chatwoot } from "#providers/chatwoot.ts";
import { rows } from "#test/inbox/chatwoot.ts";
import { deliver } from "#test/kit/jobs.ts";
import { testSecrets, type World, world } from "#test/kit/world.ts";

export type Bound = { w: World; office: LocalChatwoot; close(): Promise<void> };

/** The stand-in's clock follows the world's. */
export async function bound(): Promise<Bound> {
  const clock = settableClock("2026-11-15T08:00:00.000Z");
  const w = await world({ chatwoot: (now) => chatwoot({ mayBePrivate: true, timeoutMs: 2_000, now }) });
  const office = await startChatwoot({
    accountId: w.a.accountId,
    clock: { now: () => w.clock.now() ?? clock.now() },
    token: "token-of-lars",
  });
  office.webhooks.mode = "capture";
  office.subscribe({ url: `http://omneuro.test/v1/hooks/chatwoot/${w.a.source.id}`, secret: w.a.source.secret });
  await connect(w, office);
  return { w, office, close: () => office.close() };
}

export async function connect(w: World, office: LocalChatwoot, token = office.token): Promise<void> {
  const place = {
    table: "identity.project_sources",
    column: "api_token_sealed",
    row: w.a.source.id,
    project: w.a.project,
  };
  await w.neon.query("update identity.project_sources set api_url = $1, api_token_sealed = $2 where id = $3", [
    office.url,
    await testSecrets.seal(token, place),
    w.a.source.id,
  ]);
}

/** Hands what was captured to the door, in the order it comes in; each once. */
export async function arrive({ w, office }: Bound): Promise<number> {
  const captured = office.webhooks.drain();
  for (const { url, headers, body } of captured) {
    const path = new URL(url).pathname;
    const answer = await w.fetch(path, { method: "POST", headers, body: Buffer.from(body) });
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  }
  await w.settled();
  return captured.length;
}

export type Told = {
  run: string;
  state: string;
  phase: string;
  requests: number;
  messages: number;
  written: number;
  more: boolean;
};

/** One message of a run; without an id the clock's own beginning. */
export async function step({ w }: Bound, run?: string, job = "inbox.reconcile"): Promise<Told & { status: number }> {
  const answer = await deliver(w, job, { project: w.a.project, ...(run ? { run } : {}) });
  const told = { ...((await answer.json()) as Told), status: answer.status };
  if (process.env["DEBUG_SYNC"] && answer.status >= 500) console.log(JSON.stringify(w.lines.slice(-3)).slice(0, 3000));
  if (answer.status === 500) throw new Error(String(w.lines.findLast((line) => line["stack"])?.["error"]));
  return told;
}

/** From the clock's beginning to the end, message by message; time passes a second a message. */
export async function reconcile(given: Bound, job = "inbox.reconcile"): Promise<Told & { steps: number }> {
  let told = await step(given, undefined, job);
  let steps = 1;
  for (; told.more; steps += 1) {
    given.w.clock.advance(1_000);
    const next = await step(given, told.run);
    told = { ...next, written: told.written + next.written };
  }
  return { ...told, steps };
}

export const start = async ({ w }: Bound, kind?: string): Promise<string> => {
  const answer = await w.fetch(`/v1/inbox/sources/${w.a.source.id}/sync`, {
    key: w.a.apiKey,
    json: kind ? { kind } : {},
    headers: { "idempotency-key": `"start-${Math.random()}"` },
  });
  const body = (await answer.json()) as { id: string; code?: string };
  if (answer.status !== 202) throw new Error(`${answer.status} ${body.code}`);
  await w.settled();
  return body.id;
};

const second = (at: Date | null): string | null =>
  at === null ? null : new Date(Math.floor(at.getTime() / 1000) * 1000).toISOString();

function messageRow(message: Message) {
  const deleted = message.contentAttributes["deleted"] === true;
  return {
    id: message.id,
    conversation: message.conversationId,
    type: message.type,
    private: message.private,
    content: deleted ? null : message.content,
    sender:
      message.sender === null ? null : `${message.sender.kind === "agent" ? "user" : "contact"} ${message.sender.id}`,
    created: second(message.createdAt),
    deleted,
    attributes: deleted ? {} : message.contentAttributes,
    source: deleted ? null : message.sourceId,
    files: deleted ? [] : message.attachments.map((file) => `${file.id} ${file.fileType}`),
  };
}

/** What the account holds, as the mirror should have it: no activity lines, and nobody whom no list and no conversation names. */
export function accountState({ account }: Pick<LocalChatwoot, "account">) {
  const named = new Set([...account.conversations.values()].map(({ contactId }) => contactId));
  return {
    contacts: [...account.contacts.values()]
      .filter((one) => one.email || one.phoneNumber || one.identifier || named.has(one.id))
      .map((one) => ({
        id: one.id,
        name: one.name,
        email: one.email,
        phone: one.phoneNumber,
        identifier: one.identifier,
        custom: one.customAttributes,
        additional: one.additionalAttributes,
        blocked: one.blocked,
      }))
      .sort((a, b) => a.id - b.id),
    conversations: [...account.conversations.values()]
      .map((one) => ({
        id: one.id,
        contact: one.contactId,
        inbox: one.inboxId,
        channel: account.inbox(one.inboxId).channel,
        status: one.status,
        assignee: one.assigneeId,
        priority: one.priority,
        labels: one.labels,
        custom: one.customAttributes,
        unread: account.unreadCount(one),
        waiting: second(one.waitingSince),
        replied: second(one.firstReplyAt),
        active: second(one.lastActivityAt),
        created: second(one.createdAt),
        updated: one.updatedAt.toISOString(),
      }))
      .sort((a, b) => a.id - b.id),
    messages: [...account.messages.values()]
      .filter((one) => one.type !== "activity")
      .map(messageRow)
      .sort((a, b) => a.id - b.id),
  };
}

const iso = (column: string) =>
  `to_char(date_trunc('second', (${column})::timestamptz) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"')`;

/** The mirror in the same form. */
export const mirrorState = (w: World): Promise<ReturnType<typeof accountState>> => mirrorOf((sql) => rows(w, w.a, sql));

/** The mirror of the project that `query` hands to its text as $1. */
export async function mirrorOf(
  query: (sql: string) => Promise<Record<string, unknown>[]>,
): Promise<ReturnType<typeof accountState>> {
  const one = async (sql: string) => {
    const [row] = await query(`select coalesce(jsonb_agg(x order by x.id), '[]')::text as all from (${sql}) x`);
    return JSON.parse(String(row?.["all"])) as never;
  };
  return {
    contacts:
      await one(`select contact_id as id, name, email, phone_number as phone, identifier, custom_attributes as custom,
      coalesce(data->'additional_attributes', '{}') as additional, (data->>'blocked')::boolean as blocked
      from inbox.cw_contacts where project_id = $1 and deleted_at is null`),
    conversations:
      await one(`select v.conversation_id as id, c.contact_id as contact, v.inbox_id as inbox, v.channel, v.status, v.assignee_id as assignee,
      v.data->>'priority' as priority, v.data->'labels' as labels, v.data->'custom_attributes' as custom, (v.data->>'unread_count')::int as unread,
      ${iso("v.data->>'waiting_since'")} as waiting, ${iso("v.data->>'first_reply_created_at'")} as replied, ${iso("v.data->>'last_activity_at'")} as active,
      ${iso("v.created_at")} as created, to_char(v.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as updated
      from inbox.cw_conversations v left join inbox.cw_contacts c on c.project_id = v.project_id and c.id = v.contact_global_id
      where v.project_id = $1 and v.deleted_at is null`),
    messages:
      await one(`select m.message_id as id, m.conversation_id as conversation, m.message_type as type, m.private, m.content,
      m.sender_type || ' ' || m.sender_id as sender, ${iso("m.created_at")} as created, m.deleted_at is not null as deleted,
      coalesce(m.data->'content_attributes', '{}') as attributes, m.data->>'source_id' as source,
      (select coalesce(jsonb_agg((f->>'id') || ' ' || (f->>'file_type')), '[]') from jsonb_array_elements(m.attachments) f) as files
      from inbox.cw_messages m join inbox.cw_conversations v on v.project_id = m.project_id and v.id = m.conversation_global_id
      where m.project_id = $1 and v.deleted_at is null`),
  };
}

/** Versions of every row that a reconcile may write, in one number. */
export async function versions(w: World): Promise<string> {
  const tables = [
    "inbox.cw_contacts",
    "inbox.cw_conversations",
    "inbox.cw_messages",
    "memory.chunks",
    "memory.pending",
    "shared.evidence_items",
    "shared.tombstones",
    "shared.events",
    "people.contacts",
    "people.contact_points",
  ];
  const parts = tables.map((name) => `select '${name}' || t.ctid || t.xmin as v from ${name} t where project_id = $1`);
  const [row] = await rows(
    w,
    w.a,
    `select md5(string_agg(v, ' ' order by v)) as sum, count(*) as n from (${parts.join(" union all ")}) x`,
  );
  return `${row?.["n"]} ${row?.["sum"]}`;
}
