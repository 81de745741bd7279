-- A message that is edited is read for promises again: what it says now is made anew, what it says no more is withdrawn.

alter table insight.read_messages add column evidence_version int;
comment on column insight.read_messages.evidence_version is 'The version of its evidence that was read; null where it had none, as in the outbox, whose messages nobody edits once they left.';

alter table world.commitments drop constraint promised_once;
alter table world.commitments add constraint promised_once unique nulls not distinct (project_id, message_table, message_id, words_from, evidence_version);
