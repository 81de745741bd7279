-- Which job a new message is about: {job, waits}. His only open one; else the one that the message of ours it answers was about, or, where a
-- channel does not say what is answered, our last one to him there. With several and nothing to tell them apart it waits for somebody; words of command and machines' mail are about none.
create or replace function field.about(m jsonb, who text, answers text) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  everyone text[]; open_ones text[]; told text;
begin
  if who is null or (m->>'automatic')::boolean then return '{"job": null, "waits": false}'; end if;
  everyone := people.same_person(array[who]);
  select array_agg(j.id order by j.id) into open_ones from field.jobs j
    where j.project_id = p and j.client_id = any(everyone) and j.status not in ('closed', 'cancelled');
  if open_ones is null then return '{"job": null, "waits": false}'; end if;
  if cardinality(open_ones) = 1 then return jsonb_build_object('job', open_ones[1], 'waits', false); end if;

  select coalesce((select n.job_id from field.notices n where n.project_id = p and n.job_id = any(open_ones) and n.message_id = o.id limit 1),
      (select f.job_id from field.messages f where f.project_id = p and f.id = o.answers_to)) into told
    from outbound.messages o
    where o.project_id = p and (o.id = answers or answers is null) and o.contact_id = any(everyone) and o.channel = m->>'channel' and coalesce(o.sent_at, o.submitted_at) > shared.clock() - interval '14 days'
    order by coalesce(o.sent_at, o.submitted_at) desc, o.id desc limit 1;
  if told = any(open_ones) then return jsonb_build_object('job', told, 'waits', false); end if;
  return jsonb_build_object('job', null, 'waits', coalesce(m->'heard'->>'said', '') not in ('stop', 'start', 'help'));
end $$;
comment on function field.about(jsonb, text, text) is 'The job a customer''s message is about, or that somebody has to say which.';
revoke execute on function field.about(jsonb, text, text) from public;
grant execute on function field.about(jsonb, text, text) to omneuro_app;
