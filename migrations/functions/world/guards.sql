-- What the world's tables hold by themselves, whoever writes: facts in words, named knowers, rows that only end, ids that stay gone.

-- "Price hourly: 695.00 DKK per hour", as people read it; another value than the fact's own for what somebody believes.
create or replace function world.in_words(key text, type text, value jsonb, unit text) returns text
  language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
  as $$
declare said text := value #>> '{}'; words text := replace(replace(key, '.', ' '), '_', ' ');
begin
  if type = 'currency' then
    said := trim(to_char((value->>'amount_minor')::numeric / 100, 'FM999999999999990.00')) || ' ' || (value->>'currency');
  end if;
  return upper(left(words, 1)) || substr(words, 2) || ': ' || said || coalesce(' ' || unit, '');
end $$;
comment on function world.in_words(text, text, jsonb, text) is 'A fact''s attribute and value as words.';
revoke execute on function world.in_words(text, text, jsonb, text) from public;
grant execute on function world.in_words(text, text, jsonb, text) to omneuro_app;

-- Whoever writes, one of two facts that contradict each other is written second: that one is marked. A plan made while the table
-- was small is kept while it is filled: without a scan in it, or a big import would read all that is there for each row.
create or replace function world.fill_fact() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$ begin
  if new.statement = '' and world.is_value(new.value_type, new.value) then
    new.statement := left(coalesce((select e.name || ' – ' from world.entities e where e.project_id = new.project_id and e.id = new.subject_entity_id), '')
      || world.in_words(new.key, new.value_type, new.value, new.unit), 5000);
  end if;
  new.contradicts := new.contradicts or new.session_id is null and new.review_state = 'kept' and exists (select from world.facts x
    where x.project_id = new.project_id and x.subject_entity_id = new.subject_entity_id and x.key = new.key and x.session_id is null
      and x.review_state = 'kept' and world.rank_of(x.source_type) = world.rank_of(new.source_type)
      and (x.value, x.unit) is distinct from (new.value, new.unit)
      and tstzrange(x.recorded_at, x.superseded_at) && tstzrange(new.recorded_at, new.superseded_at)
      and tstzrange(x.valid_from, x.valid_to) && tstzrange(new.valid_from, new.valid_to));
  return new;
end $$;
comment on function world.fill_fact() is 'Trigger: a fact is put into words, and marked where another one says otherwise.';

create or replace function world.fill_edge() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  new.knower := coalesce('entity:' || new.knower_entity_id, 'contact:' || new.knower_contact_id, new.knower);
  return new;
end $$;
comment on function world.fill_edge() is 'Trigger: the knower''s name follows from whom it points at.';

-- Arguments are the columns that may change besides. What is generated is not known yet before the row is written.
create or replace function world.only_ends() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
declare free constant text[] := tg_argv[0:] || '{superseded_at,superseded_by,scope,root_id,tsv}';
begin
  if to_jsonb(new) - free is distinct from to_jsonb(old) - free
    or old.superseded_at is not null and (new.superseded_at, new.superseded_by) is distinct from (old.superseded_at, old.superseded_by) then
    raise exception 'what %.% recorded is never changed, only ended', tg_table_schema, tg_table_name using errcode = '55000';
  end if;
  -- What was proposed becomes known by a row of its own, or it would have been known before anybody looked at it.
  if tg_table_name = 'facts' and to_jsonb(new)->>'review_state' = 'kept' and to_jsonb(old)->>'review_state' <> 'kept' then
    raise exception 'a proposal is kept by recording a fact' using errcode = '55000';
  end if;
  return new;
end $$;
comment on function world.only_ends() is 'Trigger: what was recorded is never changed, only ended.';

create or replace function world.stays_gone() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin
  if exists (select from shared.tombstones t where t.project_id = new.project_id and t.object_type = tg_argv[0] and t.object_id = new.id) then
    perform shared.fail('gone', 'erased', jsonb_build_object('detail', 'It was erased and does not come back under this id.'));
  end if;
  return new;
end $$;
comment on function world.stays_gone() is 'Trigger: what was erased does not come back under its id.';
