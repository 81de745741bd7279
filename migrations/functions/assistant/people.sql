-- How a job works on behalf of people: their rows are open to one person at a time, and a job enters as nobody. So it lists who
-- has a planner here, and enters them one after the other within its transaction; null leaves. Row security stays as it is.

create or replace function assistant.assert_job() returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$ begin
  if coalesce(current_setting('app.actor', true), '') not like 'system:%' then
    perform shared.fail('forbidden', 'system_required');
  end if;
end $$;
comment on function assistant.assert_job() is 'Only the system works on behalf of others.';
revoke execute on function assistant.assert_job() from public;
grant execute on function assistant.assert_job() to omneuro_app;

-- From one person to the next by the index, however many rows each of them has. Who has left the project is among them.
create or replace function assistant.people() returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope();
begin
  perform assistant.assert_job();
  return query
    with recursive talking (id) as (
      (select s.user_id from assistant.sessions s where s.project_id = p order by s.user_id limit 1)
      union all
      select (select s.user_id from assistant.sessions s where s.project_id = p and s.user_id > t.id order by s.user_id limit 1)
        from talking t where t.id is not null
    ), owning (id) as (
      (select e.user_id from assistant.entities e where e.project_id = p order by e.user_id limit 1)
      union all
      select (select e.user_id from assistant.entities e where e.project_id = p and e.user_id > o.id order by e.user_id limit 1)
        from owning o where o.id is not null
    )
    select x.id from (select t.id from talking t union select o.id from owning o) x where x.id is not null order by x.id;
end $$;
comment on function assistant.people() is 'Ids of those who have a planner in the entered project, for a job.';
revoke execute on function assistant.people() from public;
grant execute on function assistant.people() to omneuro_app;

create or replace function assistant.enter_person(person uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$ begin
  perform assistant.assert_job();
  perform set_config('app.user_id', coalesce(person::text, ''), true);
end $$;
comment on function assistant.enter_person(uuid)
  is 'From here to the end of the transaction a job sees and writes this person''s rows; null: nobody''s.';
revoke execute on function assistant.enter_person(uuid) from public;
grant execute on function assistant.enter_person(uuid) to omneuro_app;
