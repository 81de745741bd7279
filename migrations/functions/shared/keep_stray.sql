-- A dead message that names no project. Security definer: nobody is served this table, and only QStash's callback writes it.
create or replace function shared.keep_stray(told jsonb) returns void
  language plpgsql volatile security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if current_setting('app.actor', true) is distinct from 'system:shared.letters.receive' then
    perform shared.fail('forbidden', 'callback_only');
  end if;
  insert into shared.stray_letters as s (job, reason, http_status, message_id)
    values (told->>'job', told->>'reason', (told->>'status')::int, told->>'message')
    on conflict (job) do update set reason = excluded.reason, http_status = excluded.http_status, message_id = excluded.message_id,
      letters = s.letters + 1, last_at = shared.clock()
      where s.message_id <> excluded.message_id;
end $$;
comment on function shared.keep_stray(jsonb) is 'Counts a dead message without a project, by its job; a repeated callback changes nothing.';
revoke execute on function shared.keep_stray(jsonb) from public;
grant execute on function shared.keep_stray(jsonb) to omneuro_app;
