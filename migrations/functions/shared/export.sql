-- An export is a plan of key ranges, made once; each part is read when it is fetched. What was erased in between is not in it any
-- more, what was added since is not in it yet, and no copy of anybody's data lies anywhere.

create or replace function shared.line_sum(line text) returns text
  language sql immutable parallel safe
  set search_path = pg_catalog, pg_temp
  as $$ select left(encode(sha256(convert_to(line, 'UTF8')), 'hex'), 24) $$;
comment on function shared.line_sum(text) is 'What a line of an export is compared with when it comes back: against damage, not against its owner.';
revoke execute on function shared.line_sum(text) from public;
grant execute on function shared.line_sum(text) to omneuro_app;

create or replace function shared.hash_check(key bytea) returns text
  language sql immutable parallel safe
  set search_path = pg_catalog, ext, pg_temp
  as $$ select left(encode(hmac('hash_check'::bytea, key, 'sha256'), 'hex'), 24) $$;
comment on function shared.hash_check(bytea) is 'Tells whether somebody has the right key of the keyed hashes, and not which it is.';
revoke execute on function shared.hash_check(bytea) from public;
grant execute on function shared.hash_check(bytea) to omneuro_app;

-- The condition that chooses a table's rows for a kind of export; null leaves the table out. $1 is every record of the person.
create or replace function shared.export_says(kind text, relation oid, personal boolean, private text[]) returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select case kind when 'project' then case when not personal then o.pen end
    when 'mine' then case when personal then 'true' when private is not null then 'not (' || o.pen || ')' end
    when 'subject' then case when not personal then '(' || shared.portable_subject(relation, 'x', '{}') || ') and ' || o.pen end end
  from (select coalesce((select string_agg(format('x.%I is null', c), ' and ') from unnest(private) c), 'true') as pen) o
$$;
comment on function shared.export_says(text, oid, boolean, text[]) is 'Which rows of a table an export of this kind holds; null: none ever.';
revoke execute on function shared.export_says(text, oid, boolean, text[]) from public;
grant execute on function shared.export_says(text, oid, boolean, text[]) to omneuro_app;

create or replace function shared.plan_export(kind text, contact text) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  -- Bytes of stored rows in a part: about a megabyte of text at most.
  room constant int := 262144;
  ids constant text[] := case when contact is not null then people.ids_of(contact) end;
  t record; r jsonb; says text; keys text; found jsonb; plan jsonb := '[]'; part jsonb := '[]'; held bigint := 0;
begin
  if contact is not null and cardinality(ids) = 0 then perform shared.fail('not_found', 'contact_unknown'); end if;
  for t in select p.* from shared.portable() p order by p.depth, p.name loop
    says := shared.export_says(kind, t.relation, t.personal, t.private);
    continue when says is null;
    select string_agg(format('x.%I', k), ', ') into keys from unnest(t.key) k;
    execute format($q$
      with placed as (
        select jsonb_build_array(%1$s) as key, row_number() over w as n, sum(pg_column_size(x.*)) over w as bytes
        from %2$s x where x.project_id = shared.scope() and (%3$s) window w as (order by %1$s rows unbounded preceding)
      ), ends as (select distinct on (p.bytes / %4$s) p.key, p.n, p.bytes from placed p order by p.bytes / %4$s, p.n desc)
      select jsonb_agg(jsonb_build_array($2, z.begins, z.key, z.n - z.before, z.bytes - z.smaller) order by z.n) from (
        select e.key, e.n, e.bytes, lag(e.key) over w as begins, coalesce(lag(e.n) over w, 0) as before, coalesce(lag(e.bytes) over w, 0) as smaller
        from ends e window w as (order by e.n)) z
    $q$, coalesce(keys, '0'), t.relation::regclass, says, room) into found using ids, t.name;
    -- Small tables share a part.
    for r in select x from jsonb_array_elements(coalesce(found, '[]')) x loop
      if held > 0 and held + (r->>4)::bigint > room then
        plan := plan || jsonb_build_array(part); part := '[]'; held := 0;
      end if;
      part := part || jsonb_build_array(r - 4); held := held + (r->>4)::bigint;
    end loop;
  end loop;
  return plan || case when part = '[]' then '[]' else jsonb_build_array(part) end;
end $$;
comment on function shared.plan_export(text, text) is 'The parts of an export, a list of ranges each: [table, key after which it begins, key that it ends with, rows], parents first.';
revoke execute on function shared.plan_export(text, text) from public;
grant execute on function shared.plan_export(text, text) to omneuro_app;

-- First line of an export: what is in it, and how its rows are made.
create or replace function shared.export_manifest(e shared.exports) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select jsonb_build_object('format', 'omneuro-export-1', 'kind', e.kind, 'export', e.id, 'contact', e.contact_id, 'made_at', e.created_at,
      'project', jsonb_build_object('id', p.id, 'name', p.name, 'region', p.region, 'timezone', p.timezone),
      'parts', jsonb_array_length(e.plan) + 1,
      'rows', (select coalesce(jsonb_object_agg(r.name, r.n), '{}') from (
        select x->>0 as name, sum((x->>3)::int) as n from jsonb_path_query(e.plan, '$[*][*]') x group by 1) r),
      'hash_check', shared.hash_check(p.hmac_key),
      'audit', (select jsonb_build_object('seq', s.seq, 'root', encode(s.root, 'hex')) from shared.audit_seals s
        where s.project_id = p.id order by s.seq desc limit 1),
      'tables', (select coalesce(jsonb_object_agg(t.name, jsonb_strip_nulls(jsonb_build_object('key', t.key, 'left_out', t.hidden, 'not_imported', t.why))
          || jsonb_build_object('row', shared.portable_schema(t.relation, t.columns))), '{}')
        from shared.portable() t where exists (select from jsonb_path_query(e.plan, '$[*][*]') x where x->>0 = t.name)))
    from identity.projects p where p.id = e.project_id
$$;
comment on function shared.export_manifest(shared.exports) is 'Kind, counts, and a JSON Schema for the rows of every table in this export.';
revoke execute on function shared.export_manifest(shared.exports) from public;
grant execute on function shared.export_manifest(shared.exports) to omneuro_app;

-- Lines as texts: no reader may round a number on the way. `sum` is over the row as the database writes it.
create or replace function shared.export_lines(e shared.exports, part jsonb) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  ids constant text[] := case when e.contact_id is not null then people.ids_of(e.contact_id) end;
  t record; keys text; after text; upto text; found jsonb; lines jsonb := '[]';
begin
  for t in select r.range, p.* from jsonb_array_elements(part) with ordinality r (range, o) join shared.portable() p on p.name = r.range->>0 order by r.o loop
    select string_agg(format('x.%I', a.attname), ', ' order by k.o), string_agg(format('($3->>%s)::%s', k.o - 1, format_type(a.atttypid, a.atttypmod)), ', ' order by k.o),
        string_agg(format('($4->>%s)::%s', k.o - 1, format_type(a.atttypid, a.atttypmod)), ', ' order by k.o)
      into keys, after, upto
      from unnest(t.key) with ordinality k (name, o) join pg_attribute a on a.attrelid = t.relation and a.attname = k.name;
    execute format($q$
      select jsonb_agg('{"table":"' || $2 || '","sum":"' || shared.line_sum(z.row) || '","row":' || z.row || '}' order by z.n) from (
        select (select to_jsonb(c) from (select %5$s) c)::text as row, row_number() over (order by %1$s) as n from %2$s x
        where x.project_id = shared.scope() and (%3$s) and %4$s and %6$s) z
    $q$, coalesce(keys, '0'), t.relation::regclass, coalesce(shared.export_says(e.kind, t.relation, t.personal, t.private), 'false'),
      case when keys is null then 'true' else format('($3 is null or row(%s) > row(%s)) and row(%s) <= row(%s)', keys, after, keys, upto) end,
      (select string_agg(format('x.%I', c), ', ') from unnest(t.columns) c),
      -- What came since may stand in the middle of the keys, and what it names might not be here.
      case when 'created_at' = any (t.columns) then '(x.created_at <= $5) is not false' else 'true' end)
      into found using ids, t.name, nullif(t.range->1, 'null'), t.range->2, e.created_at;
    lines := lines || coalesce(found, '[]');
  end loop;
  return lines;
end $$;
comment on function shared.export_lines(shared.exports, jsonb) is 'The lines of one part, as they are now.';
revoke execute on function shared.export_lines(shared.exports, jsonb) from public;
grant execute on function shared.export_lines(shared.exports, jsonb) to omneuro_app;

-- One part of an export that has not expired. `mine` is for the person who asked for it.
create or replace function shared.export_part(export text, wanted int, own boolean) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare e shared.exports;
begin
  select x.* into e from shared.exports x where x.project_id = shared.scope() and x.id = export
    and own = (x.kind = 'mine') and (not own or x.user_id = nullif(current_setting('app.user_id', true), '')::uuid);
  if e.id is null then perform shared.fail('not_found', 'export_unknown'); end if;
  if e.expires_at <= shared.clock() then perform shared.fail('gone', 'export_expired'); end if;
  if wanted < 1 or wanted > jsonb_array_length(e.plan) + 1 then perform shared.fail('not_found', 'part_unknown'); end if;
  return jsonb_build_object('part', wanted, 'parts', jsonb_array_length(e.plan) + 1, 'kind', e.kind,
    'lines', case when wanted = 1 then jsonb_build_array(shared.export_manifest(e)::text)
      else shared.export_lines(e, e.plan->(wanted - 2)) end, 'range', case when wanted > 1 then e.plan->(wanted - 2) end);
end $$;
comment on function shared.export_part(text, int, boolean) is 'One part of an export, read now: {part, parts, kind, lines, range}; the lines of a dataset are others'' to read.';
revoke execute on function shared.export_part(text, int, boolean) from public;
grant execute on function shared.export_part(text, int, boolean) to omneuro_app;
