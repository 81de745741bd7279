-- A single task, goal or problem asked for or changed by its id, and a link between two. Faults instead of questions.

-- The row as it is then; null when there is none. `seen` is the version that somebody read, or null.
create or replace function assistant.update_thing(type text, wanted text, seen int, w jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); person constant uuid := assistant.me(); now_at int; was text;
begin
  perform assistant.lock_person(p, person);
  select x.version, x.status into now_at, was from assistant.things x where x.project_id = p and x.user_id = person and x.id = wanted and x.entity_type = type;
  if now_at is null then return null; end if;
  if seen is not null and seen <> now_at then
    perform shared.fail('stale', 'version_stale', jsonb_build_object('version', now_at));
  end if;
  perform assistant.set_thing(type, wanted, w);
  if type = 'task' and w->>'status' = 'done' and was <> 'done' then perform assistant.repeat_task(wanted, null); end if;
  return assistant.show_thing(type, wanted);
end $$;
comment on function assistant.update_thing(text, text, int, jsonb) is 'Changes what is named, if it is as somebody read it.';
revoke execute on function assistant.update_thing(text, text, int, jsonb) from public;
grant execute on function assistant.update_thing(text, text, int, jsonb) to omneuro_app;

-- Whoever changes a task after its source has changed has looked at it.
create or replace function assistant.task_card(t assistant.tasks) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  select to_jsonb(t) || jsonb_build_object('needs_review', (select case when e.withdrawn_at is not null then 'evidence_withdrawn' else 'evidence_edited' end
    from shared.evidence_items e where e.project_id = t.project_id and e.id = t.source_evidence_id and e.updated_at > t.updated_at
      and (e.version > 1 or e.withdrawn_at is not null)))
$$;
comment on function assistant.task_card(assistant.tasks) is 'A task, and why what it came from needs a look.';
revoke execute on function assistant.task_card(assistant.tasks) from public;
grant execute on function assistant.task_card(assistant.tasks) to omneuro_app;

create or replace function assistant.show_thing(type text, wanted text) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); person constant uuid := assistant.me(); shown jsonb;
begin
  if type = 'task' then select assistant.task_card(t) into shown from assistant.tasks t where t.project_id = p and t.user_id = person and t.id = wanted;
  elsif type = 'goal' then select to_jsonb(g) into shown from assistant.goals g where g.project_id = p and g.user_id = person and g.id = wanted;
  else select to_jsonb(b) into shown from assistant.problems b where b.project_id = p and b.user_id = person and b.id = wanted; end if;
  return shown;
end $$;
comment on function assistant.show_thing(text, text) is 'A task, goal or problem as it is.';
revoke execute on function assistant.show_thing(text, text) from public;
grant execute on function assistant.show_thing(text, text) to omneuro_app;

create or replace function assistant.add_thing(type text, w jsonb) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
begin
  perform assistant.make_thing(type, case when w->'from' <> 'null' then w || assistant.origin_of(w->'from') else w end, null);
  return assistant.show_thing(type, w->>'id');
end $$;
comment on function assistant.add_thing(text, jsonb) is 'Makes a task, goal or problem, and shows it.';
revoke execute on function assistant.add_thing(text, jsonb) from public;
grant execute on function assistant.add_thing(text, jsonb) to omneuro_app;

-- Somebody else's is as unknown as what is not there.
create or replace function assistant.add_link(fresh text, a text, kind text, b text) returns assistant.entity_links
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); person constant uuid := assistant.me(); made assistant.entity_links; types text[];
begin
  select array[x.entity_type, y.entity_type] into types from assistant.entities x, assistant.entities y
    where x.project_id = p and x.user_id = person and x.id = a and y.project_id = p and y.user_id = person and y.id = b;
  if types is null then perform shared.fail('not_found', 'entity_unknown'); end if;
  if (kind = 'supports_goal' and types[2] <> 'goal') or (kind = 'addresses_problem' and types[2] <> 'problem') then
    perform shared.fail('unprocessable', 'link_type_mismatch', jsonb_build_object('to', types[2]));
  end if;
  insert into assistant.entity_links (project_id, user_id, id, from_entity_type, from_entity_id, to_entity_type, to_entity_id, link_type)
    values (p, person, fresh, types[1], a, types[2], b, kind) returning * into made;
  return made;
end $$;
comment on function assistant.add_link(text, text, text, text) is 'A link between two things of one''s own.';
revoke execute on function assistant.add_link(text, text, text, text) from public;
grant execute on function assistant.add_link(text, text, text, text) to omneuro_app;
