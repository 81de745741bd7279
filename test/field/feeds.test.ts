// A technician's calendar as his own program sees it, read by somebody else's parser.
import ICAL from "ical.js";
import { beforeAll, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { call, client, jobFor, technician } from "./planning.ts";

let w: World;
beforeAll(async () => {
  w = await world({ now: "2026-03-27T08:00:00.000Z" });
});

const open = async (tech: string) => {
  const { status, body } = await call(w, w.a, `/v1/field/techs/${tech}/feed`, { json: {} });
  expect(status).toBe(201);
  return new URL(String(body["url"])).pathname;
};
const read = async (path: string) => {
  const text = await (await w.fetch(path)).text();
  const events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent").map((one) => new ICAL.Event(one));
  return { text, events };
};

test("is in UTC, keeps an appointment's name when it is moved, and marks what was called off", async () => {
  const [tech, other] = [await technician(w, w.a, { name: "Thomas Holm" }), await technician(w, w.a)];
  const job = await jobFor(w, w.a, {
    client: await client(w, w.a, { phone: "+4520304077" }),
    title: "Måle, skære; lodde",
  });
  // The day on which clocks are set forward; ten o'clock is then two hours ahead of UTC.
  const week = { version: 0, blocks: [{ weekday: 7, from: "00:00", until: "24:00" }] };
  for (const one of [tech, other]) await call(w, w.a, `/v1/field/calendar/weeks/${one}`, { json: week, method: "PUT" });
  const { body: first } = await call(w, w.a, "/v1/field/schedule", {
    json: { job, tech, start: "2026-03-29T10:00:00+02:00", minutes: 60 },
  });
  const path = await open(tech);
  const before = await read(path);
  expect(before.events).toHaveLength(1);
  expect(before.text).toContain("DTSTART:20260329T080000Z");
  expect(before.text).not.toMatch(/TZID|4520304077|Mette/);
  expect(before.events[0]).toMatchObject({
    summary: expect.stringMatching(/^#\d+ Måle, skære; lodde$/),
    uid: `${first["id"]}@omneuro.test`,
  });
  expect(before.text.split("\r\n").every((line) => new TextEncoder().encode(line).length <= 75)).toBe(true);

  w.clock.advance(60_000);
  const { body: moved } = await call(w, w.a, `/v1/field/schedule/${first["id"]}/reschedule`, {
    json: { version: 1, start: "2026-03-29T12:00:00+02:00" },
  });
  const after = await read(path);
  expect(after.events).toHaveLength(1);
  expect(after.events[0]?.uid).toBe(before.events[0]?.uid);
  expect(Number(after.events[0]?.sequence)).toBeGreaterThan(Number(before.events[0]?.sequence));
  expect(after.text).toContain("DTSTART:20260329T100000Z");

  await call(w, w.a, `/v1/field/schedule/${moved["id"]}/reassign`, { json: { version: 1, tech: other } });
  const gone = await read(path);
  expect(gone.text).toContain("STATUS:CANCELLED");
  expect(Number(gone.events[0]?.sequence)).toBeGreaterThan(Number(after.events[0]?.sequence));
  const theirs = await read(await open(other));
  expect(theirs.events.map(({ uid }) => uid)).toEqual([before.events[0]?.uid]);
  expect(theirs.text).toContain("STATUS:TENTATIVE");
});

test("answers 304 until something changes, and 404 to an address that is closed, replaced or made up", async () => {
  const tech = await technician(w, w.a);
  const path = await open(tech);
  const answer = await w.fetch(path);
  const tag = answer.headers.get("etag") ?? "";
  expect([answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")]).toEqual([
    200,
    "text/calendar; charset=utf-8",
    "private, max-age=300",
  ]);
  expect((await w.fetch(path, { headers: { "if-none-match": tag } })).status).toBe(304);
  const next = await open(tech);
  expect(next).not.toBe(path);
  expect([(await w.fetch(path)).status, (await w.fetch(next)).status]).toEqual([404, 200]);
  const [key, , secret] = next
    .slice(next.lastIndexOf("/") + 1)
    .replace(/\.ics$/, "")
    .split(".");
  const forged = btoa(JSON.stringify([w.b.project, "fed_x"])).replaceAll("=", "");
  w.neon.resetStats();
  for (const made of [`/v1/field/feeds/${key}.${forged}.${secret}.ics`, "/v1/field/feeds/x.ics", `${next}x`])
    expect([made, (await w.fetch(made)).status]).toEqual([made, 404]);
  expect(w.neon.stats().requests).toBe(0);
  expect((await call(w, w.a, `/v1/field/techs/${tech}/feed/close`, { json: {} })).status).toBe(200);
  expect((await w.fetch(next)).status).toBe(404);
  const stored = JSON.stringify(await w.neon.query("select * from field.feeds where tech_id = $1", [tech]));
  expect(stored).not.toContain(secret);
});
