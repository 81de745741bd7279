-- Whether any project listens to this outside account. Security definer, because the asker may not see other projects'
-- sources; it learns yes or no about an account that a signed payload has just named, and nothing else.
create or replace function identity.account_bound(kind text, account text) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, ext, pg_temp
  as $$ select exists (select from identity.project_sources s where s.source_kind = kind and s.external_id = account) $$;
comment on function identity.account_bound(text, text) is 'True when some project is bound to this outside account.';
revoke execute on function identity.account_bound(text, text) from public;
grant execute on function identity.account_bound(text, text) to omneuro_app;
