// Booking, as somebody in the office does it: what is refused, what moves with it, what stays on record.
import { beforeAll, describe, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { call, jobFor, technician } from "./planning.ts";

let w: World;
beforeAll(async () => {
  w = await world({ now: "2026-11-15T08:00:00.000Z" });
});

/** Monday 16 November 2026 in Copenhagen, which is an hour ahead of UTC. */
const at = (hour: string) => `2026-11-16T${hour}:00+01:00`;
const book = (json: Record<string, unknown>, idempotency?: string) =>
  call(w, w.a, "/v1/field/schedule", { json, ...(idempotency ? { idempotency } : {}) });
const act = (id: string, what: string, json: Record<string, unknown>) =>
  call(w, w.a, `/v1/field/schedule/${id}/${what}`, { json });
const jobRow = async (id: string) => (await w.neon.query("select * from field.jobs where id = $1", [id]))[0];
const told = async (job: string) =>
  (await w.neon.query(
    "select kind, payload from shared.events where ref_type = 'job' and ref_id = $1 and kind like 'schedule.%' order by ts, id",
    [job],
  )) as {
    kind: string;
    payload: Record<string, string>;
  }[];

describe("an appointment", () => {
  test("is booked, and its job follows; the next may begin when it ends", async () => {
    const tech = await technician(w, w.a);
    const job = await jobFor(w, w.a);
    const booked = await book({ job, tech, start: at("10:00"), minutes: 120 });
    expect(booked).toMatchObject({
      status: 201,
      body: {
        status: "planned",
        start: "2026-11-16T09:00:00Z",
        end: "2026-11-16T11:00:00Z",
        tech: { id: tech },
        job: { id: job, status: "scheduled" },
      },
    });
    expect(await jobRow(job)).toMatchObject({ status: "scheduled", assigned_tech_id: tech });
    expect(new Date(String((await jobRow(job))?.["scheduled_for"])).toISOString()).toBe("2026-11-16T09:00:00.000Z");
    expect(await told(job)).toEqual([
      {
        kind: "schedule.created",
        payload: { schedule: booked.body["id"], job, tech, start: "2026-11-16T09:00:00Z", end: "2026-11-16T11:00:00Z" },
      },
    ]);

    const other = await jobFor(w, w.a);
    expect(await book({ job: other, tech, start: at("11:30"), minutes: 60 })).toMatchObject({
      status: 409,
      body: { code: "slot_taken" },
    });
    expect(await jobRow(other)).toMatchObject({ status: "intake", assigned_tech_id: null });
    expect(await told(other)).toEqual([]);
    expect(await book({ job: other, tech, start: at("12:00"), minutes: 60 })).toMatchObject({ status: 201 });
  });

  test("is refused where a rule says no, each with its own name, and nothing happens", async () => {
    const tech = await technician(w, w.a);
    const gone = await technician(w, w.a, { active: false });
    const job = await jobFor(w, w.a);
    expect(await call(w, w.a, "/v1/field/blackouts", { json: { tech, from: "2026-11-17" } })).toMatchObject({
      status: 201,
      body: { from: "2026-11-17T00:00", until: "2026-11-18T00:00", met: 0 },
    });
    const refused = async (json: Record<string, unknown>) => {
      const { status, body } = await book({ job, tech, minutes: 60, ...json });
      return [status, body["code"]];
    };
    expect(await refused({ tech: gone, start: at("10:00") })).toEqual([409, "tech_inactive"]);
    expect(await refused({ tech: "tec_nobody", start: at("10:00") })).toEqual([404, "tech_unknown"]);
    expect(await refused({ job: "job_nobody", start: at("10:00") })).toEqual([404, "job_unknown"]);
    expect(await refused({ start: "2026-11-13T10:00:00+01:00" })).toEqual([409, "in_the_past"]);
    expect(await refused({ start: at("07:30") })).toEqual([409, "outside_working_time"]);
    expect(await refused({ start: at("15:30") })).toEqual([409, "outside_working_time"]);
    expect(await refused({ start: "2026-11-21T10:00:00+01:00" })).toEqual([409, "outside_working_time"]);
    expect(await refused({ start: "2026-11-17T10:00:00+01:00" })).toEqual([409, "blackout"]);
    for (const status of ["closed", "cancelled"])
      expect(await refused({ job: await jobFor(w, w.a, { status }), start: at("10:00") })).toEqual([409, "job_over"]);
    expect(await told(job)).toEqual([]);
    expect(await jobRow(job)).toMatchObject({ status: "intake", version: 1 });
  });

  test("may break working time with a reason, which is audited; never somebody else's time", async () => {
    const tech = await technician(w, w.a);
    const reason = "The client can only in the evening";
    const [first, second] = [await jobFor(w, w.a), await jobFor(w, w.a)];
    const booked = await book({ job: first, tech, start: at("20:00"), minutes: 60, reason });
    expect(booked).toMatchObject({ status: 201, body: { overridden: "outside_working_time", reason } });
    const audited = await w.neon.query("select action from shared.audit_events where ref_id = $1", [booked.body["id"]]);
    expect(audited).toEqual([{ action: "schedule.overridden" }]);
    // The ledger names the rule, and keeps the words out.
    expect(JSON.stringify(await told(first))).not.toContain("evening");
    expect(await book({ job: second, tech, start: at("20:30"), minutes: 60, reason })).toMatchObject({
      status: 409,
      body: { code: "slot_taken" },
    });
    expect(await book({ job: second, tech, start: "2026-11-13T10:00:00+01:00", reason })).toMatchObject({
      status: 409,
      body: { code: "in_the_past" },
    });
  });

  test("is moved and given away with its history, by whoever has read it last", async () => {
    const [tech, other] = [await technician(w, w.a), await technician(w, w.a)];
    const job = await jobFor(w, w.a);
    const { body: first } = await book({ job, tech, start: at("10:00"), minutes: 60 });
    const id = String(first["id"]);
    expect(await act(id, "reschedule", { version: 7, start: at("13:00") })).toMatchObject({
      status: 412,
      body: { code: "appointment_changed" },
    });
    // Half an hour later: its own old time is not in its way.
    const moved = await act(id, "reschedule", { version: 1, start: at("10:30") });
    expect(moved).toMatchObject({
      status: 201,
      body: { replaces: id, status: "planned", start: "2026-11-16T09:30:00Z", end: "2026-11-16T10:30:00Z" },
    });
    expect(await call(w, w.a, `/v1/field/schedule/${id}`)).toMatchObject({ body: { status: "cancelled" } });
    const second = moved.body;
    const confirmed = await act(String(second["id"]), "confirm", { version: 1 });
    expect(confirmed).toMatchObject({ status: 200, body: { status: "confirmed", version: 2 } });
    const given = await act(String(second["id"]), "reassign", { version: 2, tech: other });
    // The time was confirmed and is the same.
    expect(given).toMatchObject({
      status: 201,
      body: { status: "confirmed", tech: { id: other }, replaces: second["id"] },
    });
    expect(await jobRow(job)).toMatchObject({ assigned_tech_id: other, status: "scheduled" });
    expect((await told(job)).map(({ kind }) => kind)).toEqual([
      "schedule.created",
      "schedule.moved",
      "schedule.confirmed",
      "schedule.reassigned",
    ]);
    expect(await act(String(second["id"]), "cancel", { version: 3 })).toMatchObject({
      status: 409,
      body: { code: "invalid_transition", allowed: [] },
    });
    // The first technician is free again.
    expect(await book({ job: await jobFor(w, w.a), tech, start: at("10:30"), minutes: 60 })).toMatchObject({
      status: 201,
    });
  });

  test("that cannot be moved stays where it is", async () => {
    const tech = await technician(w, w.a);
    const [job, other] = [await jobFor(w, w.a), await jobFor(w, w.a)];
    const { body } = await book({ job, tech, start: at("08:00"), minutes: 60 });
    await book({ job: other, tech, start: at("13:00"), minutes: 60 });
    expect(await act(String(body["id"]), "reschedule", { version: 1, start: at("12:30") })).toMatchObject({
      status: 409,
      body: { code: "slot_taken" },
    });
    expect(await call(w, w.a, `/v1/field/schedule/${body["id"]}`)).toMatchObject({
      body: { status: "planned", version: 1 },
    });
  });

  test("is called off, missed or kept; the job waits for another where nobody came", async () => {
    const tech = await technician(w, w.a);
    const job = await jobFor(w, w.a);
    const { body: first } = await book({ job, tech, start: at("10:00"), minutes: 60 });
    expect(await act(String(first["id"]), "no-show", { version: 1 })).toMatchObject({
      status: 409,
      body: { code: "not_begun" },
    });
    expect(await act(String(first["id"]), "cancel", { version: 1, reason: "Ill" })).toMatchObject({
      status: 200,
      body: { status: "cancelled", reason: "Ill" },
    });
    expect(await jobRow(job)).toMatchObject({ status: "intake", scheduled_for: null });
    const { body: again } = await book({ job, tech, start: at("10:00"), minutes: 60 });
    expect(again).toMatchObject({ status: "planned" });
    expect(await book({ job, tech, start: at("14:00"), minutes: 60 })).toMatchObject({
      status: 409,
      body: { code: "already_scheduled" },
    });
    expect(await act(String(again["id"]), "done", { version: 1 })).toMatchObject({
      status: 200,
      body: { status: "done" },
    });
    expect(await jobRow(job)).toMatchObject({ status: "scheduled" });
  });

  test("is booked once however often the same call comes", async () => {
    const tech = await technician(w, w.a);
    const json = { job: await jobFor(w, w.a), tech, start: at("10:00"), minutes: 60 };
    const key = `twice-${tech}`;
    const [first, second] = [await book(json, key), await book(json, key)];
    expect(second).toEqual(first);
    expect(await w.neon.query("select count(*)::int as n from field.schedule where tech_id = $1", [tech])).toEqual([
      { n: 1 },
    ]);
  });
});

describe("what is offered", () => {
  const offered = async (query: string) => {
    const { body } = await call(w, w.a, `/v1/field/slots?${query}`);
    return (body["data"] as { tech: string; start: string; end: string }[]).map(
      ({ start, end }) => `${start} ${end.slice(11, 16)}`,
    );
  };
  const settings = (json: Record<string, unknown>) => call(w, w.b, "/v1/field/calendar", { json, method: "PATCH" });

  test("is working time less what is taken, with buffers and the way there", async () => {
    const tech = await technician(w, w.b);
    const job = await jobFor(w, w.b);
    const ask = async (query: string) => {
      const { body } = await call(w, w.b, `/v1/field/slots?tech_id=${tech}&from=2026-11-16T00:00:00Z&days=1&${query}`);
      return body.data.map(({ start }) => start?.slice(11, 16));
    };
    expect((await settings({ version: 0, grid: 60 })).body).toMatchObject({ version: 1, grid: 60 });
    expect(await ask("minutes=120")).toEqual(["07:00", "08:00", "09:00", "10:00", "11:00", "12:00", "13:00"]);
    await call(w, w.b, "/v1/field/schedule", { json: { job, tech, start: at("11:00"), minutes: 60 } });
    expect(await ask("minutes=120")).toEqual(["07:00", "08:00", "11:00", "12:00", "13:00"]);
    expect((await settings({ version: 1, travel: 30, buffer_after: 15 })).status).toBe(200);
    // What stands keeps the time it was given; the next one needs half an hour's way and a quarter after itself.
    expect(await ask("minutes=120")).toEqual(["07:00", "12:00", "13:00"]);
    await call(w, w.b, "/v1/field/blackouts", { json: { from: "2026-11-16T13:00", until: "2026-11-16T14:00" } });
    expect(await ask("minutes=60")).toEqual(["07:00", "08:00", "13:00", "14:00"]);
    const moving = (await call(w, w.b, `/v1/field/schedule?tech=${tech}`)).body.data[0]?.["id"];
    expect(await ask(`minutes=60&moving=${moving}`)).toEqual([
      "07:00",
      "08:00",
      "09:00",
      "10:00",
      "11:00",
      "13:00",
      "14:00",
    ]);
  });

  test("comes page by page, in one order, and never lies in the past", async () => {
    const techs = [await technician(w, w.a), await technician(w, w.a)];
    const one = await offered(`tech_id=${techs[0]}&days=14&minutes=480`);
    expect(one[0]).toBe("2026-11-16T07:00:00Z 15:00");
    expect(one.length).toBe(10);
    const long = await jobFor(w, w.a);
    await w.neon.query("update field.jobs set minutes = 480 where id = $1", [long]);
    expect(await offered(`tech_id=${techs[0]}&days=14&job=${long}`)).toEqual(one);
    const all: string[] = [];
    for (let path: string | null = "/v1/field/slots?limit=7&days=2&minutes=240"; path; ) {
      const { body } = await call(w, w.a, path);
      all.push(...body.data.map(({ start, tech }) => `${start} ${tech}`));
      path = body["next_cursor"] ? `/v1/field/slots?limit=7&days=2&minutes=240&cursor=${body["next_cursor"]}` : null;
    }
    expect(all).toEqual([...new Set(all)].sort());
    expect(all.length).toBeGreaterThan(14);
  });

  test("of a drop-off is a window, as often as its block has room", async () => {
    const tech = await technician(w, w.a);
    const week = { version: 0, blocks: [{ weekday: 1, from: "09:00", until: "15:00", capacity: 2, kind: "drop_off" }] };
    expect((await call(w, w.a, `/v1/field/calendar/weeks/${tech}`, { json: week, method: "PUT" })).status).toBe(200);
    const windows = ["2026-11-16T09:00:00Z 11:00", "2026-11-16T11:00:00Z 14:00"];
    expect(await offered(`tech_id=${tech}&kind=drop_off&days=7`)).toEqual(windows);
    const handedIn = await jobFor(w, w.a, { kind: "drop_off" });
    expect(await offered(`tech_id=${tech}&job=${handedIn}&days=7`)).toEqual(windows);
    for (const status of [201, 201, 409]) {
      const job = await jobFor(w, w.a, { kind: "drop_off" });
      expect((await book({ job, tech, start: at("10:00") })).status).toBe(status);
    }
    expect(await offered(`tech_id=${tech}&kind=drop_off&days=7`)).toEqual(windows.slice(1));
    const late = await jobFor(w, w.a, { kind: "drop_off" });
    expect(await book({ job: late, tech, start: at("10:30") })).toMatchObject({
      status: 409,
      body: { code: "outside_working_time" },
    });
    // Nobody goes anywhere in that block.
    expect(await offered(`tech_id=${tech}&days=7`)).toEqual([]);
  });
});
