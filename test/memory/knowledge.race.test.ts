// Many hands on one entry, on a Postgres with many sessions: one publishes, one proposal, one import.
import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { raw, send } from "#brain/kernel/batch.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { raceDatabase } from "#test/kit/database.ts";
import { type World, world } from "#test/kit/world.ts";
import { type Entry, type Knowing, knowing } from "./knowing.ts";

let w: World;
let k: Knowing;

beforeAll(async () => {
  w = await world({ neon: await raceDatabase() });
  k = await knowing(w);
});

const many = <T>(work: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 12 }, (_, i) => work(i)));
const count = async (from: string) =>
  (await w.neon.query(`select count(*)::int as n from ${from} and project_id = $1`, [w.a.project]))[0]?.["n"];

test("of twelve who publish one does, and of two entries that replace one, one goes live", async () => {
  const first = await k.live({ title: "Frost", body: "Drain the tap." });
  const rivals = await Promise.all(
    ["Drain it early.", "Drain it late."].map((body) => k.write({ title: "Frost", body, replaces: first.id })),
  );
  for (const { body } of rivals) await k.call("lead", `knowledge/${body.id}/submit`, { version: 1 });
  const told = await many((i) => k.call("owner", `knowledge/${rivals[i % 2]?.body.id}/publish`, { version: 1 }));
  expect(told.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(
    new Set(told.filter(({ status }) => status !== 200).map(({ status, body }) => `${status} ${body.code}`)),
  ).toEqual(new Set(["409 knowledge_invalid_state", "409 knowledge_replaced_already"]));
  expect(await count("memory.kb_entries where status = 'live'")).toBe(1);
  expect(await count("memory.chunks where source_table = 'memory.kb_entries'")).toBe(1);
  expect(await count("shared.events where kind = 'memory.entry.published'")).toBe(2);
});

test("a job that is closed twelve times at once proposes one draft", async () => {
  const event = `evt_race_${w.a.accountId}`;
  await w.neon.query(
    `insert into shared.events (project_id, account_scope_id, id, request_id, kind, actor) values ($1, $2, $3, 'req', 'job.closed', 'system')`,
    [w.a.project, w.a.accountScope, event],
  );
  const made = await many(async (i) => {
    const ctx = ctxOf(w, systemOf(w.a));
    const ids = [`kbe_race_${i}`, `evt_race_${i}_${w.a.accountId}`];
    const [told] = await send(ctx, [
      raw<{ id: string | null }>(
        ctx,
        sql`select memory.propose_entry(${ids[0]}, ${ids[1]}, 'job:race', 'Race', 'x', ${event}) as id`,
      ),
    ]);
    return told.rows[0]?.id;
  });
  expect(made.filter((id) => id !== null)).toHaveLength(1);
  expect(await count("memory.kb_entries where origin = 'job'")).toBe(1);
});

test("twelve imports of one entry make one, and say so", async () => {
  const told = await many(() =>
    k.call<Entry & { outcome: string }>("technician", "imports", {
      source_id: "a/b",
      type: "note",
      title: "T",
      body: "Once.",
    }),
  );
  expect(told.map(({ body }) => body.outcome).toSorted()).toEqual(["created", ...Array(11).fill("unchanged")]);
  expect(await count("memory.kb_entries where source_id = 'a/b'")).toBe(1);
});
