// What is read among many facts: page by page by indexes, complete and in order, and one's own is not lost among what is public.
import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { send } from "#brain/kernel/batch.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { type World, world } from "#test/kit/world.ts";
import { known } from "#test/people/office.ts";
import { money, saying } from "./saying.ts";

let w: World;
let a: ReturnType<typeof saying>;
let ann: string;

/** More than are counted for one question. */
const MANY = 2100;

type Page = { data: Record<string, unknown>[]; next_cursor: string | null };

beforeAll(async () => {
  w = await world({ now: "2026-05-01T08:00:00.000Z" });
  a = saying(w);
  ann = await known(w, w.a, { name: "Ann Berg" });
  const place = [w.a.project, w.a.accountScope];
  await w.neon.query(
    "insert into world.entities (project_id, account_scope_id, id, type, name) select $1, $2, 'ent_' || i, 'Product', 'Pump ' || i from generate_series(1, 70) i",
    place,
  );
  // Some are internal, some of the same moment.
  await w.neon.query(
    `insert into world.facts (project_id, account_scope_id, id, subject_entity_id, key, value, value_type, visibility, origin, source_type, source_ref, recorded_at)
     select $1, $2, 'fct_' || i, 'ent_' || i % 70 + 1, 'price.size_' || i / 70, to_jsonb(i), 'number', case when i % 35 = 34 then 2 else 0 end,
       'list', 'external', 'list', '2026-04-01T08:00:00Z'::timestamptz + make_interval(secs => i / 3) from generate_series(0, $3::int - 1) i`,
    [...place, MANY],
  );
  await w.neon.query("analyze world.facts");
});

/** Everything a list answers, turned page by page. */
async function turned(path: string, limit: number): Promise<Page["data"]> {
  const rows: Page["data"] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const answer = await a.get(`${path}&limit=${limit}${cursor ? `&cursor=${cursor}` : ""}`);
    expect(answer.status).toBe(200);
    const { data, next_cursor } = answer.body as Page;
    expect(data.length).toBeLessThanOrEqual(limit);
    rows.push(...data);
    cursor = next_cursor;
  }
  return rows;
}

test("his own price is told though more than are counted are public", async () => {
  const flat = await a.entity("Property", "Harbour flat");
  await a.fact({
    subject: flat,
    attribute: "price.agreed",
    value: money(333),
    value_type: "currency",
    visibility: "contact",
    contact: ann,
  });
  const words = sql`array['pric', 'agreed']`;
  const told = (knower: string) => sql`select t.text from world.told(${knower}, ${words}, null, null, null, 8) t`;
  const ctx = ctxOf(w, systemOf(w.a), { permission: "memory:ask" });
  // As any one of the words, which all prices hold.
  const one = sql`select t.text from world.told(${`contact:${ann}`}, array['pric'], null, null, null, 300) t where t.text like '%agreed%'`;
  const [hers, anybodys, among] = await send(ctx, [
    ctx.db.execute(told(`contact:${ann}`)),
    ctx.db.execute(told("public")),
    ctx.db.execute(one),
  ]);
  expect(hers.rows).toEqual([{ text: expect.stringContaining("333.00 DKK") }]);
  expect(JSON.stringify(anybodys.rows)).not.toContain("333");
  expect(among.rows).toHaveLength(1);
});

test("the newest of what somebody knows, page by page, is all he knows in that order", async () => {
  const knower = `contact:${ann}`;
  // She is told what is internal, and is wrong about or not to know a run of what is public and newest.
  for (const [i, status] of [
    [34, "confirmed"],
    [MANY - 70, "false_belief"],
    ...Array.from({ length: 24 }, (_, n) => [MANY - 2 - n, "unknown"] as const),
  ] as const)
    await a.put(`/world/facts/fct_${i}/knowers`, {
      knower,
      status,
      ...(status === "false_belief" ? { believed_value: 1 } : {}),
    });
  for (const [reader, limit, least] of [
    ["staff", 100, MANY],
    [knower, 60, MANY * 0.9],
    ["public", 97, MANY * 0.9],
  ] as const) {
    const whole = await w.neon.query(
      `select v.fact_id as id, v.status from set_config('app.project_id', $1, true), world.seen($2, null, '2026-06-01', '2026-06-01') v
       order by v.recorded_at desc, v.row_id desc`,
      [w.a.project, reader],
    );
    const times = "as_of=2026-06-01T00:00:00Z&known_at=2026-06-01T00:00:00Z";
    const met = await turned(`/world/facts?knower=${reader}&${times}`, limit);
    expect(met.map(({ id, status }) => ({ id, status }))).toEqual(whole.map(({ id, status }) => ({ id, status })));
    expect(met.length).toBeGreaterThan(least);
  }
  const first = await turned(`/world/facts?knower=${knower}&attribute=price.size_29`, 5);
  expect(first.length).toBeGreaterThan(30);
  expect(first.every(({ attribute }) => attribute === "price.size_29")).toBe(true);
});

test("contradictions come page by page, the newest first; a settled one no more, and then as then", async () => {
  const says = (i: number, source_ref: string) => ({
    subject: `ent_${i}`,
    attribute: "colour",
    value: source_ref,
    provenance: { source_type: "external", source_ref },
  });
  for (const i of [1, 2, 3, 4]) for (const source of ["website", "crm"]) await a.fact(says(i, source));
  await a.fact({ ...says(5, "website"), value: "red" });
  await a.fact({ ...says(5, "crm"), value: "red" });
  const doubtful = await turned("/world/conflicts?", 2);
  expect(doubtful.map(({ subject }) => (subject as { id: string }).id)).toEqual(["ent_4", "ent_3", "ent_2", "ent_1"]);
  const before = w.clock.now();
  w.clock.advance(1000);
  const [{ facts }] = doubtful.slice(1) as [{ facts: { id: string }[] }];
  expect(facts).toHaveLength(2);
  await a.fact({ ...says(3, "form"), provenance: { source_type: "user_entered", source_ref: "form" } });
  const ids = async (more: string) =>
    (await turned(`/world/conflicts?${more}`, 100)).map(({ subject }) => (subject as { id: string }).id);
  expect(await ids("")).toEqual(["ent_4", "ent_2", "ent_1"]);
  expect(await ids(`known_at=${new Date(before).toISOString()}`)).toEqual(["ent_4", "ent_3", "ent_2", "ent_1"]);
  expect(await ids("subject=ent_2")).toEqual(["ent_2"]);
});

test("reads no big table from end to end", async () => {
  // Whatever others left in the tables of this process, and the plans made for that: is there an index for everything?
  await w.neon.exec("discard plans");
  const ctx = ctxOf(w, systemOf(w.a), { permission: "world:read" });
  const scans = sql`select relname, seq_scan::int as n from pg_stat_xact_user_tables
    where schemaname = 'world' and relname in ('facts', 'entities', 'knowledge_edges') order by 1`;
  const newest = (knower: string) =>
    sql`select count(*)::int as n from world.newest(${knower}, null, shared.clock(), shared.clock(), null, null, null, 26) t`;
  const answers = await send(ctx, [
    ctx.db.execute(
      sql`select relname, n from (${scans}) s, (select set_config('enable_seqscan', 'off', true)) once order by 1`,
    ),
    ctx.db.execute(newest("staff")),
    ctx.db.execute(newest(`contact:${ann}`)),
    ctx.db.execute(newest("public")),
    ctx.db.execute(
      sql`select count(*)::int as n from world.torn(shared.clock(), shared.clock(), null, null, null, 26) t`,
    ),
    ctx.db.execute(sql`select shared.look_for('{"names":["Harbour flat"]}')`),
    ctx.db.execute(
      sql`select count(*)::int as n from world.facts r where r.project_id = shared.scope() and r.id = any (array(select world.saying_name(1000)))`,
    ),
    ctx.db.execute(scans),
  ]);
  expect(answers.slice(1, 5).map(({ rows }) => rows[0])).toEqual([{ n: 26 }, { n: 26 }, { n: 26 }, { n: 3 }]);
  expect(answers[6].rows).toEqual([{ n: 1 }]);
  expect(answers[7].rows).toEqual(answers[0].rows);
  expect(answers[7].rows).toHaveLength(3);
  await w.neon.exec("discard plans");
});
