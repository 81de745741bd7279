-- The mirror's part in an erasure: which contacts and conversations are his, held against whoever is taking in news of them.
create or replace function inbox.begin_erasure() returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope();
begin
  perform shared.erase_ids('cw_contact', array(select c.id from inbox.cw_contacts c where c.project_id = p and c.person_id in (select shared.doomed('person'))));
  perform shared.erase_ids('conversation', array(select v.id from inbox.cw_conversations v where v.project_id = p and v.contact_global_id in (select shared.doomed('cw_contact'))));
  perform pg_advisory_xact_lock(hashtext(p::text), k.key) from (
    select distinct 9000 + (hashtext(x.id) & 255) as key from (select shared.doomed('cw_contact') as id union select shared.doomed('conversation')
      union select m.conversation_global_id from inbox.cw_messages m where m.project_id = p and m.id in (select shared.doomed('source'))) x order by 1) k;
  if not shared.is_first_step() then return; end if;
  perform shared.seek(array(select v.said from inbox.cw_contacts c cross join lateral (values (c.email), (c.phone_number), (c.identifier)) v (said)
      where c.project_id = p and c.id in (select shared.doomed('cw_contact')) and v.said is not null),
    array(select c.name from inbox.cw_contacts c where c.project_id = p and c.id in (select shared.doomed('cw_contact')) and c.name is not null));
  perform outbound.keep_opt_outs('chat', array(select shared.doomed('cw_contact')));
end $$;
comment on function inbox.begin_erasure() is 'What of a running erasure''s subject is in the mirror.';

-- Whether a delivery that was kept whole is about one of his contacts or conversations, by their numbers.
create or replace function inbox.raw_speaks_of(raw jsonb) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select exists (select from shared.doomed('cw_contact') c where jsonb_path_exists(raw, '$.**.contact_id ? (@ == $n)', jsonb_build_object('n', split_part(c, ':', 4)::bigint))
      or jsonb_path_exists(raw, '$.**.contact.id ? (@ == $n)', jsonb_build_object('n', split_part(c, ':', 4)::bigint)))
    or exists (select from shared.doomed('conversation') c where jsonb_path_exists(raw, '$.**.conversation.id ? (@ == $n)', jsonb_build_object('n', split_part(c, ':', 4)::bigint))
      or jsonb_path_exists(raw, '$.**.conversation_id ? (@ == $n)', jsonb_build_object('n', split_part(c, ':', 4)::bigint)))
$$;
comment on function inbox.raw_speaks_of(jsonb) is 'Whether a delivery names a contact or conversation of the subject of the running erasure.';
revoke execute on function inbox.begin_erasure(), inbox.raw_speaks_of(jsonb) from public;
grant execute on function inbox.begin_erasure(), inbox.raw_speaks_of(jsonb) to omneuro_app;
