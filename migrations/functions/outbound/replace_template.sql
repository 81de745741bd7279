-- A newer row in place of one in use: the old one is retired as it is. No row when it is not the version that was read.
-- n: {old, version, id, subject, body, variables}.
create or replace function outbound.replace_template(n jsonb) returns setof outbound.templates
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
declare
  o outbound.templates;
begin
  update outbound.templates t set retired_at = shared.clock(), updated_at = shared.clock(), version = t.version + 1
    where t.project_id = shared.scope() and t.id = n->>'old' and t.version = (n->>'version')::int and t.retired_at is null returning t.* into o;
  if o.id is null then return; end if;
  return query insert into outbound.templates as t (project_id, id, name, language, channel, class, subject, body, variables, is_fallback)
    values (o.project_id, n->>'id', o.name, o.language, o.channel, o.class, n->>'subject', n->>'body', n->'variables', o.is_fallback)
    returning t.*;
end $$;
comment on function outbound.replace_template(jsonb) is 'Retires a template''s row and writes its successor; nothing when it was changed meanwhile.';
revoke execute on function outbound.replace_template(jsonb) from public;
grant execute on function outbound.replace_template(jsonb) to omneuro_app;
