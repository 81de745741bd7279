-- The world: who and what there is, what is true of it and since when, and who knows that.

create schema world;
comment on schema world is 'Entities, what is true of them in two times, and who knows it; and the room where a talk about them is rehearsed.';
grant usage on schema world to omneuro_app;

create table world.users (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  tier text not null default 'standard' check (tier in ('standard', 'premium')),
  consent_memory boolean not null default false,
  consent_telemetry boolean not null default false,
  consent_raw_text boolean not null default false,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, user_id)
);
comment on table world.users is 'What a colleague may do here beyond his role, and three consents that are given apart; no row: standard, and none.';
comment on column world.users.tier is 'premium hears a coach and edits who knows what.';

create table world.entities (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid references shared.users (id),
  id text not null,
  type text not null check (type in ('Person', 'Company', 'Property', 'Lease', 'Offer', 'Product', 'Service', 'Place', 'Custom')),
  name text check (length(name) between 1 and 300),
  contact_id text,
  account_ref text check (length(account_ref) between 1 and 200),
  merged_into text,
  archived_at timestamptz,
  erased_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  constraint entity_contact foreign key (project_id, contact_id) references people.contacts (project_id, id),
  foreign key (project_id, merged_into) references world.entities (project_id, id),
  check (merged_into is distinct from id),
  check (name is not null or erased_at is not null)
);
create unique index entity_contact_once on world.entities (project_id, contact_id)
  where contact_id is not null and merged_into is null and erased_at is null;
create index entities_newest on world.entities (project_id, updated_at desc, id desc);
create index entities_name on world.entities (project_id, type, name);
create index entities_words on world.entities using gin (project_id, to_tsvector('simple'::regconfig, name)) with (fastupdate = off);
create index entities_merged on world.entities (project_id, merged_into) where merged_into is not null;
comment on table world.entities is 'Somebody or something that facts are about. It has a name; all else about it is a fact.';
comment on column world.entities.user_id is 'Who entered it.';
comment on column world.entities.contact_id is 'The person''s record, for a Person or Company that is in touch with us.';
comment on column world.entities.account_ref is 'A firm''s record elsewhere.';
comment on column world.entities.merged_into is 'The entity that stands for this one.';

create table world.sessions (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  id text not null,
  title text check (length(title) between 1 and 200),
  template_id text check (template_id ~ '^[a-z0-9][a-z0-9_.-]{0,79}$'),
  counterparty_style text not null default 'neutral' check (counterparty_style in ('polite', 'neutral', 'tough', 'busy', 'defensive')),
  ended_at timestamptz,
  created_at timestamptz not null default shared.clock(),
  updated_at timestamptz not null default shared.clock(),
  version int not null default 1,
  primary key (project_id, id),
  unique (project_id, user_id, id)
);
create index sessions_newest on world.sessions (project_id, user_id, created_at desc, id desc);
comment on table world.sessions is 'A talk that a colleague rehearses. Nobody else sees it.';

create table world.session_entities (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  session_id text not null,
  entity_id text not null,
  part text not null default 'attached' check (part in ('attached', 'counterparty')),
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, session_id, entity_id),
  foreign key (project_id, user_id, session_id) references world.sessions (project_id, user_id, id) on delete cascade,
  foreign key (project_id, entity_id) references world.entities (project_id, id) on delete cascade
);
create index session_entities_entity on world.session_entities (project_id, entity_id);
create unique index session_one_counterparty on world.session_entities (project_id, session_id) where part = 'counterparty';
comment on table world.session_entities is 'What a rehearsal is about, and with whom.';
comment on column world.session_entities.part is 'counterparty: the one who is played.';

create table world.context_packs (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  id text not null,
  session_id text not null,
  hash text not null check (length(hash) between 1 and 128),
  knower text not null check (length(knower) between 1 and 240),
  content jsonb not null,
  as_of timestamptz not null,
  known_at timestamptz not null,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  unique (project_id, user_id, id),
  unique (project_id, session_id, hash),
  foreign key (project_id, user_id, session_id) references world.sessions (project_id, user_id, id) on delete cascade
);
comment on table world.context_packs is 'All that a knower was told before a turn, so that the turn can be rebuilt.';
comment on column world.context_packs.hash is 'Of the content: the same content is kept once in a session.';

create table world.messages (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid not null references shared.users (id),
  id text not null,
  session_id text not null,
  role text not null check (role in ('user', 'counterparty', 'system', 'coach')),
  channel text not null default 'roleplay' check (channel in ('roleplay', 'coach')),
  content text not null check (length(content) <= 20000),
  llm_provider text,
  llm_model text,
  prompt_version text,
  usage_tokens_in int,
  usage_tokens_out int,
  safety_flags jsonb not null default '[]',
  pack_id text,
  created_at timestamptz not null default shared.clock(),
  primary key (project_id, id),
  unique (project_id, user_id, id),
  check (channel = 'coach' or role <> 'coach'),
  foreign key (project_id, user_id, session_id) references world.sessions (project_id, user_id, id) on delete cascade,
  foreign key (project_id, user_id, pack_id) references world.context_packs (project_id, user_id, id)
);
create index messages_session on world.messages (project_id, session_id, created_at, id);
comment on table world.messages is 'What was said in a rehearsal. What is said in the coach''s channel the counterparty never hears.';

create function world.is_value(type text, value jsonb) returns boolean
  language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
  as $$
declare said text := value #>> '{}'; kind text := jsonb_typeof(value);
begin
  case type
    when 'string' then return kind = 'string' and length(said) between 1 and 4000;
    when 'number' then return kind = 'number' and length(said) <= 60;
    when 'date' then
      if kind <> 'string' or said !~ '^\d{4}-\d\d-\d\d$' then return false; end if;
      return to_char(make_date(left(said, 4)::int, substr(said, 6, 2)::int, right(said, 2)::int), 'YYYY-MM-DD') = said;
    when 'currency' then
      return kind = 'object' and value ?& '{amount_minor,currency}' and value - '{amount_minor,currency}'::text[] = '{}'
        and jsonb_typeof(value->'amount_minor') = 'number' and value->>'amount_minor' ~ '^-?\d{1,15}$'
        and jsonb_typeof(value->'currency') = 'string' and value->>'currency' ~ '^[A-Z]{3}$';
    when 'json' then return length(value::text) <= 8000;
    else return false;
  end case;
exception when datetime_field_overflow then return false;
end $$;
comment on function world.is_value(text, jsonb) is 'Has the value the form of its type? Money is {amount_minor, currency}, a date ISO 8601.';
grant execute on function world.is_value(text, jsonb) to omneuro_app;

create table world.relationships (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid references shared.users (id),
  id text not null,
  src_entity_id text not null,
  rel_type text not null check (rel_type ~ '^[A-Z][A-Z_]{1,39}$'),
  dst_entity_id text not null,
  valid_from timestamptz,
  valid_to timestamptz,
  recorded_at timestamptz not null default shared.clock(),
  superseded_at timestamptz,
  superseded_by text,
  continues text,
  root_id text not null generated always as (coalesce(continues, id)) stored,
  origin text not null check (length(origin) between 1 and 300),
  source_type text not null check (source_type in ('user_entered', 'user_confirmed_extraction', 'model_extracted', 'inferred', 'external')),
  source_ref text not null check (length(source_ref) between 1 and 200),
  evidence_id text,
  evidence_version int,
  extractor_version text,
  model_version text,
  prompt_version text,
  primary key (project_id, id),
  foreign key (project_id, src_entity_id) references world.entities (project_id, id),
  foreign key (project_id, dst_entity_id) references world.entities (project_id, id),
  foreign key (project_id, continues) references world.relationships (project_id, id),
  constraint relationship_evidence foreign key (project_id, evidence_id) references shared.evidence_items (project_id, id),
  check (valid_from < valid_to),
  check (superseded_at >= recorded_at),
  check (evidence_version is null or evidence_id is not null),
  constraint relationship_once exclude using gist (
    project_id with =, src_entity_id with =, rel_type with =, dst_entity_id with =, origin with =, tstzrange(valid_from, valid_to) with &&
  ) where (superseded_at is null)
);
create index relationships_src on world.relationships (project_id, src_entity_id, rel_type);
create index relationships_dst on world.relationships (project_id, dst_entity_id, rel_type);
create index relationships_root on world.relationships (project_id, root_id, recorded_at);
create index relationships_newest on world.relationships (project_id, recorded_at desc, id desc);
comment on table world.relationships is 'One entity''s relation to another, with when it held and when that was written down.';
comment on column world.relationships.root_id is 'What was said; its rows are what was written down about when it held.';

create table world.facts (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid references shared.users (id),
  id text not null,
  subject_entity_id text not null,
  key text not null check (key ~ '^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$' and length(key) <= 80),
  value jsonb not null,
  value_type text not null check (value_type in ('string', 'number', 'date', 'currency', 'json')),
  unit text check (length(unit) between 1 and 40),
  session_id text,
  review_state text not null default 'kept' check (review_state in ('proposed', 'kept', 'session', 'discarded')),
  scope text not null generated always as (case when session_id is null and review_state = 'kept' then 'global' else 'session_only' end) stored,
  valid_from timestamptz,
  valid_to timestamptz,
  recorded_at timestamptz not null default shared.clock(),
  superseded_at timestamptz,
  superseded_by text,
  continues text,
  root_id text not null generated always as (coalesce(continues, id)) stored,
  confidence real not null default 1 check (confidence between 0 and 1),
  visibility smallint not null default 2 check (visibility between 0 and 2),
  contact_id text,
  origin text not null check (length(origin) between 1 and 300),
  source_type text not null check (source_type in ('user_entered', 'user_confirmed_extraction', 'model_extracted', 'inferred', 'external')),
  source_ref text not null check (length(source_ref) between 1 and 200),
  evidence_id text,
  evidence_version int,
  extractor_version text,
  model_version text,
  prompt_version text,
  stale_at timestamptz,
  stale_reason text check (stale_reason ~ '^[a-z_]{1,60}$'),
  statement text not null default '' check (length(statement) <= 5000),
  tsv tsvector not null generated always as (
    to_tsvector('simple'::regconfig, statement) || to_tsvector('english'::regconfig, statement) || to_tsvector('danish'::regconfig, statement)) stored,
  primary key (project_id, id),
  foreign key (project_id, subject_entity_id) references world.entities (project_id, id),
  foreign key (project_id, user_id, session_id) references world.sessions (project_id, user_id, id),
  foreign key (project_id, continues) references world.facts (project_id, id),
  constraint fact_contact foreign key (project_id, contact_id) references people.contacts (project_id, id),
  constraint fact_evidence foreign key (project_id, evidence_id) references shared.evidence_items (project_id, id),
  constraint fact_value check (world.is_value(value_type, value)),
  check (session_id is null or user_id is not null),
  check (valid_from < valid_to),
  check (superseded_at >= recorded_at),
  check (visibility <> 1 or contact_id is not null),
  check (evidence_version is null or evidence_id is not null),
  constraint fact_once exclude using gist (
    project_id with =, subject_entity_id with =, key with =, origin with =, (coalesce(session_id, '')) with =, tstzrange(valid_from, valid_to) with &&
  ) where (superseded_at is null and review_state in ('kept', 'session'))
);
create index facts_subject on world.facts (project_id, subject_entity_id, key, valid_from);
create index facts_root on world.facts (project_id, root_id, recorded_at);
create index facts_newest on world.facts (project_id, recorded_at desc, id desc);
create index facts_public on world.facts (project_id, subject_entity_id, key) where visibility = 0;
create index facts_contact on world.facts (project_id, contact_id, subject_entity_id) where contact_id is not null;
create index facts_session on world.facts (project_id, session_id, recorded_at) where session_id is not null;
create index facts_proposed on world.facts (project_id, recorded_at, id) where review_state = 'proposed' and superseded_at is null;
create index facts_evidence on world.facts (project_id, evidence_id) where evidence_id is not null;
create index facts_words on world.facts using gin (project_id, tsv) with (fastupdate = off);
comment on table world.facts is
  'One thing that is true of an entity: valid from and to in the world, recorded and superseded by us. A row is never changed, only ended.';
comment on column world.facts.root_id is 'What was said; its rows are what was written down about when it held. Edges and citations name the root.';
comment on column world.facts.continues is 'The root of which this row says that it held for a part of the time only.';
comment on column world.facts.scope is 'session_only until somebody reviewed it.';
comment on column world.facts.session_id is 'The rehearsal it was said in: nobody but its user sees it.';
comment on column world.facts.origin is 'Who says so. The same origin replaces what it said before; another one contradicts it.';
comment on column world.facts.source_ref is 'The form, message, session or import it was taken from.';
comment on column world.facts.visibility is '0 public, 1 the contact''s own, 2 internal.';
comment on column world.facts.contact_id is 'Whose own it is.';
comment on column world.facts.statement is 'The fact in words, as its subject was called when it was recorded.';
comment on column world.facts.stale_reason is 'Why it needs a look: a stable word, no text.';

create table world.knowledge_edges (
  project_id uuid not null,
  account_scope_id uuid not null,
  user_id uuid references shared.users (id),
  id text not null,
  knower text not null check (knower ~ '^(staff|public|(technician|contact|entity):[A-Za-z0-9_.:-]{1,200})$'),
  knower_entity_id text,
  knower_contact_id text,
  fact_id text not null,
  status text not null check (status in ('confirmed', 'assumed', 'unknown', 'false_belief')),
  believed_value jsonb,
  confidence real not null default 1 check (confidence between 0 and 1),
  source text not null check (source in ('user_told', 'observed', 'inferred', 'public', 'third_party')),
  session_id text,
  scope text not null generated always as (coalesce('session:' || session_id, 'global')) stored,
  set_by_user boolean not null default false,
  seeded_from text,
  evidence_id text,
  evidence_version int,
  recorded_at timestamptz not null default shared.clock(),
  superseded_at timestamptz,
  superseded_by text,
  primary key (project_id, id),
  foreign key (project_id, knower_entity_id) references world.entities (project_id, id),
  constraint edge_contact foreign key (project_id, knower_contact_id) references people.contacts (project_id, id),
  foreign key (project_id, fact_id) references world.facts (project_id, id),
  foreign key (project_id, user_id, session_id) references world.sessions (project_id, user_id, id),
  constraint edge_evidence foreign key (project_id, evidence_id) references shared.evidence_items (project_id, id),
  check (knower !~ '^entity:' or knower_entity_id is not null),
  check (knower !~ '^contact:' or knower_contact_id is not null),
  check (status <> 'false_belief' or believed_value is not null),
  check (session_id is null or user_id is not null),
  check (superseded_at >= recorded_at),
  check (evidence_version is null or evidence_id is not null)
);
create unique index edge_once on world.knowledge_edges (project_id, knower, fact_id, (coalesce(session_id, ''))) where superseded_at is null;
create index edges_knower on world.knowledge_edges (project_id, knower, fact_id, recorded_at);
create index edges_fact on world.knowledge_edges (project_id, fact_id, knower);
create index edges_session on world.knowledge_edges (project_id, session_id) where session_id is not null;
create index edges_evidence on world.knowledge_edges (project_id, evidence_id) where evidence_id is not null;
comment on table world.knowledge_edges is 'Who knows a fact, and how. No row: he does not, as far as we know.';
comment on column world.knowledge_edges.knower is 'staff, public, technician:<person>, contact:<id> or entity:<id>.';
comment on column world.knowledge_edges.status is 'unknown is said only where somebody must be treated as not knowing what he otherwise would.';
comment on column world.knowledge_edges.believed_value is 'What he holds for true instead.';
comment on column world.knowledge_edges.seeded_from is 'The relationship it was assumed from.';
comment on column world.knowledge_edges.evidence_id is 'What told him.';

-- Bodies are in functions/world/guards.sql, applied right after the tables.
create function world.fill_fact() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin raise exception 'functions/world/guards.sql was not applied'; end $$;
comment on function world.fill_fact() is 'Trigger: a fact is put into words.';
create function world.fill_edge() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin raise exception 'functions/world/guards.sql was not applied'; end $$;
comment on function world.fill_edge() is 'Trigger: the knower''s name follows from whom it points at.';
create function world.only_ends() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin raise exception 'functions/world/guards.sql was not applied'; end $$;
comment on function world.only_ends() is 'Trigger: what was recorded is never changed, only ended.';
create function world.stays_gone() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin raise exception 'functions/world/guards.sql was not applied'; end $$;
comment on function world.stays_gone() is 'Trigger: what was erased does not come back under its id.';

create trigger fill before insert on world.facts for each row execute function world.fill_fact();
create trigger fill before insert on world.knowledge_edges for each row execute function world.fill_edge();
create trigger only_ends before update on world.facts for each row execute function world.only_ends('stale_at', 'stale_reason', 'review_state');
create trigger only_ends before update on world.relationships for each row execute function world.only_ends();
create trigger only_ends before update on world.knowledge_edges for each row execute function world.only_ends();
create trigger stays_gone before insert on world.entities for each row execute function world.stays_gone('entity');
create trigger stays_gone before insert on world.relationships for each row execute function world.stays_gone('relationship');
create trigger stays_gone before insert on world.facts for each row execute function world.stays_gone('fact');
create trigger stays_gone before insert on world.knowledge_edges for each row execute function world.stays_gone('knowledge_edge');
create trigger stays_gone before insert on world.messages for each row execute function world.stays_gone('message');

do $$
declare t regclass;
begin
  foreach t in array array['world.users', 'world.entities', 'world.relationships', 'world.facts', 'world.knowledge_edges']::regclass[]
  loop
    perform shared.protect_tenant(t);
    execute format('grant select, insert, update, delete on %s to omneuro_app', t);
  end loop;
  -- What was said in a rehearsal is its user's alone, also where it stands beside what everybody knows.
  foreach t in array array['world.facts', 'world.knowledge_edges']::regclass[]
  loop
    execute format($q$create policy rehearsed on %s as restrictive to omneuro_app
      using (session_id is null or user_id = (select nullif(current_setting('app.user_id', true), '')::uuid))
      with check (session_id is null or user_id = (select nullif(current_setting('app.user_id', true), '')::uuid))$q$, t);
  end loop;
  foreach t in array array['world.sessions', 'world.session_entities', 'world.context_packs', 'world.messages']::regclass[]
  loop
    perform shared.protect_personal(t);
    execute format('create trigger scope before insert or update of project_id, account_scope_id on %s
      for each row execute function shared.enforce_project_scope_match()', t);
    execute format('alter table %s add foreign key (project_id, account_scope_id) references identity.projects (id, account_scope_id)', t);
    execute format('grant select, insert, update, delete on %s to omneuro_app', t);
  end loop;
end $$;

create view world.entity_cards with (security_invoker = true) as
  select e.project_id, e.user_id, e.id, e.type, e.name,
    (select coalesce(jsonb_object_agg(a.key, a.value), '{}') from (
      select distinct on (f.key) f.key, f.value from world.facts f
      where f.project_id = e.project_id and f.subject_entity_id = e.id and f.session_id is null and f.review_state = 'kept'
        and f.superseded_at is null and (f.valid_from is null or f.valid_from <= shared.clock()) and (f.valid_to is null or f.valid_to > shared.clock())
      order by f.key, f.source_type in ('user_entered', 'user_confirmed_extraction') desc, f.source_type = 'external' desc,
        f.source_type = 'model_extracted' desc, f.recorded_at desc, f.id desc) a) as attributes_json,
    e.created_at, e.updated_at
  from world.entities e where e.merged_into is null and e.erased_at is null;
comment on view world.entity_cards is 'Entities with their attributes, which are facts: of each the best founded that holds now.';
grant select on world.entity_cards to omneuro_app;

create view world.events with (security_invoker = true) as
  select e.project_id, e.id, e.user_id, e.payload->>'session' as session_id, upper(translate(e.kind, '.', '_')) as event_type,
    e.ref_type, e.ref_id, e.payload as payload_json, e.created_at
  from shared.events e
  where split_part(e.kind, '.', 1) in ('world', 'entity', 'relationship', 'fact', 'knowledge_edge', 'disclosure', 'private_note', 'rehearsal');
comment on view world.events is 'The ledger''s rows about the world and what is rehearsed in it.';
grant select on world.events to omneuro_app;

-- world:edges: says who knows what without being premium.
insert into identity.role_permissions (role, permission)
select r.role, p.permission from (values
  ('owner', '{world:read,world:write,world:edges}'::text[]),
  ('lead_technician', '{world:read,world:write}'),
  ('office', '{world:read,world:write}'),
  ('technician', '{world:read}')) r (role, permissions), unnest(r.permissions) p (permission);
