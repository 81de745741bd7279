-- Tasks, goals and problems alike: found by their exact title, made, changed, with a note of what they were before.

-- What a word for a state means for this type; null where it means nothing.
create or replace function assistant.state_for(type text, wanted text) returns text
  language sql immutable set search_path = pg_catalog, pg_temp
  as $$ select case type
    when 'task' then case wanted when 'active' then 'open' when 'paused' then 'blocked' when 'resolved' then 'done'
      when 'monitoring' then null else wanted end
    when 'goal' then case wanted when 'open' then 'active' when 'blocked' then 'paused' when 'resolved' then 'done'
      when 'monitoring' then null else wanted end
    else case wanted when 'open' then 'active' when 'blocked' then 'active' when 'paused' then 'monitoring' when 'done' then 'resolved'
      else wanted end end $$;
comment on function assistant.state_for(text, text) is 'done of a problem is resolved, open of a goal is active, and so on.';
revoke execute on function assistant.state_for(text, text) from public;
grant execute on function assistant.state_for(text, text) to omneuro_app;

create or replace function assistant.before_of(type text, wanted text) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); person constant uuid := assistant.me(); kept jsonb;
begin
  if type = 'task' then select to_jsonb(t) into kept from assistant.tasks t where t.project_id = p and t.user_id = person and t.id = wanted;
  elsif type = 'goal' then select to_jsonb(g) into kept from assistant.goals g where g.project_id = p and g.user_id = person and g.id = wanted;
  else select to_jsonb(b) into kept from assistant.problems b where b.project_id = p and b.user_id = person and b.id = wanted; end if;
  return kept - '{project_id,account_scope_id,user_id,id,created_at,updated_at,source_inbox_item_id,follows_id,source_evidence_id,ref_type,ref_id,closed_by_event_id}'::text[];
end $$;
comment on function assistant.before_of(text, text) is 'A row as it is now, for the day somebody wants it back.';
revoke execute on function assistant.before_of(text, text) from public;
grant execute on function assistant.before_of(text, text) to omneuro_app;

-- Sets the columns that `w` names, and no others, and returns the version then; null when nothing differs.
create or replace function assistant.set_thing(type text, wanted text, w jsonb) returns int
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); person constant uuid := assistant.me(); now_at int;
begin
  if type = 'task' then
    update assistant.tasks t set
        title = coalesce(w->>'title', t.title), title_norm = coalesce(w->>'title_norm', t.title_norm),
        status = coalesce(w->>'status', t.status),
        notes = case when w ? 'notes' then w->>'notes' else t.notes end,
        priority = case when w ? 'priority' then (w->>'priority')::smallint else t.priority end,
        impact_score = case when w ? 'impact_score' then (w->>'impact_score')::smallint else t.impact_score end,
        due_date = case when w ? 'due_date' then (w->>'due_date')::date else t.due_date end,
        repeats = case when w ? 'repeats' then w->>'repeats' else t.repeats end,
        completed_at = case when w ? 'completed_at' then (w->>'completed_at')::timestamptz else t.completed_at end,
        archived_at = case when w ? 'archived_at' then (w->>'archived_at')::timestamptz else t.archived_at end,
        updated_at = shared.clock(), version = t.version + 1
      where t.project_id = p and t.user_id = person and t.id = wanted and not to_jsonb(t) @> (w - 'version')
      returning t.version into now_at;
  elsif type = 'goal' then
    update assistant.goals g set
        title = coalesce(w->>'title', g.title), title_norm = coalesce(w->>'title_norm', g.title_norm),
        status = coalesce(w->>'status', g.status),
        description = case when w ? 'description' then w->>'description' else g.description end,
        horizon = case when w ? 'horizon' then w->>'horizon' else g.horizon end,
        target_date = case when w ? 'target_date' then (w->>'target_date')::date else g.target_date end,
        archived_at = case when w ? 'archived_at' then (w->>'archived_at')::timestamptz else g.archived_at end,
        updated_at = shared.clock(), version = g.version + 1
      where g.project_id = p and g.user_id = person and g.id = wanted and not to_jsonb(g) @> (w - 'version')
      returning g.version into now_at;
  else
    update assistant.problems b set
        title = coalesce(w->>'title', b.title), title_norm = coalesce(w->>'title_norm', b.title_norm),
        status = coalesce(w->>'status', b.status),
        description = case when w ? 'description' then w->>'description' else b.description end,
        horizon = case when w ? 'horizon' then w->>'horizon' else b.horizon end,
        severity = case when w ? 'severity' then (w->>'severity')::smallint else b.severity end,
        archived_at = case when w ? 'archived_at' then (w->>'archived_at')::timestamptz else b.archived_at end,
        updated_at = shared.clock(), version = b.version + 1
      where b.project_id = p and b.user_id = person and b.id = wanted and not to_jsonb(b) @> (w - 'version')
      returning b.version into now_at;
  end if;
  return now_at;
end $$;
comment on function assistant.set_thing(text, text, jsonb) is 'Changes a task, goal or problem of one''s own.';
revoke execute on function assistant.set_thing(text, text, jsonb) from public;
grant execute on function assistant.set_thing(text, text, jsonb) to omneuro_app;

create or replace function assistant.make_thing(type text, w jsonb, item text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); person constant uuid := assistant.me();
begin
  if type = 'task' then
    insert into assistant.tasks (project_id, user_id, id, title, title_norm, notes, priority, impact_score, due_date, repeats, source_inbox_item_id,
        source_evidence_id, ref_type, ref_id)
      values (p, person, w->>'id', w->>'title', w->>'title_norm', w->>'notes', (w->>'priority')::smallint, (w->>'impact_score')::smallint,
        (w->>'due_date')::date, w->>'repeats', item, w->>'source_evidence_id', w->>'ref_type', w->>'ref_id');
  elsif type = 'goal' then
    insert into assistant.goals (project_id, user_id, id, title, title_norm, description, horizon, target_date)
      values (p, person, w->>'id', w->>'title', w->>'title_norm', w->>'description', w->>'horizon', (w->>'target_date')::date);
  else
    insert into assistant.problems (project_id, user_id, id, title, title_norm, description, horizon, severity)
      values (p, person, w->>'id', w->>'title', w->>'title_norm', w->>'description', w->>'horizon', (w->>'severity')::smallint);
  end if;
end $$;
comment on function assistant.make_thing(text, jsonb, text) is 'Makes a task, goal or problem of one''s own.';
revoke execute on function assistant.make_thing(text, jsonb, text) from public;
grant execute on function assistant.make_thing(text, jsonb, text) to omneuro_app;

create or replace function assistant.choices_of(found text[]) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
  as $$ select coalesce(jsonb_agg(jsonb_build_object('number', n.number, 'entity_type', x.entity_type, 'entity_id', x.id, 'title', x.title) order by n.number), '[]')
    from unnest(found) with ordinality n (id, number)
    join assistant.things x on x.project_id = shared.scope() and x.id = n.id $$;
comment on function assistant.choices_of(text[]) is 'Things under numbers, to choose from.';
revoke execute on function assistant.choices_of(text[]) from public;
grant execute on function assistant.choices_of(text[]) to omneuro_app;
