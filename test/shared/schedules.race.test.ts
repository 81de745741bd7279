// Many ticks, workers and sweeps at once, on a Postgres with many sessions: each fire time is one run, and each run is carried out once.
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RaceDatabase, raceDatabase } from "#test/kit/database.ts";
import { type World, world } from "#test/kit/world.ts";
import { clockwork, noteDue, type Row } from "./clockwork.ts";

let neon: RaceDatabase;
const sessions: pg.Client[] = [];

beforeAll(async () => {
  neon = await raceDatabase();
});
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.end()));
});

async function session(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: neon.direct.ownerUrl });
  await client.connect();
  sessions.push(client);
  return client;
}

const eight = <T>(act: () => Promise<T>) => Promise.all(Array.from({ length: 8 }, act));

async function planned(schedules: number, row: Row = {}) {
  const w = await world({ neon });
  const c = clockwork(w);
  for (let n = 0; n < schedules; n++) await c.schedule(w.a, { cron: "*/5 * * * *", ...row });
  return { w, c };
}

const statuses = async (w: World) =>
  w.neon.query(
    "select status, count(*)::int as n from shared.worker_runs where project_id = $1 group by 1 order by 1",
    [w.a.project],
  );

test("eight ticks at once plan each fire time once and hand it over once", async () => {
  const { w, c } = await planned(12);
  await eight(() => c.tick());
  const mine = w.queue.published.filter((m) => m.kind === "shared.schedules.run" && m.project === w.a.project);
  // 08:05, :10, :15 and :20 for each.
  expect(await statuses(w)).toEqual([{ status: "pending", n: 48 }]);
  expect(new Set(mine.map(({ body }) => body["run"])).size).toBe(48);
  expect(mine).toHaveLength(48);
  const [moved] = await w.neon.query(
    "select count(distinct next_run_at)::int as n, min(next_run_at) = '2026-11-15T08:25:00Z' as right from shared.scheduled_jobs where project_id = $1",
    [w.a.project],
  );
  expect(moved).toMatchObject({ n: 1, right: true });
});

test("a message delivered eight times at once is one run", async () => {
  const { w, c } = await planned(6);
  await c.tick();
  noteDue(w);
  w.clock.advance(5 * 60_000);
  const runs = await w.neon.query("select id from shared.worker_runs where project_id = $1 and due_at <= $2", [
    w.a.project,
    w.clock.now().toISOString(),
  ]);
  const outcomes = await Promise.all(
    runs.flatMap(({ id }) => Array.from({ length: 8 }, () => c.run(w.a.project, String(id)))),
  );
  const told = outcomes.map((each) => (each as Row)["outcome"]);
  expect(runs).toHaveLength(6);
  expect(told.filter((outcome) => outcome === "ok")).toHaveLength(6);
  expect(told.filter((outcome) => outcome === "nothing")).toHaveLength(42);
  expect(c.jobs.ran).toHaveLength(6);
});

test("a lease that ran out is freed once by eight sweeps, and its run is carried out once more", async () => {
  const { w, c } = await planned(3);
  await c.tick();
  noteDue(w);
  w.clock.advance(5 * 60_000);
  await w.neon.query(
    `update shared.worker_runs set status = 'running', token = 'gone', attempts = 1, started_at = due_at, lease_until = due_at + interval '1 second'
     where project_id = $1 and due_at <= $2`,
    [w.a.project, w.clock.now().toISOString()],
  );
  w.queue.published.splice(0);
  w.clock.advance(60_000);
  await eight(() => c.sweep(w.a.project));
  const rows = await w.neon.query(
    "select status, recoveries from shared.worker_runs where project_id = $1 and attempts = 1",
    [w.a.project],
  );
  expect(rows).toEqual(Array(3).fill({ status: "pending", recoveries: 1 }));
  const messages = w.queue.published.filter(({ kind }) => kind === "shared.schedules.run").map(({ id }) => id);
  expect(new Set(messages).size).toBe(3);
  c.jobs.acts.set("test.job", () => 1);
  noteDue(w);
  w.clock.advance(60_000);
  await eight(() => c.run(w.a.project));
  expect(c.jobs.ran).toHaveLength(3);
});

test("what follows a run is staged once and carried out once, by eight workers", async () => {
  const { w, c } = await planned(1, { kind: "test.sync" });
  await c.schedule(w.a, { cron: null, kind: "test.embed", after_kinds: "{test.sync}" });
  c.jobs.acts.set("test.sync", () => 1);
  await c.tick();
  w.clock.advance(5 * 60_000);
  for (let times = 0; times < 3; times++) await eight(() => c.run(w.a.project));
  expect(c.jobs.ran.map(({ job }) => job).sort()).toEqual(["test.embed", "test.sync"]);
});

test("a tick does not wait for a schedule that somebody is changing, and plans the others", async () => {
  const { w, c } = await planned(2);
  const [held] = await w.neon.query("select id from shared.scheduled_jobs where project_id = $1 limit 1", [
    w.a.project,
  ]);
  const person = await session();
  await person.query("begin");
  await person.query("update shared.scheduled_jobs set version = version + 1 where project_id = $1 and id = $2", [
    w.a.project,
    held?.["id"],
  ]);
  try {
    await c.tick();
    expect(await statuses(w)).toEqual([{ status: "pending", n: 4 }]);
  } finally {
    await person.query("commit");
  }
  await c.tick();
  expect(await statuses(w)).toEqual([{ status: "pending", n: 8 }]);
});

test("a worker does not wait for a run that another holds: it takes the next", async () => {
  const { w, c } = await planned(2);
  await c.tick();
  w.clock.advance(5 * 60_000);
  const other = await session();
  await other.query("begin");
  const locked = await other.query(
    "select id from shared.worker_runs where project_id = $1 and status = 'pending' order by due_at, id limit 1 for update",
    [w.a.project],
  );
  try {
    const taken = (await c.run(w.a.project)) as Row;
    expect([taken["outcome"], taken["run"] === (locked.rows[0] as Row)["id"]]).toEqual(["ok", false]);
  } finally {
    await other.query("rollback");
  }
});
