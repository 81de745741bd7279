-- The daily anchor of an audit chain. What verify compares is a copy in the database; what proves something is the line in the log.

-- True for a chain that grew since its last anchor, made a day ago or more.
create or replace function shared.is_unanchored(project uuid) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select exists (select from shared.audit_seals s where s.project_id = project
      and s.seq > coalesce((select max(a.seq) from shared.audit_anchors a where a.project_id = project), 0))
    and not exists (select from shared.audit_anchors a where a.project_id = project and a.anchored_at > shared.clock() - interval '1 day')
$$;
comment on function shared.is_unanchored(uuid) is 'Whether a project''s audit chain is due for its daily anchor.';

create or replace function shared.anchor_audit() returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); told jsonb;
begin
  perform pg_advisory_xact_lock(8, hashtext(p::text));
  update shared.outbox o set state = 'done', updated_at = shared.clock()
    where o.project_id = p and o.kind = 'shared.audit.anchor' and o.dedupe_key = 'shared.audit.anchor' and o.state = 'pending';
  if not shared.is_unanchored(p) then return null; end if;
  insert into shared.audit_anchors (project_id, seq, root)
    select p, s.seq, s.root from shared.audit_seals s where s.project_id = p order by s.seq desc limit 1
    returning jsonb_build_object('seq', seq, 'root', encode(root, 'hex')) into told;
  return told;
end $$;
comment on function shared.anchor_audit() is 'Writes down the newest root as anchored and returns it; null when none is due.';

create or replace function shared.ask_anchor(outbox_id text) returns jsonb
  language sql volatile
  set search_path = pg_catalog, pg_temp
  as $$
  insert into shared.outbox as o (project_id, id, kind, dedupe_key)
    select shared.scope(), outbox_id, 'shared.audit.anchor', 'shared.audit.anchor' where shared.is_unanchored(shared.scope())
    on conflict (project_id, kind, dedupe_key) where state = 'pending' do nothing
    returning jsonb_build_object('id', o.id, 'kind', o.kind, 'payload', o.payload, 'due_at', o.due_at)
$$;
comment on function shared.ask_anchor(text) is 'Stages an anchor when one is due and none is staged.';

create or replace function shared.unanchored_projects() returns setof uuid
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if current_setting('app.actor', true) is distinct from 'system:shared.tick' then
    perform shared.fail('forbidden', 'tick_only');
  end if;
  return query select p.id from identity.projects p where shared.is_unanchored(p.id);
end $$;
comment on function shared.unanchored_projects() is 'Ids of projects whose daily anchor is due; for the tick only.';

revoke execute on function shared.is_unanchored(uuid), shared.anchor_audit(), shared.ask_anchor(text), shared.unanchored_projects() from public;
grant execute on function shared.is_unanchored(uuid), shared.anchor_audit(), shared.ask_anchor(text), shared.unanchored_projects() to omneuro_app;
