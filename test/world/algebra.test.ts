// Two times, and who knows what, against models that fit on a page.
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { type Speak, servingRole } from "#test/tenancy/role.ts";

let w: World;
let speak: Speak;
let subjects = 0;
const contacts = ["con_alga", "con_algb"];

beforeAll(async () => {
  w = await world();
  speak = servingRole(w);
  for (const id of contacts)
    await w.neon.query("insert into people.contacts (project_id, account_scope_id, id) values ($1, $2, $3)", [
      w.a.project,
      w.a.accountScope,
      id,
    ]);
});

const enter =
  "select set_config('app.actor', 'system', true), set_config('app.request_id', 'r', true), set_config('app.permissions', '[]', true)";
const text = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'::jsonb`;
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const day = (n: number | null) => (n === null ? null : new Date(Date.UTC(2026, 2, 1 + n)).toISOString());
const clock = (minute: number) => `select set_config('app.now', '${at(minute)}', true)`;

/** An entity of its own for every run, so that no run sees another's facts. */
function subject(): { id: string; made: string } {
  subjects += 1;
  const id = `ent_alg${subjects}`;
  return { id, made: `select world.put_entity(${text({ id, type: "Custom", name: id })})` };
}

async function run<T>(statements: string[]): Promise<T[]> {
  const told = await speak({ ...w.a, user: w.a.user }, enter, ...statements);
  if ("code" in told) throw new Error(`${told.code} ${told.message}`);
  return told.rows as T[];
}

const days = 4;
type Step = {
  origin: number;
  value: number;
  from: number | null;
  to: number | null;
  close: number | null;
  wait: number;
};
const step: fc.Arbitrary<Step> = fc.record({
  origin: fc.nat(1),
  value: fc.nat(2),
  from: fc.option(fc.nat(days - 1)),
  to: fc.option(fc.integer({ min: 1, max: days })),
  /** Instead of saying something, end what was said by an earlier step. */
  close: fc.option(fc.nat(5), { freq: 2 }),
  wait: fc.nat(2),
});

/** What each origin says of each day; a day is (value, the step that said it). */
type Cells = Map<number, { value: number; by: number }>[];

function model(steps: Step[]) {
  const now: Cells = [new Map(), new Map()];
  const snapshots: { minute: number; cells: Cells }[] = [];
  const statements: { minute: number; make: (id: string) => string }[] = [];
  const roots: number[] = [];
  let minute = 0;
  for (const [n, { origin, value, from, to, close, wait }] of steps.entries()) {
    if (from !== null && to !== null && from >= to) continue;
    minute += wait;
    const cells = now[origin] as Cells[number];
    const inside = (d: number) => (from === null || d >= from) && (to === null || d < to);
    const root = close === null ? undefined : roots[close];
    if (root !== undefined && from !== null) {
      const all = now.flatMap((each) =>
        [...each].filter(([d, { by }]) => by === root && d >= from).map(([d]) => [each, d] as const),
      );
      if (all.length === 0) continue;
      for (const [each, d] of all) each.delete(d);
      statements.push({ minute, make: (id) => `select world.close_fact('fct_${id}_${root}', '${day(from)}')` });
    } else {
      const span = Array.from({ length: days + 2 }, (_, i) => i - 1).filter(inside);
      const same = new Set(span.map((d) => cells.get(d)).map((cell) => (cell?.value === value ? cell.by : -1)));
      // Word for word what is there already makes no row; only where it fits exactly, so leave those out of the model.
      if (!(same.size === 1 && !same.has(-1))) {
        for (const d of span) cells.set(d, { value, by: n });
        roots.push(n);
        const said = {
          value,
          value_type: "number",
          key: "n",
          valid_from: day(from),
          valid_to: day(to),
          source_type: "external",
          source_ref: `o${origin}`,
        };
        statements.push({
          minute,
          make: (id) => `select world.put_fact(${text({ ...said, id: `fct_${id}_${n}`, subject: id })})`,
        });
      }
    }
    snapshots.push({ minute, cells: now.map((each) => new Map(each)) });
  }
  return { snapshots, statements, last: minute };
}

test("whatever is said in whatever order, as_of and known_at read what had been said by then of that day", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 7 }), async (steps) => {
      const { snapshots, statements, last } = model(steps);
      const { id, made } = subject();
      const rows = await run<{ d: number; k: number; said: [string, number][] | null }>([
        made,
        ...statements.flatMap(({ minute, make }) => [clock(minute), make(id)]),
        `select d, k, (select jsonb_agg(jsonb_build_array(right(v.source_ref, 1), v.value) order by v.source_ref)
            from world.visible_facts('staff', null, '2026-03-01T12:00:00Z'::timestamptz + make_interval(days => d), '${at(0)}'::timestamptz + make_interval(mins => k)) v
            where v.subject_entity_id = '${id}') as said
          from generate_series(-1, ${days}) d, generate_series(-1, ${last + 1}) k order by 1, 2`,
      ]);
      for (const { d, k, said } of rows) {
        const known = snapshots.findLast((snapshot) => snapshot.minute <= k);
        const expected = (known?.cells ?? []).flatMap((cells, origin) =>
          cells.has(d) ? [[String(origin), cells.get(d)?.value]] : [],
        );
        expect({ d, k, said: said ?? [] }).toEqual({ d, k, said: expected });
      }
    }),
    { numRuns: 30 },
  );
});

const statuses = ["confirmed", "assumed", "unknown", "false_belief"] as const;
const graph = fc.record({
  facts: fc.array(fc.record({ visibility: fc.nat(2), owner: fc.nat(1) }), { minLength: 1, maxLength: 6 }),
  edges: fc.array(fc.record({ fact: fc.nat(5), status: fc.constantFrom(...statuses), wait: fc.nat(1) }), {
    maxLength: 8,
  }),
  learnt: fc.nat(5),
});

test("a reader sees what is public, his own, and what an edge says; without an edge he does not know; to learn takes nothing away", async () => {
  await fc.assert(
    fc.asyncProperty(graph, async ({ facts, edges, learnt }) => {
      const { id, made } = subject();
      const fact = (n: number) => `fct_${id}_${n % facts.length}`;
      const reader = `contact:${contacts[0]}`;
      const edge = (n: number, about: number, status: string) =>
        `select world.put_edge(${text({ id: `edg_${id}_${n}`, knower: reader, fact: fact(about), status, source: "user_told", ...(status === "false_belief" ? { believed_value: -1 } : {}) })})`;
      // Others know all of it, or nothing: that is not his.
      const noise = ["public", `contact:${contacts[1]}`, "staff", `entity:${id}`].map(
        (other, n) =>
          `select world.put_edge(${text({ id: `edg_${id}_other${n}`, knower: other, fact: fact(n), status: n % 2 ? "unknown" : "confirmed", source: "user_told" })})`,
      );
      const look = (minute: number) =>
        `select coalesce((select jsonb_object_agg(v.fact_id, jsonb_build_array(v.status, v.value)) from world.visible_facts('${reader}', null, '${at(500)}', '${at(minute)}') v
          where v.subject_entity_id = '${id}'), '{}') as seen`;
      const last = edges.length + 1;
      const [row] = await run<{ before: object; after: object }>([
        made,
        clock(0),
        ...facts.map(
          ({ visibility, owner }, n) =>
            `select world.put_fact(${text({ id: fact(n), subject: id, key: `k${n}`, value: n, value_type: "number", visibility, contact: contacts[owner], source_type: "external", source_ref: "o" })})`,
        ),
        ...noise,
        ...edges.flatMap(({ fact: about, status }, n) => [clock(n + 1), edge(n, about, status)]),
        clock(last + 1),
        edge(99, learnt, "confirmed"),
        `select (${look(last)}) as before, (${look(last + 1)}) as after`,
      ]);
      const expected: Record<string, unknown> = {};
      for (const [n, { visibility, owner }] of facts.entries()) {
        const status = edges.findLast((each) => fact(each.fact) === fact(n))?.status;
        const byRight = visibility === 0 || (visibility === 1 && owner === 0);
        if (status === "false_belief") expected[fact(n)] = [status, -1];
        else if (status === "assumed" && !byRight) expected[fact(n)] = [status, n];
        else if (status !== "unknown" && (byRight || status)) expected[fact(n)] = ["confirmed", n];
      }
      expect(row?.before).toEqual(expected);
      const learned = { ...expected, [fact(learnt)]: ["confirmed", learnt % facts.length] };
      expect(row?.after).toEqual(learned);
    }),
    { numRuns: 30 },
  );
});

test("seeding priors again changes nothing, and never what somebody set", async () => {
  const types = ["WORKS_AT", "RENTED_FROM", "NEGOTIATING_WITH", "OWNS"] as const;
  const keys = ["rent.monthly", "offer.price", "salary.base", "address.street", "mood"] as const;
  const sample = fc.record({
    type: fc.constantFrom(...types),
    keys: fc.uniqueArray(fc.constantFrom(...keys), { minLength: 1 }),
    set: fc.option(fc.constantFrom(...statuses.slice(0, 3))),
  });
  await fc.assert(
    fc.asyncProperty(sample, async ({ type, keys: named, set }) => {
      const [one, two] = [subject(), subject()];
      const said = (entity: string, key: string) =>
        `select world.put_fact(${text({ id: `fct_${entity}_${key}`, subject: entity, key, value: 1, value_type: "number", source_type: "external", source_ref: "o" })})`;
      const edges = `(select jsonb_agg(to_jsonb(e) order by e.id) from world.knowledge_edges e where e.knower in ('entity:${one.id}', 'entity:${two.id}'))`;
      const own = `fct_${one.id}_${named[0]}`;
      const [row] = await run<{ before: unknown; again: number; after: unknown; counted: number }>([
        one.made,
        two.made,
        ...named.flatMap((key) => [said(one.id, key), said(two.id, key)]),
        ...(set
          ? [
              `select world.put_edge(${text({ id: `edg_${one.id}`, knower: `entity:${two.id}`, fact: own, status: set, source: "user_told", set_by_user: true })})`,
            ]
          : []),
        `select world.put_relationship(${text({ id: `rel_${one.id}`, src: one.id, type, dst: two.id, source_type: "external", source_ref: "o" })})`,
        `create temp table held on commit drop as select ${edges} as before`,
        `select h.before, world.seed_priors('rel_${one.id}') as again, (select ${edges}) as after,
          (select count(*)::int from shared.events v where v.kind = 'knowledge_edge.seeded_from_prior' and v.payload->>'relationship' = 'rel_${one.id}') as counted from held h`,
      ]);
      const edgesBefore = (row?.before ?? []) as {
        status: string;
        set_by_user: boolean;
        fact_id: string;
        knower: string;
      }[];
      expect([row?.again, row?.after]).toEqual([0, row?.before]);
      const seeded = edgesBefore.filter((each) => !each.set_by_user);
      expect(row?.counted).toBe(seeded.length);
      expect(seeded.every((each) => each.status === "assumed")).toBe(true);
      if (type === "OWNS") expect(seeded).toEqual([]);
      if (type === "RENTED_FROM" && named.includes("rent.monthly"))
        expect(edgesBefore.length).toBeGreaterThanOrEqual(2);
      const kept = edgesBefore.filter((each) => each.fact_id === own && each.knower === `entity:${two.id}`);
      if (set) expect(kept).toMatchObject([{ status: set, set_by_user: true }]);
    }),
    { numRuns: 15 },
  );
});
