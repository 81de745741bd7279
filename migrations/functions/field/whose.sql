-- The record behind an address: one that has it, of exactly one person, else a new one. Of a person's merged records it is one that has the
-- address itself, so that taking them apart gives everybody his own words back. Where several persons share an address nobody guesses: the messages
-- of such an address belong to a record of its own, always the same, until somebody merges it with one of them. A machine's mail makes no person.
-- ids: {contact, point}. The caller holds the address.
create or replace function field.whose(m jsonb, ids jsonb, hash text) returns text
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  persons text[]; who text := ids->>'contact'; found_one text;
begin
  with recursive up as (
    select c.id, c.merged_into, c.erased_at from people.contact_points t
        cross join lateral (select * from people.contacts x where x.project_id = p and x.id = t.contact_id offset 0) c
      where t.project_id = p and t.kind = m->>'kind' and t.value_norm = m->>'address'
    union
    select c.id, c.merged_into, c.erased_at from up u
        cross join lateral (select * from people.contacts x where x.project_id = p and x.id = u.merged_into offset 0) c)
  select array_agg(distinct u.id order by u.id) into persons from up u where u.merged_into is null and u.erased_at is null;

  if cardinality(persons) = 1 then
    select c.id into found_one from people.contact_points t
        cross join lateral (select * from people.contacts x where x.project_id = p and x.id = t.contact_id offset 0) c
      where t.project_id = p and t.kind = m->>'kind' and t.value_norm = m->>'address' and c.erased_at is null
        and people.speaker_of(c.id) = persons[1]
      order by c.id = persons[1] desc, c.created_at, c.id limit 1;
    update people.contacts c set language = m->>'language', updated_at = shared.clock(), version = c.version + 1
      where c.project_id = p and c.id = found_one and c.language is null and m->>'language' is not null;
    return found_one;
  end if;
  if (m->>'automatic')::boolean then return null; end if;
  if cardinality(persons) > 1 then
    who := shared.made_id('con', 'shared:' || hash);
    if who = any(persons) then return who; end if;
  end if;
  insert into people.contacts (project_id, id, name, preferred_channel, language)
    values (p, who, m->>'name', m->>'channel', m->>'language') on conflict (project_id, id) do nothing;
  insert into people.contact_points (project_id, id, contact_id, kind, value, value_norm, proof)
    values (p, ids->>'point', who, m->>'kind', m->>'value', m->>'address', 'channel') on conflict do nothing;
  if cardinality(persons) > 1 then perform people.ask_link(array[who]); end if;
  return who;
end $$;
comment on function field.whose(jsonb, jsonb, text) is 'Who writes from this address; meets him when nobody has it.';
revoke execute on function field.whose(jsonb, jsonb, text) from public;
grant execute on function field.whose(jsonb, jsonb, text) to omneuro_app;

-- Where a message belongs: {thread, seq, answers}. Mail: by the Message-IDs it refers to, ours first, then by the tag in the address it was sent to;
-- everything else: one thread for a person on a channel.
create or replace function field.place(m jsonb, who text, hash text) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  p constant uuid := shared.scope();
  refs constant text[] := array(select jsonb_array_elements_text(m->'refs'));
  ours text; thread text;
begin
  if m->>'channel' = 'email' then
    ours := coalesce(
      (select o.id from unnest(refs) with ordinality r (ref, n) cross join lateral (select x.id from outbound.messages x
        where x.project_id = p and x.mail_id = r.ref limit 1) o order by r.n limit 1),
      outbound.tagged(m->>'tag'));
    select f.thread_id into thread from unnest(refs) with ordinality r (ref, n) cross join lateral (select x.thread_id from field.messages x
      where x.project_id = p and x.mail_id = r.ref limit 1) f order by r.n limit 1;
    if thread is null and ours is not null then
      select f.thread_id into thread from outbound.messages o join field.messages f on f.project_id = p and f.id = o.answers_to
        where o.project_id = p and o.id = ours;
    end if;
    if thread is null and ours is not null then
      select f.thread_id into thread from field.messages f where f.project_id = p and f.contact_id = who and f.answers = ours limit 1;
    end if;
    thread := coalesce(thread, shared.made_id('thr', coalesce(ours, m->>'id')));
  else
    thread := shared.made_id('thr', (m->>'channel') || ':' || coalesce(who, hash));
  end if;
  return jsonb_build_object('thread', thread, 'answers', ours,
    'seq', coalesce((select max(f.seq) from field.messages f where f.project_id = p and f.thread_id = thread), 0) + 1);
end $$;
comment on function field.place(jsonb, text, text) is 'The thread a message belongs to, its place in it, and what of ours it answers.';
revoke execute on function field.place(jsonb, text, text) from public;
grant execute on function field.place(jsonb, text, text) to omneuro_app;
