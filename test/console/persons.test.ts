// Who somebody is, in the console without a script: found, made, changed, merged and taken apart, with all that happened.
import { beforeAll, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";
import { type Customer, customer, queueMessage } from "#test/outbound/customer.ts";
import { known } from "#test/people/office.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let c: Customer;
let colleague: Visitor;

beforeAll(async () => {
  w = await world();
  c = await customer(w, w.a);
  await queueMessage(w, w.a, c);
  colleague = await signedIn(w, w.a);
});

const pathOf = (id: string) => `/console/people/${id}`;
const read = async (path: string) => textOf((await colleague.get(path)).html);
const fieldOf = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";

test("a client is made, found by what one remembers, and changed; what is wrong is said beside what was typed", async () => {
  const wrong = await colleague.post("/console/people", {
    once: "1",
    name: "Karen Blom",
    phone: "hello",
    language: "DA",
  });
  expect([wrong.status, textOf(wrong.html)]).toEqual([
    400,
    expect.stringContaining("Number or address: is no telephone number."),
  ]);
  expect(wrong.html).toContain('value="hello"');
  const made = await colleague.post("/console/people", {
    once: "2",
    name: "Karen Blom",
    phone: "21 31 41 51",
    language: "DA",
    email: "",
  });
  expect([made.status, made.place]).toEqual([303, expect.stringContaining("note=contact_created")]);
  const path = made.place.split("?")[0] ?? "";
  for (const q of ["kar", "blom", "2131", "+4521"]) {
    expect([q, (await colleague.get(`/console/people?q=${encodeURIComponent(q)}`)).html.includes(path)]).toEqual([
      q,
      true,
    ]);
  }
  expect(await read("/console/people?q=nobody")).toContain("Nobody begins with that.");

  w.neon.resetStats();
  const page = await colleague.get(path);
  expect(w.neon.stats().requests).toBe(1);
  expect(textOf(page.html)).toMatch(
    /Who this is.*Language da.*21 31 41 51 entered by a colleague.*What happened.*Record made/,
  );
  const form = { version: fieldOf(page.html, "version"), name: "Karen Blom", language: "da", timezone: "Mars/Olympus" };
  const bad = await colleague.post(`${path}/edit`, { once: "3", ...form });
  expect([bad.status, textOf(bad.html)]).toEqual([400, expect.stringContaining("Time zone: an IANA time zone.")]);
  const good = { ...form, once: "4", timezone: "Europe/London", notes: "Dog <bites>" };
  expect((await colleague.post(`${path}/edit`, good)).place).toContain("note=contact_updated");
  expect((await colleague.get(path)).html).toContain("Dog &lt;bites&gt;");
  const late = await colleague.post(`${path}/edit`, { ...good, once: "5", name: "Too late" });
  expect(late.status).toBe(412);
  expect((await colleague.post(`${path}/point`, { once: "6", value: "Karen@Example.DK" })).status).toBe(303);
  const [point] = await w.neon.query(
    "select id from people.contact_points where project_id = $1 and kind = 'email' and value_norm = 'karen@example.dk'",
    [w.a.project],
  );
  expect((await colleague.post(`${path}/forget`, { once: "7", point: String(point?.["id"]) })).status).toBe(303);
  expect(await read(path)).not.toContain("Karen@Example.DK");
});

test("two records are chosen as one person, told as one, and taken apart", async () => {
  const other = await known(w, w.a, { name: "Mette H.", phone: "+4529292929" });
  const choosing = await colleague.get(`/console/people?with=${c.person}&q=mette`);
  expect(textOf(choosing.html)).toContain("Who is the same person?");
  const version =
    new RegExp(`people/${other}/merge.*?name="version" value="(\\d+)"`, "s").exec(choosing.html)?.[1] ?? "";
  const merged = await colleague.post(`${pathOf(other)}/merge`, { once: "1", version, into: c.person });
  expect(merged.place).toMatch(new RegExp(`${c.person}\\?note=people_merged`));
  const page = await colleague.get(pathOf(c.person));
  expect(textOf(page.html)).toMatch(/\+4529292929.*Merged records\s+Mette H\.\s+a colleague decided/);
  expect(await read(pathOf(other))).toContain("another one speaks for it");
  const apart = new RegExp(`people/${other}/unmerge.*?name="version" value="(\\d+)"`, "s").exec(page.html)?.[1] ?? "";
  expect((await colleague.post(`${pathOf(other)}/unmerge`, { once: "2", version: apart })).place).toContain(
    "note=people_apart",
  );
  expect(await read(pathOf(c.person))).not.toContain("+4529292929");
});

test("a proposal waits on the page of either, and of all; it is decided once", async () => {
  const email = "shared@example.dk";
  const first = await known(w, w.a, { name: "Shared One", email });
  const second = await known(w, w.a, { name: "Shared Two", email, proof: "told" });
  await deliver(w, "people.link", { project: w.a.project });
  const page = await colleague.get("/console/people");
  expect(textOf(page.html)).toMatch(
    /One person\? shared@example\.dk: it was only typed somewhere\s+Shared One\s+and\s+Shared Two/,
  );
  expect(await read(pathOf(first))).toContain("One person?");
  expect(await read(pathOf(c.person))).not.toContain("One person?");
  const [, id = "", version = ""] = /proposals\/([^/]+)\/dismiss.*?name="version" value="(\d+)"/s.exec(page.html) ?? [];
  const kept = await colleague.post(`/console/proposals/${id}/dismiss`, { once: "1", version });
  expect(kept.place).toContain("note=people_kept_apart");
  expect((await colleague.post(`/console/proposals/${id}/accept`, { once: "2", version })).status).toBe(409);
  expect(await read(pathOf(second))).not.toContain("One person?");
});

test("what happened is narrowed and turned, and links to where it is", async () => {
  const page = await colleague.get(pathOf(c.person));
  expect(page.html).toMatch(/href="\/console\/outbox\/msg_[^"]+"[^>]*>\s*SMS: /);
  expect(page.html).toContain(`href="/console/conversations/${c.talk.conversation}"`);
  const changes = await read(`${pathOf(c.person)}?show=changes`);
  expect(changes).toContain("Record made");
  expect(changes.split("What happened")[1]?.split("Written to this person")[0]).not.toContain("Wrote in Chatwoot");
  expect((await colleague.get(`${pathOf(c.person)}?show=nonsense`)).status).toBe(200);
});

test("who may only read sees no forms; another house's person is unknown, whatever is sent", async () => {
  await addKey(w.neon, { ...w.a, permissions: ["people:read"], name: "reads" });
  const stranger = await signedIn(w, w.b);
  expect((await stranger.get(pathOf(c.person))).status).toBe(404);
  for (const [act, fields] of [
    ["edit", { version: "1", name: "x" }],
    ["point", { value: "20304050" }],
    ["merge", { version: "1", into: c.person }],
    ["unmerge", { version: "1" }],
  ] as const)
    expect([act, (await stranger.post(`${pathOf(c.person)}/${act}`, { once: act, ...fields })).status]).toEqual([
      act,
      404,
    ]);
  expect((await colleague.post(`${pathOf(c.person)}/edit`, { csrf: "made-up", version: "1" })).status).toBe(403);
});
