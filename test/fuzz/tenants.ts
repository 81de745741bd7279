// Two tenants with a row of everything, each with words and ids that the other must never see.
import { randomBytes } from "node:crypto";
import { tokenHash } from "#brain/identity/index.ts";
import { credentialsPlace } from "#brain/outbound/index.ts";
import { addKey } from "#db/bootstrap.ts";
import { contact, heard, message, talk } from "#test/inbox/chatwoot.ts";
import { type Tenant, testSecrets, type World } from "#test/kit/world.ts";
import { remember } from "#test/memory/remember.ts";
import { tablesOf } from "#test/tenancy/catalog.ts";
import { Rows } from "#test/tenancy/rows.ts";
import { commonWords } from "./hostile.ts";

export type Planted = {
  tenant: Tenant;
  /** What stands for `⟦own.…⟧`. */
  things: Record<string, string>;
  /** By path of the list. */
  cursors: Record<string, string>;
  /** The newest row of each list, by its path. */
  listed: Record<string, string>;
  sessions: { cookie: string; csrf: string }[];
  /** Words nobody sends, and ids of rows nobody names. */
  secrets: string[];
};

const csrfOf = (cookie: string) => `csrf-${cookie}`;

async function signedIn(w: World, tenant: Tenant): Promise<Planted["sessions"]> {
  const cookies = Array.from({ length: 5 }, () => randomBytes(32).toString("base64url"));
  for (const cookie of cookies)
    await w.neon.query(
      `insert into identity.sessions (id, user_id, username, active_project_id, csrf_token, expires_at, created_at, last_seen_at)
       select $1, a.id, a.username, $3::uuid, $4, $5::timestamptz + interval '10 days', $5::timestamptz, $5::timestamptz
       from identity.app_users a where a.username = $2`,
      [await tokenHash(cookie), tenant.username, tenant.project, csrfOf(cookie), w.clock.now().toISOString()],
    );
  return cookies.map((cookie) => ({ cookie, csrf: csrfOf(cookie) }));
}

/** A document and the source it came from. */
async function shelve(w: World, tenant: Tenant, canary: string): Promise<void> {
  const owner = [tenant.project, tenant.accountScope, `src_${canary}`, `${canary}/handbook`];
  await w.neon.query(
    `insert into identity.project_sources (project_id, account_scope_id, id, source_kind, external_id, signed)
     values ($1, $2, $3, 'github_repository', $4, false)`,
    owner,
  );
  for (const table of ["sources", "sync_status"])
    await w.neon.query(
      `insert into vault.${table} (project_id, account_scope_id, id, source, repository) values ($1, $2, $3, 'github', $4)`,
      owner,
    );
  await w.neon.query(
    `insert into vault.documents (project_id, account_scope_id, id, source_id, source, repository, path, content)
     values ($1, $2, 'doc_' || $3, $3, 'github', $4, 'boiler.md', 'The boiler in the handbook of ' || $4)`,
    owner,
  );
}

/** A sender, and what is to leave by it. */
async function address(w: World, tenant: Tenant, canary: string): Promise<void> {
  const id = `snd_${canary}`;
  const place = [tenant.project, tenant.accountScope, id, canary];
  const sealed = await testSecrets.seal("{}", credentialsPlace({ id, project: tenant.project }));
  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, credentials_sealed)
     values ($1, $2, $3, 'twilio', 'sms', $4, '+4570101010', $5)`,
    [...place, sealed],
  );
  await w.neon.query(
    `insert into outbound.messages (project_id, account_scope_id, id, contact_id, channel, sender_id, class, recipient, recipient_hash, zones,
       body, idempotency_key, dedupe_key, written_by)
     select $1, $2, 'msg_' || $4 || n, c.id, 'sms', $3, 'reply', '+4520304050', 'h', '{UTC}', 'The boiler of ' || $4, $4 || n, $4 || n, 'user:x'
     from (select id from people.contacts where project_id = $1 order by id limit 1) c, generate_series(1, 3) n`,
    place,
  );
}

/** What an owner would see and others must not: gone through every text column there is later on. */
async function fill(w: World, tenant: Tenant, canary: string): Promise<void> {
  const say = (about: string) => `The ${about} of ${canary} is seen to`;
  for (const about of commonWords) {
    const at = talk(tenant);
    const sender = contact(at, { name: `Person ${canary}` });
    await heard(w, tenant, message(at, { content: say(about), sender }));
    await heard(w, tenant, message(at, { content: `Private: ${say(about)}`, private: true, sender }));
  }
  await remember(w.neon, tenant, [
    { text: say("kitchen"), contact: 7, conversation: 7, name: canary },
    { text: `Public price list ${canary} for the boiler`, visibility: 0 },
  ]);
  await w.neon.query(
    "update memory.pending set failed_at = now(), error = 'embedding_failed' where (project_id, chunk_id) in (select project_id, chunk_id from memory.pending where project_id = $1 limit 3)",
    [tenant.project],
  );
  await w.neon.query("update identity.project_sources set name = $2 where project_id = $1", [tenant.project, canary]);
  await shelve(w, tenant, canary);
  await address(w, tenant, canary);
  await w.neon.query("update identity.projects set name = $2 where id = $1", [tenant.project, `Firm ${canary}`]);
  await w.fetch("/v1/ask", { key: tenant.apiKey, json: { question: `When is the boiler of ${canary} seen to?` } });
  await w.fetch("/v1/ask", { key: tenant.apiKey, json: { question: `When is the kitchen of ${canary} seen to?` } });
  for (const name of [canary, `${canary} too`]) await addKey(w.neon, { ...tenant, permissions: ["shared:read"], name });
}

/** A draft of a campaign has no members yet. */
const impossible = /^outbound\.campaign_members$/;

/** What people would write there. */
const wordy =
  /^(name|title|body|text|question|reason|note|notes|description|error|last_error|subject|shown_text|location|summary)$/;

/** A row of every other table, so that no list is empty, with the canary wherever there are words. */
async function complete(w: World, tenant: Tenant, canary: string): Promise<string[]> {
  const all = await tablesOf(w.neon);
  const tables = all.filter(({ isTenant, name }) => isTenant && !impossible.test(name));
  const rows = new Rows(w.neon, all);
  const ids: string[] = [];
  for (const { name, columns } of tables) {
    const { id = "" } = await rows.any(tenant, name);
    if (!id.startsWith("made-")) continue;
    ids.push(id);
    const words = columns.filter(
      (column) => wordy.test(column.name) && column.type === "text" && !column.literals.length,
    );
    for (const column of words)
      await w.neon.query(`update ${name} set "${column.name}" = $3 where project_id = $1 and id = $2`, [
        tenant.project,
        id,
        canary,
      ]);
  }
  return ids;
}

const named = `select
  (select id from inbox.cw_conversations where project_id = $1 order by id limit 1) as conversation,
  (select id from inbox.cw_contacts where project_id = $1 order by id limit 1) as contact,
  (select person_id from inbox.cw_contacts where project_id = $1 order by id limit 1) as person,
  (select conversation_id::text from inbox.cw_conversations where project_id = $1 order by id limit 1) as number,
  (select id from inbox.cw_messages where project_id = $1 order by id limit 1) as message,
  (select id from memory.answers where project_id = $1 order by id limit 1) as answer,
  (select id from identity.api_keys where project_id = $1 and name like 'kanarie%' order by id limit 1) as key,
  (select id from memory.chunks where project_id = $1 order by id limit 1)::text as chunk,
  (select id from shared.evidence_items where project_id = $1 order by id limit 1) as evidence,
  (select id from vault.documents where project_id = $1 order by id limit 1) as document,
  (select id from vault.sources where project_id = $1 order by id limit 1) as shelf`;

const unnamed = `select id from inbox.cw_conversations where project_id = $1
  union all select id from inbox.cw_contacts where project_id = $1 union all select person_id from inbox.cw_contacts where project_id = $1
  union all select id from inbox.cw_messages where project_id = $1 union all select id from memory.answers where project_id = $1
  union all select id from identity.api_keys where project_id = $1 union all select id::text from memory.chunks where project_id = $1
  union all select id from shared.evidence_items where project_id = $1 and length(id) > 12 union all select id from shared.events where project_id = $1`;

async function shownIn(w: World, tenant: Tenant, lists: string[]): Promise<Pick<Planted, "cursors" | "listed">> {
  const cursors: Record<string, string> = {};
  const listed: Record<string, string> = {};
  for (const path of lists) {
    const answer = await w.fetch(`${path}?limit=1`, { key: tenant.apiKey });
    const page = (await answer.json()) as { next_cursor?: string | null; data?: { id?: unknown }[] };
    if (page.next_cursor) cursors[path] = page.next_cursor;
    const id = page.data?.[0]?.id;
    if (typeof id === "string") listed[path] = id;
  }
  return { cursors, listed };
}

export async function plant(w: World, tenant: Tenant, lists: string[]): Promise<Planted> {
  const canary = `kanarie${randomBytes(8).toString("hex")}`;
  await fill(w, tenant, canary);
  await w.settled();
  const made = await complete(w, tenant, canary);
  const [row = {}] = await w.neon.query(named, [tenant.project]);
  const things = {
    ...Object.fromEntries(Object.entries(row).map(([name, id]) => [name, String(id)])),
    project: tenant.project,
    scope: tenant.accountScope,
    source: tenant.source.id,
  };
  const given = new Set<unknown>(Object.values(things));
  const ids = (await w.neon.query(unnamed, [tenant.project])).map((each) => String(each["id"]));
  const secrets = [canary, tenant.username, tenant.source.secret, ...new Set([...ids, ...made])];
  const shown = await shownIn(w, tenant, lists);
  for (const id of Object.values(shown.listed)) given.add(id);
  return {
    tenant,
    things,
    ...shown,
    sessions: await signedIn(w, tenant),
    secrets: secrets.filter((id) => !given.has(id)),
  };
}

/** Puts the ids in. */
export function resolve(text: string, call: { path: string }, planted: { own: Planted; other: Planted }): string {
  return text.replaceAll(/⟦(own|other)\.([a-z]+)⟧/g, (_, whose: "own" | "other", what: string) => {
    const { things, cursors, listed } = planted[whose];
    if (what === "cursor") return cursors[call.path] ?? Object.values(cursors)[0] ?? "";
    if (what !== "listed") return things[what] ?? "";
    const above = Object.keys(listed).filter((path) => call.path.startsWith(`${path}/`));
    return listed[above.toSorted((one, other) => other.length - one.length)[0] ?? ""] ?? things["message"] ?? "";
  });
}
