-- The planner's memory: summaries written once for each session, day and week, and words of old messages that leave.

alter table assistant.sessions add column summarized_at timestamptz;
comment on column assistant.sessions.summarized_at is 'When its summary was written; until then its words stay.';
create index sessions_open on assistant.sessions (project_id, user_id, last_activity_at) where ended_at is null;
create index sessions_unsummarized on assistant.sessions (project_id, user_id, started_at) where summarized_at is null;

alter table assistant.inbox_items add column removed_at timestamptz;
alter table assistant.inbox_items drop constraint inbox_items_message_raw_check;
alter table assistant.inbox_items add constraint inbox_item_words
  check (length(message_raw) <= 4000 and (removed_at is null) = (message_raw <> ''));
comment on column assistant.inbox_items.removed_at is 'When its words left by retention: what is left is a place that tasks come from.';
create index inbox_items_worded on assistant.inbox_items (project_id, received_at, id) where removed_at is null;
create index inbox_items_session on assistant.inbox_items (project_id, user_id, session_id, received_at);

alter table assistant.captures add column removed_at timestamptz;
comment on column assistant.captures.removed_at is 'When its notes left by retention: it can be repeated, and no longer taken back.';
create index captures_kept on assistant.captures (project_id, created_at, id) where removed_at is null;
create index questions_expiry on assistant.questions (project_id, expires_at, id);

alter table assistant.memory_summaries
  add column period text not null check (length(period) between 1 and 64),
  add column starts_at timestamptz not null,
  add column ends_at timestamptz not null,
  add column author text not null check (author in ('rules', 'model')),
  alter column facts_json set default '[]',
  add constraint facts_listed check (jsonb_typeof(facts_json) = 'array'),
  add constraint events_listed check (jsonb_typeof(source_event_ids) = 'array'),
  add constraint summary_once unique (project_id, user_id, chat_id, summary_type, period);
create index memory_summaries_span on assistant.memory_summaries (project_id, user_id, summary_type, starts_at);
create index memory_summaries_oldest on assistant.memory_summaries (project_id, ends_at, id);
comment on column assistant.memory_summaries.period is 'The session''s id, the day (2026-11-16) or the ISO week (2026-W47) where the project is.';
comment on column assistant.memory_summaries.facts_json is '[{kind, ref_type, ref_id, title, status, due_date}]: what it states, as it was then.';

-- Appended: who reads a thing by its name wants to know when it is due and what is noted of it.
create or replace view assistant.things with (security_invoker = true) as
  select t.project_id, t.user_id, 'task'::text as entity_type, t.id, t.title, t.title_norm, t.status, t.version,
    t.status in ('open', 'blocked') as is_open, t.updated_at, t.due_date, t.notes from assistant.tasks t
  union all
  select g.project_id, g.user_id, 'goal', g.id, g.title, g.title_norm, g.status, g.version, g.status in ('active', 'paused'), g.updated_at,
    g.target_date, g.description from assistant.goals g
  union all
  select b.project_id, b.user_id, 'problem', b.id, b.title, b.title_norm, b.status, b.version, b.status in ('active', 'monitoring'), b.updated_at,
    null, b.description from assistant.problems b;

create function assistant.refuse_unknown_events() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  if exists (select from jsonb_array_elements_text(new.source_event_ids) named (id)
      where not exists (select from shared.events e where e.project_id = new.project_id and e.id = named.id)
        and not exists (select from shared.tombstones t where t.project_id = new.project_id and t.object_type = 'event' and t.object_id = named.id)) then
    raise exception 'a summary names an event that is not in the ledger' using errcode = '23503';
  end if;
  return new;
end $$;
comment on function assistant.refuse_unknown_events() is 'Trigger: what a summary rests on is in the ledger, or was.';
create trigger z_known_events before insert or update of source_event_ids on assistant.memory_summaries
  for each row execute function assistant.refuse_unknown_events();
