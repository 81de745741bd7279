// A world to measure in: houses with facts, people who may know some of them, passages about the same; and its functions without rights.
import type { Tenant } from "../kit/app.ts";
import type { Stage } from "../kit/stage.ts";

export type Size = {
  facts: number;
  knowers: number;
  /** Of each knower. */
  edges: number;
  passages: number;
};

/** Facts of one entity. */
export const EACH = 20;
/** Facts in one statement. */
const BATCH = 100_000;

/** The world's own functions over facts alone: same words, same order, same limits, nobody's rights. */
export async function withoutKnowers(stage: Stage): Promise<void> {
  const { query } = stage.neon;
  await query("create schema bench");
  await query("grant usage on schema bench to omneuro_app");
  await query(`do $do$
    declare body text := pg_get_functiondef('world.seen_as(text,text[],text[],boolean,text,timestamptz,timestamptz)'::regprocedure);
      arm text := left(body, position('union all' in body) - 1);
      f regprocedure;
    begin
      -- Its first arm, without the question who may.
      arm := replace(arm, ' and world.knows_all($1)', '');
      arm := left(arm, position('and not coalesce((' in arm) - 1) || ' $function$';
      execute replace(arm, 'FUNCTION world.seen_as', 'FUNCTION bench.seen_as');
      foreach f in array array['world.known_of(text,text,timestamptz,timestamptz,text[])',
        'world.told(text,text[],text[],timestamptz,timestamptz,integer)']::regprocedure[]
      loop
        body := pg_get_functiondef(f);
        -- Nor who he is.
        body := replace(replace(replace(body, 'world.names_of(knower)', 'null'), 'world.owners_of(knower)', 'null'), 'world.is_overridden(knower)', 'null');
        execute replace(replace(body, 'world.seen_as(', 'bench.seen_as('), 'FUNCTION world.', 'FUNCTION bench.');
      end loop;
    end $do$`);
  await query("grant execute on all functions in schema bench to omneuro_app");
}

export async function plant(stage: Stage, tenant: Tenant, size: Size): Promise<void> {
  const place = [tenant.project, tenant.accountScope];
  const put = (statement: string, values: unknown[]) => stage.neon.query(statement, [...place, ...values]);
  await put(
    "insert into people.contacts (project_id, account_scope_id, id, name) select $1, $2, 'con_' || i, 'Somebody' from generate_series(0, $3::int - 1) i",
    [size.knowers],
  );
  await put(
    "insert into world.entities (project_id, account_scope_id, id, type, name) select $1, $2, 'ent_' || i, 'Property', 'House ' || i from generate_series(0, $3::int - 1) i",
    [size.facts / EACH],
  );
  const indexes = await laidAside(stage);
  // A fifth is public, three tenths somebody's own, the rest internal. In words, as the trigger would put them.
  for (let from = 0; from < size.facts; from += BATCH)
    await put(
      `insert into world.facts (project_id, account_scope_id, id, subject_entity_id, key, value, value_type, visibility, contact_id, origin, source_type, source_ref, statement)
       select $1, $2, 'fct_' || i, 'ent_' || i / $4::int, (array['window', 'roof', 'boiler', 'garden', 'lift'])[i % 5 + 1] || '.' ||
         (array['price', 'colour', 'age', 'warranty'])[i % 4 + 1], to_jsonb('value ' || i), 'string', case when i % 10 < 2 then 0 when i % 10 < 5 then 1 else 2 end,
         case when i % 10 between 2 and 4 then 'con_' || i / 10 % $5::int end, 'bench', 'external', 'bench',
         'House ' || i / $4::int || ' – ' || (array['Window', 'Roof', 'Boiler', 'Garden', 'Lift'])[i % 5 + 1] || ' ' ||
         (array['price', 'colour', 'age', 'warranty'])[i % 4 + 1] || ': value ' || i from generate_series($6::int, $3::int - 1) i`,
      [Math.min(from + BATCH, size.facts), EACH, size.knowers, from],
    );
  await stage.neon.query("alter table world.facts enable trigger user");
  for (const index of indexes) await stage.neon.query(index);
  await put(
    `insert into world.knowledge_edges (project_id, account_scope_id, id, knower, knower_contact_id, fact_id, status, believed_value, source)
     select $1, $2, 'edg_' || k || '_' || e, 'contact:con_' || k, 'con_' || k, 'fct_' || (k * 7919 + e * 131)::bigint % $3::int,
       (array['confirmed', 'assumed', 'confirmed', 'unknown', 'false_belief'])[e % 5 + 1], case when e % 5 = 4 then '"another"'::jsonb end, 'user_told'
     from generate_series(0, $4::int - 1) k, generate_series(0, $5::int - 1) e on conflict do nothing`,
    [size.facts, size.knowers, size.edges],
  );
  await passages(put, size);
}

/** What was said about some of the houses, ten turns to a conversation, as public, own and internal as the facts. */
async function passages(put: (statement: string, values: unknown[]) => Promise<unknown>, size: Size): Promise<void> {
  await put(
    `insert into shared.evidence_items (project_id, account_scope_id, id, source_table, source_pk, content_hash, visibility, contact_id, occurred_at)
     select $1, $2, 'evi_said_' || i, 'inbox.cw_messages', 'said_' || i, md5(i::text), case when i % 10 < 2 then 0 when i % 10 < 5 then 1 else 2 end,
       'con_' || i / 10 % $4::int, now() - make_interval(mins => i) from generate_series(0, $3::int - 1) i`,
    [size.passages, size.knowers],
  );
  await put(
    `insert into memory.chunks (project_id, account_scope_id, id, source_table, source_pk, chunk_index, conversation_global_id, seq, contact_id, visibility,
       occurred_at, lang, len, text, text_hash, tsv)
     select $1, $2, gen_random_uuid(), 'inbox.cw_messages', 'said_' || i, 0, 'talk_' || i / 10, i % 10, 'con_' || i / 10 % $4::int,
       case when i % 10 < 2 then 0 when i % 10 < 5 then 1 else 2 end, now() - make_interval(mins => i), 'english', 8, t.said, md5(t.said),
       to_tsvector('english', t.said)
     from generate_series(0, $3::int - 1) i cross join lateral (select 'The ' || (array['window', 'roof', 'boiler', 'garden', 'lift'])[i % 5 + 1] ||
       ' of house ' || i % $5::int || ' was looked at, its price is ' || i % 97 || ' kr.' as said) t`,
    [size.passages, size.knowers, size.facts / EACH],
  );
  await put(
    `update memory.corpus k set (chunks, tokens) = (select count(*), sum(c.len) from memory.chunks c where c.project_id = $1 and c.account_scope_id = $2)
     where k.project_id = $1`,
    [],
  );
}

/** What makes a million rows slow to write; returns how the indexes are made again. The constraint, which nobody reads by, is not. */
async function laidAside(stage: Stage): Promise<string[]> {
  const { query } = stage.neon;
  await query("alter table world.facts disable trigger user");
  await query("alter table world.facts drop constraint fact_once");
  const found = await query(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made from pg_index i
     where i.indrelid = 'world.facts'::regclass and not i.indisprimary order by 1`,
  );
  for (const index of found) await query(`drop index ${index["name"]}`);
  return found.map((index) => String(index["made"]));
}
