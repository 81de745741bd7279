// The page of schedules as a person without a script meets it.
import { expect, test } from "vitest";
import { deliver } from "#test/kit/jobs.ts";
import { begun, runMessages } from "#test/shared/clockwork.ts";
import { signedIn, textOf } from "./visitor.ts";

async function visited(row: Record<string, unknown> = {}) {
  const { w, c } = await begun();
  const id = await c.schedule(w.a, { name: "Seal the trail", kind: "shared.audit.seal", cron: "30 2 * * *", ...row });
  const person = await signedIn(w, w.a);
  const page = async () => textOf((await person.get(`/console/schedules?schedule=${id}`)).html);
  return { w, c, id, person, page };
}

test("it says when each fires next in the project's time zone, and is one request", async () => {
  const { w, person, page } = await visited();
  const menu = (await person.get("/console")).html;
  expect(menu).toContain('href="/console/schedules"');
  w.neon.resetStats();
  const text = await page();
  expect(w.neon.stats().requests).toBe(1);
  expect(text).toContain("Times are in Europe/Copenhagen.");
  expect(text).toContain("Seal the trail 30 2 * * * 16 Nov 2026, 02:30 in 17 hours Not yet");
  expect(text).toContain("Next: 16 Nov 2026, 02:30 · 17 Nov 2026, 02:30 · 18 Nov 2026, 02:30");
  expect(text).toContain("It has not run yet.");
});

test("run now begins a run, once though the form is sent twice, and shows what became of it", async () => {
  const { w, id, person, page } = await visited();
  const { html } = await person.get("/console/schedules");
  const once = /name="once" value="([^"]+)"/.exec(html)?.[1] ?? "";
  const sent = await person.post(`/console/schedules/${id}/run`, { once });
  expect([sent.status, sent.place]).toEqual([303, expect.stringContaining("note=run_asked")]);
  await person.post(`/console/schedules/${id}/run`, { once });
  await w.settled();
  expect(await page()).toContain("Asked for Waiting 0 attempts");
  for (const message of runMessages(w))
    await deliver(w, "shared.schedules.run", { ...message.body, project: w.a.project });
  expect(await page()).toMatch(/Asked for Done 1 attempt 0 0 ms/);
});

test("switching off and on, and a new time, are said when they are done", async () => {
  const { w, id, person, page } = await visited();
  const off = await person.post(`/console/schedules/${id}`, { version: "1", enabled: "false" });
  expect(off.place).toContain("note=schedule_off");
  expect(textOf((await person.get(off.place)).html)).toContain("Switched off: what was planned does not begin.");
  expect(await page()).toMatch(/30 2 \* \* \* Switched off .*Switch on Run now/);
  await person.post(`/console/schedules/${id}`, { version: "2", enabled: "true" });
  const change = { version: "3", cron: "0 7 * * 1-5", timezone: "Europe/London", missed: "skip" };
  expect((await person.post(`/console/schedules/${id}`, change)).place).toContain("note=schedule_changed");
  // Seven in London is eight in Copenhagen.
  expect(await page()).toContain("0 7 * * 1-5 16 Nov 2026, 08:00");
  await w.settled();
});

test("a time that means nothing is told on the page, with what was typed still there", async () => {
  const { id, person } = await visited();
  const told = await person.post(`/console/schedules/${id}`, {
    version: "1",
    cron: "61 2 * * *",
    timezone: "Europe/Copenhagen",
    missed: "once",
  });
  expect(told.status).toBe(200);
  expect(textOf(told.html)).toMatch(/The times: .*minute.*61/);
  expect(told.html).toContain('value="61 2 * * *"');
});

test("a change to what somebody else changed meanwhile is refused, and says why", async () => {
  const { id, person } = await visited();
  await person.post(`/console/schedules/${id}`, { version: "1", enabled: "false" });
  const late = await person.post(`/console/schedules/${id}`, { version: "1", enabled: "false" });
  expect(late.status).toBe(412);
  expect(textOf(late.html)).toContain("Somebody changed it since you read it.");
});

test("another tenant's schedule is nowhere, and who may only read gets no buttons", async () => {
  const { w, c, person, page } = await visited();
  const theirs = await c.schedule(w.b, { name: "Of the others" });
  expect((await person.get(`/console/schedules?schedule=${theirs}`)).status).toBe(404);
  expect((await person.post(`/console/schedules/${theirs}/run`, { once: "x" })).status).toBe(404);
  await w.neon.query("update identity.memberships set role = 'lead_technician' where project_id = $1", [w.a.project]);
  const text = await page();
  expect(text).toContain("Seal the trail");
  expect(text).not.toMatch(/Run now|Switch off/);
});
