// Jobs in the console, without a script: found, taken in, moved, written about; messages tied to them.
import { beforeAll, expect, test } from "vitest";
import { caller, client, technician } from "#test/field/floor.ts";
import { type World, world } from "#test/kit/world.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let person: Visitor;
let mette: string;
let thomas: Awaited<ReturnType<typeof technician>>;
let call: ReturnType<typeof caller>;

beforeAll(async () => {
  w = await world();
  call = caller(w, w.a.apiKey);
  mette = await client(w, w.a, "Mette <b>Holm</b>", "+4520304050");
  thomas = await technician(w, w.a);
  person = await signedIn(w, w.a);
});

const page = async (path: string) => textOf((await person.get(path)).html);
let n = 0;
const send = (path: string, fields: Record<string, string>) => person.post(path, { once: `${++n}`, ...fields });

async function taken(): Promise<string> {
  const made = await send("/console/jobs", { client: mette, title: "Wheel shuts off", tech: thomas.id, minutes: "90" });
  expect(made.status).toBe(303);
  return made.place.split("?")[0] ?? "";
}

test("a job is taken in for a person, and stands in the list with whom it is for", async () => {
  expect(await page("/console/jobs")).toContain("No job yet");
  expect(await page(`/console/jobs/new?client=${mette}`)).toContain("New job for Mette <b>Holm</b>");
  expect((await send("/console/jobs", { client: mette, title: " " })).status).toBe(400);
  const place = await taken();
  const { html } = await person.get(place);
  expect(html).not.toContain("<b>Holm</b>");
  expect(textOf(html)).toContain("Wheel shuts off Intake");
  expect(await page("/console/jobs?q=wheel")).toMatch(
    /#1 No time yet Wheel shuts off Mette <b>Holm<\/b> Intake Thomas Holm/,
  );
  expect(await page("/console/jobs?q=zebra")).toContain("No job fits");
  expect((await person.get("/console/jobs/job_none")).status).toBe(404);
});

test("its allowed moves are its buttons; a time and a reason are asked for; its life is told", async () => {
  const place = await taken();
  const buttons = async () =>
    [...(await person.get(place)).html.matchAll(/name="to" value="(\w+)"/g)].map(([, to]) => to);
  expect((await buttons()).sort()).toEqual(["cancelled", "repairing", "scheduled"]);
  expect((await send(`${place}/move`, { to: "scheduled" })).status).toBe(400);
  expect((await send(`${place}/move`, { to: "cancelled" })).status).toBe(400);
  const at = { to: "scheduled", scheduled_for: "2026-11-16T10:00", zone: "Europe/Copenhagen", version: "1" };
  expect((await send(`${place}/move`, at)).status).toBe(303);
  expect((await send(`${place}/move`, { to: "repairing", version: "1" })).status).toBe(412);
  expect((await call(`/v1/field/jobs/${place.split("/").at(-1)}`)).body).toMatchObject({
    scheduled_for: "2026-11-16T09:00:00Z",
  });
  expect(await page(place)).toMatch(/What happened .*Intake → Scheduled Person/);
  expect((await buttons()).sort()).toEqual(["cancelled", "intake", "onsite", "repairing"]);
  expect((await send(`${place}/move`, { to: "cancelled", reason: "Sold it" })).status).toBe(303);
  expect(await page(place)).toMatch(/Cancelled because Sold it/);
  expect(await buttons()).toEqual([]);
});

test("parts, notes, its technician and its words are changed on its page", async () => {
  const place = await taken();
  await send(`${place}/parts`, { part_name: "Caster", quantity: "2", price: "129,50", currency: "DKK" });
  await send(`${place}/notes`, { text: "Bearing worn", visibility: "client" });
  await send(`${place}/assign`, { tech: "", version: "1" });
  await send(`${place}/update`, {
    title: "Left wheel",
    location: "Mill Lane 3",
    minutes: "",
    notes: "Ring first",
    version: "2",
  });
  const text = await page(place);
  expect(text).toMatch(/2 × Caster DKK\s129\.50/);
  expect(text).toContain("Bearing worn The client may be told");
  expect(text).toContain("Left wheel");
  expect(text).toContain("Ring first");
  const part = /name="part" value="(\w+)"/.exec((await person.get(place)).html)?.[1] ?? "";
  expect((await send(`${place}/parts/remove`, { part })).status).toBe(303);
  expect(await page(place)).toContain("Parts None yet.");
  expect((await send(`${place}/parts`, { part_name: "x", price: "much", currency: "DKK" })).status).toBe(400);
});

test("a message that may be about several jobs waits on the list and is tied to one", async () => {
  const [one] = [await taken(), await taken()];
  const source = w.a.source.id;
  await w.neon.query(
    `insert into field.messages (project_id, account_scope_id, id, contact_id, client_id, direction, channel, source_id, provider, provider_message_id,
       address, body, thread_id, seq, ts, waits) values ($1, $2, 'msg_waits', $3, $3, 'inbound', 'sms', $4, 'twilio', 'SM1', '+4520304050', 'When?', 'thr_1', 1, '2026-11-15T07:00:00Z', true)`,
    [w.a.project, w.a.accountScope, mette, source],
  );
  expect(await page("/console/jobs")).toMatch(/Which job is this about\? When\? \+4520304050/);
  const job = one?.split("/").at(-1) ?? "";
  const tied = await send("/console/jobs/messages/msg_waits", { job });
  expect(tied.status).toBe(303);
  expect(await page("/console/jobs")).not.toContain("Which job is this about?");
  expect(await page(one ?? "")).toMatch(/What its client wrote When\?/);
});

test("each page is one request; a technician sees his own jobs and no more buttons than he may press", async () => {
  const place = await taken();
  for (const path of ["/console/jobs", place, `/console/jobs/new?client=${mette}`]) {
    await w.settled();
    w.neon.resetStats();
    await person.get(path);
    expect([path, w.neon.stats().requests]).toEqual([path, 1]);
  }
  await w.neon.query("update identity.memberships set role = 'technician' where user_id = $1", [w.a.user]);
  expect(await page("/console/jobs")).toContain("No job yet");
  expect((await person.get(place)).status).toBe(404);
  expect((await send("/console/jobs", { client: mette, title: "x" })).status).toBe(403);
  await w.neon.query("update identity.memberships set role = 'owner' where user_id = $1", [w.a.user]);
});
