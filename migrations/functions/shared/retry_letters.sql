-- Sends open letters again under their own work id, each once: whoever comes second finds them retried. null chosen or job: any.
-- The outbox row is pending again, so that a lost publish is found by the sweep as ever; a new round makes a new deduplication id.
create or replace function shared.retry_letters(chosen text[], only_job text, event_ids text[]) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); at constant timestamptz := shared.clock(); done jsonb;
begin
  with mine as materialized (
    select d.id from shared.dead_letters d
      where d.project_id = p and d.state = 'open' and (chosen is null or d.id = any(chosen)) and (only_job is null or d.job = only_job)
      order by d.id limit cardinality(event_ids) for update),
  again as (
    update shared.dead_letters d set state = 'retried', round = d.round + 1, retried_at = at, updated_at = at, version = d.version + 1
      from mine m where d.project_id = p and d.id = m.id
      returning d.*),
  staged as (
    insert into shared.outbox as o (project_id, id, kind, payload, due_at, round, request_id, trace)
      select p, a.work_id, a.job, a.payload, at, a.round, a.request_id, a.trace from again a
      on conflict (project_id, id) do update set state = 'pending', dedupe_key = null, due_at = at, published_at = null,
        message_id = null, attempts = 0, error = null, round = excluded.round, updated_at = at
      returning o.id, o.kind, o.payload, o.due_at, o.round, o.request_id, o.trace),
  told as (
    insert into shared.events (project_id, id, user_id, session_id, request_id, kind, actor, ref_type, ref_id, payload)
      select p, event_ids[row_number() over (order by a.id)], nullif(current_setting('app.user_id', true), '')::uuid,
        nullif(current_setting('app.session_id', true), ''), current_setting('app.request_id', true), 'shared.letter.retried',
        current_setting('app.actor', true), 'letter', a.id, jsonb_build_object('job', a.job, 'attempts', a.attempts)
      from again a)
  select jsonb_build_object('retried', (select count(*) from again), 'staged', coalesce((select jsonb_agg(s) from staged s), '[]'),
    'letter', (select to_jsonb(a) - '{note,message_ids}'::text[] from again a order by a.id limit 1)) into done;
  return done;
end $$;
comment on function shared.retry_letters(text[], text, text[]) is
  'Stages open letters for publishing under a new round, at most as many as there are event ids: {retried, staged, letter: the first}.';
revoke execute on function shared.retry_letters(text[], text, text[]) from public;
grant execute on function shared.retry_letters(text[], text, text[]) to omneuro_app;
