-- What we promised and whether we kept it, and what needs somebody's look because the ground under it moved.

create table world.commitments (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  message_table text not null check (message_table in ('outbound.messages', 'inbox.cw_messages')),
  message_id text not null,
  words_from int not null check (words_from >= 0),
  words_to int not null,
  what text not null check (what in ('come', 'call', 'send', 'ready')),
  said_at timestamptz not null,
  due_at timestamptz not null,
  keep_until timestamptz not null,
  contact_id text,
  conversation_id text,
  job_id text,
  state text not null default 'open' check (state in ('open', 'kept', 'moved', 'broken', 'withdrawn')),
  settled_at timestamptz,
  settled_by text check (length(settled_by) <= 200),
  checked_at timestamptz,
  evidence_id text,
  evidence_version int,
  stale_at timestamptz,
  stale_reason text check (stale_reason ~ '^[a-z_]{1,60}$'),
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  constraint promised_once unique (project_id, message_table, message_id, words_from),
  constraint commitment_contact foreign key (project_id, contact_id) references people.contacts (project_id, id),
  constraint commitment_evidence foreign key (project_id, evidence_id) references shared.evidence_items (project_id, id),
  constraint commitment_words check (words_to > words_from),
  constraint commitment_times check (due_at > said_at and keep_until >= due_at),
  constraint commitment_settled check ((state = 'open') = (settled_at is null))
);
create index commitments_open on world.commitments (project_id, checked_at nulls first, id) where state = 'open';
create index commitments_due on world.commitments (project_id, due_at desc, id desc);
create index commitments_state on world.commitments (project_id, state, due_at desc, id desc);
create index commitments_contact on world.commitments (project_id, contact_id, due_at desc);
create index commitments_evidence on world.commitments (project_id, evidence_id) where evidence_id is not null;
comment on table world.commitments is 'What a message of ours promised, by when, and what became of it. The words stay in the message.';
comment on column world.commitments.words_from is 'Where the sentence begins in the message, in characters from 0.';
comment on column world.commitments.keep_until is 'Due and some grace: afterwards it is broken.';
comment on column world.commitments.conversation_id is 'Of a message in an inbox: its conversation there.';
comment on column world.commitments.job_id is 'The job it is about, where there is one it can be.';
comment on column world.commitments.settled_by is 'The line of the ledger, the message, the later promise or the person that settled it.';
comment on column world.commitments.checked_at is 'When the ledger was last asked about it; whoever waited longest is next.';
comment on column world.commitments.stale_reason is 'Why it needs a look: a stable word, no text.';

create function world.settled_stays() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  if old.state <> 'open' and new.state is distinct from old.state then
    perform shared.fail('conflict', 'promise_settled', jsonb_build_object('state', old.state));
  end if;
  return new;
end $$;
comment on function world.settled_stays() is 'Trigger: a promise is settled once.';
create trigger settled_stays before update on world.commitments for each row execute function world.settled_stays();

create table insight.read_messages (
  project_id uuid not null,
  account_scope_id uuid not null,
  message_table text not null,
  message_id text not null,
  read_at timestamptz not null default shared.clock(),
  primary key (project_id, message_table, message_id)
);
create index read_messages_age on insight.read_messages (project_id, read_at);
comment on table insight.read_messages is 'Messages of the last days that were read for promises; a row goes when its message is too old to be read again.';

create table insight.risk_radar_items (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  kind text not null check (kind in ('promise_broken', 'false_belief')),
  dedupe_key text not null check (length(dedupe_key) between 1 and 300),
  status text not null default 'open' check (status in ('open', 'resolved', 'dismissed')),
  severity smallint not null default 2 check (severity between 1 and 3),
  ref_type text not null,
  ref_id text not null,
  contact_id text,
  evidence_id text,
  evidence_version int,
  message_id text,
  code text check (code ~ '^[a-z_]{1,60}$'),
  opened int not null default 1,
  first_seen_at timestamptz not null default shared.clock(),
  last_seen_at timestamptz not null default shared.clock(),
  closed_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  constraint risk_once unique (project_id, dedupe_key),
  constraint risk_contact foreign key (project_id, contact_id) references people.contacts (project_id, id),
  constraint risk_evidence foreign key (project_id, evidence_id) references shared.evidence_items (project_id, id),
  constraint risk_message foreign key (project_id, message_id) references outbound.messages (project_id, id),
  constraint risk_closed check ((status = 'open') = (closed_at is null))
);
create index risks_newest on insight.risk_radar_items (project_id, status, last_seen_at desc, id desc);
create index risks_ref on insight.risk_radar_items (project_id, ref_type, ref_id);
comment on table insight.risk_radar_items is 'What may go wrong with somebody, one row a matter: seen again it is the same row, and it is open again if it was resolved.';
comment on column insight.risk_radar_items.severity is '1 is the most severe.';
comment on column insight.risk_radar_items.message_id is 'The proposed action: a message that would put it right, for somebody to approve.';
comment on column insight.risk_radar_items.code is 'Why it was not put right by a message, or how it was closed: a stable word.';
comment on column insight.risk_radar_items.opened is 'How often it was open.';
comment on schema insight is 'Reads over all other domains, and what follows from them: risks.';

do $$
declare t regclass;
begin
  foreach t in array array['world.commitments', 'insight.read_messages', 'insight.risk_radar_items']::regclass[] loop
    perform shared.protect_tenant(t);
    execute format('grant select, insert, update, delete on %s to omneuro_app', t);
  end loop;
end $$;

-- An answer that rests on what a fact rested on, when that fact is no longer true.
alter table memory.answers drop constraint answers_stale_reason_check;
alter table memory.answers add constraint answers_stale_reason_check
  check (stale_reason in ('cited_fact_superseded', 'evidence_deprecated', 'evidence_edited', 'evidence_withdrawn', 'evidence_erased'));

create index messages_open_evidence on outbound.messages using gin (evidence_refs) where state in ('draft', 'pending', 'approved', 'queued');

create index evidence_reworded on shared.evidence_items (project_id, updated_at desc) where version > 1;

-- Body in functions/world/doubt.sql.
create function world.doubt_dependents() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin raise exception 'functions/world/doubt.sql was not applied'; end $$;
comment on function world.doubt_dependents() is 'Trigger: what cites a fact that is no longer true needs a look.';
create trigger doubt_dependents after update of superseded_at on world.facts
  for each row when (old.superseded_at is null and new.superseded_at is not null) execute function world.doubt_dependents();
