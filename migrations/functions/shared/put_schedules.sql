-- Gives projects the schedules that the code declares: the entered project, or all of them when the tick asks. A row that people
-- have changed (version above 1) is theirs; one they have not follows the code, and is switched off when the code forgets it.
create or replace function shared.put_schedules(declared jsonb, most int) returns setof text
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); digest constant text := md5(declared::text);
begin
  if p is null then perform shared.assert_tick(); end if;
  return query
  with met as materialized (
    select j.id, j.account_scope_id, j.timezone from identity.projects j
      where (p is null or j.id = p) and j.schedules_digest is distinct from digest
      order by j.id limit most for update skip locked),
  wanted as materialized (
    select * from jsonb_to_recordset(declared) d (name text, kind text, cron text, interval_seconds int, missed text, after_kinds text[],
      jitter_seconds int)),
  forgotten as (
    update shared.scheduled_jobs s set enabled = false, next_run_at = null, updated_at = shared.clock() from met m
      where s.project_id = m.id and s.origin = 'declared' and s.version = 1 and s.enabled
        and s.name not in (select w.name from wanted w)),
  put as (
    insert into shared.scheduled_jobs as s (project_id, account_scope_id, id, name, kind, cron, interval_seconds, timezone, missed,
        after_kinds, jitter_seconds, origin)
      select m.id, m.account_scope_id, shared.made_id('sch', m.id || ':' || w.name), w.name, w.kind, w.cron, w.interval_seconds, m.timezone,
        w.missed, coalesce(w.after_kinds, '{}'), coalesce(w.jitter_seconds, 0), 'declared'
      from met m cross join wanted w
      on conflict (project_id, name) do update set cron = excluded.cron, interval_seconds = excluded.interval_seconds,
          missed = excluded.missed, after_kinds = excluded.after_kinds, jitter_seconds = excluded.jitter_seconds, enabled = true,
          next_run_at = null, updated_at = shared.clock()
        where s.origin = 'declared' and s.version = 1
          and (s.cron, s.interval_seconds, s.missed, s.after_kinds, s.jitter_seconds, s.enabled)
            is distinct from (excluded.cron, excluded.interval_seconds, excluded.missed, excluded.after_kinds, excluded.jitter_seconds, true)
      returning s.id),
  noted as (
    update identity.projects j set schedules_digest = digest from met m where j.id = m.id)
  select put.id from put;
end $$;
comment on function shared.put_schedules(jsonb, int) is
  'Brings the declared schedules to up to so many projects that have not had these; ids of the rows it made or changed.';
revoke execute on function shared.put_schedules(jsonb, int) from public;
grant execute on function shared.put_schedules(jsonb, int) to omneuro_app;
