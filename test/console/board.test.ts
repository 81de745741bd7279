// The day board as somebody in the office meets it, without a script: look, book, move, write down.
import { beforeAll, describe, expect, test } from "vitest";
import { client, jobFor, technician } from "#test/field/planning.ts";
import { type World, world } from "#test/kit/world.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let person: Visitor;
let tech: string;
let job: string;

beforeAll(async () => {
  w = await world({ now: "2026-11-15T08:00:00.000Z" });
  await w.neon.query("update identity.projects set timezone = 'Europe/Copenhagen' where id = $1", [w.a.project]);
  tech = await technician(w, w.a, { name: "Thomas Holm" });
  await technician(w, w.a, { name: "Ida Krogh" });
  job = await jobFor(w, w.a, { client: await client(w, w.a), title: "Boiler" });
  person = await signedIn(w, w.a);
});

const day = "2026-11-16";
const read = async (path: string) => textOf((await person.get(path)).html);

describe("the board", () => {
  test("shows who works when, in one request, and the times that are free for a job", async () => {
    w.neon.resetStats();
    const { html } = await person.get(`/console/board?day=${day}`);
    expect(w.neon.stats().requests).toBe(1);
    expect(textOf(html)).toContain("Monday 16 November");
    expect(textOf(html)).toContain("Book Thomas Holm at 08:00");
    expect(textOf(html)).not.toContain("Book Thomas Holm at 16:00");
    const found = await read(`/console/board?day=${day}&job=${job}&tech=${tech}&minutes=60`);
    expect(found).toContain("Mon 16 Nov, 08:00–09:00 Thomas Holm");
  });

  test("books from its form, says why it cannot, and keeps what was typed", async () => {
    await person.get(`/console/board?day=${day}`);
    const fields = { job, tech, day, at: "06:30", minutes: "60", zone: "Europe/Copenhagen" };
    const refused = await person.post("/console/board", { ...fields, once: "1" });
    expect(textOf(refused.html)).toContain("That is outside the working time.");
    expect(refused.html).toContain('value="06:30"');
    const booked = await person.post("/console/board", { ...fields, at: "10:00", once: "2" });
    expect([booked.status, booked.place]).toEqual([303, expect.stringContaining(`day=${day}&note=appointment_booked`)]);
    const board = await read(`/console/board?day=${day}`);
    expect(board).toContain("10:00–11:00");
    expect(board).toContain("Boiler");
    expect(await read(`/console/board?day=${day}&days=7`)).toContain("Tuesday 17 November");
  });

  test("an appointment has a page on which it is confirmed, moved and called off", async () => {
    const { html } = await person.get(`/console/board?day=${day}`);
    const path = /\/console\/schedule\/apt_[a-z0-9]+/.exec(html)?.[0] ?? "";
    expect(await read(path)).toContain("Thomas Holm · Planned");
    const moved = await person.post(`${path}/reschedule`, {
      version: "1",
      once: "3",
      day,
      at: "13:00",
      zone: "Europe/Copenhagen",
    });
    expect(moved.status).toBe(303);
    const after = await read(moved.place);
    expect(after).toContain("16 Nov 2026, 13:00 to 16 Nov 2026, 14:00");
    expect(after).toContain("16 Nov 2026, 10:00");
    const next = moved.place.split("?")[0] ?? "";
    expect((await person.post(`${next}/confirm`, { version: "1", once: "4" })).status).toBe(303);
    expect(textOf((await person.post(`${next}/confirm`, { version: "1", once: "5" })).html)).toContain(
      "Somebody has changed it since you read it",
    );
    expect((await person.post(`${next}/cancel`, { version: "2", once: "6", reason: "Ill" })).status).toBe(303);
    expect(await read(next)).toContain("Cancelled");
  });
});

describe("working time", () => {
  test("a week, a blackout and the rules are changed on their pages, and mistakes are told there", async () => {
    await person.get(`/console/calendar/${tech}`);
    const block = { weekday0: "6", from0: "10:00", until0: "14:00", capacity0: "1", kind0: "visit" };
    const clash = { ...block, weekday1: "6", from1: "12:00", until1: "15:00", capacity1: "1", kind1: "visit" };
    expect(
      textOf((await person.post(`/console/calendar/${tech}`, { version: "0", once: "7", ...clash })).html),
    ).toContain("Two blocks of one day overlap.");
    expect((await person.post(`/console/calendar/${tech}`, { version: "0", once: "8", ...block })).status).toBe(303);
    expect(await read("/console/board?day=2026-11-21")).toContain("Book Thomas Holm at 10:00");
    expect(
      (
        await person.post("/console/calendar/blackouts", {
          once: "9",
          tech: "",
          from: "2026-11-21",
          until: "2026-11-21",
          note: "Fair",
        })
      ).status,
    ).toBe(303);
    expect(await read("/console/calendar")).toContain("2026-11-21 00:00 to 2026-11-22 00:00 · Everybody · Fair");
    expect(await read("/console/board?day=2026-11-21")).not.toContain("Book Thomas Holm at 10:00");
    const rules = {
      version: "0",
      once: "10",
      buffer_before: "0",
      buffer_after: "15",
      travel: "20",
      grid: "15",
      windows: "09:00-12:00",
    };
    expect((await person.post("/console/calendar", rules)).status).toBe(303);
    expect((await person.get("/console/calendar")).html).toContain('value="09:00-12:00"');
  });
});

test("what clients are told is switched on its page", async () => {
  expect(await read("/console/notices")).toContain("Somebody is on the way");
  const rule = {
    event: "cancelled",
    version: "0",
    once: "11",
    template: "notice-cancelled",
    wait_seconds: "60",
    enabled: "yes",
    say_stop: "yes",
  };
  expect((await person.post("/console/notices", rule)).status).toBe(303);
  expect(textOf((await person.post("/console/notices", { ...rule, once: "12", wait_seconds: "70" })).html)).toContain(
    "Somebody has changed this rule",
  );
});
