// The planner and the rest of the house: a task from what somebody said, a job; the week looked back on, and how one hears of it.
import { beforeAll, expect, test } from "vitest";
import { call, say, summarized } from "#test/assistant/talking.ts";
import { caller, client } from "#test/field/floor.ts";
import { heard, message, talk } from "#test/inbox/chatwoot.ts";
import { type World, world } from "#test/kit/world.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let person: Visitor;

beforeAll(async () => {
  w = await world({ now: "2026-11-16T08:00:00.000Z" });
  person = await signedIn(w, w.a);
  await say(w, w.a, "Sweep the yard");
  await say(w, w.a, "Sweep the yard is done");
});

const read = async (path: string) => textOf((await person.get(path)).html);
let n = 0;
const send = (path: string, fields: Record<string, string>) => person.post(path, { once: `${++n}`, ...fields });

test("a task is made of a message or a job, and leads back to it", async () => {
  const floor = caller(w, w.a.apiKey);
  const at = talk(w.a);
  await heard(w, w.a, message(at, { content: "Can you <b>look</b> at the cellar?" }));
  const { html } = await person.get(`/console/conversations/${at.conversation}`);
  const way = /href="(\/console\/tasks\/new[^"]+)"/.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const form = (await person.get(way)).html;
  expect([form.includes("<b>look</b>"), textOf(form).includes("A task of your own")]).toEqual([false, true]);
  const typed = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(form)?.[1] ?? "";
  const origin = { from_table: typed("from_table"), from_pk: typed("from_pk") };
  const made = await send("/console/tasks", { title: "Look at the cellar", due_date: "2026-11-20", ...origin });
  const page = await person.get(made.place);
  const back = /href="(\/console\/evidence\/[^"]+)"/.exec(page.html)?.[1] ?? "";
  expect((await person.get(back)).place).toMatch(new RegExp(`^/console/conversations/${at.conversation}\\?turn=`));

  const taken = await floor("/v1/field/jobs", { client: await client(w, w.a), title: "Boiler knocks" });
  const job = String(taken.body["id"]);
  expect((await person.get(`/console/jobs/${job}`)).html).toContain(
    `/console/tasks/new?table=field.jobs&amp;pk=${job}`,
  );
  const task = await send("/console/tasks", { title: "Order the part", from_table: "field.jobs", from_pk: job });
  expect((await person.get(task.place)).html).toContain(`href="/console/jobs/${job}"`);
  expect((await send("/console/tasks", { title: "x", from_table: "field.jobs", from_pk: "job_none" })).status).toBe(
    404,
  );
});

test("the week is looked back on; where and when one hears from it, and Telegram, are forms", async () => {
  const text = await read("/console/review");
  expect(text).toMatch(
    /Week 47 Monday 16 November to Sunday 22 November: \d tasks? done .*Done .*Sweep the yard Monday 16 November/,
  );
  expect(await read("/console/review?week=2026-W40")).toContain("Nothing to look back on in this week.");
  expect((await person.get("/console/review?week=2026-W60")).status).toBe(422);
  const wish = {
    version: "0",
    channel: "",
    language: "da",
    timezone: "Europe/Oslo",
    quiet_from: "22:00",
    quiet_until: "06:00",
    plan_on: "yes",
    plan_at: "07:15",
    day_1: "yes",
    review_at: "15:00",
    review_day: "4",
    reminders_at: "16:00",
  };
  expect((await send("/console/review", wish)).status).toBe(303);
  expect((await call(w, w.a.apiKey, "/v1/assistant/rhythm")).body).toMatchObject({
    channel: null,
    timezone: "Europe/Oslo",
    plan_at: "07:15",
    plan_days: [1],
    review_on: false,
    version: 1,
  });
  const refused = async (change: Record<string, string>) => {
    const { status, html } = await send("/console/review", { ...wish, version: "1", ...change });
    expect(status).toBe(422);
    return textOf(html);
  };
  expect(await refused({ channel: "email" })).toContain("Prove an address to be yours first");
  expect(await refused({ timezone: "Moon" })).toContain("The time zone: is no IANA time zone.");
  expect(await refused({ version: "0" })).toContain("It has changed since you read it");
  const email = await send("/console/review/email", { email: "me@workshop.example" });
  expect([email.status, textOf(email.html)]).toEqual([422, expect.stringContaining("has no sender for e-mail yet")]);
  const digits = await send("/console/review/email/digits", { digits: "12345" });
  expect([digits.status, textOf(digits.html)]).toEqual([422, expect.stringContaining("The digits: six digits.")]);
  const linked = await send("/console/review/telegram", {});
  expect(textOf(linked.html)).toMatch(/Send this to the bot on Telegram within the hour\. .*\/start \S{6,}/);
  expect(linked.headers.get("cache-control")).toBe("no-store");
  expect((await send("/console/review/unlink", {})).status).toBe(409);
});

test("what talks came to is listed, by kind, with its facts as links; what is one's own is fetched there", async () => {
  expect(await read("/console/summaries")).toContain("None yet");
  w.clock.set("2026-11-17T23:30:00.000Z");
  await summarized(w, w.a);
  const page = await person.get("/console/summaries");
  expect(textOf(page.html)).toMatch(/Day 2026-11-16 .*Sweep the yard.* Session 16 Nov/);
  expect(page.html).toMatch(/Done: *<a class="link" href="\/console\/tasks\/tsk_/);
  const days = await read("/console/summaries?type=daily");
  expect([days.includes("Day 2026-11-16"), days.includes("Session 16")]).toEqual([true, false]);
  expect(days).toContain("Fetch what is mine");
});
