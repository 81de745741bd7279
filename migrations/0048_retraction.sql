-- A message that is edited is read for promises again: what it says now is made anew, what it says no more is withdrawn.

alter table insight.read_messages add column evidence_version int;
comment on column insight.read_messages.evidence_version is 'The version of its evidence that was read; null where it had none, as in the outbox, whose messages nobody edits once they left.';

alter table world.commitments drop constraint promised_once;
alter table world.commitments add constraint promised_once unique nulls not distinct (project_id, message_table, message_id, words_from, evidence_version);

-- What an entry of knowledge was written from, and the mark it gets when that is another by now.
alter table memory.kb_entries
  add column evidence_refs text[] not null default '{}' check (cardinality(evidence_refs) <= 20),
  add column stale_at timestamptz,
  add column stale_reason text check (stale_reason in ('cited_fact_superseded', 'evidence_deprecated', 'evidence_edited', 'evidence_withdrawn', 'evidence_erased')),
  add constraint kb_entries_stale_check check ((stale_at is null) = (stale_reason is null));
-- Under row security the array's own operators use no index: those that cite anything are few, and looked through.
create index kb_entries_citing on memory.kb_entries (project_id, id) where evidence_refs <> '{}' and status <> 'deprecated';
comment on column memory.kb_entries.evidence_refs is 'The evidence it was written from.';
comment on column memory.kb_entries.stale_reason is 'Why it needs a look; gone when it gets other words or other evidence.';
