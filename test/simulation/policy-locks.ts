/** The locks under which a claim decides, on a Postgres with many sessions: a STOP that is under way is not overtaken. */
import pg from "pg";
import { credentialText } from "#brain/kernel/ctx.ts";
import { scriptedCarrier } from "#test/kit/carrier.ts";
import { systemOf } from "#test/kit/ctx.ts";
import type { RaceDatabase } from "#test/kit/database.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type World, world } from "#test/kit/world.ts";

/** The record that is written to, and the one that speaks for the person: most often the same. */
const guards = ["m.contact_id", "people.speaker_of(m.contact_id)"].map(
  (whose) => `pg_try_advisory_xact_lock(outbound.policy_key('person', p || ':' || m.channel, ${whose}))`,
);

type Held = { client: pg.Client; tell(sql: string, params: unknown[]): Promise<Record<string, unknown>> };

/** A transaction of the serving role that stays open. */
async function transaction(w: World, url: string): Promise<Held> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("begin");
  const context = JSON.stringify({ request: "req_race", scope: "project", project: w.a.project });
  await client.query("select identity.enter($1, 'outbound:operate', $2::jsonb)", [
    credentialText(systemOf(w.a)),
    context,
  ]);
  return { client, tell: async (sql, params) => (await client.query(sql, params)).rows[0] as Record<string, unknown> };
}

/** Approved long ago; it was not there when the STOP looked for what to block. */
async function queue(w: World, { sender, contact, phone }: Sending): Promise<string> {
  const id = w.runtime.ids.next("message");
  const scope = "with s as materialized (select set_config('app.project_id', $1, true) as done)";
  await w.neon.query(
    `insert into outbound.messages (project_id, account_scope_id, id, contact_id, channel, sender_id, class, recipient, recipient_hash, zones, body,
        idempotency_key, dedupe_key, written_by, due_at, through_quiet)
      values ($1, $2, $3, $4, 'sms', $5, 'transactional', $6, 'hash', '{UTC}', 'Hi', $3, $3, 'user:x', now() - interval '1 minute', true)`,
    [w.a.project, w.a.accountScope, id, contact, sender, phone],
  );
  for (const state of ["approved", "queued"]) {
    await w.neon.query(
      `${scope} update outbound.messages m set state = $3, approved_at = now() - interval '1 hour', approved_by = 'user:y', seal = outbound.seal(m)
        from s where m.project_id = $1::uuid and m.id = $2`,
      [w.a.project, id, state],
    );
  }
  return id;
}

/** How many attempts were committed after the opt-out was. */
export async function claimBesideStop(neon: RaceDatabase): Promise<number> {
  const w = await world({ neon, carriers: { twilio: scriptedCarrier().port }, now: new Date().toISOString() });
  const sending = await canSend(w, w.a);
  const stop = await transaction(w, neon.direct.appUrl);
  const claim = await transaction(w, neon.direct.appUrl);
  try {
    const said = { channel: "sms", contacts: [sending.contact], addresses: [], by: "keyword", seed: "stop" };
    await stop.tell("select outbound.opt_out($1::jsonb)", [JSON.stringify(said)]);
    const id = await queue(w, sending);
    const next = (kind: "attempt" | "event") => [w.runtime.ids.next(kind)];
    const ids = { attempts: next("attempt"), events: next("event"), wake: w.runtime.ids.next("outbox") };
    await claim.tell("select outbound.claim($1, $2, 1, interval '90 seconds', $3::jsonb)", [
      sending.sender,
      w.runtime.ids.uuid(),
      JSON.stringify(ids),
    ]);
    await stop.client.query("commit");
    await claim.client.query("commit");
    const [row] = await neon.query("select count(*)::int as n from outbound.attempts where message_id = $1", [id]);
    return Number(row?.["n"]);
  } finally {
    await stop.client.end();
    await claim.client.end();
  }
}

/** The same with the guards taken out of the installed function, which is put back afterwards. */
export async function claimWithoutLocks(neon: RaceDatabase): Promise<number> {
  const [row] = await neon.query("select pg_get_functiondef('outbound.claim'::regproc) as text");
  const text = String(row?.["text"]);
  const missing = guards.filter((guard) => !text.includes(guard));
  if (missing.length > 0) throw new Error(`outbound.claim has no "${missing.join('", "')}"`);
  await neon.exec(guards.reduce((left, guard) => left.replace(guard, "true"), text));
  try {
    return await claimBesideStop(neon);
  } finally {
    await neon.exec(text);
  }
}
