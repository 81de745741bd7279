-- A retried letter's work was done: the letter is resolved, its outbox row ends.
create or replace function shared.resolve_letter(work text, mine int, event_id text) returns text
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); at constant timestamptz := shared.clock(); letter text;
begin
  update shared.dead_letters d set state = 'resolved', settled_at = at, updated_at = at, version = d.version + 1
    where d.project_id = p and d.work_id = work and d.state in ('open', 'retried') and d.round <= mine
    returning d.id into letter;
  update shared.outbox o set state = 'done', updated_at = at
    where o.project_id = p and o.id = work and o.state in ('pending', 'failed') and o.round <= mine;
  if letter is not null then
    insert into shared.events (project_id, id, request_id, kind, actor, ref_type, ref_id)
      values (p, event_id, current_setting('app.request_id', true), 'shared.letter.resolved', current_setting('app.actor', true), 'letter', letter);
  end if;
  return letter;
end $$;
comment on function shared.resolve_letter(text, int, text) is 'Settles the letter of work that succeeded in this round or an earlier one; null when there is none.';
revoke execute on function shared.resolve_letter(text, int, text) from public;
grant execute on function shared.resolve_letter(text, int, text) to omneuro_app;
