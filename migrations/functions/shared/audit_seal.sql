-- Sealing the audit trail: what a row says, one link of the chain, and the walk that checks it.

create or replace function shared.audit_leaf(a shared.audit_events) returns bytea
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
  select sha256(convert_to(concat_ws(chr(31), a.project_id, a.account_scope_id, a.id, coalesce(a.user_id::text, ''), a.actor, a.action,
    coalesce(a.ref_type, ''), coalesce(a.ref_id, ''), a.outcome, array_to_string(a.evidence_refs, ','), a.payload, a.request_id,
    extract(epoch from a.at), extract(epoch from a.created_at), a.tx), 'UTF8'))
$$;
comment on function shared.audit_leaf(shared.audit_events) is 'SHA-256 over every column of an audit row.';

-- Two sealers of a project go one after the other; writers never wait. An open transaction anywhere holds the mark back:
-- then less is sealed, never wrongly.
create or replace function shared.seal_audit() returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  mark xid8; last shared.audit_seals; found_ids text[]; found_leaves bytea; next_root bytea;
begin
  perform pg_advisory_xact_lock(8, hashtext(p::text));
  update shared.outbox o set state = 'done', updated_at = shared.clock()
    where o.project_id = p and o.kind = 'shared.audit.seal' and o.dedupe_key = 'shared.audit.seal' and o.state = 'pending';
  mark := pg_snapshot_xmin(pg_current_snapshot());
  select s.* into last from shared.audit_seals s where s.project_id = p order by s.seq desc limit 1;
  select array_agg(a.id order by a.tx, a.id), string_agg(shared.audit_leaf(a), ''::bytea order by a.tx, a.id) into found_ids, found_leaves
    from shared.audit_events a where a.project_id = p and a.tx >= coalesce(last.upto, '0'::xid8) and a.tx < mark;
  if found_ids is null then return jsonb_build_object('sealed', 0); end if;
  next_root := sha256(coalesce(last.root, ''::bytea) || found_leaves);
  insert into shared.audit_seals (project_id, seq, upto, ids, leaves, prev_root, root)
    values (p, coalesce(last.seq, 0) + 1, mark, found_ids, found_leaves, coalesce(last.root, ''::bytea), next_root);
  return jsonb_build_object('sealed', cardinality(found_ids), 'seq', coalesce(last.seq, 0) + 1, 'root', encode(next_root, 'hex'));
end $$;
comment on function shared.seal_audit() is 'Chains the audit rows of all ended transactions; says how many, the link''s number and its root.';

-- The net: a row whose wake-up was lost, or was spent by a sealer that could not see it yet.
create or replace function shared.ask_seal(outbox_id text) returns jsonb
  language sql volatile
  set search_path = pg_catalog, pg_temp
  as $$
  insert into shared.outbox as o (project_id, id, kind, dedupe_key)
    select shared.scope(), outbox_id, 'shared.audit.seal', 'shared.audit.seal'
    where exists (select from shared.audit_events a where a.project_id = shared.scope() and a.created_at < shared.clock() - interval '1 minute'
      and a.tx >= coalesce((select max(s.upto) from shared.audit_seals s where s.project_id = shared.scope()), '0'::xid8))
    on conflict (project_id, kind, dedupe_key) where state = 'pending' do nothing
    returning jsonb_build_object('id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at)
$$;
comment on function shared.ask_seal(text) is 'Stages a seal when audit rows have been waiting for a minute and none is staged.';

create or replace function shared.unsealed_projects() returns setof uuid
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform shared.assert_tick();
  return query select distinct a.project_id from shared.audit_events a
    where a.created_at < shared.clock() - interval '1 minute'
      and a.tx >= coalesce((select max(s.upto) from shared.audit_seals s where s.project_id = a.project_id), '0'::xid8);
end $$;
comment on function shared.unsealed_projects() is 'Ids of projects with audit rows that have waited a minute for their seal; for the tick only.';

create or replace function shared.verify_audit() returns jsonb
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  p constant uuid := shared.scope();
  link shared.audit_seals; prev bytea := ''::bytea; links int := 0; rows_ok int := 0; broken record; tail int; anchored int; upto xid8 := '0';
begin
  for link in select s.* from shared.audit_seals s where s.project_id = p order by s.seq loop
    links := links + 1;
    select i.id, case when a.id is null then 'missing' else 'changed' end as how into broken
      from unnest(link.ids) with ordinality i (id, place)
      left join shared.audit_events a on a.project_id = p and a.id = i.id
      where a.id is null or shared.audit_leaf(a) <> substring(link.leaves from (i.place::int - 1) * 32 + 1 for 32)
      order by i.place limit 1;
    if broken.id is not null then
      return jsonb_build_object('ok', false, 'seals', links, 'rows', rows_ok, 'broken', jsonb_build_object('seal', link.seq, 'id', broken.id, 'how', broken.how));
    end if;
    if link.seq <> links or link.prev_root <> prev or link.root <> sha256(prev || link.leaves)
        or exists (select from shared.audit_anchors x where x.project_id = p and x.seq = link.seq and x.root <> link.root) then
      return jsonb_build_object('ok', false, 'seals', links, 'rows', rows_ok, 'broken', jsonb_build_object('seal', link.seq, 'id', null, 'how', 'chain'));
    end if;
    -- A row slipped in behind the mark was not there when its neighbours were sealed.
    select a.id into broken from shared.audit_events a
      where a.project_id = p and a.tx >= upto and a.tx < link.upto and a.id <> all (link.ids) order by a.tx, a.id limit 1;
    if broken.id is not null then
      return jsonb_build_object('ok', false, 'seals', links, 'rows', rows_ok, 'broken', jsonb_build_object('seal', link.seq, 'id', broken.id, 'how', 'added'));
    end if;
    prev := link.root; upto := link.upto; rows_ok := rows_ok + cardinality(link.ids);
  end loop;
  -- Links cut off at the end break nothing but their anchor.
  select max(x.seq) into anchored from shared.audit_anchors x where x.project_id = p;
  if anchored > links then
    return jsonb_build_object('ok', false, 'seals', links, 'rows', rows_ok, 'broken', jsonb_build_object('seal', anchored, 'id', null, 'how', 'chain'));
  end if;
  select count(*) into tail from shared.audit_events a where a.project_id = p and a.tx >= upto;
  return jsonb_build_object('ok', true, 'seals', links, 'rows', rows_ok, 'unsealed', tail, 'root', encode(prev, 'hex'), 'anchored', coalesce(anchored, 0));
end $$;
comment on function shared.verify_audit() is 'Walks the chain: ok with its root and the unsealed tail, or the first row that is changed, missing or added.';

revoke execute on function shared.audit_leaf(shared.audit_events), shared.seal_audit(), shared.ask_seal(text),
  shared.unsealed_projects(), shared.verify_audit() from public;
grant execute on function shared.audit_leaf(shared.audit_events), shared.seal_audit(), shared.ask_seal(text),
  shared.unsealed_projects(), shared.verify_audit() to omneuro_app;
