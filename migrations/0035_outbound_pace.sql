-- How fast a sender's provider takes messages, and indexes that lead the planner right before it knows a campaign's members.

-- A campaign's members are inserted at once, and for the next minute the planner believes that there is one of them. An index that begins
-- as the primary key does then looks as good as the key, and every look-up of one member reads them all.
drop index outbound.campaign_members_tally;
create index campaign_members_standing on outbound.campaign_members (project_id, state, campaign_id, reason);

alter table outbound.senders
  alter column per_second drop not null,
  alter column per_second drop default,
  add column paced_until timestamptz;
comment on column outbound.senders.per_second is 'Most messages that its provider is handed in a second; null where it takes as many as come.';
comment on column outbound.senders.paced_until is 'Nothing is claimed before: what its provider takes in this second has been claimed.';
-- Nobody has set one so far.
update outbound.senders set per_second = outbound_pace.per_second
  from (values ('resend', 2), ('chatwoot', 5), ('telegram', 25), ('twilio', 10), ('telnyx', 10), ('postmark', null)) outbound_pace (provider, per_second)
  where senders.provider = outbound_pace.provider;
