-- A failure callback of QStash, once or again. told: {job, work, round, message, dlq, reason, status, deliveries, request, trace, payload}.
-- The work is parked: the sweep shall not send again, behind everybody's back, what has a letter.
create or replace function shared.receive_letter(told jsonb, letter_id text, event_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  mine constant int := (told->>'round')::int;
  known shared.dead_letters;
  news text;
begin
  insert into shared.dead_letters (project_id, id, job, work_id, round, reason, http_status, deliveries, message_id, message_ids, dlq_id,
      request_id, trace, payload)
    values (p, letter_id, told->>'job', told->>'work', mine, told->>'reason', (told->>'status')::int, (told->>'deliveries')::int,
      told->>'message', array[told->>'message'], told->>'dlq', told->>'request', told->>'trace',
      case when shared.is_wordless(told->'payload') then told->'payload' else '{}' end)
    on conflict (project_id, work_id) do nothing returning * into known;
  if known.id is not null then
    news := 'shared.letter.opened';
  else
    select d.* into known from shared.dead_letters d where d.project_id = p and d.work_id = told->>'work' for update;
    if told->>'message' = any(known.message_ids) then return jsonb_build_object('letter', known.id, 'news', false); end if;
    if mine >= known.round and known.state = 'retried' then news := 'shared.letter.reopened'; end if;
    update shared.dead_letters d set message_ids = (array[told->>'message'] || d.message_ids)[1:50],
        deliveries = d.deliveries + (told->>'deliveries')::int, updated_at = at, version = d.version + 1,
        state = case when news is null then d.state else 'open' end,
        attempts = d.attempts + (news is not null)::int,
        round = greatest(d.round, mine),
        reason = case when news is null then d.reason else told->>'reason' end,
        http_status = case when news is null then d.http_status else (told->>'status')::int end,
        message_id = case when news is null then d.message_id else told->>'message' end,
        dlq_id = case when news is null then d.dlq_id else told->>'dlq' end,
        died_at = case when news is null then d.died_at else at end
      where d.project_id = p and d.id = known.id returning * into known;
  end if;
  if known.state = 'open' then
    update shared.outbox o set state = 'failed', error = told->>'reason', updated_at = at
      where o.project_id = p and o.id = told->>'work' and o.state = 'pending' and o.round <= mine;
  end if;
  if news is not null then
    insert into shared.events (project_id, id, request_id, kind, actor, ref_type, ref_id, payload)
      values (p, event_id, current_setting('app.request_id', true), news, current_setting('app.actor', true), 'letter', known.id,
        jsonb_build_object('job', known.job, 'reason', known.reason, 'http_status', known.http_status, 'attempts', known.attempts));
  end if;
  return jsonb_build_object('letter', known.id, 'news', news is not null);
end $$;
comment on function shared.receive_letter(jsonb, text, text) is
  'Opens, or after a retry reopens, the letter of a dead message and parks its outbox row: {letter, news}; a repeated callback changes nothing.';
revoke execute on function shared.receive_letter(jsonb, text, text) from public;
grant execute on function shared.receive_letter(jsonb, text, text) to omneuro_app;
