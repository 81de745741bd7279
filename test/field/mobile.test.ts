// A technician's phone: his day, what he did told in any order and any number of times, and syncs that miss nothing.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { caller, client, technician } from "./floor.ts";
import { rows } from "./reading.ts";

let w: World;
let call: ReturnType<typeof caller>;
let mette: string;
let thomas: Awaited<ReturnType<typeof technician>>;
const day = "2026-11-16";
let made = 0;

beforeAll(async () => {
  w = await world({ now: `${day}T05:00:00.000Z` });
  call = caller(w, w.a.apiKey);
  mette = await client(w, w.a, "Mette Holm", "+4520304050");
  thomas = await technician(w, w.a);
});

const clockAt = (time: string) => w.clock.set(`${day}T${time}:00.000Z`);

/** A job of his for this morning. */
async function scheduled(tech = thomas.id, more: Record<string, unknown> = {}): Promise<string> {
  const made = await call("/v1/field/jobs", { client: mette, title: "Wheel", tech, ...more });
  const id = String(made.body["id"]);
  await call(`/v1/field/jobs/${id}/move`, { to: "scheduled", scheduled_for: `${day}T09:00:00Z` });
  return id;
}

type Act = { id: string; job_id: string; kind: string; at: string };
const act = (job_id: string, kind: string, time: string): Act => ({
  id: `act-${process.pid}-${++made}`,
  job_id,
  kind,
  at: `${day}T${time}:00Z`,
});
const send = async (acts: Act[], by = thomas) =>
  (await by.call("/v1/field/acts", { acts })).body["acts"] as { id: string; state: string; reason: string | null }[];

/** Everything that an order of arrival could have changed, without the names that phones and we gave. */
async function outcome(job: string) {
  const [row] = await rows(w, w.a, "field.jobs", `id = '${job}'`);
  const timers = await rows(w, w.a, "field.timers", `job_id = '${job}'`);
  const acts = await rows(w, w.a, "field.acts", `job_id = '${job}'`);
  const ways = await rows(w, w.a, "shared.events", `kind = 'job.on_my_way' and ref_id = '${job}'`);
  const time = (value: unknown) => (value === null ? null : new Date(String(value)).toISOString());
  const sorted = (lines: unknown[]) => lines.map((line) => JSON.stringify(line)).sort();
  return {
    status: row?.["status"],
    timers: sorted(timers.map((one) => [one["kind"], time(one["started_at"]), time(one["stopped_at"])])),
    acts: sorted(acts.map((one) => [one["kind"], time(one["at"]), one["state"], one["reason"]])),
    ways: ways.length,
  };
}

describe("a day's acts", () => {
  test("move the job, run timers, and end them all, an open break too", async () => {
    clockAt("12:00");
    const job = await scheduled(thomas.id, { minutes: 120 });
    clockAt("18:00");
    const way = [
      act(job, "on_my_way", "12:30"),
      act(job, "arrived", "12:45"),
      act(job, "start", "13:00"),
      act(job, "pause", "13:30"),
      act(job, "resume", "13:45"),
      act(job, "pause", "15:15"),
      act(job, "finish", "15:15"),
    ];
    expect((await send(way)).map((one) => one.state)).toEqual(way.map(() => "applied"));
    const { body } = await call(`/v1/field/jobs/${job}`);
    expect(body).toMatchObject({
      status: "ready",
      time: { travel_seconds: 900, break_seconds: 900, worked_seconds: 7200, variance_seconds: 0, efficiency: 1 },
    });
    expect((body["timers"] as { stopped_at: string | null }[]).every((one) => one.stopped_at !== null)).toBe(true);
    const moves = await rows(
      w,
      w.a,
      "shared.events",
      `ref_id = '${job}' and kind = 'job.status.changed' and payload ? 'act'`,
    );
    expect(moves.map((row) => new Date(String(row["ts"])).toISOString()).sort()).toEqual(
      ["12:45", "13:00", "15:15"].map((time) => `${day}T${time}:00.000Z`),
    );
    const kept = await rows(w, w.a, "field.acts", `job_id = '${job}'`);
    expect(new Set(kept.map((row) => new Date(String(row["received_at"])).toISOString()))).toEqual(
      new Set([`${day}T18:00:00.000Z`]),
    );
  });

  test("in any order, in any batches, repeated at will, end alike", async () => {
    const kinds = ["on_my_way", "arrived", "start", "pause", "resume", "finish"];
    const minute = fc.integer({ min: 0, max: 59 });
    const told = fc.array(fc.tuple(fc.constantFrom(...kinds), minute), { minLength: 1, maxLength: 9 });
    const orders = fc.array(fc.nat(), { minLength: 24, maxLength: 24 });
    await fc.assert(
      fc.asyncProperty(told, orders, async (steps, order) => {
        clockAt("06:00");
        const [straight, shuffled] = [await scheduled(), await scheduled()];
        clockAt("10:00");
        const acts = (job: string) =>
          steps.map(([kind, at], i) => ({
            ...act(job, kind, `09:${String(at).padStart(2, "0")}`),
            id: `same-${job}-${i}`,
          }));
        await send([...acts(straight)].sort((a, b) => a.at.localeCompare(b.at)));
        const queue = acts(shuffled);
        const mixed = order.map((n) => queue[n % queue.length]).filter((one) => one !== undefined);
        for (let i = 0; i < mixed.length; i += 5) await send(mixed.slice(i, i + 5));
        await send(queue);
        expect(await outcome(shuffled)).toEqual(await outcome(straight));
        const again = await outcome(shuffled);
        await send(queue);
        expect(await outcome(shuffled)).toEqual(again);
        expect(again.ways).toBeLessThanOrEqual(1);
      }),
      { numRuns: 12 },
    );
  });

  test("that change nothing are kept with the reason; a second start makes no second timer", async () => {
    clockAt("06:00");
    const job = await scheduled();
    clockAt("12:00");
    const told = await send([
      act(job, "pause", "08:00"),
      act(job, "finish", "08:01"),
      act(job, "start", "08:10"),
      act(job, "start", "08:20"),
      act(job, "on_my_way", "08:30"),
      act(job, "arrived", "08:31"),
      act(job, "resume", "08:40"),
      act(job, "finish", "08:10"),
    ]);
    expect(told.map((one) => one.reason)).toEqual([
      "not_started",
      "not_started",
      null,
      null,
      "already_started",
      "already_there",
      "not_paused",
      null,
    ]);
    const short = await scheduled(thomas.id, { minutes: 60 });
    await send([act(short, "start", "12:00"), act(short, "finish", "12:00")]);
    expect((await call(`/v1/field/jobs/${short}`)).body).toMatchObject({
      status: "ready",
      time: { worked_seconds: 0, variance_seconds: -3600, efficiency: null },
    });
    const twice = await scheduled();
    await send([act(twice, "start", "08:00"), act(twice, "start", "08:00"), act(twice, "start", "09:00")]);
    expect(await rows(w, w.a, "field.timers", `job_id = '${twice}'`)).toHaveLength(1);
    await call(`/v1/field/jobs/${twice}/cancel`, { reason: "Sold" });
    expect(await rows(w, w.a, "field.timers", `job_id = '${twice}' and stopped_at is null`)).toEqual([]);
  });

  test("belong to whoever's job it is: a stranger's is unknown, one taken from him is noted, an id is used once", async () => {
    clockAt("06:00");
    const [job, other] = [await scheduled(), await scheduled((await technician(w, w.a, "Anna Lund")).id)];
    const anna = await technician(w, w.a, "Ida Vest");
    const first = act(job, "on_my_way", "06:00");
    expect(await send([act(other, "start", "06:00"), act("job_nowhere", "start", "06:00")])).toMatchObject([
      { state: "refused", reason: "job_unknown" },
      { state: "refused", reason: "job_unknown" },
    ]);
    expect(await send([first])).toMatchObject([{ state: "applied" }]);
    expect(await send([{ ...first, kind: "finish" }, first])).toMatchObject([
      { state: "refused", reason: "id_taken" },
      { state: "applied" },
    ]);
    expect(await send([{ ...first, id: "act-of-tomorrow", at: "2026-12-01T08:00:00Z" }])).toMatchObject([
      { reason: "time_implausible" },
    ]);
    await call(`/v1/field/jobs/${job}/assign`, { tech: anna.id });
    expect(await send([act(job, "start", "06:00")])).toMatchObject([{ state: "noted", reason: "not_assigned" }]);
    expect((await call(`/v1/field/jobs/${job}`)).body).toMatchObject({ status: "scheduled" });
    expect(await call("/v1/field/acts", { acts: [first] })).toMatchObject({
      status: 409,
      body: { code: "tech_required" },
    });
  });
});

describe("a phone", () => {
  test("is told the day by the clocks of its technician, his jobs only, and little", async () => {
    clockAt("05:00");
    const ole = await technician(w, w.a, "Ole Vest");
    const job = await scheduled(ole.id, { location: "Mill Lane 3" });
    const late = await scheduled(ole.id);
    // 23:30 UTC is tomorrow in Copenhagen.
    await call(`/v1/field/jobs/${late}/update`, { version: 2, scheduled_for: `${day}T23:30:00Z` });
    await scheduled(thomas.id);
    await send([act(job, "on_my_way", "05:00")], ole);
    const answer = await ole.call("/v1/field/today");
    expect(answer.body).toEqual({
      tech: ole.id,
      date: day,
      timezone: "Europe/Copenhagen",
      jobs: [
        expect.objectContaining({
          id: job,
          start: `${day}T09:00:00Z`,
          client: "Mette Holm",
          phone: "+4520304050",
          location: "Mill Lane 3",
          running: ["travel"],
        }),
      ],
    });
    expect(JSON.stringify(answer.body).length).toBeLessThan(500);
    expect((await call("/v1/field/today")).body).toMatchObject({ tech: null, jobs: [] });
  });

  test("that syncs now and then holds what one that reads everything holds", async () => {
    const [me, other] = [await technician(w, w.a, "Sofie Lund"), await technician(w, w.a, "Lars Lund")];
    type Delta = { next: string; whole: boolean; jobs: { id: string }[]; gone: string[] };
    const read = async (since?: string) =>
      (await me.call(`/v1/field/sync${since === undefined ? "" : `?since=${encodeURIComponent(since)}`}`))
        .body as unknown as Delta;
    const jobs: string[] = [];
    let n = 0;
    const one = (pick: number) => jobs[pick % jobs.length] ?? "";
    const changes: Record<string, (pick: number) => Promise<unknown>> = {
      make: async () => jobs.push(await scheduled(me.id)),
      note: (pick) => call(`/v1/field/jobs/${one(pick)}/notes`, { text: `Note ${++n}` }),
      part: (pick) => call(`/v1/field/jobs/${one(pick)}/parts`, { name: `Part ${++n}` }),
      unnote: async (pick) => {
        const [note] = await rows(w, w.a, "field.job_notes", `job_id = '${one(pick)}'`);
        return note && call(`/v1/field/jobs/${one(pick)}/notes/remove`, { note: note["id"] });
      },
      take: (pick) => call(`/v1/field/jobs/${one(pick)}/assign`, { tech: other.id }),
      give: (pick) => call(`/v1/field/jobs/${one(pick)}/assign`, { tech: me.id }),
      cancel: (pick) => call(`/v1/field/jobs/${one(pick)}/cancel`, { reason: "x" }),
      act: (pick) => send([act(one(pick), "start", "05:00")], me),
      name: () => w.neon.query("update people.contacts set name = $2 where id = $1", [mette, `Mette ${++n}`]),
    };
    const step = fc.tuple(fc.constantFrom("sync", ...Object.keys(changes)), fc.nat({ max: 50 }));
    const held = new Map<string, unknown>();
    let since: string | undefined;
    const sync = async () => {
      const told = await read(since);
      if (told.whole) held.clear();
      for (const job of told.jobs) held.set(job.id, job);
      for (const id of told.gone) held.delete(id);
      since = told.next;
    };
    await changes["make"]?.(0);
    await sync();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        for (const [kind, pick] of steps) await (kind === "sync" ? sync() : changes[kind]?.(pick));
        await sync();
        const full = await read();
        expect(full.whole).toBe(true);
        expect([...held.values()].map((job) => JSON.stringify(job)).sort()).toEqual(
          full.jobs.map((job) => JSON.stringify(job)).sort(),
        );
      }),
      { numRuns: 10 },
    );
    const quiet = await read(since);
    expect([quiet.whole, JSON.stringify(quiet).length]).toEqual([false, expect.any(Number)]);
    expect(JSON.stringify(quiet).length).toBeLessThan(4000);
    expect((await thomas.call(`/v1/field/sync?since=${since}`)).body).toMatchObject({ whole: true });
    expect((await me.call("/v1/field/sync?since=nonsense")).body).toMatchObject({ whole: true });
  });
});
