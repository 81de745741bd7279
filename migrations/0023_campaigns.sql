-- Campaigns: a text for many, approved once, sent to each at most once a step; every non-send has its reason written down.

alter table outbound.templates add column is_fallback boolean not null default false;
create unique index templates_fallback on outbound.templates (project_id, name, channel) where retired_at is null and is_fallback;
create index templates_newest on outbound.templates (project_id, created_at desc, id desc);
comment on column outbound.templates.is_fallback is 'Of its name and channel the one for people whose language has none.';

create table outbound.campaign_segments (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  name text not null check (length(name) between 1 and 100),
  filter jsonb not null,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  constraint segment_name unique (project_id, name)
);
create index campaign_segments_newest on outbound.campaign_segments (project_id, created_at desc, id desc);
comment on table outbound.campaign_segments is 'A saved filter over people.';
comment on column outbound.campaign_segments.filter is '{all: [conditions], any: [conditions], none: [conditions]}.';
select shared.protect_tenant('outbound.campaign_segments');
grant select, insert, update on outbound.campaign_segments to omneuro_app;

create table outbound.campaigns (
  project_id uuid not null,
  account_scope_id uuid not null,
  id text not null,
  name text not null check (length(name) between 1 and 100),
  class text not null default 'marketing' check (class in ('marketing', 'transactional')),
  channel text not null check (channel in ('sms', 'email', 'telegram')),
  sender_id text,
  segment_id text not null,
  segment_filter jsonb,
  variables jsonb not null default '{}',
  state text not null default 'draft' check (state in ('draft', 'approved', 'running', 'paused', 'finished', 'cancelled')),
  code text,
  written_by text not null,
  writers text[] not null default '{}',
  approved_by text,
  approved_at timestamptz,
  seal text,
  member_count int,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  foreign key (project_id, sender_id) references outbound.senders (project_id, id),
  foreign key (project_id, segment_id) references outbound.campaign_segments (project_id, id),
  constraint campaign_approved_is_sealed check (state in ('draft', 'cancelled') or (seal is not null and segment_filter is not null and sender_id is not null))
);
create index campaigns_newest on outbound.campaigns (project_id, created_at desc, id desc);
create index campaigns_running on outbound.campaigns (project_id) where state in ('running', 'cancelled');
comment on table outbound.campaigns is 'Messages of one kind to the people of a segment, in steps, under one approval.';
comment on column outbound.campaigns.segment_filter is 'The segment''s filter as it was approved; who is in it is decided once, at the start.';
comment on column outbound.campaigns.variables is 'Values for the templates'' gaps, the same for everybody.';
comment on column outbound.campaigns.code is 'Why it is where it is, when not by somebody''s wish.';
comment on column outbound.campaigns.writers is 'Everybody who worked on it: under four eyes none of them approves it.';
comment on column outbound.campaigns.seal is 'SHA-256 over steps, templates, variables, sender and filter as they were approved.';
select shared.protect_tenant('outbound.campaigns');
grant select, insert, update on outbound.campaigns to omneuro_app;

create table outbound.campaign_steps (
  project_id uuid not null,
  account_scope_id uuid not null,
  campaign_id text not null,
  number int not null check (number > 0),
  template text not null check (template ~ '^[a-z][a-z0-9_-]{1,63}$'),
  template_ids text[] not null default '{}',
  wait_seconds int not null default 0 check (wait_seconds between 0 and 31536000),
  stop_on_reply boolean not null default true,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, campaign_id, number),
  foreign key (project_id, campaign_id) references outbound.campaigns (project_id, id)
);
comment on table outbound.campaign_steps is 'One message of a campaign''s sequence.';
comment on column outbound.campaign_steps.template_ids is 'The rows of that template, one a language, that were approved; empty before.';
comment on column outbound.campaign_steps.wait_seconds is 'After the step before it was sent.';
select shared.protect_tenant('outbound.campaign_steps');
grant select, insert, update, delete on outbound.campaign_steps to omneuro_app;

create table outbound.campaign_members (
  project_id uuid not null,
  account_scope_id uuid not null,
  campaign_id text not null,
  contact_id text not null,
  state text not null default 'waiting' check (state in ('waiting', 'queued', 'finished', 'ended')),
  reason text,
  step int not null default 1,
  due_at timestamptz not null default shared.clock(),
  message_id text,
  reached text check (reached in ('sent', 'delivered', 'read')),
  sent_count int not null default 0,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, campaign_id, contact_id),
  foreign key (project_id, campaign_id) references outbound.campaigns (project_id, id),
  foreign key (project_id, contact_id) references people.contacts (project_id, id)
);
create index campaign_members_due on outbound.campaign_members (project_id, campaign_id, due_at, contact_id) where state = 'waiting';
create index campaign_members_open on outbound.campaign_members (project_id, contact_id) where state in ('waiting', 'queued');
create index campaign_members_tally on outbound.campaign_members (project_id, campaign_id, state, reason, reached);
comment on table outbound.campaign_members is 'Who was in the segment when a campaign started, and how far each has come.';
comment on column outbound.campaign_members.state is 'waiting: the step is still to be written; queued: its message is on its way; finished: the last step was sent; ended: no further one comes.';
comment on column outbound.campaign_members.reason is 'Why nothing was sent, or nothing for now: the kind of the campaign event that says so.';
comment on column outbound.campaign_members.step is 'The step it waits for, or the last one written.';
select shared.protect_tenant('outbound.campaign_members');
grant select, insert, update on outbound.campaign_members to omneuro_app;

create table outbound.campaign_events (
  project_id uuid not null,
  account_scope_id uuid not null,
  id bigint generated always as identity,
  campaign_id text not null,
  contact_id text not null,
  step int not null,
  kind text not null check (kind ~ '^[a-z_]{2,40}$'),
  reason text,
  message_id text,
  at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  foreign key (project_id, campaign_id) references outbound.campaigns (project_id, id)
);
create index campaign_events_newest on outbound.campaign_events (project_id, campaign_id, at desc, id desc);
create index campaign_events_contact on outbound.campaign_events (project_id, campaign_id, contact_id, id);
comment on table outbound.campaign_events is 'What became of each member''s step: sent, delivered, failed, or why not sent.';
comment on column outbound.campaign_events.kind is 'sent, delivered, read, failed, unknown, retried; or the reason of a non-send: opt_out, reply_detected, frequency_block, quiet_hours, ….';
comment on column outbound.campaign_events.reason is 'The message''s own code behind the kind.';
select shared.protect_tenant('outbound.campaign_events');
grant select, insert on outbound.campaign_events to omneuro_app;

-- Which state may follow which; the trigger holds it against every writer.
create function outbound.campaign_allowed(state text) returns text[]
  language sql immutable set search_path = pg_catalog, pg_temp
  as $$ select case state when 'draft' then '{approved,cancelled}' when 'approved' then '{cancelled,draft,running}'
    when 'running' then '{cancelled,finished,paused}' when 'paused' then '{cancelled,running}' else '{}' end::text[] $$;
comment on function outbound.campaign_allowed(text) is 'The states of a campaign that may follow.';
revoke execute on function outbound.campaign_allowed(text) from public;
grant execute on function outbound.campaign_allowed(text) to omneuro_app;

create function outbound.guard_campaign() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  if new.state is distinct from old.state and new.state <> all (outbound.campaign_allowed(old.state)) then
    perform shared.fail('conflict', 'campaign_invalid_state',
      jsonb_build_object('state', old.state, 'asked', new.state, 'allowed', to_jsonb(outbound.campaign_allowed(old.state))));
  end if;
  return new;
end $$;
comment on function outbound.guard_campaign() is 'Refuses a move that a campaign cannot make.';
create trigger guard_campaign before update on outbound.campaigns for each row execute function outbound.guard_campaign();

-- Whoever moves a campaign's message, the member follows and the event is written: claim, settlement, a provider's callback, an opt-out, an operator.
create function outbound.follow_campaign() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  if not exists (select from after a where a.campaign_id is not null) then return null; end if;
  with moved as materialized (
    select a.project_id, a.account_scope_id, a.id, a.campaign_id, a.campaign_step, a.contact_id, a.state, a.code,
        outbound.campaign_kind(b.state, a.state, a.code) as kind
      from after a join before b on b.project_id = a.project_id and b.id = a.id
      where a.campaign_id is not null and (a.state, a.code) is distinct from (b.state, b.code)
  ), told as (
    insert into outbound.campaign_events (project_id, account_scope_id, campaign_id, contact_id, step, kind, reason, message_id)
      select m.project_id, m.account_scope_id, m.campaign_id, m.contact_id, coalesce(m.campaign_step, 1), m.kind, m.code, m.id
      from moved m where m.kind is not null order by m.campaign_id, m.contact_id)
  update outbound.campaign_members b set
      state = case
        -- A sequence that a reply or an opt-out ended stays ended, whatever was on its way then.
        when b.state = 'ended' and b.reason is distinct from 'failed' then 'ended'
        when m.kind = 'sent' then case when n.number is null then 'finished' else 'waiting' end
        when m.state in ('failed', 'cancelled', 'blocked_opt_out') then 'ended'
        when m.state in ('draft', 'pending', 'approved', 'queued', 'submitting', 'unknown') then 'queued'
        else b.state end,
      step = case when m.kind = 'sent' and n.number is not null then n.number else b.step end,
      due_at = case when m.kind = 'sent' and n.number is not null then shared.clock() + make_interval(secs => n.wait_seconds) else b.due_at end,
      reason = case when b.state = 'ended' and b.reason is distinct from 'failed' then b.reason
        when m.kind in ('sent', 'delivered', 'read') or m.state = 'submitting' or m.code is null then null else coalesce(m.kind, b.reason) end,
      reached = case when m.kind in ('sent', 'delivered', 'read') then m.kind else b.reached end,
      sent_count = b.sent_count + (m.kind is not distinct from 'sent')::int,
      updated_at = shared.clock(), version = b.version + 1
    from moved m
      left join lateral (select s.number, s.wait_seconds from outbound.campaign_steps s
        where s.project_id = m.project_id and s.campaign_id = m.campaign_id and s.number > m.campaign_step order by s.number limit 1) n on true
    where b.project_id = m.project_id and b.campaign_id = m.campaign_id and b.contact_id = m.contact_id
      -- What became of an earlier step does not undo a later one.
      and b.message_id = m.id;
  return null;
end $$;
comment on function outbound.follow_campaign() is 'Keeps members and events of campaigns in step with their messages.';
create trigger follow_campaign after update on outbound.messages
  referencing old table as before new table as after for each statement execute function outbound.follow_campaign();
