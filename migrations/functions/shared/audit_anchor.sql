-- The daily anchor of an audit chain. What verify compares is a copy in the database; what proves something is the line in the log.

-- True for a chain that grew since its last anchor, made most of a day ago or more: a daily run may begin a little earlier than yesterday's.
create or replace function shared.is_unanchored(project uuid) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
  select exists (select from shared.audit_seals s where s.project_id = project
      and s.seq > coalesce((select max(a.seq) from shared.audit_anchors a where a.project_id = project), 0))
    and not exists (select from shared.audit_anchors a where a.project_id = project and a.anchored_at > shared.clock() - interval '20 hours')
$$;
comment on function shared.is_unanchored(uuid) is 'Whether a project''s audit chain is due for its daily anchor.';

create or replace function shared.anchor_audit() returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare p constant uuid := shared.scope(); told jsonb;
begin
  perform pg_advisory_xact_lock(8, hashtext(p::text));
  if not shared.is_unanchored(p) then return null; end if;
  insert into shared.audit_anchors (project_id, seq, root)
    select p, s.seq, s.root from shared.audit_seals s where s.project_id = p order by s.seq desc limit 1
    returning jsonb_build_object('seq', seq, 'root', encode(root, 'hex')) into told;
  return told;
end $$;
comment on function shared.anchor_audit() is 'Writes down the newest root as anchored and returns it; null when none is due.';

revoke execute on function shared.is_unanchored(uuid), shared.anchor_audit() from public;
grant execute on function shared.is_unanchored(uuid), shared.anchor_audit() to omneuro_app;
