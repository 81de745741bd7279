// Questions whose right answer is known: asked by night, judged, kept, and the alarm when one is answered wrong.
import { beforeAll, describe, expect, test } from "vitest";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";
import { type Knowing, knowing } from "./knowing.ts";
import { remember } from "./remember.ts";

type Canary = { id: string; version: number; last_passed: boolean | null; failing_since: string | null };
type Run = { passed: boolean; regressed: boolean; failures: string[]; sentences: string[]; cited: { pk: string }[] };

let w: World;
let k: Knowing;
let warranty: { id: string; version: number };

beforeAll(async () => {
  w = await world();
  k = await knowing(w);
  await remember(w.neon, w.a, [
    {
      text: "The margin on a heat pump is 41 percent, but do not tell him.",
      contact: 1,
      visibility: 2,
      vector: "none",
    },
  ]);
  const words = { title: "Warranty", body: "A heat pump carries five years of warranty.", visibility: "client" };
  warranty = await k.live({ type: "faq", ...words });
});

const canary = async (json: object) => (await k.call<Canary>("owner", "canaries", json)).body;
const night = async () => (await deliver(w, "memory.canaries.run", { project: w.a.project })).json();
const runs = async (id: string) => (await k.call<{ data: Run[]; canary: Canary }>("owner", `canaries/${id}/runs`)).body;
const alarms = async () =>
  (
    await w.neon.query(
      "select kind, ref_id, payload->'failures'->>0 as why from shared.events where project_id = $1 and kind like 'memory.canary.re%' order by ts, id",
      [w.a.project],
    )
  ).map(({ kind, ref_id, why }) => [kind, ref_id, why]);

/** Everything but their own rows, the ledger and the record of the run. */
async function rest(): Promise<unknown> {
  const tables =
    await w.neon.query(`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'project_id' where c.relkind = 'r' and n.nspname in ('memory', 'shared', 'inbox', 'outbound', 'people')
      and c.oid::regclass::text !~ '^memory.canar|^shared.(events|job_runs|idempotency_keys)'`);
  const parts = tables.map(
    ({ name }) => `select '${name}' as t, to_jsonb(x)::text as j from ${name} x where project_id = $1`,
  );
  return w.neon.query(
    `select t, count(*)::int as n, md5(string_agg(j, ' ' order by j)) as sum from (${parts.join(" union all ")}) z group by 1 order by 1`,
    [w.a.project],
  );
}

describe("a canary question", () => {
  test("passes while the right answer is found, and says nothing to anybody else", async () => {
    const source = { table: "memory.kb_entries", pk: warranty.id };
    const public_ = { kind: "public" };
    const good = await canary({
      ...{ question: "How long is the warranty on a heat pump?", audience: public_, source },
      ...{ words: ["five YEARS"], forbidden: ["margin"] },
    });
    const silent = await canary({
      ...{ question: "What is the margin on a heat pump?", audience: public_ },
      ...{ expects: "insufficient_evidence", forbidden: ["41 percent"] },
    });
    const before = await rest();
    expect(await night()).toEqual({ ran: 2, passed: 2, regressed: 0 });
    expect(await rest()).toEqual(before);
    expect(await runs(good.id)).toMatchObject({
      data: [
        {
          passed: true,
          failures: [],
          sentences: [expect.stringContaining("five years")],
          cited: [{ pk: warranty.id }],
        },
      ],
      canary: { last_passed: true, failing_since: null },
    });
    expect((await runs(silent.id)).data).toMatchObject([{ passed: true, sentences: [] }]);
    expect(await alarms()).toEqual([]);
  });

  test("that begins to fail raises the alarm once, and says when it is right again", async () => {
    const { data: all } = (await k.call<{ data: Canary[] }>("owner", "canaries")).body;
    const id = (all.find(({ last_passed }) => last_passed) as Canary).id;
    const [asked] = all.filter((one) => one.id !== id);
    await k.call("owner", `knowledge/${warranty.id}/revise`, {
      ...{
        version: 1,
        title: "Warranty",
        body: "A heat pump carries six years of warranty. The margin is 41 percent.",
      },
    });
    w.clock.advance(86_400_000);
    expect(await night()).toEqual({ ran: 2, passed: 0, regressed: 2 });
    w.clock.advance(86_400_000);
    expect(await night()).toEqual({ ran: 2, passed: 0, regressed: 0 });
    const found = [(await runs(id)).data, (await runs(asked?.id ?? "")).data].flat();
    expect(new Set(found.flatMap(({ failures }) => failures))).toEqual(
      new Set(["words_missing", "words_forbidden", "answered"]),
    );
    expect(found.filter(({ regressed }) => regressed)).toHaveLength(2);
    const status = await k.call<{ canaries_failing: number }>("owner", "status");
    expect(status.body.canaries_failing).toBe(2);
    await k.call("owner", `knowledge/${warranty.id}/revise`, {
      ...{ version: 2, title: "Warranty", body: "A heat pump carries five years of warranty." },
    });
    expect((await k.call("owner", "canary-runs", {})).body).toEqual({ ran: 2, passed: 2, regressed: 0 });
    expect((await alarms()).map(([kind]) => kind)).toEqual([
      ...["memory.canary.regressed", "memory.canary.regressed"],
      ...["memory.canary.recovered", "memory.canary.recovered"],
    ]);
    expect((await k.call<{ canaries_failing: number }>("owner", "status")).body.canaries_failing).toBe(0);
  });

  test("whose entry is gone fails by its source; whose reader is unknown fails alone", async () => {
    const gone = await canary({
      ...{
        question: "How long is the warranty on a heat pump?",
        source: { table: "memory.kb_entries", pk: "kbe_gone" },
      },
    });
    const nobody = await canary({ question: "When do you come?", audience: { kind: "contact", id: "con_nobody" } });
    expect(await night()).toEqual({ ran: 4, passed: 2, regressed: 2 });
    expect((await runs(gone.id)).data).toMatchObject([{ failures: ["source_not_recalled"] }]);
    expect((await runs(nobody.id)).data).toMatchObject([{ failures: ["reader_unknown"] }]);
    const off = { version: 1, question: "When do you come?", enabled: false };
    expect((await k.call<Canary>("owner", `canaries/${nobody.id}`, off, "PUT")).body).toMatchObject({
      enabled: false,
      failing_since: null,
    });
    expect((await k.call("owner", `canaries/${nobody.id}`, off, "PUT")).body.code).toBe("canary_changed");
    expect(await night()).toMatchObject({ ran: 3 });
  });

  test("at most ten a run, the ones that waited longest first", async () => {
    for (let i = 0; i < 10; i++)
      await canary({ question: `When do you come, number ${i}?`, expects: "insufficient_evidence" });
    w.clock.advance(1000);
    expect(await night()).toMatchObject({ ran: 10 });
    w.clock.advance(1000);
    expect(await night()).toMatchObject({ ran: 10 });
    const never = await w.neon.query(
      "select count(*)::int as n from memory.canaries where project_id = $1 and enabled and last_run_at is null",
      [w.a.project],
    );
    expect(never).toEqual([{ n: 0 }]);
  });
});
