-- What can be carried out of a project, as the catalog says: a new table is among it by itself. `why` says why rows of a table are
-- shown in an export and not brought in again.
create or replace function shared.portable() returns table (
    name text, relation oid, columns text[], hidden text[], key text[], later jsonb, persons jsonb, depth int, personal boolean, private text[], why text)
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  with recursive found as (
    select c.oid, c.oid::regclass::text as name, exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'personal') as personal
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relrowsecurity and n.nspname !~ '^pg_' and n.nspname not in ('ext', 'public', 'information_schema')
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'project_id')
      -- An export says nothing of exports.
      and c.oid::regclass::text not in ('shared.exports', 'shared.imports', 'shared.import_links')
  ), keys as (
    select k.conrelid, k.confrelid, k.conkey from pg_constraint k
      where k.contype = 'f' and k.conrelid in (select f.oid from found f) and k.confrelid in (select f.oid from found f)
  ), walk as (
    select f.oid, 0 as depth, array[f.oid] as path from found f
    union all
    select k.conrelid, w.depth + 1, w.path || k.conrelid from walk w join keys k on k.confrelid = w.oid and k.conrelid <> all (w.path)
  ), levels as (select w.oid, max(w.depth) as depth from walk w group by 1)
  , stays (name, why) as (values
    ('identity.api_keys', 'access is given anew'), ('identity.invitations', 'access is given anew'), ('identity.memberships', 'access is given anew'),
    ('field.feeds', 'access is given anew'), ('world.users', 'access is given anew'),
    ('crm.offer_approvals', 'it rests on the audit trail, which stays'),
    ('shared.audit_events', 'the new project has a chain of its own'), ('shared.audit_seals', 'the new project has a chain of its own'),
    ('shared.audit_anchors', 'the new project has a chain of its own'),
    ('memory.vectors', 'made anew from the texts'), ('memory.pending', 'made anew from the texts'), ('memory.corpus', 'made anew from the texts'),
    ('shared.scheduled_jobs', 'the new project has its own; what people changed of theirs is taken over'), ('shared.worker_runs', 'work that was under way'),
    ('shared.job_runs', 'work that was under way'), ('shared.outbox', 'work that was under way'), ('shared.dead_letters', 'work that was under way'),
    ('shared.idempotency_keys', 'work that was under way'), ('inbox.own_writes', 'work that was under way'),
    ('inbox.deliveries', 'work that was under way'), ('field.deliveries', 'work that was under way'), ('vault.deliveries', 'work that was under way'),
    ('inbox.sync_runs', 'work that was under way'), ('inbox.sync_seen', 'work that was under way'), ('inbox.sync_watermarks', 'work that was under way'),
    ('field.job_departures', 'work that was under way'),
    ('shared.erasures', 'proved with this project''s key'), ('shared.erasure_ids', 'proved with this project''s key'),
    ('shared.erasure_steps', 'proved with this project''s key'))
  select f.name, f.oid, a.columns, a.hidden,
    (select array_agg(t.attname::text order by u.o) from pg_index i, unnest(i.indkey::int[]) with ordinality u (n, o)
      join pg_attribute t on t.attrelid = f.oid and t.attnum = u.n where i.indrelid = f.oid and i.indisprimary and t.attname <> 'project_id'),
    -- Columns that name a row which comes with this table or after it.
    (select jsonb_agg(distinct t.attname) from keys k join levels o on o.oid = k.confrelid, unnest(k.conkey) n
      join pg_attribute t on t.attrelid = f.oid and t.attnum = n
      where k.conrelid = f.oid and t.attname not in ('project_id', 'user_id') and not t.attnotnull and (k.confrelid = f.oid or o.depth >= l.depth)),
    (select jsonb_object_agg(t.attname, t.attnotnull) from pg_constraint k, unnest(k.conkey) n join pg_attribute t on t.attrelid = f.oid and t.attnum = n
      where k.conrelid = f.oid and k.contype = 'f' and k.confrelid = 'shared.users'::regclass),
    l.depth, f.personal,
    -- Columns that name what is a person's alone: a row that does is his too.
    (select array_agg(distinct t.attname::text) from keys k join found g on g.oid = k.confrelid and g.personal, unnest(k.conkey) n
      join pg_attribute t on t.attrelid = f.oid and t.attnum = n where k.conrelid = f.oid and not f.personal and t.attname not in ('project_id', 'user_id')),
    case when f.personal then 'a person takes along what is his own' else s.why end
  from found f join levels l using (oid) left join stays s on s.name = f.name,
    lateral (select array_agg(t.attname::text order by t.attnum) filter (where not g.away) as columns,
        array_agg(t.attname::text order by t.attnum) filter (where g.away) as hidden
      from pg_attribute t, lateral (select
          -- Secrets, and what means something in this database only.
          t.attname ~ '(_sealed|_hash_sealed|^secret_hash|^token_hash|^code_hash|^hmac_key|^csrf_token|^password_hash)$'
          or t.attgenerated <> '' or t.attidentity <> '' or t.atttypid = 'xid8'::regtype
          or t.atttypid::regtype::text in ('ext.halfvec', 'ext.vector', 'bit') as away) g
      where t.attrelid = f.oid and t.attnum > 0 and not t.attisdropped and t.attname not in ('project_id', 'account_scope_id')) a
$$;
comment on function shared.portable() is 'Tables of a project in the order of their foreign keys: columns that are carried and hidden, and why a table is not brought in.';
revoke execute on function shared.portable() from public;
grant execute on function shared.portable() to omneuro_app;

-- JSON Schema of a table's row in an export.
create or replace function shared.portable_schema(relation oid, columns text[]) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select jsonb_build_object('type', 'object', 'additionalProperties', false, 'required', to_jsonb(columns),
    'properties', jsonb_object_agg(t.attname, case when k.kind is null then '{}' else
      jsonb_build_object('type', case when t.attnotnull then to_jsonb(k.kind) else jsonb_build_array(k.kind, 'null') end) end
      || case t.atttypid when 'timestamptz'::regtype then '{"format": "date-time"}' when 'date'::regtype then '{"format": "date"}'
        when 'uuid'::regtype then '{"format": "uuid"}' else '{}'::jsonb end))
  from pg_attribute t, lateral (select case
      when t.atttypid = 'bool'::regtype then 'boolean' when t.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) then 'integer'
      when t.atttypid = 'numeric'::regtype then 'number' when t.atttypid = 'jsonb'::regtype then null
      when t.attndims > 0 then 'array' else 'string' end as kind) k
  where t.attrelid = relation and t.attname = any (columns)
$$;
comment on function shared.portable_schema(oid, text[]) is 'JSON Schema of a row as an export has it.';
revoke execute on function shared.portable_schema(oid, text[]) from public;
grant execute on function shared.portable_schema(oid, text[]) to omneuro_app;

-- Which rows of a table are about a person: by its foreign keys to people, or by hanging on a row that is. Null: none ever is.
-- $1 is every record of the person. A table that links two persons is about both.
create or replace function shared.portable_subject(relation oid, alias text, seen oid[]) returns text
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare says text[] := '{}'; k record; inner_says text; inner_alias constant text := alias || 'x';
begin
  if relation = 'people.contacts'::regclass then return format('%s.id = any ($1)', alias); end if;
  for k in select t.attname from pg_attribute t where t.attrelid = relation and t.attnum > 0 and not t.attisdropped
      and (t.attname in ('contact_id', 'other_contact_id') and t.atttypid = 'text'::regtype
        or exists (select from pg_constraint c where c.conrelid = relation and c.contype = 'f' and c.confrelid = 'people.contacts'::regclass
          and t.attnum = any (c.conkey) and t.attname <> 'project_id')) order by 1 loop
    says := says || format('%s.%I = any ($1)', alias, k.attname);
  end loop;
  -- The ledger and the audit trail name what they speak of.
  if relation in ('shared.events'::regclass, 'shared.audit_events'::regclass) then
    says := says || format($q$(%1$s.ref_type = 'contact' and %1$s.ref_id = any ($1))$q$, alias);
  end if;
  if relation = 'memory.answers'::regclass then
    says := says || format($q$(%1$s.audience->>'kind' = 'contact' and %1$s.audience->>'id' = any ($1))$q$, alias);
  end if;
  -- Only what has no person of its own is his by what it hangs on.
  if cardinality(says) = 0 then
    for k in select c.confrelid, (select string_agg(format('%s.%I = %s.%I', inner_alias, b.attname, alias, a.attname), ' and ')
          from unnest(c.conkey, c.confkey) u (n, m) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = u.n
            join pg_attribute b on b.attrelid = c.confrelid and b.attnum = u.m) as joined
        from pg_constraint c where c.conrelid = relation and c.contype = 'f' and c.confrelid <> all (seen || relation)
          and c.confrelid not in ('identity.projects'::regclass, 'shared.users'::regclass, 'shared.events'::regclass, 'shared.evidence_items'::regclass)
        order by c.conname loop
      inner_says := shared.portable_subject(k.confrelid, inner_alias, seen || relation);
      if inner_says is not null then
        says := says || format('exists (select from %s %s where %s and (%s))', k.confrelid::regclass, inner_alias, k.joined, inner_says);
      end if;
    end loop;
  end if;
  return nullif(array_to_string(says, ' or '), '');
end $$;
comment on function shared.portable_subject(oid, text, oid[]) is 'A condition under which a row of this table is about the persons $1, from the foreign keys; null where none can be.';
revoke execute on function shared.portable_subject(oid, text, oid[]) from public;
grant execute on function shared.portable_subject(oid, text, oid[]) to omneuro_app;
