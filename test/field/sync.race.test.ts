// A phone that syncs while others write, on a Postgres with many sessions: what was in flight is never missed. Phones that send the same
// queue at once, and the office that moves the job meanwhile.
import { beforeAll, expect, test } from "vitest";
import { raceDatabase } from "#test/kit/database.ts";
import { type World, world } from "#test/kit/world.ts";
import { caller, client, technician } from "./floor.ts";
import { rows } from "./reading.ts";

let w: World;
let call: ReturnType<typeof caller>;
let mette: string;
let thomas: Awaited<ReturnType<typeof technician>>;

beforeAll(async () => {
  w = await world({ neon: await raceDatabase() });
  call = caller(w, w.a.apiKey);
  mette = await client(w, w.a);
  thomas = await technician(w, w.a);
});

const taken = async () =>
  String((await call("/v1/field/jobs", { client: mette, title: "Wheel", tech: thomas.id })).body["id"]);

type Delta = { next: string; whole: boolean; jobs: { id: string }[]; gone: string[] };

test("what is written while a phone syncs reaches it", async () => {
  const jobs = await Promise.all(Array.from({ length: 6 }, taken));
  const held = new Map<string, string>();
  let since = "";
  const sync = async () => {
    const { body } = await thomas.call(`/v1/field/sync${since ? `?since=${since}` : ""}`);
    const told = body as unknown as Delta;
    for (const job of told.jobs) held.set(job.id, JSON.stringify(job));
    for (const id of told.gone) held.delete(id);
    since = told.next;
  };
  await sync();
  let writing = true;
  const writers = jobs.map(async (job, i) => {
    for (let n = 0; n < 6; n++) {
      await call(`/v1/field/jobs/${job}/notes`, { text: `Note ${n} of ${i}` });
      if (n === 3 && i === 0) await call(`/v1/field/jobs/${job}/assign`, { tech: null });
    }
  });
  const done = Promise.all(writers).finally(() => {
    writing = false;
  });
  while (writing) await sync();
  await done;
  await sync();
  const { body } = await thomas.call("/v1/field/sync");
  const whole = (body as unknown as Delta).jobs.map((job) => JSON.stringify(job)).sort();
  expect(whole).toHaveLength(5);
  expect([...held.values()].sort()).toEqual(whole);
});

test("the same queue ten times at once is the queue once, and tells the client once", async () => {
  const job = await taken();
  const at = w.clock.now().toISOString();
  const acts = ["on_my_way", "arrived", "start", "pause", "finish"].map((kind, i) => ({
    id: `race-act-${i}`,
    job_id: job,
    kind,
    at,
  }));
  await call(`/v1/field/jobs/${job}/move`, { to: "scheduled", scheduled_for: at });
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => thomas.call("/v1/field/acts", { acts: i % 2 ? acts.toReversed() : acts })),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect((await call(`/v1/field/jobs/${job}`)).body).toMatchObject({ status: "ready" });
  expect(await rows(w, w.a, "field.acts", `job_id = '${job}'`)).toHaveLength(5);
  expect(await rows(w, w.a, "field.timers", `job_id = '${job}' and stopped_at is null`)).toEqual([]);
  expect(await rows(w, w.a, "shared.events", `kind = 'job.on_my_way' and ref_id = '${job}'`)).toHaveLength(1);
});
