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
  await tick();
  const { data } = await read("schedules");
  expect(data.find((each) => each["job"] === "shared.retention.run")).toMatchObject({
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
    for (let round = 0; round < 2; round++) await deliverPublished(w);
  }
  const runs = (await read("job-runs?job=shared.retention.run")).data;
  expect(runs).toMatchObject([{ status: "ok", processed: 3, counts: { "shared.prompt_runs": 3 } }]);
  expect((await read("events?kind=retention.applied")).data).toMatchObject([
    { payload: { removed: { "shared.prompt_runs": 3 } } },
  ]);
});
