-- Where the name of what was erased, or its words, are all that would tell it when it comes again: a tombstone of their keyed hash.
create or replace function shared.keep_away(of_type text, marks text[]) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$ begin
  insert into shared.tombstones (project_id, id, object_type, object_id, reason)
    select shared.scope(), shared.made_id('tmb', concat_ws(':', shared.scope(), of_type, m.key)), of_type, m.key, e.reason
    from (select distinct shared.keyed(x) as key from unnest(marks) x where x is not null) m, shared.erasures e
    where e.project_id = shared.scope() and e.id = current_setting('app.erasure') order by 4
    on conflict do nothing;
end $$;
comment on function shared.keep_away(text, text[]) is 'What the running erasure''s subject would be told by if it came again, as keyed hashes.';

create or replace function shared.is_away(of_type text, marks text[]) returns boolean
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$ begin
  if not exists (select from shared.tombstones t where t.project_id = shared.scope() and t.object_type = of_type) then return false; end if;
  return exists (select from unnest(marks) m join shared.tombstones t
    on t.project_id = shared.scope() and t.object_type = of_type and t.object_id = shared.keyed(m));
end $$;
comment on function shared.is_away(text, text[]) is 'Whether something is marked by any of these as erased.';

revoke execute on function shared.keep_away(text, text[]), shared.is_away(text, text[]) from public;
grant execute on function shared.keep_away(text, text[]), shared.is_away(text, text[]) to omneuro_app;
