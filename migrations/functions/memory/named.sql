-- Whom a question names. What a customer wrote seldom holds his own name, so the words alone would not lead to him.
-- A full name counts, or a first name written like one; a name that fits many says nothing.
create or replace function memory.named(project uuid, question text) returns text[]
  language plpgsql stable
  set search_path = pg_catalog, ext, pg_temp
  set plan_cache_mode = force_generic_plan
  as $$
declare
  most constant int := 5;
  words tsvector := to_tsvector('simple', left(question, 1000));
  any_word tsquery;
  ids text[];
begin
  select string_agg(quote_literal(w.lexeme), '|')::tsquery into any_word from unnest(words) w where length(w.lexeme) > 1;
  if any_word is null then return null; end if;
  with known as (
    select c.id, array_remove(tsvector_to_array(to_tsvector('simple'::regconfig, c.name)), 's') as parts,
      strpos(' ' || regexp_replace(question, '[^[:alnum:]]', ' ', 'g') || ' ', ' ' || split_part(c.name, ' ', 1) || ' ') > 0 as first
    from people.contacts c
    where c.project_id = project and to_tsvector('simple'::regconfig, c.name) @@ any_word
    limit 200
  ), fitting as (
    select k.id, cardinality(array(select unnest(k.parts) intersect select unnest(tsvector_to_array(words)))) as met, cardinality(k.parts) as parts, k.first
    from known k
  ), best as (
    select f.id, rank() over (order by f.met desc) as place from fitting f where f.met = f.parts or f.met > 1 or f.first
  )
  select array_agg(b.id) into ids from best b where b.place = 1;
  if cardinality(ids) > most then return null; end if;
  return people.same_person(ids);
end $$;
comment on function memory.named(uuid, text) is 'Contacts whose name stands in a question, with the records merged with them; null when none or too many.';
revoke execute on function memory.named(uuid, text) from public;
