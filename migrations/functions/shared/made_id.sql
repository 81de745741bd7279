-- An id that follows from what it names, so that doing a thing twice names the same row. 104 bits of a digest.
create or replace function shared.made_id(prefix text, seed text) returns text
  language sql immutable parallel safe
  set search_path = pg_catalog, pg_temp
  as $$ select prefix || '_' || left(md5(seed), 26) $$;
comment on function shared.made_id(text, text) is 'prefix_ and 26 characters that follow from the seed.';
revoke execute on function shared.made_id(text, text) from public;
grant execute on function shared.made_id(text, text) to omneuro_app;
