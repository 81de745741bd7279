-- Rehearsals: who takes part, what is said in them and to whom, and all that one side of the talk knows at a turn.

create or replace function world.is_premium() returns boolean
  language sql stable set search_path = pg_catalog, pg_temp
  as $$ select coalesce(current_setting('app.permissions', true)::jsonb ? 'world:edges', false) or exists (select from world.users u
    where u.project_id = shared.scope() and u.user_id = nullif(current_setting('app.user_id', true), '')::uuid and u.tier = 'premium') $$;
comment on function world.is_premium() is 'Whether the caller hears a coach and edits who knows what.';
revoke execute on function world.is_premium() from public;
grant execute on function world.is_premium() to omneuro_app;

-- w: {id, title, template, style, counterparty, self, attached}. Without `self`, "my" means the first that is attached.
create or replace function world.open_session(w jsonb) returns world.sessions
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); me constant uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  own constant text := coalesce(w->>'self', w->'attached'->>0); made world.sessions; part text; one text;
begin
  if me is null then
    perform shared.fail('forbidden', 'person_required', jsonb_build_object('detail', 'A rehearsal belongs to a person; this key belongs to none.'));
  end if;
  insert into world.sessions (project_id, user_id, id, title, template_id, counterparty_style)
    values (p, me, w->>'id', w->>'title', w->>'template', w->>'style') returning * into made;
  for part, one in select x.part, x.entity from (select 1 as n, 'counterparty' as part, w->>'counterparty' as entity union all select 2, 'self', own
      union all select 2 + a.n::int, 'attached', a.id from jsonb_array_elements_text(coalesce(w->'attached', '[]')) with ordinality a (id, n)) x
    where x.entity is not null order by x.n
  loop
    perform world.hold_entity(one);
    if part = 'self' and one = w->>'counterparty' then
      perform shared.fail('invalid', 'own_counterparty', jsonb_build_object('detail', 'Nobody rehearses with himself.'));
    end if;
    insert into world.session_entities (project_id, user_id, session_id, entity_id, part) values (p, me, made.id, one, part) on conflict do nothing;
  end loop;
  return made;
end $$;
comment on function world.open_session(jsonb) is 'Begins a rehearsal with a counterparty about some entities.';
revoke execute on function world.open_session(jsonb) from public;
grant execute on function world.open_session(jsonb) to omneuro_app;

-- The caller's rehearsal, held: what is said in it is said one after another.
create or replace function world.hold_session(wanted text, channel text) returns world.sessions
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare s world.sessions;
begin
  perform world.own_session(wanted);
  select x.* into s from world.sessions x where x.project_id = shared.scope() and x.id = wanted for update;
  if channel = 'coach' and not world.is_premium() then
    perform shared.fail('forbidden', 'premium_required', jsonb_build_object('detail', 'A coach is heard by premium users and owners.'));
  end if;
  if s.ended_at is not null then perform shared.fail('conflict', 'session_ended', jsonb_build_object('detail', 'This rehearsal is over. Begin another one.')); end if;
  return s;
end $$;
comment on function world.hold_session(text, text) is 'A rehearsal of the caller''s that goes on, locked.';
revoke execute on function world.hold_session(text, text) from public;
grant execute on function world.hold_session(text, text) to omneuro_app;

-- w: {session, message, channel, text, facts: [{id, about, key, value, value_type, unit, edge}]}. The message as it is kept; said
-- again under its id, it is the one that is there. What is said in the role play the counterparty knows from now on, in this
-- rehearsal; what is said to the coach he does not.
create or replace function world.hear(w jsonb) returns int
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope(); s constant world.sessions := world.hold_session(w->>'session', w->>'channel');
  n int; said jsonb; f world.facts; other text; about text; kinds jsonb := '[]';
begin
  select m.seq into n from world.messages m where m.project_id = p and m.id = w->>'message';
  if n is not null then return n; end if;
  select coalesce(max(m.seq), 0) + 1 into n from world.messages m where m.project_id = p and m.session_id = s.id;
  if n > 400 then perform shared.fail('conflict', 'session_full', jsonb_build_object('detail', 'A rehearsal has at most 400 messages. Begin another one.')); end if;
  insert into world.messages (project_id, user_id, id, session_id, role, channel, content, seq)
    values (p, s.user_id, w->>'message', s.id, 'user', w->>'channel', w->>'text', n);
  select world.stands_at(e.entity_id, 'infinity') into other from world.session_entities e where e.project_id = p and e.session_id = s.id and e.part = 'counterparty';
  if w->>'channel' = 'coach' then
    kinds := kinds || jsonb_build_object('id', shared.made_id('evt', (w->>'message') || ' private'), 'kind', 'private_note.to_coach', 'ref_type', 'message',
      'ref_id', w->>'message', 'ts', shared.clock(), 'payload', jsonb_build_object('session', s.id));
  end if;
  for said in select x from jsonb_array_elements(w->'facts') x loop
    select x.id into about from world.session_entities e join world.entities x on x.project_id = p and x.id = world.stands_at(e.entity_id, 'infinity')
      where e.project_id = p and e.session_id = s.id and e.part = said->>'about' and x.archived_at is null and x.erased_at is null;
    continue when about is null;
    -- What was said last counts, whatever was decided about what was said before.
    update world.facts x set superseded_at = greatest(shared.clock(), x.recorded_at), superseded_by = said->>'id' where x.project_id = p and x.session_id = s.id
      and x.subject_entity_id = about and x.key = said->>'key' and x.origin = 'rehearsal:' || s.id and x.superseded_at is null and x.review_state = 'session';
    f := world.put_fact(said || jsonb_build_object('subject', about, 'session', s.id, 'review_state', 'proposed', 'source_type', 'model_extracted',
      'source_ref', 'message:' || (w->>'message'), 'origin', 'rehearsal:' || s.id, 'extractor_version', 'rehearsal-rules-1'));
    kinds := kinds || jsonb_build_object('id', shared.made_id('evt', f.id || ' extracted ' || (w->>'message')), 'kind', 'fact.extracted', 'ref_type', 'fact', 'ref_id', f.root_id,
      'ts', shared.clock(), 'payload', jsonb_build_object('session', s.id, 'message', w->>'message'));
    if w->>'channel' = 'roleplay' then
      perform world.put_edge(jsonb_build_object('id', said->>'edge', 'knower', 'entity:' || other, 'fact', f.root_id, 'status', 'confirmed',
        'source', 'user_told', 'session', s.id));
      kinds := kinds || jsonb_build_object('id', shared.made_id('evt', f.id || ' disclosed ' || (w->>'message')), 'kind', 'disclosure.in_chat', 'ref_type', 'fact',
        'ref_id', f.root_id, 'ts', shared.clock(), 'payload', jsonb_build_object('session', s.id, 'message', w->>'message'));
    end if;
  end loop;
  if jsonb_array_length(kinds) > 0 then perform shared.record_events(kinds); end if;
  return n;
end $$;
comment on function world.hear(jsonb) is 'Keeps what the user said in a rehearsal, what is true there by it, and who has heard it.';
revoke execute on function world.hear(jsonb) from public;
grant execute on function world.hear(jsonb) to omneuro_app;

create or replace function world.text_of(at timestamptz) returns text
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
  as $$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;
comment on function world.text_of(timestamptz) is 'A moment in the same letters whatever the session''s settings.';
revoke execute on function world.text_of(timestamptz) from public;
grant execute on function world.text_of(timestamptz) to omneuro_app;

-- All that one side knows of the talk's entities at a turn. Names are left out: they may change, and a turn is rebuilt later.
create or replace function world.knows_at(wanted text, side text, upto int, as_of timestamptz, known_at timestamptz) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); s world.sessions; parties jsonb; who text; about text[]; found jsonb; lines jsonb;
begin
  perform world.own_session(wanted);
  select x.* into s from world.sessions x where x.project_id = p and x.id = wanted;
  -- What was said in it before its subject was merged is about that one still.
  select jsonb_agg(jsonb_build_object('entity', x.id, 'part', e.part) order by e.part desc, x.id), array_agg(e.entity_id) || array_agg(x.id) into parties, about
    from world.session_entities e cross join lateral (select world.stands_at(e.entity_id, known_at) as id) x where e.project_id = p and e.session_id = s.id;
  who := case side when 'coach' then 'staff' else 'entity:' || (select x->>'entity' from jsonb_array_elements(parties) x where x->>'part' = 'counterparty') end;
  if who is null then return null; end if;
  select coalesce(jsonb_agg(jsonb_build_object('fact', v.fact_id, 'subject', v.subject_entity_id, 'attribute', v.key, 'value', v.value,
      'value_type', v.value_type, 'unit', v.unit, 'statement', v.statement, 'status', v.status, 'confidence', v.confidence,
      'session_only', v.session_id is not null, 'source', jsonb_build_object('type', v.source_type, 'ref', v.source_ref, 'evidence', v.evidence_id,
      'version', v.evidence_version)) order by v.ordinality), '[]') into found
    from (select k.* from world.known_of(who, s.id, as_of, known_at, about) with ordinality k limit 200) v;
  select coalesce(jsonb_agg(jsonb_build_object('n', m.seq, 'id', m.id, 'role', m.role, 'channel', m.channel, 'text', m.content) order by m.seq), '[]') into lines
    from (select x.* from world.messages x where x.project_id = p and x.session_id = s.id and x.seq <= upto and (side = 'coach' or x.channel = 'roleplay')
      order by x.seq desc limit 40) m;
  return jsonb_build_object('session', s.id, 'style', s.counterparty_style, 'template', s.template_id, 'channel', side, 'knower', who, 'parties', parties,
    'as_of', world.text_of(as_of), 'known_at', world.text_of(known_at), 'upto', upto, 'facts', found, 'transcript', lines);
end $$;
comment on function world.knows_at(text, text, int, timestamptz, timestamptz) is 'What one side of a rehearsal knew at a turn: the same whenever it is asked again.';
revoke execute on function world.knows_at(text, text, int, timestamptz, timestamptz) from public;
grant execute on function world.knows_at(text, text, int, timestamptz, timestamptz) to omneuro_app;

-- w: {message, channel, text, provider, model, prompt_version, tokens_in, tokens_out, flags, pack: {id, hash, content}}: what was answered, and all it was answered from.
create or replace function world.reply(w jsonb) returns table (session text, said int, replied int)
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
#variable_conflict use_column
declare p constant uuid := shared.scope(); pack constant jsonb := w->'pack'->'content'; s world.sessions; kept text; n int;
begin
  s := world.hold_session(pack->>'session', pack->>'channel');
  insert into world.context_packs (project_id, user_id, id, session_id, hash, knower, content, as_of, known_at)
    values (p, s.user_id, w->'pack'->>'id', s.id, w->'pack'->>'hash', pack->>'knower', pack, (pack->>'as_of')::timestamptz, (pack->>'known_at')::timestamptz)
    on conflict (project_id, session_id, hash) do nothing;
  select c.id into kept from world.context_packs c where c.project_id = p and c.session_id = s.id and c.hash = w->'pack'->>'hash';
  select max(m.seq) + 1 into n from world.messages m where m.project_id = p and m.session_id = s.id;
  insert into world.messages (project_id, user_id, id, session_id, role, channel, content, llm_provider, llm_model, prompt_version, usage_tokens_in,
      usage_tokens_out, safety_flags, pack_id, seq)
    values (p, s.user_id, w->>'message', s.id, case pack->>'channel' when 'coach' then 'coach' else 'counterparty' end, pack->>'channel', w->>'text',
      w->>'provider', w->>'model', w->>'prompt_version', (w->>'tokens_in')::int, (w->>'tokens_out')::int, w->'flags', kept, n);
  return query select s.id, (pack->>'upto')::int, n;
end $$;
comment on function world.reply(jsonb) is 'Keeps an answer in a rehearsal with the pack it was made of.';
revoke execute on function world.reply(jsonb) from public;
grant execute on function world.reply(jsonb) to omneuro_app;
