-- Which of our messages are to be read for promises, and what becomes of a promise whose message was edited.

-- Messages of the last two days that nobody read for promises: what left the outbox, and what colleagues wrote in an inbox; there also
-- what was edited since it was read, without words where it is no longer said to the client. Marketing promises nothing to anybody; a
-- member's own messages are his. [{table, id, version, text, said_at, zone}]
create or replace function insight.unread_messages(most int) returns jsonb
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); since constant timestamptz := shared.clock() - interval '2 days';
begin
  delete from insight.read_messages r where r.project_id = p and r.read_at < since - interval '2 days';
  return (select coalesce(jsonb_agg(jsonb_build_object('table', x.source, 'id', x.id, 'version', x.version, 'text', x.body, 'said_at', x.said_at,
      'zone', z.timezone) order by x.said_at, x.id), '[]')
    from identity.projects z cross join lateral (
      select u.* from (
        select 'outbound.messages' as source, m.id, null::int as version, m.body, coalesce(m.sent_at, m.submitted_at) as said_at from outbound.messages m
          where m.project_id = p and insight.has_left(m.state) and m.updated_at > since and m.submitted_at > since and m.class <> 'marketing'
            and m.for_user_id is null and m.erased_at is null
            and not exists (select from insight.read_messages r where r.project_id = p and r.message_table = 'outbound.messages' and r.message_id = m.id)
        union all
        select 'inbox.cw_messages', m.id, (select e.version from shared.evidence_items e where e.project_id = p and e.source_table = 'inbox.cw_messages'
            and e.source_pk = m.id), m.content, m.created_at from inbox.cw_messages m
          where m.project_id = p and m.created_at > since and m.message_type = 'outgoing' and not m.private and m.deleted_at is null
            and m.content is not null and (m.own_ref is null or m.own_ref not like 'msg\_%')
            and not exists (select from insight.read_messages r where r.project_id = p and r.message_table = 'inbox.cw_messages' and r.message_id = m.id)
        union all
        select 'inbox.cw_messages', m.id, e.version, case when m.message_type = 'outgoing' and not m.private
            then coalesce(m.content, '') else '' end, m.created_at
          from shared.evidence_items e
            join insight.read_messages r on r.project_id = p and r.message_table = e.source_table and r.message_id = e.source_pk and r.evidence_version < e.version
            join inbox.cw_messages m on m.project_id = p and m.id = e.source_pk
          where e.project_id = p and e.version > 1 and e.updated_at > since and e.source_table = 'inbox.cw_messages' and e.withdrawn_at is null) u
      order by u.said_at, u.id limit most) x
    where z.id = p);
end $$;
comment on function insight.unread_messages(int) is 'Messages of ours that were not read for promises as they are, oldest first.';
revoke execute on function insight.unread_messages(int) from public;
grant execute on function insight.unread_messages(int) to omneuro_app;

-- What a message promised before it was edited: the same thing for the same time is the same promise, wherever its sentence stands now.
create or replace function insight.reread_promises(of_table text, message text, read int, promises jsonb) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare c world.commitments; q record;
begin
  for c in select x.* from world.commitments x where x.project_id = shared.scope() and x.message_table = of_table and x.message_id = message
    and x.state = 'open' and x.evidence_version < read order by x.id for update
  loop
    select e.* into q from jsonb_to_recordset(promises) e (what text, "from" int, "to" int, due timestamptz) where e.what = c.what and e.due = c.due_at limit 1;
    if q.what is null then
      perform insight.settle_promise(c.id, 'withdrawn', 'sentence_changed');
    else
      update world.commitments x set words_from = q."from", words_to = q."to", evidence_version = read, stale_at = null, stale_reason = null,
          updated_at = shared.clock(), version = x.version + 1
        where x.project_id = c.project_id and x.id = c.id;
    end if;
  end loop;
end $$;
comment on function insight.reread_promises(text, text, int, jsonb) is 'Withdraws what an edited message no longer promises, and finds the rest in its new words.';
revoke execute on function insight.reread_promises(text, text, int, jsonb) from public;
grant execute on function insight.reread_promises(text, text, int, jsonb) to omneuro_app;
