-- The one guard of everything that looks over all projects: QStash's schedule may, and nobody else.
create or replace function shared.assert_tick() returns void
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$ begin
  if current_setting('app.actor', true) is distinct from 'system:shared.tick' then
    perform shared.fail('forbidden', 'tick_only');
  end if;
end $$;
comment on function shared.assert_tick() is 'Raises unless the entered actor is the tick.';
revoke execute on function shared.assert_tick() from public;
grant execute on function shared.assert_tick() to omneuro_app;
