// Rows of every kind that retention knows, as old as one likes.
import type { Tenant, World } from "#test/kit/world.ts";

const day = 86_400_000;

let made = 0;

/** `ages`: when it expires, and when it came. */
const fieldDelivery = (id: string, ages: string) =>
  `with source as (insert into identity.project_sources (project_id, id, source_kind, external_id, signed)
      values ($1, 'old-bot-' || $1::uuid, 'telegram_bot', 'old-bot-' || $1::uuid, false) on conflict do nothing)
    insert into field.deliveries (project_id, id, source_id, delivery_id, body_hash, event, outcome, expires_at, received_at)
      values ($1, '${id}', 'old-bot-' || $1::uuid, '${id}', 'h', 'message', 'stored', ${ages})`;

/** A message to a planner, in a session that has its summary or waits for it. */
const said = (id: string, at: string, isSummarized = true) =>
  `talk as (insert into assistant.sessions (project_id, user_id, id, chat_id, started_at, ended_at, summarized_at)
      select $1, u.id, 'tlk-${id}', '${id}', '${at}', '${at}', ${isSummarized ? `'${at}'::timestamptz` : "null"} from shared.users u order by u.id limit 1
      returning user_id),
    item as (insert into assistant.inbox_items (project_id, user_id, id, chat_id, session_id, source, message_raw, message_norm, received_at)
      select $1, user_id, '${id}', 'old', 'tlk-${id}', 'rest', 'Words of ${id}', 'words', '${at}' from talk returning user_id)`;
const captured = (id: string, at: string, isSummarized = true) =>
  `${said(id, at, isSummarized)},
    batch as (insert into assistant.captures (project_id, user_id, id, inbox_item_id, extractor, outcome, created_at)
      select $1, user_id, '${id}', '${id}', 'rules', 'nothing', '${at}' from item returning user_id)`;
/** A member of his own, where a table holds one row of each. */
const somebody = (id: string) =>
  `person as (insert into shared.users (id, name) values (gen_random_uuid(), '${id}') returning id)`;
/** Newer than the rest, so that it leaves by no policy of its own. */
const recently = "(now() + interval '40 years')";

/** Columns of a row whose age counts from `at`; `spared` gives it what makes it stay. */
const makers: Record<string, (id: string, at: string, spared: boolean) => string> = {
  "inbox.raw_deliveries": (id, at) =>
    `insert into inbox.deliveries (project_id, id, source_id, delivery_id, body_hash, event, outcome, raw, expires_at)
      values ($1, '${id}', 'src', '${id}', 'x', 'strange', 'ignored', '{"said": "secret"}', '${at}')`,
  "inbox.deliveries": (id, at) =>
    `insert into inbox.deliveries (project_id, id, source_id, delivery_id, body_hash, event, outcome, received_at)
      values ($1, '${id}', 'src', '${id}', 'x', 'message_created', 'stored', '${at}')`,
  "vault.deliveries": (id, at) =>
    `with source as (insert into identity.project_sources (project_id, id, source_kind, external_id, signed)
        values ($1, 'old-src-' || $1::uuid, 'github_repository', 'old/handbook', false) on conflict do nothing)
      insert into vault.deliveries (project_id, id, source_id, delivery_id, event, body_hash, outcome, expires_at)
        values ($1, '${id}', 'old-src-' || $1::uuid, '${id}', 'push', 'h', 'started', '${at}')`,
  "field.raw_deliveries": (id, at) => fieldDelivery(id, `'${at}', now()`),
  "field.deliveries": (id, at) => fieldDelivery(id, `null, '${at}'`),
  "field.blackouts": (id, at) =>
    `insert into field.blackouts (project_id, id, starts, ends) values ($1, '${id}', '2001-01-01', timestamptz '${at}' at time zone 'UTC')`,
  "field.notices": (id, at) =>
    `with person as (insert into people.contacts (project_id, id) values ($1, 'old-con-' || $1::uuid) on conflict do nothing),
      job as (insert into field.jobs (project_id, id, number, client_id, title) values ($1, 'old-job-' || $1::uuid, 999001, 'old-con-' || $1::uuid, 'Old') on conflict do nothing),
      told as (insert into shared.events (project_id, id, kind, actor, ref_type, ref_id, request_id) values ($1, 'evt-${id}', 'test.made', 'system', 'job', 'old', 'req'))
      insert into field.notices (project_id, id, event, event_id, job_id, state, code, created_at)
        values ($1, '${id}', 'ready', 'evt-${id}', 'old-job-' || $1::uuid, 'skipped', 'made', '${at}')`,
  "assistant.turns": (id, at, spared) =>
    `with ${said(id, at, !(spared && made % 2))} ${
      spared && made % 2 === 0
        ? `insert into assistant.memory_summaries (project_id, user_id, id, chat_id, summary_type, summary_text, facts_json, period, starts_at, ends_at, author)
            select $1, user_id, 'sum-${id}', 'old', 'daily', 'Words', '[{"ref_type": "inbox_item", "ref_id": "${id}"}]', 'sum-${id}', '${at}', ${recently}, 'rules' from item`
        : "select 1"
    }`,
  "assistant.questions": (id, at, spared) =>
    `with ${captured(id, at, !spared).replaceAll(`'${at}'`, recently)}
      insert into assistant.questions (project_id, user_id, id, capture_id, chat_id, kind, about, expires_at)
        select $1, user_id, '${id}', '${id}', 'old', 'unclear', 'Words', '${at}' from batch`,
  "assistant.captures": (id, at, spared) =>
    `with ${captured(id, at, !spared).replace(`'words', '${at}'`, `'words', ${recently}`)} select 1`,
  "assistant.shown": (id, at) =>
    `with thing as (insert into assistant.tasks (project_id, user_id, id, title, title_norm)
        select $1, u.id, 'tsk-${id}', 'Old', 'old' from shared.users u order by u.id limit 1 returning user_id)
      insert into assistant.recent_context_items (project_id, user_id, id, chat_id, entity_type, entity_id, expires_at)
        select $1, user_id, '${id}', 'old', 'task', 'tsk-${id}', '${at}' from thing`,
  "assistant.summaries": (id, at) =>
    `insert into assistant.memory_summaries (project_id, user_id, id, chat_id, summary_type, summary_text, period, starts_at, ends_at, author)
      select $1, u.id, '${id}', 'old', 'daily', 'Words', '${id}', '${at}', '${at}', 'rules' from shared.users u order by u.id limit 1`,
  "assistant.telegram_codes": (id, at) =>
    `with ${somebody(id)}
      insert into assistant.telegram_codes (project_id, user_id, code_hash, expires_at) select $1, id, '${id}', '${at}' from person`,
  "assistant.telegram_chats": (id, at) =>
    `with ${somebody(id)}
      insert into assistant.telegram_chats (project_id, user_id, id, telegram_user_id, chat_id, bound_at, unbound_at)
        select $1, id, '${id}', '1', '1', '${at}', '${at}' from person`,
  "assistant.occasions": (id, at) =>
    `with ${somebody(id)}
      insert into assistant.rhythm_occasions (project_id, user_id, occasion, day, state, created_at)
        select $1, id, 'plan', (timestamptz '${at}' at time zone 'UTC')::date, 'nothing', '${at}' from person`,
  "inbox.own_writes": (id, at) =>
    `with talk as (insert into inbox.cw_conversations (project_id, id, account_id, conversation_id, data, heard_at)
        values ($1, 'cw-write-' || $1::uuid, 1, 2, '{}', '${at}') on conflict do nothing)
      insert into inbox.own_writes (project_id, id, account_id, conversation_id, conversation_global_id, kind, wanted, state, requested_at)
        values ($1, '${id}', 1, 2, 'cw-write-' || $1::uuid, 'status', '{}', 'done', '${at}')`,
  "memory.answers": (id, at) =>
    `insert into memory.answers (project_id, id, actor, request_id, question, audience, status, answerer, created_at)
      values ($1, '${id}', 'system', 'req', 'Why?', '{}', 'answered', 'none', '${at}')`,
  "memory.canary_runs": (id, at) =>
    `with canary as (insert into memory.canaries (project_id, id, question, audience)
        values ($1, 'old-can-' || $1::uuid, 'Why?', '{"kind":"staff"}') on conflict do nothing)
      insert into memory.canary_runs (project_id, id, canary_id, passed, regressed, status, created_at)
        values ($1, '${id}', 'old-can-' || $1::uuid, true, false, 'answered', '${at}')`,
  "identity.invitations": (id, at) =>
    `insert into identity.invitations (project_id, id, role, token_hash, expires_at) values ($1, '${id}', 'office', '${id}', '${at}')`,
  "shared.idempotency_keys": (id, at) =>
    `insert into shared.idempotency_keys (project_id, id, principal, route, idempotency_key, request_hash, response_status, response_body, expires_at)
      values ($1, '${id}', 'p', 'r', '${id}', 'h', 200, '{}', '${at}')`,
  "shared.exports": (id, at) =>
    `insert into shared.exports (project_id, id, kind, expires_at) values ($1, '${id}', 'dataset', '${at}')`,
  "shared.outbox": (id, at) =>
    `insert into shared.outbox (project_id, id, kind, state, updated_at) values ($1, '${id}', 'test.made', 'done', '${at}')`,
  "shared.job_runs": (_, at) =>
    `insert into shared.job_runs (project_id, job_name, status, started_at) values ($1, 'test.made', 'ok', '${at}')`,
  "shared.worker_runs": (id, at) =>
    `with job as (insert into shared.scheduled_jobs (project_id, id, name, kind, cron, enabled) values ($1, 'job', 'job', 'test.made', '* * * * *', false) on conflict do nothing)
      insert into shared.worker_runs (project_id, id, scheduled_job_id, fire_time, status, started_at)
        values ($1, '${id}', 'job', timestamptz '${at}' - interval '1 millisecond' * ${made % 900}, 'ok', '${at}')`,
  "shared.prompt_runs": (id, at) =>
    `insert into shared.prompt_runs (project_id, id, request_id, operation, provider, model, prompt_version, context_hash, status, created_at)
      values ($1, '${id}', 'req', 'answer', 'p', 'm', 'v', 'h', 'ok', '${at}')`,
  "inbox.turns": (id, at, spared) => `with talk as (
        insert into inbox.cw_conversations (project_id, id, account_id, conversation_id, data, heard_at)
          values ($1, 'cw-old-' || $1::uuid, 1, 1, '{}', '${at}') on conflict do nothing),
      said as (insert into inbox.cw_messages (project_id, id, account_id, message_id, conversation_global_id, content, content_hash, seq, data, heard_at, created_at)
        values ($1, '${id}', 1, ${made}, 'cw-old-' || $1::uuid, 'Words of ${id}', 'h', ${made}, '{}', '${at}', '${at}')),
      proof as (insert into shared.evidence_items (project_id, id, source_table, source_pk, content_hash, visibility, occurred_at)
        values ($1, 'e-${id}', 'inbox.cw_messages', '${id}', 'h', 1, '${at}'))
      ${
        spared
          ? made % 2
            ? `, answer as (insert into memory.answers (project_id, id, actor, request_id, question, audience, status, answerer, created_at)
              values ($1, 'a-${id}', 'system', 'req', 'Why?', '{}', 'answered', 'none', '${at}'))
            insert into memory.answer_citations (project_id, answer_id, position, evidence_id, evidence_version, source_table, source_pk, quote, occurred_at)
              values ($1, 'a-${id}', 0, 'e-${id}', 1, 'inbox.cw_messages', '${id}', 'Words', '${at}')`
            : `insert into shared.audit_events (project_id, id, actor, action, evidence_refs, request_id)
              values ($1, 'au-${id}', 'system', 'test.made', array['e-${id}'], 'req')`
          : "select 1"
      }`,
};

export const kinds = Object.keys(makers);

/** Makes a row of `kind` whose age is so many days; its id. */
export async function old(
  w: World,
  tenant: Tenant,
  row: { kind: string; days: number; spared?: boolean },
): Promise<string> {
  made += 1;
  const id = `old-${process.pid}-${made}`;
  const at = new Date(w.clock.now().getTime() - row.days * day - 1000).toISOString();
  const make = makers[row.kind];
  if (!make) throw new Error(`no maker of ${row.kind}`);
  const scoped = make(id, at, row.spared ?? false);
  await w.neon.query(scoped, [tenant.project]);
  return id;
}
