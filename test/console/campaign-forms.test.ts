// Segments put together and counted, campaigns written, tried dry and changed, in the console without a script.
import { beforeAll, expect, test } from "vitest";
import { type Campaigning, campaigning, members, optedOut } from "#test/outbound/campaigning.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let c: Campaigning;
let person: Visitor;
let people: string[];
let n = 0;

beforeAll(async () => {
  c = await campaigning();
  people = await members(c.w, c.w.a, { count: 6, tag: "f" });
  await optedOut(c.w, c.w.a, people[0] ?? "");
  person = await signedIn(c.w, c.w.a);
});

const post = (path: string, fields: Record<string, string>) => {
  n += 1;
  return person.post(`/console${path}`, { once: `f${n}`, zone: "Europe/Copenhagen", ...fields });
};
const rows = (text: string, ...more: string[]) => c.w.neon.query(text, [c.w.a.project, ...more]);

const conditions = (...all: [where: string, what: string, value: string][]) =>
  Object.fromEntries(
    all.flatMap(([where, what, value], at) => [
      [`where${at}`, where],
      [`what${at}`, what],
      [`value${at}`, value],
    ]),
  );

test("a segment is counted while it is put together, saved, and read back as it was typed", async () => {
  const typed = conditions(
    ["all", "reachable", "SMS"],
    ["all", "", ""],
    ["none", "name", "Member 3"],
    ["any", "after", "2026-11-01"],
  );
  const counted = await post("/segments", { ...typed, act: "count", name: "" });
  expect([counted.status, textOf(counted.html)]).toEqual([200, expect.stringContaining("1 person fits now: Mette")]);
  const wider = conditions(["all", "reachable", "sms"], ["none", "name", "member 3"], ["none", "within", "30"]);
  expect(textOf((await post("/segments", { ...wider, act: "count" })).html)).toMatch(/5 people fit now: .*Member 2/);
  expect(await rows("select 1 from outbound.campaign_segments where project_id = $1")).toEqual([]);

  const all = conditions(
    ["all", "reachable", "sms"],
    ["all", "before", "2026-11-01"],
    ["any", "language", "DA, en"],
    ["any", "marketing", "sms"],
    ["any", "preferred_channel", "sms phone"],
    ["none", "not_within", "90"],
    ["none", "own_job", "email"],
  );
  const saved = await post("/segments", { ...all, act: "save", name: "Nearly everything" });
  expect([saved.status, saved.place]).toEqual([303, expect.stringContaining("note=segment_saved")]);
  const [row] = await rows("select id, filter from outbound.campaign_segments where project_id = $1");
  expect(row?.["filter"]).toEqual({
    all: [
      { field: "reachable", on: "sms" },
      // Midnight in Copenhagen.
      { field: "last_contact", when: "before", at: "2026-10-31T23:00:00.000Z" },
    ],
    any: [
      { field: "language", is: ["da", "en"] },
      { field: "consent", channel: "sms", scope: "marketing" },
      { field: "preferred_channel", is: ["sms", "phone"] },
    ],
    none: [
      { field: "last_contact_days", when: "not_within", days: 90 },
      { field: "consent", channel: "email", scope: "transactional" },
    ],
  });
  const page = (await person.get(`/console/segments/${row?.["id"]}`)).html;
  const values = [...page.matchAll(/name="value\d+" value="([^"]+)"/g)].map(([, value]) => value);
  expect(values).toEqual(["sms", "2026-11-01", "da, en", "sms", "sms, phone", "90", "email"]);
  expect(textOf((await person.get("/console/segments")).html)).toContain("must speak".replace("must", "one of these"));
});

test.each([
  ["a channel nobody has", ["all", "reachable", "fax"], "An address can be one for"],
  ["no number of days", ["none", "within", "soon"], "Days are a number"],
  ["no day", ["all", "after", "next week"], "A day is written"],
  ["no language", ["any", "language", "danish"], "Languages are two letters"],
] as const)("%s is refused beside what was typed, counted or saved", async (_, row, said) => {
  for (const act of ["count", "save"]) {
    const tried = await post("/segments", { ...conditions([...row]), act, name: "Wrong" });
    expect([tried.status, textOf(tried.html)]).toEqual([400, expect.stringContaining(said)]);
    expect(tried.html).toContain(`value="${row[2]}"`);
  }
});

test("a name that is taken, and a segment somebody changed meanwhile, are said and nothing is lost", async () => {
  const everybody = conditions(["all", "reachable", "sms"]);
  await post("/segments", { ...everybody, act: "save", name: "Mobile" });
  const other = await post("/segments", { ...conditions(["all", "name", "Bo"]), act: "save", name: "Mobile" });
  expect([other.status, textOf(other.html)]).toEqual([
    409,
    expect.stringContaining("Another filter is saved under this name."),
  ]);
  const [row] = await rows("select id from outbound.campaign_segments where project_id = $1 and name = 'Mobile'");
  const path = `/segments/${row?.["id"]}`;
  const change = { ...conditions(["all", "name", "Member"]), act: "save", name: "Mobile", version: "1" };
  expect((await post(path, change)).place).toContain("note=segment_saved");
  const late = await post(path, { ...change, ...conditions(["all", "name", "Late"]) });
  expect(late.status).toBe(412);
  expect(late.html).toContain('value="Late"');
});

test("a campaign is written, asks for what fills its gaps, is tried dry, changed, and goes its way", async () => {
  const words = { language: "en", channel: "sms", class: "marketing" };
  await c.post("/templates", {
    ...words,
    name: "sale",
    text: "Hi {{contact_name}}, {{price}} off.",
    variables: { price: { type: "money" } },
  });
  await c.post("/templates", {
    ...words,
    name: "again",
    text: "Still {{price}} off.",
    variables: { price: { type: "money" } },
  });
  const [segment] = await rows("select id from outbound.campaign_segments where project_id = $1 and name = 'Mobile'");
  const form = {
    name: "Autumn",
    channel: "sms",
    class: "marketing",
    segment: String(segment?.["id"]),
    sender: "",
    template0: "sale",
    wait0: "",
    unit0: "days",
    stop0: "1",
    template1: "again",
    wait1: "1,5",
    unit1: "days",
    template2: "",
    wait2: "",
    unit2: "days",
    stop2: "1",
  };
  expect(textOf((await person.get("/console/campaigns/new?channel=sms")).html)).toContain("sale (en; marketing)");
  const first = await post("/campaigns", form);
  expect([first.status, textOf(first.html)]).toEqual([
    422,
    expect.stringContaining("Nothing is known to say for {{price}}"),
  ]);
  expect(first.html).toMatch(/name="v_price"/);
  const wrong = await post("/campaigns", { ...form, v_price: "a lot", wait1: "soon" });
  expect([wrong.status, textOf(wrong.html)]).toEqual([400, expect.stringContaining("Messages: ")]);
  expect(wrong.html).toContain('value="a lot"');
  const made = await post("/campaigns", { ...form, v_price: "100 DKK" });
  expect([made.status, made.place]).toEqual([303, expect.stringContaining("note=campaign_drafted")]);
  const place = (made.place.split("?")[0] ?? "").replace("/console", "");
  const [row] = await rows("select id, variables, class from outbound.campaigns where project_id = $1");
  expect(row).toMatchObject({ class: "marketing", variables: { price: { amount: 10_000, currency: "DKK" } } });
  expect(
    await rows(
      "select template, wait_seconds, stop_on_reply from outbound.campaign_steps where project_id = $1 order by number",
    ),
  ).toEqual([
    { template: "sale", wait_seconds: 0, stop_on_reply: true },
    { template: "again", wait_seconds: 129_600, stop_on_reply: false },
  ]);

  const dry = textOf((await person.get(`/console${place}?dry=first`)).html);
  expect(dry).toMatch(/5 would be sent to .*0 would wait .*1 never/);
  expect(dry).toContain("This person has opted out.");
  expect(await rows("select 1 from outbound.messages where project_id = $1")).toEqual([]);

  const page = await person.get(`/console${place}/edit`);
  expect(page.html).toMatch(/name="wait1"[^>]* value="36"/);
  const version = /name="version" value="(\d+)"/.exec(page.html)?.[1] ?? "";
  const changed = await post(`${place}/edit`, { ...form, v_price: "50 DKK", template1: "", version });
  expect(changed.place).toContain("note=campaign_edited");
  const late = await post(`${place}/edit`, { ...form, name: "Mine", v_price: "70 DKK", version });
  expect(late.status).toBe(412);
  expect(late.html).toContain('value="Mine"');
  const before = await post(`${place}/start`, {});
  expect([before.status, textOf(before.html)]).toEqual([409, expect.stringContaining("It has moved on meanwhile")]);
  expect((await post(`${place}/approve`, { version: String(Number(version) + 1) })).place).toContain(
    "note=campaign_approved",
  );
  expect((await post(`${place}/start`, {})).place).toContain("note=campaign_started");
  await c.run();
  expect(c.carrier.accepted.map(({ text }) => text).sort()[0]).toContain("DKK 50.00 off.");
  // What runs is tried dry no more, and changed no more.
  expect(textOf((await person.get(`/console${place}?dry=first`)).html)).not.toContain("would be sent to");
  expect((await post(`${place}/edit`, { ...form, v_price: "1 DKK", version: "9" })).status).toBe(409);
});

test("another tenant's segment and campaign are nowhere, and take no campaign of his", async () => {
  const [segment] = await rows("select id from outbound.campaign_segments where project_id = $1 limit 1");
  const [campaign] = await rows("select id from outbound.campaigns where project_id = $1 limit 1");
  const other = await signedIn(c.w, c.w.b);
  for (const path of [`/console/segments/${segment?.["id"]}`, `/console/campaigns/${campaign?.["id"]}/edit`])
    expect([path, (await other.get(path)).status]).toEqual([path, 404]);
  const form = {
    name: "Theirs",
    channel: "sms",
    class: "marketing",
    segment: String(segment?.["id"]),
    template0: "sale",
    stop0: "1",
  };
  const tried = await other.post("/console/campaigns", { ...form, once: "o1", unit0: "days", wait0: "" });
  expect([tried.status, textOf(tried.html)]).toEqual([422, expect.stringContaining("There is no such segment")]);
});
