// Retention by the clock: declared for every project, run at night in its time zone, its counts kept with the run.
import { beforeAll, expect, test } from "vitest";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";
import { old } from "./old.ts";

let w: World;
beforeAll(async () => {
  w = await world();
});

const read = async (path: string) =>
  (await (await w.fetch(`/v1/shared/${path}`, { key: w.a.apiKey })).json()) as { data: Record<string, unknown>[] };

test("the night's run comes once and takes what is old", async () => {
  const tick = () => deliver(w, "shared.tick", {});
  // Other tests have left their projects in this database: a tick sees to so many at most, and theirs shall stay quiet.
  const nightly = async () => (await read("schedules")).data.find((each) => each["job"] === "shared.retention.run");
  for (let i = 0; i < 30 && !(await nightly()); i++) await tick();
  await w.neon.query("update shared.scheduled_jobs set enabled = false where project_id <> $1", [w.a.project]);
  const own = () => {
    const { published } = w.queue;
    published.splice(0, published.length, ...published.filter(({ project }) => project === w.a.project));
  };
  own();
  expect(await nightly()).toMatchObject({
    cron: "20 4 * * *",
    timezone: "Europe/Copenhagen",
    enabled: true,
  });
  for (let n = 0; n < 3; n++) await old(w, w.a, { kind: "shared.prompt_runs", days: 100 });
  // A quarter of an hour at a time through the night, 04:20 in Copenhagen being 03:20 in UTC.
  w.clock.set("2026-11-16T02:45:00.000Z");
  for (let quarter = 0; quarter < 5; quarter++) {
    await tick();
    w.clock.advance(15 * 60_000);
    for (let round = 0; round < 2; round++) {
      own();
      await deliverPublished(w);
    }
  }
  const runs = (await read("job-runs?job=shared.retention.run")).data;
  expect(runs).toMatchObject([{ status: "ok", processed: 3, counts: { "shared.prompt_runs": 3 } }]);
  expect((await read("events?kind=retention.applied")).data).toMatchObject([
    { payload: { removed: { "shared.prompt_runs": 3 } } },
  ]);
});
