-- A project's outbox: what must be published once more. What is done leaves by retention.
create or replace function shared.sweep_outbox(most int) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); overdue jsonb;
begin
  select jsonb_agg(jsonb_build_object('id', d.id, 'kind', d.kind, 'payload', d.payload, 'due_at', d.due_at, 'request_id', d.request_id, 'trace', d.trace,
      'round', d.round)) into overdue
    from (select o.id, o.kind, o.payload, o.due_at, o.request_id, o.trace, o.round from shared.outbox o
      where o.project_id = p and o.state = 'pending' and shared.is_overdue(o.due_at, o.published_at)
      order by o.due_at limit most) d;
  return coalesce(overdue, '[]');
end $$;
comment on function shared.sweep_outbox(int) is 'Overdue rows of the entered project for publishing, oldest first.';
revoke execute on function shared.sweep_outbox(int) from public;
grant execute on function shared.sweep_outbox(int) to omneuro_app;
