-- Risks: one row a matter, however often it is seen. What was resolved and is seen again is open again; what somebody dismissed stays so.
-- r: {kind, dedupe, severity, ref_type, ref, contact, evidence, evidence_version, message, code}. Returns its id.
create or replace function insight.put_risk(r jsonb) returns text
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); at constant timestamptz := shared.clock(); put insight.risk_radar_items; was text;
begin
  select x.status into was from insight.risk_radar_items x where x.project_id = p and x.dedupe_key = r->>'dedupe' for update;
  insert into insight.risk_radar_items as t (project_id, id, kind, dedupe_key, severity, ref_type, ref_id, contact_id, evidence_id, evidence_version,
      message_id, code, first_seen_at, last_seen_at)
    values (p, shared.made_id('rsk', p || ' ' || (r->>'dedupe')), r->>'kind', r->>'dedupe', coalesce((r->>'severity')::smallint, 2), r->>'ref_type', r->>'ref',
      r->>'contact', r->>'evidence', (r->>'evidence_version')::int, r->>'message', r->>'code', at, at)
    on conflict (project_id, dedupe_key) do update set last_seen_at = at, updated_at = at, version = t.version + 1,
      ref_type = excluded.ref_type, ref_id = excluded.ref_id,
      evidence_id = excluded.evidence_id, evidence_version = excluded.evidence_version, message_id = excluded.message_id, code = case when t.status = 'dismissed' then t.code else excluded.code end,
      opened = t.opened + (t.status = 'resolved')::int,
      status = case when t.status = 'resolved' then 'open' else t.status end, closed_at = case when t.status = 'resolved' then null else t.closed_at end
    returning t.* into put;
  if was is null or was = 'resolved' then
    perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', concat_ws(':', put.id, 'opened', put.opened)), 'kind', 'risk.opened',
      'ref_type', 'risk', 'ref_id', put.id, 'ts', at, 'payload', jsonb_build_object('risk', put.kind, 'about', put.ref_id, 'opened', put.opened))));
  end if;
  return put.id;
end $$;
comment on function insight.put_risk(jsonb) is 'Writes a risk down, or sees it again; returns its id.';
revoke execute on function insight.put_risk(jsonb) from public;
grant execute on function insight.put_risk(jsonb) to omneuro_app;

create or replace function insight.resolve_risk(dedupe text, why text) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp
  as $$
declare at constant timestamptz := shared.clock(); put insight.risk_radar_items;
begin
  update insight.risk_radar_items t set status = 'resolved', closed_at = at, code = why, updated_at = at, version = t.version + 1
    where t.project_id = shared.scope() and t.dedupe_key = dedupe and t.status = 'open' returning t.* into put;
  if put.id is null then return; end if;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', shared.made_id('evt', concat_ws(':', put.id, 'resolved', put.opened)), 'kind', 'risk.resolved',
    'ref_type', 'risk', 'ref_id', put.id, 'ts', at, 'payload', jsonb_build_object('risk', put.kind, 'why', why))));
end $$;
comment on function insight.resolve_risk(text, text) is 'Closes an open risk because it is none any more.';
revoke execute on function insight.resolve_risk(text, text) from public;
grant execute on function insight.resolve_risk(text, text) to omneuro_app;

-- An open risk whose evidence was edited or withdrawn says so, for whoever decides on it.
create or replace function insight.doubt_risks() returns void
  language sql volatile set search_path = pg_catalog, pg_temp
  as $$
  update insight.risk_radar_items r set code = w.why, updated_at = shared.clock(), version = r.version + 1
    from shared.evidence_items e cross join lateral (
      select case when e.withdrawn_at is null then 'evidence_edited' else 'evidence_withdrawn' end as why) w
    where r.project_id = shared.scope() and r.status = 'open' and e.project_id = r.project_id and e.id = r.evidence_id
      and e.version > r.evidence_version and r.code is distinct from w.why
$$;
comment on function insight.doubt_risks() is 'Marks open risks whose evidence is another by now.';
revoke execute on function insight.doubt_risks() from public;
grant execute on function insight.doubt_risks() to omneuro_app;

-- What was promised, in the words of the message; of a belief, the fact in words with the value that is believed.
create or replace function insight.words_of(r insight.risk_radar_items) returns text
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$ begin
  if r.kind = 'promise_broken' then
    return (select insight.sentence_of(c) from world.commitments c where c.project_id = r.project_id and c.id = r.ref_id);
  end if;
  return (select world.in_words(f.key, f.value_type, coalesce(e.believed_value, f.value), f.unit) from world.knowledge_edges e
    join world.facts f on f.project_id = e.project_id and f.id = e.fact_id where e.project_id = r.project_id and e.id = r.ref_id);
end $$;
comment on function insight.words_of(insight.risk_radar_items) is 'What a risk is about, in the words it rests on.';
revoke execute on function insight.words_of(insight.risk_radar_items) from public;
grant execute on function insight.words_of(insight.risk_radar_items) to omneuro_app;
