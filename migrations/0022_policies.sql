-- Who must not be written to: when it was taken back, what an operator decided, and the two texts that a word may be answered with.

alter table outbound.settings add column confirm_stop boolean not null default true;
comment on column outbound.settings.confirm_stop is 'A word like STOP is confirmed once, within five minutes; false where the provider does it.';

alter table outbound.contact_channel_policies
  add column cleared_at timestamptz,
  add column decided_at timestamptz,
  add column decided_by text,
  add column note text check (length(note) <= 500);
comment on column outbound.contact_channel_policies.cleared_at is 'When writing was last allowed again: a word to stop that is older but heard later changes nothing.';
comment on column outbound.contact_channel_policies.decided_at is 'When an operator last decided what a wish meant: an older wish heard later is not asked about again.';
comment on column outbound.contact_channel_policies.note is 'Why an operator decided as he did. His own words: gone with the person''s record.';
create index policies_newest on outbound.contact_channel_policies (project_id, updated_at desc, id desc);
create index policies_held on outbound.contact_channel_policies (project_id, held_at desc, id desc) where held_at is not null;

alter table outbound.messages
  add column purpose text check (purpose in ('stop_confirmation', 'help')),
  add constraint outbound_answers_a_word check (purpose is null
    -- The business key is unique: one answer of a kind to one word.
    or (class = 'reply' and answers_to is not null and idempotency_key = purpose || ':' || answers_to
      and campaign_id is null and template_id is null and not stop_on_reply));
comment on column outbound.messages.purpose is 'What the house answers a word of command with by itself: stop_confirmation is the one text that may follow an opt-out.';

alter table people.consents
  add column source text check (length(source) between 1 and 60);
comment on column people.consents.source is 'Where it was said: a form''s name, paper, a call, a word in a message.';
create index consents_newest on people.consents (project_id, occurred_at desc, id desc);
