-- Which projects the tick must sweep for their memory. Security definer: the tick belongs to no project, and learns ids only.
create or replace function memory.due_projects() returns setof uuid
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform shared.assert_tick();
  return query select distinct q.project_id from memory.pending q
    where q.failed_at is null and greatest(q.created_at, q.lease_until, q.not_before) < shared.clock() - interval '1 minute';
end $$;
comment on function memory.due_projects() is 'Ids of projects in which a chunk has been waiting unclaimed for a minute; for the tick only.';
revoke execute on function memory.due_projects() from public;
grant execute on function memory.due_projects() to omneuro_app;
