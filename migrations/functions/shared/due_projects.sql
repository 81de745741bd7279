-- Which projects the tick must sweep for their outbox. Security definer: the tick belongs to no project, and learns ids only.
create or replace function shared.due_projects() returns setof uuid
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform shared.assert_tick();
  return query select distinct o.project_id from shared.outbox o
    where o.state = 'pending' and shared.is_overdue(o.due_at, o.published_at);
end $$;
comment on function shared.due_projects() is 'Ids of projects with an overdue outbox row; for the tick only.';
revoke execute on function shared.due_projects() from public;
grant execute on function shared.due_projects() to omneuro_app;
