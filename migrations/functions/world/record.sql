-- Writing down what is true. The same origin replaces what it said of the same time: the old row is superseded, and where it
-- held longer than what replaces it, the rest is written down anew under the same root. Nothing is changed in place.

create or replace function world.carry(f world.facts, fresh text, since timestamptz, until timestamptz, at timestamptz) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$ begin
  insert into world.facts (project_id, account_scope_id, user_id, id, subject_entity_id, key, value, value_type, unit, session_id, review_state,
      valid_from, valid_to, recorded_at, continues, confidence, visibility, contact_id, origin, source_type, source_ref, evidence_id, evidence_version,
      extractor_version, model_version, prompt_version, stale_at, stale_reason, statement, quote)
    values (f.project_id, f.account_scope_id, f.user_id, fresh, f.subject_entity_id, f.key, f.value, f.value_type, f.unit, f.session_id, f.review_state,
      since, until, at, f.root_id, f.confidence, f.visibility, f.contact_id, f.origin, f.source_type, f.source_ref, f.evidence_id, f.evidence_version,
      f.extractor_version, f.model_version, f.prompt_version, f.stale_at, f.stale_reason, f.statement, f.quote);
end $$;
comment on function world.carry(world.facts, text, timestamptz, timestamptz, timestamptz) is 'Writes down that a fact held for this part of its time.';
revoke execute on function world.carry(world.facts, text, timestamptz, timestamptz, timestamptz) from public;
grant execute on function world.carry(world.facts, text, timestamptz, timestamptz, timestamptz) to omneuro_app;

-- Takes a stretch of time out of a row: supersedes it, and carries on what is left before and after.
create or replace function world.cut(f world.facts, since timestamptz, until timestamptz, at timestamptz, by_fact text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$ begin
  update world.facts x set superseded_at = at, superseded_by = by_fact where x.project_id = f.project_id and x.id = f.id;
  if since is not null and (f.valid_from is null or f.valid_from < since) then
    perform world.carry(f, shared.made_id('fct', f.id || ' before ' || at || coalesce(by_fact, '')), f.valid_from, least(since, f.valid_to), at);
  end if;
  if until is not null and (f.valid_to is null or f.valid_to > until) then
    perform world.carry(f, shared.made_id('fct', f.id || ' after ' || at || coalesce(by_fact, '')), greatest(until, f.valid_from), f.valid_to, at);
  end if;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', f.id || ' ended ' || at), 'kind', 'fact.superseded',
    'ref_type', 'fact', 'ref_id', f.root_id, 'ts', shared.clock(), 'payload', jsonb_strip_nulls(jsonb_build_object('by', by_fact, 'session', f.session_id)))));
end $$;
comment on function world.cut(world.facts, timestamptz, timestamptz, timestamptz, text) is 'Supersedes a row for a stretch of time; the rest goes on.';
revoke execute on function world.cut(world.facts, timestamptz, timestamptz, timestamptz, text) from public;
grant execute on function world.cut(world.facts, timestamptz, timestamptz, timestamptz, text) to omneuro_app;

-- The subject, held: facts about it are written one after another.
create or replace function world.hold_entity(wanted text) returns world.entities
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare e world.entities;
begin
  select x.* into e from world.entities x where x.project_id = shared.scope() and x.id = wanted for no key update;
  if e.id is null or e.erased_at is not null then perform shared.fail('not_found', 'entity_unknown'); end if;
  if e.archived_at is not null or e.merged_into is not null then
    perform shared.fail('conflict', 'entity_archived', jsonb_build_object('detail', 'Nothing new is said of it. Take it back first.'));
  end if;
  return e;
end $$;
comment on function world.hold_entity(text) is 'An entity that something may be said of, locked.';
revoke execute on function world.hold_entity(text) from public;
grant execute on function world.hold_entity(text) to omneuro_app;

-- A rehearsal of the caller's own; null is none.
create or replace function world.own_session(wanted text) returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$ begin
  if wanted is null then return; end if;
  if nullif(current_setting('app.user_id', true), '') is null then
    perform shared.fail('forbidden', 'person_required', jsonb_build_object('detail', 'A rehearsal belongs to a person; this key belongs to none.'));
  end if;
  if not exists (select from world.sessions s where s.project_id = shared.scope() and s.id = wanted
    and s.user_id = nullif(current_setting('app.user_id', true), '')::uuid) then perform shared.fail('not_found', 'session_unknown'); end if;
end $$;
comment on function world.own_session(text) is 'Refuses a rehearsal that is not the caller''s.';
revoke execute on function world.own_session(text) from public;
grant execute on function world.own_session(text) to omneuro_app;

-- Provenance of w: {source_type, source_ref, evidence, evidence_version, origin}, complete; what cites evidence cites it as it is.
create or replace function world.grounded(w jsonb) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare e shared.evidence_items; kind text := w->>'source_type'; ref text := nullif(trim(w->>'source_ref'), '');
begin
  if kind is null or ref is null then
    perform shared.fail('invalid', 'provenance_required', jsonb_build_object('detail', 'Say what kind of source it is from, and which: source_type and source_ref.'));
  end if;
  if w->>'evidence' is not null then
    select x.* into e from shared.evidence_items x where x.project_id = shared.scope() and x.id = w->>'evidence';
    if e.id is null then perform shared.fail('not_found', 'evidence_unknown'); end if;
    if e.withdrawn_at is not null then perform shared.fail('conflict', 'evidence_withdrawn'); end if;
  end if;
  return jsonb_build_object('evidence', e.id, 'evidence_version', coalesce((w->>'evidence_version')::int, e.version),
    'visibility', e.visibility, 'contact', e.contact_id,
    'origin', coalesce(w->>'origin', kind || ':' || case when kind = 'user_entered' then current_setting('app.actor') else ref end));
end $$;
comment on function world.grounded(jsonb) is 'The evidence behind something and who says it; refuses what has no provenance.';
revoke execute on function world.grounded(jsonb) from public;
grant execute on function world.grounded(jsonb) to omneuro_app;

-- An origin that said something of another entity, when one stands for both.
create or replace function world.origin_of(origin text, entity text) returns text
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
  as $$ select left(origin, 230) || ' of ' || entity $$;
comment on function world.origin_of(text, text) is 'What an origin is called that spoke of an entity which another one stands for now.';
revoke execute on function world.origin_of(text, text) from public;
grant execute on function world.origin_of(text, text) to omneuro_app;

-- w: {id, subject, key, value, value_type, unit, session, review_state, valid_from, valid_to, confidence, visibility, contact, statement, quote,
-- source_type, source_ref, origin, evidence, evidence_version, extractor_version, model_version, prompt_version, supersedes}.
-- Said again, word for word, it is the row that is there already. `supersedes` names a fact of another origin that this one replaces.
create or replace function world.put_fact(w jsonb) returns world.facts
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  g constant jsonb := world.grounded(w);
  said constant text := g->>'origin';
  -- What it said of those that this one stands for it says of this one.
  mine constant text[] := said || array(select world.origin_of(said, e.id) from world.entities e where e.project_id = p and e.merged_into = w->>'subject');
  since constant timestamptz := (w->>'valid_from')::timestamptz;
  until constant timestamptz := (w->>'valid_to')::timestamptz;
  state constant text := coalesce(w->>'review_state', 'kept');
  seen smallint := coalesce((w->>'visibility')::smallint, (g->>'visibility')::smallint, 2);
  at timestamptz := shared.clock();
  f world.facts; made world.facts; other text;
begin
  -- What a machine concluded is no wider known than what it was concluded from.
  if w->>'source_type' in ('model_extracted', 'inferred') then seen := greatest(seen, (g->>'visibility')::smallint); end if;
  perform world.hold_entity(w->>'subject');
  perform world.own_session(w->>'session');
  if seen = 1 and coalesce(w->>'contact', g->>'contact') is null then
    perform shared.fail('invalid', 'contact_required', jsonb_build_object('detail', 'What is a contact''s own names the contact.'));
  end if;
  if since >= until then perform shared.fail('invalid', 'interval_empty'); end if;
  if not coalesce(world.is_value(w->>'value_type', w->'value'), false) then
    perform shared.fail('invalid', 'value_invalid', jsonb_build_object('detail', 'The value does not have the form of its type.'));
  end if;
  if w->>'supersedes' is not null then
    select x.origin into other from world.facts x where x.project_id = p and x.root_id = w->>'supersedes' and x.subject_entity_id = w->>'subject'
      and x.key = w->>'key' and x.superseded_at is null limit 1;
    if other is null then perform shared.fail('not_found', 'fact_unknown'); end if;
  end if;

  for f in select x.* from world.facts x
    where x.project_id = p and x.subject_entity_id = w->>'subject' and x.key = w->>'key' and x.superseded_at is null
      and x.session_id is not distinct from w->>'session' and (x.review_state = 'proposed') = (state = 'proposed') and x.review_state <> 'discarded'
      and (x.origin = any (mine) or x.root_id = w->>'supersedes') and tstzrange(x.valid_from, x.valid_to) && tstzrange(since, until)
    order by x.recorded_at, x.id
  loop
    if f.origin = said and f.value = w->'value' and f.value_type = w->>'value_type' and f.visibility = seen and f.review_state = state
      and (f.unit, f.valid_from, f.valid_to, f.contact_id) is not distinct from (w->>'unit', since, until, coalesce(w->>'contact', g->>'contact')) then
      return f;
    end if;
    at := greatest(at, f.recorded_at);
    perform world.cut(f, since, until, at, w->>'id');
  end loop;

  insert into world.facts (project_id, user_id, id, subject_entity_id, key, value, value_type, unit, session_id, review_state, valid_from, valid_to,
      recorded_at, confidence, visibility, contact_id, origin, source_type, source_ref, evidence_id, evidence_version, extractor_version,
      model_version, prompt_version, statement, quote)
    values (p, nullif(current_setting('app.user_id', true), '')::uuid, w->>'id', w->>'subject', w->>'key', w->'value', w->>'value_type', w->>'unit',
      w->>'session', state, since, until, at, coalesce((w->>'confidence')::real, 1), seen, coalesce(w->>'contact', g->>'contact'), said,
      w->>'source_type', trim(w->>'source_ref'), g->>'evidence', (g->>'evidence_version')::int, w->>'extractor_version', w->>'model_version',
      w->>'prompt_version', coalesce(w->>'statement', ''), w->>'quote')
    returning * into made;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', made.id || ' recorded'), 'kind', 'fact.recorded',
    'ref_type', 'fact', 'ref_id', made.id, 'ts', shared.clock(), 'payload', jsonb_strip_nulls(jsonb_build_object('subject', made.subject_entity_id,
      'source', made.source_type, 'visibility', made.visibility, 'state', made.review_state, 'session', made.session_id)))));
  if made.scope = 'global' then perform world.seed_about(made.id); end if;
  return made;
end $$;
comment on function world.put_fact(jsonb) is 'Writes a fact down; the same origin replaces what it said, another origin stands beside it.';
revoke execute on function world.put_fact(jsonb) from public;
grant execute on function world.put_fact(jsonb) to omneuro_app;

-- Since `until` it holds no longer; with null it never did. The root's newest row.
create or replace function world.close_fact(wanted text, until timestamptz) returns world.facts
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); f world.facts; about text; at timestamptz := shared.clock(); ended int := 0;
begin
  select x.subject_entity_id into about from world.facts x where x.project_id = p and x.root_id = wanted
    order by x.superseded_at is null desc, x.recorded_at desc, x.id limit 1;
  if about is null then perform shared.fail('not_found', 'fact_unknown'); end if;
  perform from world.entities e where e.project_id = p and e.id = about for no key update;
  for f in select x.* from world.facts x where x.project_id = p and x.root_id = wanted and x.superseded_at is null
    and tstzrange(x.valid_from, x.valid_to) && tstzrange(until, null) order by x.valid_from nulls first, x.id
  loop
    at := greatest(at, f.recorded_at);
    perform world.cut(f, until, null, at, null);
    ended := ended + 1;
  end loop;
  if ended = 0 then perform shared.fail('conflict', 'fact_closed', jsonb_build_object('detail', 'It does not hold at that time any more.')); end if;
  select x.* into f from world.facts x where x.project_id = p and x.root_id = wanted
    order by x.superseded_at is null desc, x.valid_from desc nulls last, x.recorded_at desc, x.id limit 1;
  return f;
end $$;
comment on function world.close_fact(text, timestamptz) is 'Ends a fact, or takes it back altogether.';
revoke execute on function world.close_fact(text, timestamptz) from public;
grant execute on function world.close_fact(text, timestamptz) to omneuro_app;
