-- What every later migration stands on: extensions, time, faults, scope and the row-security templates.
-- Run as the database owner. The serving role omneuro_app exists already and owns nothing.

create schema if not exists ext;
create schema if not exists shared;
create schema if not exists identity;

comment on schema ext is 'Extensions, kept apart so that functions can name them in a fixed search_path.';
comment on schema shared is 'The spine: ledger, audit, evidence, idempotency, outbox, jobs.';
comment on schema identity is 'Who may come in, and to which project.';

create extension if not exists btree_gin with schema ext;
create extension if not exists pgcrypto with schema ext;
-- pgvector is absent on some plain servers (the race tests run on one): only the vector table and its leg of recall need it.
do $$ begin
  if exists (select from pg_available_extensions where name = 'vector') then
    create extension if not exists vector with schema ext;
  end if;
end $$;

grant usage on schema ext, shared, identity to omneuro_app;

-- Time is a parameter: tests and replays set app.now, everything else reads the transaction's clock. Without a search_path of
-- its own, so that it is inlined: as a call it would be parsed and planned again for every row that is written with its default.
create function shared.clock() returns timestamptz
  language sql stable
  as $$ select coalesce(nullif(pg_catalog.current_setting('app.now', true), '')::timestamptz, pg_catalog.now()) $$;
comment on function shared.clock() is 'Now: the setting app.now where one is given, else the transaction''s start.';

create function shared.scope() returns uuid
  language sql stable
  as $$ select nullif(current_setting('app.project_id', true), '')::uuid $$;
comment on function shared.scope() is 'The project this transaction has entered, or null.';

-- A user's mistake found in SQL. Class OM is ours; the last three characters name the kind (see db/errors.ts).
create function shared.fail(kind text, code text, detail jsonb default null) returns boolean
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
begin
  raise exception using
    errcode = case kind
      when 'invalid' then 'OM400' when 'unauthenticated' then 'OM401' when 'forbidden' then 'OM403'
      when 'not_found' then 'OM404' when 'conflict' then 'OM409' when 'gone' then 'OM410'
      when 'stale' then 'OM412' when 'unprocessable' then 'OM422' when 'limited' then 'OM429'
      when 'replay' then 'OM200' else 'OM500' end,
    message = code, detail = coalesce(detail::text, '');
end $$;
comment on function shared.fail(text, text, jsonb) is 'Abort the batch with a fault: kind decides the SQLSTATE, code is the stable name, detail is JSON for the caller.';

-- The ledger and the audit trail hold ids, enums, numbers and hashes: a leaf with a space, an @ or a + is somebody's words.
-- Checked in the text form, ten times quicker than walking the document, and it happens with every event: all that stands
-- between quotes is made of these characters. Every second part of a long one is a leaf or a key, of bounded length.
create function shared.is_wordless(doc jsonb) returns boolean
  language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
  as $$
declare said text := doc::text;
begin
  if said !~ '^(?:[^"]|"[A-Za-z0-9_.:/=-]*")*$' then return false; end if;
  return length(said) <= 160
    or not exists (select from string_to_table(said, '"') with ordinality t (part, n) where n % 2 = 0 and length(part) > 160);
end $$;
comment on function shared.is_wordless(jsonb) is 'True when no string leaf can be free text or personal data.';

create function shared.refuse_change() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  raise exception '% on %.% is refused: rows are append-only', tg_op, tg_table_schema, tg_table_name using errcode = '55000';
end $$;
comment on function shared.refuse_change() is 'Trigger of append-only tables: UPDATE, DELETE and TRUNCATE raise.';
