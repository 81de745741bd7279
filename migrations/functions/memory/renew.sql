-- After a change of the embedding model: chunks whose vector is another model's wait for a new one, a few at a time, so that new
-- messages do not stand behind all that was ever said. The old vector lies there until the new one replaces it.
create or replace function memory.renew(model text, most int, wake_id text, next_id text) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  number smallint; room int; renewed int := 0; more boolean := false; woken jsonb; next_run jsonb;
begin
  perform pg_advisory_xact_lock_shared(7, hashtext(p::text));
  update shared.outbox o set state = 'done', updated_at = at
    where o.project_id = p and o.kind = 'memory.renew' and o.state = 'pending' and o.due_at <= at;
  number := memory.model_number(model);
  -- With one model in the whole installation there is nothing to look for.
  if (select count(*) from memory.models) > 1 then
    select most - count(*) into room from (
      select from memory.pending q where q.project_id = p and q.failed_at is null limit most) x;
    with older as materialized (
      select v.chunk_id from memory.vectors v
        where v.project_id = p and v.model_id <> number
          and not exists (select from memory.pending q where q.project_id = p and q.chunk_id = v.chunk_id)
        limit room + 1
    ), waits as (
      insert into memory.pending (project_id, account_scope_id, chunk_id, text_hash)
        select p, c.account_scope_id, c.id, c.text_hash from (select o.chunk_id from older o limit room) o
          join memory.chunks c on c.project_id = p and c.id = o.chunk_id
        order by c.id
        on conflict (project_id, chunk_id) do nothing returning 1)
    select (select count(*) from waits), (select count(*) from older) > room into renewed, more;
  end if;
  if renewed > 0 then woken := memory.wake_at(wake_id, 'memory.embed', at); end if;
  if more then
    insert into shared.outbox as o (project_id, id, kind, dedupe_key, due_at)
      values (p, next_id, 'memory.renew', 'memory.renew', at + interval '30 seconds')
      on conflict (project_id, kind, dedupe_key) where state = 'pending' do nothing
      returning jsonb_build_object('id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at) into next_run;
  end if;
  return jsonb_build_object('renewed', renewed, 'more', more, 'wakes', jsonb_path_query_array(jsonb_build_array(woken, next_run), '$[*] ? (@ != null)'));
end $$;
comment on function memory.renew(text, int, text, text) is 'Makes chunks with another model''s vector wait for a new one: {renewed, more, wakes to publish}.';
revoke execute on function memory.renew(text, int, text, text) from public;
grant execute on function memory.renew(text, int, text, text) to omneuro_app;
