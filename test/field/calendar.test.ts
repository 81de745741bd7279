// Properties of the calendar around changes of clocks: what is offered is what brute force finds, and what can be booked.
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { instantOf, wallOf } from "#brain/kernel/wall-time.ts";
import { type World, world } from "#test/kit/world.ts";
import { type Answered, call, jobFor, technician } from "./planning.ts";

let w: World;
beforeAll(async () => {
  w = await world();
});

const minute = 60_000;
const pad = (value: number) => String(value).padStart(2, "0");
const hour = (minutes: number) => `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;

test("a wall's time is the same instant in the database as in the code", async () => {
  const zones = ["Europe/Copenhagen", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"];
  const days = [
    "2026-03-28",
    "2026-03-29",
    "2026-10-25",
    "2026-04-05",
    "2026-10-04",
    "2026-03-08",
    "2026-11-01",
    "2011-12-30",
  ];
  const walls = days.flatMap((day) => [...Array(96).keys()].map((i) => `${day}T${hour(i * 15)}:00`));
  const asked = zones.flatMap((zone) => walls.map((wall) => ({ zone, wall })));
  const rows = await w.neon.query(
    `select extract(epoch from field.wall_instant((a.one->>'wall')::timestamp, a.one->>'zone'))::float8 as at
      from jsonb_array_elements($1::jsonb) with ordinality a (one, n) order by a.n`,
    [JSON.stringify(asked)],
  );
  const told = rows.map((row, i) => ({ ...asked[i], at: new Date(Number(row["at"]) * 1000).toISOString() }));
  expect(told).toEqual(asked.map(({ zone, wall }) => ({ zone, wall, at: instantOf(wall, zone).toISOString() })));
});

type Block = { weekday: number; from: string; until: string; capacity: number };
type Off = { from: string; until: string };
type Taken = { from: number; until: number; lane: number };
type House = { zone: string; now: number; blocks: Block[]; off: Off[]; taken: Taken[]; pre: number; post: number };

const weekday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
const dayAfter = (day: string, by: number) => new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10);
const endOfDay = (day: string, at: string) => (at === "24:00" ? `${dayAfter(day, 1)}T00:00:00` : `${day}T${at}:00`);

/** Each working block of the days around, as instants. */
function shiftsOf({ zone, now, blocks }: House) {
  const first = wallOf(new Date(now), zone).slice(0, 10);
  return [...Array(6).keys()].flatMap((i) => {
    const day = dayAfter(first, i - 1);
    return blocks
      .filter((block) => block.weekday === weekday(day))
      .map(({ from, until, capacity }) => ({
        capacity,
        opens: instantOf(`${day}T${from}:00`, zone).getTime(),
        closes: instantOf(endOfDay(day, until), zone).getTime(),
      }));
  });
}

/** Whether an appointment may lie there, asked one rule after the other. */
function mayBegin(house: House, begins: number, minutes: number): boolean {
  const ends = begins + minutes * minute;
  const isOff = house.off.some(
    ({ from, until }) =>
      instantOf(from, house.zone).getTime() < ends && instantOf(until, house.zone).getTime() > begins,
  );
  if (begins < house.now || isOff) return false;
  return shiftsOf(house)
    .filter(({ opens, closes }) => opens <= begins && ends <= closes)
    .some(({ capacity }) => {
      const met = house.taken.filter(
        ({ from, until }) => from < ends + house.post * minute && until > begins - house.pre * minute,
      );
      const lanes = new Set(met.map(({ lane }) => lane));
      return ![...lanes].some((lane) => lane >= capacity) && lanes.size < capacity;
    });
}

function onGrid(house: House, minutes: number, until: number): string[] {
  const found = shiftsOf(house).flatMap(({ opens, closes }) =>
    [...Array(49).keys()]
      .map((i) => opens + i * 30 * minute)
      .filter((at) => at < closes && at < until && mayBegin(house, at, minutes)),
  );
  return [...new Set(found)].sort((a, b) => a - b).map((at) => `${new Date(at).toISOString().slice(0, 19)}Z`);
}

const scenes = [
  { zone: "Europe/Copenhagen", now: "2026-03-27T20:00:00Z" },
  { zone: "Europe/Copenhagen", now: "2026-10-24T05:10:00Z" },
  { zone: "Australia/Lord_Howe", now: "2026-10-02T20:00:00Z" },
];
const slot = fc.integer({ min: 0, max: 15 });
const anyBlocks = fc
  .array(
    fc.record({
      weekday: fc.integer({ min: 1, max: 7 }),
      from: slot,
      long: fc.integer({ min: 1, max: 8 }),
      capacity: fc.integer({ min: 1, max: 2 }),
    }),
    {
      minLength: 6,
      maxLength: 14,
    },
  )
  .map((found) => {
    const kept: { weekday: number; from: number; until: number; capacity: number }[] = [];
    for (const { weekday, from, long, capacity } of found) {
      const block = { weekday, from: from * 90, until: Math.min((from + long) * 90, 1440), capacity };
      if (!kept.some((other) => other.weekday === weekday && other.from < block.until && other.until > block.from))
        kept.push(block);
    }
    return kept.map(({ from, until, ...block }) => ({ ...block, from: hour(from), until: hour(until) }));
  });
const minutesFromNow = fc.integer({ min: 0, max: (3 * 1440) / 15 }).map((steps) => steps * 15);

test("whatever the week, the blackouts and the appointments: offered, bookable and free of overlap are one thing", async () => {
  const plan = fc.record({
    scene: fc.constantFrom(...scenes),
    blocks: anyBlocks,
    off: fc.array(fc.tuple(minutesFromNow, fc.integer({ min: 1, max: 20 })), { maxLength: 2 }),
    tries: fc.array(fc.tuple(minutesFromNow, fc.constantFrom(30, 60, 90)), { minLength: 3, maxLength: 6 }),
    pads: fc.constantFrom(
      { travel: 0, buffer_before: 0, buffer_after: 0 },
      { travel: 20, buffer_before: 5, buffer_after: 10 },
    ),
  });
  let version = 0;
  await fc.assert(
    fc.asyncProperty(plan, async ({ scene, blocks, off, tries, pads }) => {
      w.clock.set(scene.now);
      const now = Date.parse(scene.now);
      const tech = await technician(w, w.a, { timezone: scene.zone });
      const send = async (path: string, json: unknown, method = "POST") => {
        const answer = await call(w, w.a, path, { json, method });
        return answer as { status: number; body: Answered & { lane: number } };
      };
      expect((await send("/v1/field/calendar", { version, grid: 30, ...pads }, "PATCH")).status).toBe(200);
      version += 1;
      expect((await send(`/v1/field/calendar/weeks/${tech}`, { version: 0, blocks }, "PUT")).status).toBe(200);
      const house: House = {
        ...scene,
        now,
        blocks,
        off: [],
        taken: [],
        pre: pads.travel + pads.buffer_before,
        post: pads.buffer_after,
      };
      for (const [from, quarters] of off) {
        const [starts, ends] = [from, from + quarters * 15].map((at) =>
          wallOf(new Date(now + at * minute), scene.zone).slice(0, 16),
        );
        if ((starts ?? "") >= (ends ?? "")) continue;
        expect((await send("/v1/field/blackouts", { tech, from: starts, until: ends })).status).toBe(201);
        house.off.push({ from: `${starts}:00`, until: `${ends}:00` });
      }
      const take = async (at: number, minutes: number, job: string) => {
        const { status, body } = await send("/v1/field/schedule", {
          job,
          tech,
          start: new Date(at).toISOString(),
          minutes,
        });
        if (status === 201)
          house.taken.push({
            from: at - house.pre * minute,
            until: at + (minutes + house.post) * minute,
            lane: body.lane,
          });
        return status;
      };
      for (const [after, minutes] of tries) {
        const [at, job] = [now + after * minute, await jobFor(w, w.a)];
        const expected = mayBegin(house, at, minutes) ? 201 : 409;
        expect([scene.zone, new Date(at).toISOString(), minutes, await take(at, minutes, job)]).toEqual([
          scene.zone,
          new Date(at).toISOString(),
          minutes,
          expected,
        ]);
      }
      const offered = async () => {
        const { body } = await call(w, w.a, `/v1/field/slots?tech_id=${tech}&days=3&minutes=60&limit=500`);
        return body.data.map(({ start }) => start ?? "");
      };
      const found = await offered();
      expect(found).toEqual(onGrid(house, 60, now + 3 * 86_400_000));
      for (const start of [found[0], found[Math.floor(found.length / 2)]])
        if (start && mayBegin(house, Date.parse(start), 60))
          expect(await take(Date.parse(start), 60, await jobFor(w, w.a))).toBe(201);
      expect(await offered()).toEqual(onGrid(house, 60, now + 3 * 86_400_000));
      const clashes = await w.neon.query(
        `select count(*)::int as n from field.schedule a join field.schedule b on b.project_id = a.project_id and b.tech_id = a.tech_id and b.lane = a.lane
          and a.id < b.id and a.blocked_from < b.blocked_until and b.blocked_from < a.blocked_until where a.tech_id = $1`,
        [tech],
      );
      expect(clashes).toEqual([{ n: 0 }]);
    }),
    { numRuns: 18 },
  );
});
