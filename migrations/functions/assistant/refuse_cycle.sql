-- Waiting goes from who waits to what is waited for, whichever way it was said. Locked first, as a statement of its own: the
-- search below then sees what the writer before has committed. Level by level, each thing once: `parents` says how it was reached.
create or replace function assistant.refuse_cycle() returns trigger
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  waits text; awaited text; edge text[]; found text[]; more jsonb; parents jsonb; path text[];
begin
  if new.link_type not in ('depends_on', 'blocks') then return new; end if;
  perform assistant.lock_person(new.project_id, new.user_id);
  waits := case new.link_type when 'depends_on' then new.from_entity_id else new.to_entity_id end;
  awaited := case new.link_type when 'depends_on' then new.to_entity_id else new.from_entity_id end;
  -- An end that is missing is refused by its column.
  if waits is null or awaited is null then return new; end if;
  edge := array[awaited];
  parents := jsonb_build_object(awaited, null);
  while edge is not null loop
    if waits = any (edge) then
      path := array[waits];
      while path[1] <> awaited loop
        path := (parents->>path[1]) || path;
      end loop;
      perform shared.fail('conflict', 'cycle', jsonb_build_object('cycle', to_jsonb(waits || path)));
    end if;
    select array_agg(n.next order by n.next), jsonb_object_agg(n.next, n.id) into found, more from (
      select distinct on (x.next) x.next, x.id from (
        select l.to_entity_id as next, l.from_entity_id as id from assistant.entity_links l
          where l.project_id = new.project_id and l.user_id = new.user_id and l.from_entity_id = any (edge)
            and l.link_type = 'depends_on' and l.id <> new.id
        union all
        select l.from_entity_id, l.to_entity_id from assistant.entity_links l
          where l.project_id = new.project_id and l.user_id = new.user_id and l.to_entity_id = any (edge)
            and l.link_type = 'blocks' and l.id <> new.id
      ) x where not parents ? x.next order by x.next, x.id
    ) n;
    parents := parents || coalesce(more, '{}');
    edge := found;
  end loop;
  return new;
end $$;
comment on function assistant.refuse_cycle() is 'Trigger: nothing waits, in the end, for itself.';
