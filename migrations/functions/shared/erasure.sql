-- The mechanism of erasure: what is known of a running one lies in transaction-local settings, so that the parts of all domains,
-- each a statement of the same batch, can ask. A step takes a bounded number of rows; a run ends when a whole step finds nothing.

-- Keyed with the project's own key: it stands for a personal value where that must not be.
create or replace function shared.keyed(said text) returns text
  language sql stable
  set search_path = pg_catalog, ext, pg_temp
  as $$ select encode(hmac(convert_to(said, 'UTF8'), p.hmac_key, 'sha256'), 'hex') from identity.projects p where p.id = shared.scope() $$;
comment on function shared.keyed(text) is 'Keyed hash (HMAC-SHA-256, hex) in the entered project.';

create or replace function shared.chain_head() returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$ select coalesce((select jsonb_build_object('seq', s.seq, 'root', encode(s.root, 'hex')) from shared.audit_seals s
    where s.project_id = shared.scope() order by s.seq desc limit 1), '{}') $$;
comment on function shared.chain_head() is 'The newest link of the audit chain: {seq, root}, or {} before the first.';

create or replace function shared.erase_ids(of_kind text, ids text[]) returns int
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare n int;
begin
  insert into shared.erasure_ids (project_id, erasure_id, kind, id)
    select shared.scope(), current_setting('app.erasure'), of_kind, i from (select distinct unnest(ids)) x (i) where i is not null order by i
    on conflict do nothing;
  get diagnostics n = row_count;
  return n;
end $$;
comment on function shared.erase_ids(text, text[]) is 'These belong to the subject of the running erasure; how many were not known yet.';

create or replace function shared.doomed(of_kind text) returns setof text
  language sql stable rows 10
  as $$ select d.id from shared.erasure_ids d where d.project_id = shared.scope() and d.erasure_id = pg_catalog.current_setting('app.erasure') and d.kind = of_kind $$;
comment on function shared.doomed(text) is 'Ids of a kind that belong to the subject of the running erasure.';

create or replace function shared.is_first_step() returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$ select current_setting('app.erasure_step') = '0' $$;
comment on function shared.is_first_step() is 'Whether the running erasure has taken no step yet: what is looked for is gathered then.';

-- A number is found with anything that people put between digits, with its country or without; an address whatever its case.
create or replace function shared.pattern_of(address text) returns text
  language plpgsql immutable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  digits constant text := regexp_replace(address, '\D', '', 'g');
  apart constant text := '[\s().-]*';
begin
  if address ~ '^[\d\s().+-]+$' then
    if length(digits) < 6 then return null; end if;
    return '(?<!\d)(?:(?:00)?' || regexp_replace(digits, '(\d)(?=\d)', '\1' || apart, 'g')
      || case when length(digits) > 8 then '|' || regexp_replace(right(digits, 8), '(\d)(?=\d)', '\1' || apart, 'g') else '' end || ')(?!\d)';
  end if;
  if length(address) < 5 then return null; end if;
  return '(?<![\w.+-])' || regexp_replace(address, '([^\w@ ])', '\\\1', 'g') || '(?![\w-])';
end $$;
comment on function shared.pattern_of(text) is 'A regular expression that finds an address in a text; null for what is too short to be one.';

create or replace function shared.seek(addresses text[], persons text[]) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare w jsonb;
begin
  update shared.erasures e set wanted = jsonb_build_object(
      'addresses', (select coalesce(jsonb_agg(distinct x), '[]') from (select jsonb_array_elements_text(e.wanted->'addresses') union
        select btrim(a) from unnest(addresses) a where btrim(a) <> '') s (x)),
      'names', (select coalesce(jsonb_agg(distinct x), '[]') from (select jsonb_array_elements_text(e.wanted->'names') union
        select btrim(n) from unnest(persons) n where length(btrim(n)) >= 5) s (x)))
    where e.project_id = shared.scope() and e.id = current_setting('app.erasure') returning e.wanted into w;
  perform shared.look_for(w);
end $$;
comment on function shared.seek(text[], text[]) is 'Adds addresses and names to what the running erasure looks for.';

create or replace function shared.look_for(wanted jsonb) returns void
  language sql volatile
  set search_path = pg_catalog, pg_temp
  as $$
  select set_config('app.erasure_addresses', coalesce((select string_agg(shared.pattern_of(a), '|') from jsonb_array_elements_text(wanted->'addresses') a), ''), true),
    set_config('app.erasure_names', coalesce((select string_agg('\m' || regexp_replace(n, '([^\w ])', '\\\1', 'g') || '\M', '|')
      from jsonb_array_elements_text(wanted->'names') n), ''), true),
    set_config('app.erasure_wanted', wanted::text, true)
$$;
comment on function shared.look_for(jsonb) is 'Makes regular expressions of what an erasure looks for.';

create or replace function shared.names_him(said text) returns boolean
  language sql stable
  as $$ select nullif(pg_catalog.current_setting('app.erasure_addresses', true), '') is not null and said ~* pg_catalog.current_setting('app.erasure_addresses', true) $$;
comment on function shared.names_him(text) is 'Whether a text holds an address of the subject of the running erasure.';

create or replace function shared.says_name(said text) returns boolean
  language sql stable
  as $$ select nullif(pg_catalog.current_setting('app.erasure_names', true), '') is not null and said ~* pg_catalog.current_setting('app.erasure_names', true) $$;
comment on function shared.says_name(text) is 'Whether a text says a name of the subject of the running erasure.';

create or replace function shared.name_query() returns tsquery
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare found tsquery := ''; said text; lang regconfig;
begin
  for said in select jsonb_array_elements_text(coalesce(nullif(current_setting('app.erasure_wanted', true), ''), '{}')::jsonb->'names') loop
    foreach lang in array array['simple', 'english', 'danish']::regconfig[] loop found := found || phraseto_tsquery(lang, said); end loop;
  end loop;
  return found;
end $$;
comment on function shared.name_query() is 'Finds passages that say a name of the subject of the running erasure.';

-- Ids stand between characters that are none of an id.
create or replace function shared.speaks_of(said text) returns boolean
  language sql stable
  as $$ select shared.names_him(said) or exists (select from pg_catalog.regexp_matches(said, '[A-Za-z]{2,6}[_:][A-Za-z0-9_:-]+', 'g') m
    join shared.erasure_ids d on d.project_id = shared.scope() and d.erasure_id = pg_catalog.current_setting('app.erasure') and d.id = m[1]) $$;
comment on function shared.speaks_of(text) is 'Whether a text holds an address of the subject of the running erasure, or an id of anything of his.';

-- The wake-ups that asked for this step are taken. Without an id the oldest that runs; returns which, null for none.
create or replace function shared.erase_begin(erasure text, most int) returns text
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare e shared.erasures;
begin
  select x.* into e from shared.erasures x where x.project_id = shared.scope() and (x.id = erasure or erasure is null and x.state = 'running')
    order by x.created_at, x.id limit 1 for update;
  update shared.outbox o set state = 'done', updated_at = shared.clock()
    where o.project_id = shared.scope() and o.kind = 'shared.erasures.run' and o.dedupe_key = e.id and o.state = 'pending' and o.due_at <= shared.clock();
  perform set_config('app.erasure', coalesce(e.id, ''), true), set_config('app.erasure_step', coalesce(e.steps, 1)::text, true),
    set_config('app.erasure_taken', '0', true), set_config('app.purge_room', case when e.state = 'running' then most else 0 end::text, true);
  if e.id is null and erasure is not null then perform shared.fail('not_found', 'erasure_unknown'); end if;
  perform shared.look_for(coalesce(e.wanted, '{}'));
  return e.id;
end $$;
comment on function shared.erase_begin(text, int) is 'Begins a step of an erasure that may take so many rows.';

create or replace function shared.erase_took(of_table text, how text, stone text, rows text[]) returns int
  language plpgsql volatile
  set search_path = pg_catalog, ext, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  n constant int := cardinality(rows);
begin
  if n = 0 then return 0; end if;
  insert into shared.erasure_steps (project_id, erasure_id, part, how, stone, hashes)
    select p, current_setting('app.erasure'), of_table, erase_took.how, erase_took.stone, string_agg(hmac(convert_to(r, 'UTF8'), k.hmac_key, 'sha256'), ''::bytea)
    from unnest(rows) r, identity.projects k where k.id = p;
  -- Answers kept for a repeat may name any of these; what has no prefix is named nowhere.
  perform shared.erase_ids('taken', array(select r from unnest(rows) r where r ~ '^[a-z]{2,6}[_:]'));
  if stone is not null then
    insert into shared.tombstones as t (project_id, id, object_type, object_id, reason, deleted_at)
      select p, shared.made_id('tmb', concat_ws(':', p, stone, r)), stone, r, e.reason, shared.clock()
      from unnest(rows) r, shared.erasures e where e.project_id = p and e.id = current_setting('app.erasure') order by r
      on conflict (project_id, object_type, object_id) do update set reason = excluded.reason, deleted_at = greatest(t.deleted_at, excluded.deleted_at);
  end if;
  perform set_config('app.purge_room', (shared.purge_room() - n)::text, true),
    set_config('app.erasure_taken', (current_setting('app.erasure_taken')::int + n)::text, true);
  return n;
end $$;
comment on function shared.erase_took(text, text, text, text[]) is 'Notes what a step took: keyed hashes, and tombstones where these are to be left.';

-- Rows that only their own person sees: gone through as each member in turn, and as nobody.
create or replace function shared.erase_personal(query text) returns int
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  was constant text := coalesce(current_setting('app.user_id', true), '');
  member uuid; n int; total int := 0;
begin
  for member in select m.user_id from identity.memberships m where m.project_id = shared.scope() union all select null order by 1 loop
    perform set_config('app.user_id', coalesce(member::text, ''), true);
    execute query into n;
    total := total + coalesce(n, 0);
  end loop;
  perform set_config('app.user_id', was, true);
  return total;
end $$;
comment on function shared.erase_personal(text) is 'Carries out a part of an erasure as every member of the project, former ones too.';

create or replace function shared.took_nothing() returns boolean
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$ begin return current_setting('app.erasure_taken') = '0' and shared.purge_room() > 0; end $$;
comment on function shared.took_nothing() is 'Whether this step of an erasure has found nothing so far.';

create or replace function shared.erase_noted(what text, of_table text, n int) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$ begin
  update shared.erasures e set
      waits = case when what = 'waits' then e.waits - of_table || case when n > 0 then jsonb_build_object(of_table, n) else '{}' end else e.waits end,
      mentions = case when what = 'mentions' then e.mentions - of_table || case when n > 0 then jsonb_build_object(of_table, n) else '{}' end else e.mentions end
    where e.project_id = shared.scope() and e.id = current_setting('app.erasure') and e.state = 'running';
end $$;
comment on function shared.erase_noted(text, text, int) is 'Notes how many rows of a table an erasure waits for, or how many say the name.';

create or replace function shared.erase_end(event_id text, wake_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  n constant int := current_setting('app.erasure_taken')::int;
  e shared.erasures; woken jsonb;
begin
  select x.* into e from shared.erasures x where x.project_id = p and x.id = current_setting('app.erasure');
  if e.id is null or e.state = 'done' then return jsonb_build_object('state', 'done', 'taken', 0); end if;
  if n = 0 and e.waits = '{}' then
    perform shared.finish_erasure(e, event_id);
    return jsonb_build_object('state', 'done', 'taken', 0);
  end if;
  update shared.erasures x set steps = x.steps + 1, taken = x.taken + n, updated_at = shared.clock(), version = x.version + 1
    where x.project_id = p and x.id = e.id;
  insert into shared.outbox as o (project_id, id, kind, dedupe_key, payload, due_at)
    values (p, wake_id, 'shared.erasures.run', e.id, jsonb_build_object('erasure', e.id),
      shared.clock() + case when n = 0 then interval '1 minute' else interval '0' end)
    on conflict (project_id, kind, dedupe_key) where state = 'pending' do nothing
    returning jsonb_build_object('id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at) into woken;
  return jsonb_build_object('state', 'running', 'taken', n, 'staged', woken);
end $$;
comment on function shared.erase_end(text, text) is 'Ends a step: the run with its manifest when it found nothing, else a wake-up for the next: {state, taken, staged}.';

do $$
declare f regprocedure;
begin
  foreach f in array array['shared.keyed(text)', 'shared.chain_head()', 'shared.erase_ids(text, text[])', 'shared.doomed(text)', 'shared.is_first_step()',
    'shared.pattern_of(text)', 'shared.seek(text[], text[])', 'shared.look_for(jsonb)', 'shared.names_him(text)', 'shared.says_name(text)', 'shared.name_query()',
    'shared.speaks_of(text)', 'shared.erase_begin(text, int)', 'shared.erase_took(text, text, text, text[])', 'shared.erase_personal(text)',
    'shared.took_nothing()', 'shared.erase_noted(text, text, int)', 'shared.erase_end(text, text)']::regprocedure[]
  loop
    execute format('revoke execute on function %s from public', f);
    execute format('grant execute on function %s to omneuro_app', f);
  end loop;
end $$;
