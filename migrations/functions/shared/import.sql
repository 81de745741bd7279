-- Bringing a project in: under the caller's own rights and row security, into an empty project, in the order of the export.
create or replace function shared.open_import(import text, line text, hash_key text) returns setof shared.imports
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare t record; holds boolean; key bytea; manifest jsonb;
begin
  begin manifest := line::jsonb; exception when others then manifest := '{}'; end;
  perform pg_advisory_xact_lock(41, hashtext(shared.scope()::text));
  if manifest->>'format' is distinct from 'omneuro-export-1' or manifest->>'kind' is distinct from 'project'
    or coalesce(manifest->>'parts', '') !~ '^[1-9][0-9]{0,6}$'
    or coalesce(manifest->'project'->>'id', '') !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    perform shared.fail('invalid', 'import_line_wrong', '{"line": 1, "why": "manifest"}');
  end if;
  begin key := decode(hash_key, 'hex'); exception when others then key := null; end;
  if key is null or length(key) < 16 or shared.hash_check(key) is distinct from manifest->>'hash_check' then
    perform shared.fail('invalid', 'hash_key_wrong');
  end if;
  for t in select p.name, p.relation from shared.portable() p where p.why is null and p.name <> 'shared.events' loop
    execute format('select exists (select from %s x where x.project_id = shared.scope())', t.relation::regclass) into holds;
    if holds then perform shared.fail('conflict', 'project_not_empty', jsonb_build_object('table', t.name)); end if;
  end loop;
  if exists (select from shared.imports i where i.project_id = shared.scope()) then perform shared.fail('conflict', 'project_not_empty', '{"table": "shared.imports"}'); end if;
  -- Opt-outs of addresses that nobody knows in plain are kept under this key.
  update identity.projects p set hmac_key = key, region = coalesce(substring(manifest->'project'->>'region' from '^[A-Z]{2}$'), p.region),
      timezone = coalesce((select z.name from pg_timezone_names z where z.name = manifest->'project'->>'timezone'), p.timezone), updated_at = shared.clock(), version = p.version + 1
    where p.id = shared.scope();
  return query insert into shared.imports (project_id, id, from_project, parts)
    values (shared.scope(), import, (manifest->'project'->>'id')::uuid, (manifest->>'parts')::int) returning *;
end $$;
comment on function shared.open_import(text, text, text) is 'Begins an import into an empty project; the key of its keyed hashes comes with it.';
revoke execute on function shared.open_import(text, text, text) from public;
grant execute on function shared.open_import(text, text, text) to omneuro_app;

-- Rows of one table. Persons who are no members here become nobody, or who imports them where there must be somebody.
create or replace function shared.import_rows(import text, name text, rows jsonb, late boolean) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare t record; person record; sealed boolean; given jsonb := rows; cols text; self text := nullif(current_setting('app.user_id', true), '');
begin
  select p.* into t from shared.portable() p where p.name = import_rows.name;
  for person in select e.key, e.value::boolean as required from jsonb_each_text(coalesce(t.persons, '{}')) e loop
    select jsonb_agg(jsonb_set(r, '{row}', (r->'row') || jsonb_build_object(person.key, case
        when r->'row'->>person.key is null then null
        when exists (select from identity.memberships m where m.project_id = shared.scope() and m.user_id::text = r->'row'->>person.key) then r->'row'->>person.key
        when person.required then self end)) order by o) into given from jsonb_array_elements(given) with ordinality x (r, o);
  end loop;
  select exists (select from unnest(t.hidden) h where h like '%\_sealed') into sealed;
  if sealed then
    select jsonb_agg(jsonb_set(r, '{row,disabled_at}', coalesce(nullif(r->'row'->'disabled_at', 'null'), to_jsonb(shared.clock()))) order by o) into given
      from jsonb_array_elements(given) with ordinality x (r, o);
  end if;
  if late and t.later is not null then
    insert into shared.import_links (project_id, import_id, line, table_name, key, links)
      select shared.scope(), import, (r->>'line')::int, t.name, (select jsonb_object_agg(k, r->'row'->k) from unnest(t.key) k), l.links
      from jsonb_array_elements(given) r, lateral (select jsonb_object_agg(c, r->'row'->c) as links
        from jsonb_array_elements_text(t.later) c where r->'row'->>c is not null) l where l.links is not null;
    select jsonb_agg(jsonb_set(r, '{row}', (r->'row') - array(select jsonb_array_elements_text(t.later))) order by o) into given
      from jsonb_array_elements(given) with ordinality x (r, o);
  end if;
  -- A column that came later than the export keeps its default.
  select string_agg(format('%I', c), ', ') into cols from unnest(t.columns) c where given->0->'row' ? c;
  execute format('insert into %1$s (project_id, %2$s) select shared.scope(), %2$s from jsonb_populate_recordset(null::%1$s,
      (select jsonb_agg(r->''row'' order by o) from jsonb_array_elements($1) with ordinality x (r, o)))', t.relation::regclass, cols) using given;
  set constraints all immediate;
  set constraints all deferred;
end $$;
comment on function shared.import_rows(text, text, jsonb, boolean) is 'Brings in rows of one table: [{line, row}], all with the same columns; late: what names rows further on waits.';
revoke execute on function shared.import_rows(text, text, jsonb, boolean) from public;
grant execute on function shared.import_rows(text, text, jsonb, boolean) to omneuro_app;

-- Schedules as people set them: a new project has those of the code by itself, some of them later than this. They fire from now on.
create or replace function shared.import_schedules(rows jsonb) returns void
  language sql volatile
  set search_path = pg_catalog, pg_temp
  as $$
  insert into shared.scheduled_jobs as s (project_id, id, name, kind, cron, interval_seconds, timezone, missed, after_kinds, jitter_seconds, max_attempts,
      enabled, origin, version, created_at)
    select shared.scope(), r.id, r.name, r.kind, r.cron, r.interval_seconds, r.timezone, r.missed, r.after_kinds, r.jitter_seconds, r.max_attempts,
      r.enabled, r.origin, r.version, r.created_at
    from jsonb_array_elements(rows) x, jsonb_populate_record(null::shared.scheduled_jobs, x->'row') r where r.version > 1 or r.origin = 'people'
    on conflict (project_id, name) do update set cron = excluded.cron, interval_seconds = excluded.interval_seconds, timezone = excluded.timezone,
      missed = excluded.missed, enabled = excluded.enabled, version = greatest(s.version, excluded.version) + 1, next_run_at = null, updated_at = shared.clock()
$$;
comment on function shared.import_schedules(jsonb) is 'Takes over when things run, where people had changed it.';
revoke execute on function shared.import_schedules(jsonb) from public;
grant execute on function shared.import_schedules(jsonb) to omneuro_app;

-- Lines that follow the first `after` ones. Said again they change nothing; a line that is wrong is named, and none of them is taken.
create or replace function shared.import_lines(import text, after int, given jsonb) returns setof shared.imports
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  i shared.imports; total constant int := jsonb_array_length(given); at int; one jsonb; parsed jsonb := '[]'; g record; counts jsonb; names text[];
begin
  select x.* into i from shared.imports x where x.project_id = shared.scope() and x.id = import for update;
  if i.id is null then perform shared.fail('not_found', 'import_unknown'); end if;
  if after + total <= i.lines then return next i; return; end if;
  if i.state = 'done' then perform shared.fail('conflict', 'import_done'); end if;
  if after <> i.lines then perform shared.fail('conflict', 'import_gap', jsonb_build_object('lines', i.lines)); end if;
  perform set_config('app.importing', 'on', true);
  names := array(select p.name from shared.portable() p);
  for at in 0 .. total - 1 loop
    -- The manifest is line 1.
    begin one := (given->>at)::jsonb; exception when others then one := null; end;
    if one @> jsonb_build_object('part', i.part + 1, 'lines', i.part_lines) then
      i.part := i.part + 1; i.part_lines := 0;
    elsif jsonb_typeof(one->'row') = 'object' and shared.line_sum((one->'row')::text) = one->>'sum' and one->>'table' = any (names)
      -- By this code looks for schedules, which it alone can tell to be sound.
      and (one->>'table' <> 'shared.scheduled_jobs' or starts_with(given->>at, '{"table":"shared.scheduled_jobs"')) then
      i.part_lines := i.part_lines + 1;
      parsed := parsed || jsonb_build_object('table', one->'table', 'line', after + at + 2,
        'row', replace((one->'row')::text, i.from_project::text, shared.scope()::text)::jsonb);
    else
      perform shared.fail('invalid', 'import_line_wrong', jsonb_build_object('line', after + at + 2, 'why', 'damaged'));
    end if;
  end loop;
  for g in select x.r->>'table' as name, min(o) as place, jsonb_agg(x.r order by o) as rows,
        array(select jsonb_object_keys(x.r->'row') order by 1) as columns
      from jsonb_array_elements(parsed) with ordinality x (r, o) join shared.portable() p on p.name = x.r->>'table' and p.why is null
      group by 1, 4 order by 2 loop
    -- Nearly always a row names what is there already or comes in the same statement.
    begin
      perform shared.import_rows(import, g.name, g.rows, false);
      continue;
    exception when others then null;
    end;
    begin
      perform shared.import_rows(import, g.name, g.rows, true);
    exception when others then
      perform shared.import_culprit(import, g.name, g.rows, sqlstate);
    end;
  end loop;
  perform shared.import_schedules((select jsonb_agg(x order by x->'line') from jsonb_array_elements(parsed) x where x->>'table' = 'shared.scheduled_jobs'));
  select jsonb_object_agg(n.name, coalesce((i.taken->>n.name)::int, 0) + n.here) into counts
    from (select x->>'table' as name, count(*) as here from jsonb_array_elements(parsed) x group by 1) n;
  return query update shared.imports x set lines = after + total, part = i.part, part_lines = i.part_lines, taken = x.taken || coalesce(counts, '{}'), updated_at = shared.clock(), version = x.version + 1
    where x.project_id = shared.scope() and x.id = import returning x.*;
end $$;
comment on function shared.import_lines(text, int, jsonb) is 'Takes the next lines of an export; all or none.';
revoke execute on function shared.import_lines(text, int, jsonb) from public;
grant execute on function shared.import_lines(text, int, jsonb) to omneuro_app;

-- Which of several rows cannot be: one after the other, as they would have been taken together.
create or replace function shared.import_culprit(import text, name text, rows jsonb, state text) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare r jsonb; broken text;
begin
  for r in select x from jsonb_array_elements(rows) x loop
    begin
      perform shared.import_rows(import, name, jsonb_build_array(r), true);
    exception when others then
      get stacked diagnostics broken = constraint_name;
      perform shared.fail('invalid', 'import_line_wrong', jsonb_build_object('line', r->'line', 'table', name, 'why', sqlstate, 'constraint', nullif(broken, '')));
    end;
  end loop;
  perform shared.fail('invalid', 'import_line_wrong', jsonb_build_object('line', rows->0->'line', 'table', name, 'why', state));
end $$;
comment on function shared.import_culprit(text, text, jsonb, text) is 'Names the line that cannot be taken.';
revoke execute on function shared.import_culprit(text, text, jsonb, text) from public;
grant execute on function shared.import_culprit(text, text, jsonb, text) to omneuro_app;

-- What names a row further on, a bounded number at a time; done when every part is here and nothing waits.
create or replace function shared.close_import(import text, most int) returns setof shared.imports
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare i shared.imports; l record; p record;
begin
  select x.* into i from shared.imports x where x.project_id = shared.scope() and x.id = import for update;
  if i.id is null then perform shared.fail('not_found', 'import_unknown'); end if;
  if i.state = 'done' then return next i; return; end if;
  if i.part < i.parts then
    perform shared.fail('conflict', 'import_incomplete', jsonb_build_object('parts', i.parts, 'part', i.part, 'lines', i.lines));
  end if;
  perform set_config('app.importing', 'on', true);
  for l in with next as (select x.line from shared.import_links x where x.project_id = shared.scope() and x.import_id = import order by x.line limit most)
      delete from shared.import_links x using next n where x.project_id = shared.scope() and x.import_id = import and x.line = n.line returning x.* loop
    select q.* into p from shared.portable() q where q.name = l.table_name;
    begin
      execute format('update %s x set %s from jsonb_populate_record(null::%s, $1) v where x.project_id = shared.scope() and %s', p.relation::regclass,
        (select string_agg(format('%1$I = v.%1$I', c), ', ') from jsonb_object_keys(l.links) c), p.relation::regclass,
        (select string_agg(format('x.%1$I = v.%1$I', k), ' and ') from unnest(p.key) k)) using l.key || l.links;
    exception when foreign_key_violation then
      perform shared.fail('invalid', 'import_line_wrong', jsonb_build_object('line', l.line, 'table', l.table_name, 'why', sqlstate));
    end;
  end loop;
  return query update shared.imports x set updated_at = shared.clock(), version = x.version + 1,
      state = case when exists (select from shared.import_links k where k.project_id = x.project_id and k.import_id = x.id) then 'open' else 'done' end,
      finished_at = case when exists (select from shared.import_links k where k.project_id = x.project_id and k.import_id = x.id) then null else shared.clock() end
    where x.project_id = shared.scope() and x.id = import returning x.*;
end $$;
comment on function shared.close_import(text, int) is 'Fills in what named later rows, and ends the import when nothing is left.';
revoke execute on function shared.close_import(text, int) from public;
grant execute on function shared.close_import(text, int) to omneuro_app;
