-- The proof of an erasure: its manifest, sealed when the run ends, and computed again whenever somebody asks.

-- By table what went, as a digest over the sorted hashes of its rows: whoever has the key and an id can say whether it is among them.
create or replace function shared.erasure_tables(erasure text) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$ begin
  return (select coalesce(jsonb_agg(jsonb_build_object('table', t.part, 'how', t.how, 'rows', t.n, 'digest', t.digest) order by t.part, t.how), '[]') from (
    select s.part, s.how, count(*)::int as n, encode(sha256(string_agg(h.hash, ''::bytea order by h.hash)), 'hex') as digest
    from shared.erasure_steps s cross join lateral (
      select substring(s.hashes from i * 32 + 1 for 32) as hash from generate_series(0, octet_length(s.hashes) / 32 - 1) i) h
    where s.project_id = shared.scope() and s.erasure_id = erasure group by 1, 2) t);
end $$;
comment on function shared.erasure_tables(text) is 'What an erasure took by table: [{table, how, rows, digest}].';

create or replace function shared.finish_erasure(e shared.erasures, event_id text) returns void
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  at constant timestamptz := shared.clock();
  said jsonb;
begin
  said := jsonb_build_object('erasure', e.id, 'subject', jsonb_build_object('kind', e.subject_kind, 'hash', shared.keyed(e.subject_id)), 'reason', e.reason,
    'asked_at', to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'finished_at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'steps', e.steps, 'rows', e.taken, 'tables', shared.erasure_tables(e.id), 'mentions', e.mentions,
    'tombstones', (select count(*) from shared.erasure_steps s, generate_series(1, octet_length(s.hashes) / 32) where s.project_id = p and s.erasure_id = e.id and s.stone is not null),
    'audit', jsonb_build_object('before', e.chain_before, 'after', shared.chain_head()));
  update shared.erasures x set state = 'done', finished_at = at, manifest = said, seal = shared.keyed('erasure:' || said::text), wanted = '{}',
      updated_at = at, version = x.version + 1
    where x.project_id = p and x.id = e.id;
  delete from shared.erasure_ids d where d.project_id = p and d.erasure_id = e.id;
  perform shared.record_events(jsonb_build_array(jsonb_build_object('id', event_id, 'kind', 'erasure.finished', 'ref_type', 'erasure', 'ref_id', e.id, 'ts', at,
    'payload', jsonb_build_object('subject', e.subject_kind, 'rows', e.taken, 'tables', jsonb_array_length(said->'tables')))));
end $$;
comment on function shared.finish_erasure(shared.erasures, text) is 'Seals the manifest of an erasure and forgets what was looked for.';

-- Computes again what the manifest says: its seal, what the steps took, that each tombstone is there, and that the audit chain
-- still holds the link that was its newest before.
create or replace function shared.verify_erasure(erasure text) returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, ext, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  e shared.erasures; chain jsonb; missing int; checks jsonb;
begin
  select x.* into e from shared.erasures x where x.project_id = p and x.id = erasure;
  if e.id is null or e.state <> 'done' then return null; end if;
  with went as materialized (
    select s.stone, substring(s.hashes from i * 32 + 1 for 32) as hash
    from shared.erasure_steps s, generate_series(0, octet_length(s.hashes) / 32 - 1) i
    where s.project_id = p and s.erasure_id = e.id and s.stone is not null
  ), stones as materialized (
    select t.object_type, hmac(convert_to(t.object_id, 'UTF8'), k.hmac_key, 'sha256') as hash
    from shared.tombstones t, identity.projects k where t.project_id = p and k.id = p and t.object_type in (select w.stone from went w))
  select count(*) into missing from went w where not exists (select from stones s where s.object_type = w.stone and s.hash = w.hash);
  chain := shared.verify_audit();
  checks := jsonb_build_object('seal', e.seal = shared.keyed('erasure:' || e.manifest::text), 'tables', e.manifest->'tables' = shared.erasure_tables(e.id),
    'tombstones', missing = 0, 'audit', (chain->>'ok')::boolean and (e.manifest->'audit'->'before' = '{}' or exists (select from shared.audit_seals s
      where s.project_id = p and s.seq = (e.manifest->'audit'->'before'->>'seq')::int and encode(s.root, 'hex') = e.manifest->'audit'->'before'->>'root')));
  return jsonb_build_object('ok', (select bool_and(c.value::boolean) from jsonb_each_text(checks) c), 'checks', checks);
end $$;
comment on function shared.verify_erasure(text) is 'Whether the manifest of a finished erasure is what its steps, tombstones and the audit chain say: {ok, checks}; null while it runs.';

revoke execute on function shared.erasure_tables(text), shared.finish_erasure(shared.erasures, text), shared.verify_erasure(text) from public;
grant execute on function shared.erasure_tables(text), shared.finish_erasure(shared.erasures, text), shared.verify_erasure(text) to omneuro_app;
