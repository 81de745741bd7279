// What somebody knows among a million facts and two hundred knowers, against the same queries without knowers.
import { sql } from "drizzle-orm";
import { raw, send } from "#brain/kernel/batch.ts";
import { soughtIn } from "#brain/memory/asked.ts";
import { type BenchApp, bindings, contextOn, newTenant, openApp, type Tenant } from "./kit/app.ts";
import { banner, either } from "./kit/options.ts";
import { elapsed, rounds } from "./kit/rounds.ts";
import { type Stage, serverStage } from "./kit/stage.ts";
import { median, pairedRatio } from "./kit/stats.ts";
import { ms, print, times } from "./kit/table.ts";

const FACTS = either({ quick: 100_000, normal: 1_000_000 });
const KNOWERS = 200;
/** Of each knower. */
const EDGES = 500;
/** Facts of one entity. */
const EACH = 20;
const ROUNDS = either({ quick: 7, normal: 15 });

banner("world: what somebody knows");
const stage = await serverStage();
await measure(stage).finally(stage.close);

async function measure(stage: Stage): Promise<void> {
  const app = openApp(bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url }));
  const tenant = await newTenant(stage, app.runtime, "world");
  await plant(stage, tenant);
  await withoutKnowers(stage);
  await stage.neon.query("vacuum analyze world.facts");
  await stage.neon.query("analyze");
  const knower = (round: number) => `contact:con_${(round * 37) % KNOWERS}`;
  const subjects = (round: number) =>
    sql.raw(`array(select 'ent_' || (${round * 911} + i * 97) % ${FACTS / EACH} from generate_series(1, 10) i)`);
  const times2 = sql`shared.clock(), shared.clock()`;
  const words = (round: number) =>
    JSON.stringify(
      soughtIn(`What is the window price of house ${(round * 911) % (FACTS / EACH)}?`).map((word) => word.join("|")),
    );
  const told = (of: string, round: number) =>
    sql`select * from ${sql.raw(of)}.told(${knower(round)}, array(select jsonb_array_elements_text(${words(round)}::jsonb)), null, null, null, 8)`;
  const of = (where: string, round: number) =>
    sql`select * from ${sql.raw(where)}.known_of(${knower(round)}, null, ${times2}, ${subjects(round)})`;
  const took = await rounds(
    {
      "ten entities, as a contact": (round) => timed(app, tenant, of("world", round)),
      "ten entities, without knowers": (round) => timed(app, tenant, of("bench", round)),
      "a question's facts, as a contact": (round) => timed(app, tenant, told("world", round)),
      "a question's facts, without knowers": (round) => timed(app, tenant, told("bench", round)),
    },
    { rounds: ROUNDS, warmup: 2 },
  );
  const row = (what: keyof typeof took, note: string) => ({ what, cells: [ms(median(took[what])), note] });
  const against = (what: keyof typeof took, plain: keyof typeof took) => {
    const ratio = pairedRatio(took[what], took[plain]);
    const goal = { name: "within twice as long", atMost: 2 };
    return { ...row(what, `${times(ratio)} of the one without`), goal, value: ratio.ratio };
  };
  print({
    title: `${stage.label}: ${FACTS} facts, ${KNOWERS} knowers with ${EDGES} edges each`,
    columns: ["time", ""],
    rows: [
      against("ten entities, as a contact", "ten entities, without knowers"),
      row("ten entities, without knowers", ""),
      against("a question's facts, as a contact", "a question's facts, without knowers"),
      row("a question's facts, without knowers", ""),
    ],
  });
}

/** One request, with a new session's cost of entering it. */
function timed(app: BenchApp, tenant: Tenant, query: Parameters<typeof raw>[1]): Promise<number> {
  return elapsed(() => {
    const ctx = contextOn(app.runtime, { kind: "system", project: tenant.project, job: "bench" });
    return send(ctx, [raw(ctx, query)]);
  });
}

/** The world's own functions over facts alone: same words, same order, nobody's rights. */
async function withoutKnowers(stage: Stage): Promise<void> {
  const { query } = stage.neon;
  await query("create schema bench");
  await query("grant usage on schema bench to omneuro_app");
  await query(`do $do$
    declare body text := pg_get_functiondef('world.seen(text,text,timestamptz,timestamptz)'::regprocedure); arm text;
    begin
      -- Its first arm, without the question who may.
      arm := left(body, position('union all' in body) - 1);
      arm := replace(arm, ' and world.knows_all($1)', '');
      arm := left(arm, position('and not coalesce((' in arm) - 1) || ' $function$';
      execute replace(arm, 'FUNCTION world.seen', 'FUNCTION bench.seen');
      execute replace(replace(pg_get_functiondef('world.visible_facts(text,text,timestamptz,timestamptz)'::regprocedure), 'world.seen(', 'bench.seen('), 'FUNCTION world.', 'FUNCTION bench.');
      execute replace(replace(pg_get_functiondef('world.known_of(text,text,timestamptz,timestamptz,text[])'::regprocedure), 'world.visible_facts(', 'bench.visible_facts('), 'FUNCTION world.', 'FUNCTION bench.');
      execute replace(replace(replace(pg_get_functiondef('world.told(text,text[],text[],timestamptz,timestamptz,integer)'::regprocedure), 'world.seen(', 'bench.seen('), 'world.known_of(', 'bench.known_of('), 'FUNCTION world.', 'FUNCTION bench.');
    end $do$`);
  await query("grant execute on all functions in schema bench to omneuro_app");
}

async function plant(stage: Stage, tenant: Tenant): Promise<void> {
  const place = [tenant.project, tenant.accountScope];
  const put = (statement: string, values: unknown[]) => stage.neon.query(statement, [...place, ...values]);
  await put(
    "insert into people.contacts (project_id, account_scope_id, id, name) select $1, $2, 'con_' || i, 'Somebody' from generate_series(0, $3::int - 1) i",
    [KNOWERS],
  );
  await put(
    "insert into world.entities (project_id, account_scope_id, id, type, name) select $1, $2, 'ent_' || i, 'Property', 'House ' || i from generate_series(0, $3::int - 1) i",
    [FACTS / EACH],
  );
  // A fifth is public, three tenths somebody's own, the rest internal.
  await put(
    `insert into world.facts (project_id, account_scope_id, id, subject_entity_id, key, value, value_type, visibility, contact_id, origin, source_type, source_ref)
     select $1, $2, 'fct_' || i, 'ent_' || i / $4::int, (array['window', 'roof', 'boiler', 'garden', 'lift'])[i % 5 + 1] || '.' ||
       (array['price', 'colour', 'age', 'warranty'])[i % 4 + 1], to_jsonb('value ' || i), 'string', case when i % 10 < 2 then 0 when i % 10 < 5 then 1 else 2 end,
       case when i % 10 between 2 and 4 then 'con_' || i % $5::int end, 'bench', 'external', 'bench' from generate_series(0, $3::int - 1) i`,
    [FACTS, EACH, KNOWERS],
  );
  await put(
    `insert into world.knowledge_edges (project_id, account_scope_id, id, knower, knower_contact_id, fact_id, status, believed_value, source)
     select $1, $2, 'edg_' || k || '_' || e, 'contact:con_' || k, 'con_' || k, 'fct_' || (k * 7919 + e * 131)::bigint % $3::int,
       (array['confirmed', 'assumed', 'confirmed', 'unknown', 'false_belief'])[e % 5 + 1], case when e % 5 = 4 then '"another"'::jsonb end, 'user_told'
     from generate_series(0, $4::int - 1) k, generate_series(0, $5::int - 1) e on conflict do nothing`,
    [FACTS, KNOWERS, EDGES],
  );
}
