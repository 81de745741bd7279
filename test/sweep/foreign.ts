// One row of another tenant for every route that names a row: a route without an entry fails the sweep.
import { credentialsPlace } from "#brain/outbound/index.ts";
import { testSecrets, type World } from "#test/kit/world.ts";
import { exampleThings, foreignAssistant } from "./foreign-assistant.ts";
import { exampleWork, foreignCalendar } from "./foreign-calendar.ts";
import { exampleCrm, foreignCrm } from "./foreign-crm.ts";
import { foreignExports } from "./foreign-exports.ts";
import { foreignField } from "./foreign-field.ts";
import { exampleInsight, foreignInsight } from "./foreign-insight.ts";
import { foreignKnowledge } from "./foreign-knowledge.ts";
import { outboundMakers } from "./foreign-outbound.ts";
import { contactOf, foreignPeople } from "./foreign-people.ts";
import { exampleWorld, foreignWorld } from "./foreign-world.ts";

type Maker = (w: World) => Promise<string>;

async function apiKeyOf(w: World): Promise<string> {
  const rows = await w.neon.query("select id from identity.api_keys where project_id = $1 limit 1", [w.b.project]);
  return String(rows[0]?.["id"]);
}

async function sourceOf(w: World): Promise<string> {
  return w.b.source.id;
}

async function conversationOf(w: World): Promise<string> {
  const id = `cw:${w.b.project}:${w.b.accountId}:1`;
  await w.neon.query(
    `insert into inbox.cw_conversations (project_id, account_scope_id, id, account_id, conversation_id, data, heard_at)
     values ($1, $2, $3, $4, 1, '{}', now()) on conflict do nothing`,
    [w.b.project, w.b.accountScope, id, w.b.accountId],
  );
  return id;
}

async function ownWriteOf(w: World): Promise<string> {
  const id = `own_${w.b.accountId}`;
  await w.neon.query(
    `insert into inbox.own_writes (project_id, account_scope_id, id, account_id, conversation_id, conversation_global_id, kind, wanted, state)
     values ($1, $2, $3, $4, 1, $5, 'note', '{}', 'done') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id, w.b.accountId, await conversationOf(w)],
  );
  return id;
}

async function brokenOf(w: World): Promise<string> {
  const id = await conversationOf(w);
  await w.neon.query(
    `insert into inbox.flip_breakers (project_id, account_scope_id, conversation_global_id, opened_at, open_until)
     values ($1, $2, $3, now(), '2099-01-01') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id],
  );
  return id;
}

async function answerOf(w: World): Promise<string> {
  const id = `ans_${w.b.accountId}`;
  await w.neon.query(
    `insert into memory.answers (project_id, account_scope_id, id, actor, request_id, question, audience, status, answerer)
     values ($1, $2, $3, 'user:x', 'req_sweep', 'Why?', '{"kind":"staff"}', 'insufficient_evidence', 'none') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id],
  );
  return id;
}

async function evidenceOf(w: World): Promise<string> {
  const id = `evi_${w.b.accountId}`;
  await w.neon.query(
    `insert into shared.evidence_items (project_id, account_scope_id, id, source_table, source_pk, content_hash, visibility, occurred_at)
     values ($1, $2, $3, 'inbox.cw_messages', 'nowhere', 'none', 2, now()) on conflict do nothing`,
    [w.b.project, w.b.accountScope, id],
  );
  return id;
}

async function fieldMessageOf(w: World): Promise<string> {
  const id = `msg_field_${w.b.accountId}`;
  await w.neon.query(
    `insert into field.messages (project_id, account_scope_id, id, contact_id, direction, channel, source_id, provider, provider_message_id, address, body,
       thread_id, seq, ts) values ($1, $2, $3, $4, 'inbound', 'sms', $5, 'twilio', $3, '+4520304050', 'Hi', 'thr_sweep', 1, now()) on conflict do nothing`,
    [w.b.project, w.b.accountScope, id, await contactOf(w), w.b.source.id],
  );
  return id;
}

async function memberOf(w: World): Promise<string> {
  const rows = await w.neon.query("select id from identity.memberships where project_id = $1 limit 1", [w.b.project]);
  return String(rows[0]?.["id"]);
}

async function invitationOf(w: World): Promise<string> {
  const id = `inv_${w.b.accountId}`;
  await w.neon.query(
    `insert into identity.invitations (project_id, account_scope_id, id, role, token_hash, expires_at)
     values ($1, $2, $3, 'technician', $3, '2030-01-01') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id],
  );
  return id;
}

async function vaultSourceOf(w: World): Promise<string> {
  const id = `src_${w.b.accountId}`;
  const owner = [w.b.project, w.b.accountScope, id];
  for (const statement of [
    `insert into identity.project_sources (project_id, account_scope_id, id, source_kind, external_id, signed)
       values ($1, $2, $3, 'github_repository', 'someone/handbook', false)`,
    `insert into vault.sources (project_id, account_scope_id, id, source, repository) values ($1, $2, $3, 'github', 'someone/handbook')`,
    `insert into vault.sync_status (project_id, account_scope_id, id, source, repository) values ($1, $2, $3, 'github', 'someone/handbook')`,
  ])
    await w.neon.query(`${statement} on conflict do nothing`, owner);
  return id;
}

async function documentOf(w: World): Promise<string> {
  const id = `doc_${w.b.accountId}`;
  await w.neon.query(
    `insert into vault.documents (project_id, account_scope_id, id, source_id, source, repository, path, content)
     values ($1, $2, $3, $4, 'github', 'someone/handbook', 'a.md', 'words') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id, await vaultSourceOf(w)],
  );
  return id;
}

/** A kind is no row; a policy of another tenant under a name that the code does not know is as good as none. */
async function policyOf(w: World): Promise<string> {
  const kind = `theirs.only_${"abcdefghij"[w.b.accountId % 10]}`;
  await w.neon.query(
    "insert into shared.retention_policies (project_id, account_scope_id, kind, keep_days) values ($1, $2, $3, 5) on conflict do nothing",
    [w.b.project, w.b.accountScope, kind],
  );
  return kind;
}

/** What the examples of verbs name, in the first tenant. */
export async function exampleRows(w: World): Promise<void> {
  const place = [w.a.project, w.a.accountScope];
  await exampleThings(w);
  await exampleWorld(w);
  await exampleCrm(w);
  await exampleInsight(w);
  await w.neon.query(
    "insert into people.contacts (project_id, account_scope_id, id, name) values ($1, $2, 'con_example', 'Mette')",
    place,
  );
  await w.neon.query(
    `insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm)
     values ($1, $2, 'cpt_example', 'con_example', 'phone', '+4520304050', '+4520304050')`,
    place,
  );
  await w.neon.query(
    `insert into outbound.campaign_segments (project_id, account_scope_id, id, name, filter)
     values ($1, $2, 'seg_example', 'Example', '{}')`,
    place,
  );
  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, credentials_sealed)
     values ($1, $2, 'snd_example', 'twilio', 'sms', 'Workshop', '+4570102030', $3)`,
    [...place, await testSecrets.seal("{}", credentialsPlace({ id: "snd_example", project: w.a.project }))],
  );
  await exampleWork(w);
}

async function scheduleOf(w: World): Promise<string> {
  const id = `sch_${w.b.accountId}`;
  await w.neon.query(
    `insert into shared.scheduled_jobs (project_id, account_scope_id, id, name, kind, cron)
     values ($1, $2, $3, $3, 'shared.audit.seal', '0 3 * * *') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id],
  );
  return id;
}

async function letterOf(w: World): Promise<string> {
  const id = `ltr_${w.b.accountId}`;
  await w.neon.query(
    `insert into shared.dead_letters (project_id, account_scope_id, id, job, work_id, reason, http_status, message_id, message_ids)
     values ($1, $2, $3, 'shared.sweep', $3, 'no_answer', 0, 'msg_1', '{msg_1}') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id],
  );
  return id;
}

async function erasureOf(w: World): Promise<string> {
  const id = `era_${w.b.accountId}`;
  await w.neon.query(
    `insert into shared.erasures (project_id, account_scope_id, id, subject_kind, subject_id, reason)
     values ($1, $2, $3, 'person', 'con_theirs', 'gdpr_delete') on conflict do nothing`,
    [w.b.project, w.b.accountScope, id],
  );
  return id;
}

export const foreign: Record<string, Maker> = {
  ...foreignAssistant,
  ...foreignCrm,
  ...foreignPeople,
  ...foreignExports,
  "identity.invitations.revoke": invitationOf,
  "identity.members.change_role": memberOf,
  "identity.members.end": memberOf,
  "identity.members.disable": memberOf,
  "identity.members.enable": memberOf,
  "identity.api_keys.revoke": apiKeyOf,
  "identity.api_keys.rotate": apiKeyOf,
  "identity.sources.rotate_secret": sourceOf,
  "identity.sources.connect": sourceOf,
  "inbox.sync.start": sourceOf,
  "inbox.sync.status": sourceOf,
  "inbox.sync.cancel": sourceOf,
  "inbox.messages.cited": answerOf,
  "inbox.conversations.get": conversationOf,
  "inbox.conversations.passages": conversationOf,
  "inbox.conversations.events": conversationOf,
  "inbox.notes.create": conversationOf,
  "inbox.conversations.set_status": conversationOf,
  "inbox.conversations.assign": conversationOf,
  "inbox.conversations.label": conversationOf,
  "inbox.own_writes.list": conversationOf,
  "inbox.own_writes.get": ownWriteOf,
  "inbox.flip_breakers.close": brokenOf,
  "inbox.conversations.reply": conversationOf,
  "inbox.conversations.suggest_reply": conversationOf,
  "memory.answers.get": answerOf,
  "memory.evidence.get": evidenceOf,
  ...foreignField,
  ...foreignKnowledge,
  "field.messages.get": fieldMessageOf,
  "field.messages.attach": fieldMessageOf,
  "field.messages.suggest_reply": fieldMessageOf,
  ...outboundMakers,
  ...foreignCalendar,
  ...foreignWorld,
  ...foreignInsight,
  "vault.sources.show_to": vaultSourceOf,
  "vault.sync.start": vaultSourceOf,
  "vault.sync.status": vaultSourceOf,
  "vault.documents.get": documentOf,
  "vault.documents.passages": documentOf,
  "shared.retention.get": policyOf,
  "shared.retention.update": policyOf,
  "shared.erasures.get": erasureOf,
  "shared.erasures.manifest": erasureOf,
  "shared.erasures.verify": erasureOf,
  "shared.schedules.get": scheduleOf,
  "shared.schedules.update": scheduleOf,
  "shared.schedules.run_now": scheduleOf,

  "shared.letters.get": letterOf,
  "shared.letters.retry": letterOf,
  "shared.letters.discard": letterOf,
};
