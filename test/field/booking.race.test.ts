// Twenty people want one slot at the same moment, on a Postgres with many sessions.
import { beforeAll, expect, test } from "vitest";
import { type RaceDatabase, raceDatabase } from "#test/kit/database.ts";
import { type World, world } from "#test/kit/world.ts";
import { call, jobFor, technician } from "./planning.ts";

let neon: RaceDatabase;
let w: World;
beforeAll(async () => {
  neon = await raceDatabase();
  w = await world({ neon });
});

const twenty = [...Array(20).keys()];
const at = "2026-11-16T10:00:00+01:00";

const outcomes = async (send: (i: number) => Promise<{ status: number; body: Record<string, unknown> }>) => {
  const answers = await Promise.all(twenty.map(send));
  return answers.map(({ status, body }) => (status === 201 ? "booked" : `${status} ${body["code"]}`)).sort();
};

test("of twenty bookings of one slot one is made, and nineteen are told that it is taken", async () => {
  const tech = await technician(w, w.a);
  const jobs: string[] = [];
  for (const _ of twenty) jobs.push(await jobFor(w, w.a));
  const booked = await outcomes((i) =>
    call(w, w.a, "/v1/field/schedule", { json: { job: jobs[i], tech, start: at, minutes: 60 } }),
  );
  expect(booked).toEqual([...Array(19).fill("409 slot_taken"), "booked"]);
  expect(await neon.query("select count(*)::int as n from field.schedule where tech_id = $1", [tech])).toEqual([
    { n: 1 },
  ]);
  expect(
    await neon.query("select count(*)::int as n from field.jobs where assigned_tech_id = $1 and status = 'scheduled'", [
      tech,
    ]),
  ).toEqual([{ n: 1 }]);
});

test("a block with room for five takes five of twenty", async () => {
  const tech = await technician(w, w.a);
  const blocks = [{ weekday: 1, from: "09:00", until: "15:00", capacity: 5 }];
  await call(w, w.a, `/v1/field/calendar/weeks/${tech}`, { json: { version: 0, blocks }, method: "PUT" });
  const jobs: string[] = [];
  for (const _ of twenty) jobs.push(await jobFor(w, w.a));
  const booked = await outcomes((i) =>
    call(w, w.a, "/v1/field/schedule", { json: { job: jobs[i], tech, start: at, minutes: 60 } }),
  );
  expect(booked).toEqual([...Array(15).fill("409 slot_taken"), ...Array(5).fill("booked")]);
  const lanes = await neon.query("select lane from field.schedule where tech_id = $1 order by 1", [tech]);
  expect(lanes.map(({ lane }) => Number(lane))).toEqual([0, 1, 2, 3, 4]);
});

test("whoever writes past the rules is stopped by the constraint itself", async () => {
  const tech = await technician(w, w.a);
  const jobs: string[] = [];
  for (const _ of twenty) jobs.push(await jobFor(w, w.a));
  const put = (i: number) =>
    neon.query(
      `insert into field.schedule (project_id, account_scope_id, id, job_id, tech_id, start_ts, end_ts, blocked_from, blocked_until)
       values ($1, $2, $3, $4, $5, '2026-11-16T10:00Z', '2026-11-16T11:00Z', '2026-11-16T10:00Z', '2026-11-16T11:00Z')`,
      [w.a.project, w.a.accountScope, `apt_race_${i}`, jobs[i], tech],
    );
  const answers = await Promise.allSettled(twenty.slice(0, 6).map(put));
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("one appointment moved twice at once is moved once", async () => {
  const tech = await technician(w, w.a);
  const job = await jobFor(w, w.a);
  const { body } = await call(w, w.a, "/v1/field/schedule", { json: { job, tech, start: at, minutes: 60 } });
  const moved = await outcomes((i) =>
    call(w, w.a, `/v1/field/schedule/${body["id"]}/reschedule`, {
      json: { version: 1, start: `2026-11-16T1${1 + (i % 3)}:00:00+01:00` },
    }),
  );
  expect(moved).toEqual([...Array(19).fill("412 appointment_changed"), "booked"]);
});
