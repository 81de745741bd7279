// The pages of campaigns as a person without a script meets them.
import { expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { campaigning, members, optedOut } from "#test/outbound/campaigning.ts";
import { signedIn, textOf } from "./visitor.ts";

test("a campaign is one request, is moved by its buttons, and says why each non-send was none", async () => {
  const c = await campaigning();
  const people = await members(c.w, c.w.a, { count: 8, tag: "v" });
  for (const contact of people.slice(0, 2)) await optedOut(c.w, c.w.a, contact);
  const made = await c.campaign();
  const person = await signedIn(c.w, c.w.a);
  expect((await person.get("/console")).html).toContain('href="/console/campaigns"');
  const place = `/console/campaigns/${made.id}`;
  const { html } = await person.get(place);
  const once = /name="once" value="([^"]+)"/.exec(html)?.[1] ?? "";
  expect((await person.post(`${place}/approve`, { once, version: "1" })).place).toContain("note=campaign_approved");
  expect((await person.post(`${place}/start`, { once })).place).toContain("note=campaign_started");
  await c.w.settled();
  await c.run();
  c.w.neon.resetStats();
  const page = textOf((await person.get(place)).html);
  expect(c.w.neon.stats().requests).toBe(1);
  expect(page).toMatch(/Sent 6\s.*Not sent 2/);
  expect(page).toMatch(/Never sent to\s+Opt out\s+2 people/);
  const only = textOf((await person.get(`${place}?kind=opt_out`)).html);
  expect(only.match(/Member \d/g)).toHaveLength(2);
  expect((await person.post(`${place}/blow-up`, { once })).status).toBe(404);
  expect((await person.post(`${place}/resume`, { once })).status).toBe(409);
});

test("a preview tells what is missing, and another tenant's campaign is nowhere", async () => {
  const c = await campaigning();
  await c.post("/templates", {
    name: "priced",
    language: "en",
    channel: "sms",
    class: "transactional",
    text: "{{contact_name}}: {{price}}",
    variables: { price: { type: "money" } },
  });
  const person = await signedIn(c.w, c.w.a);
  const [row] = await c.w.neon.query("select id from outbound.templates where project_id = $1", [c.w.a.project]);
  const look = async (more: string) =>
    textOf((await person.get(`/console/templates?template=${row?.["id"]}&contact=${c.s.contact}${more}`)).html);
  expect(await look("")).toContain("Nothing is known to say for {{price}}.");
  expect(await look("&v_price=1250+DKK")).toContain("Mette: DKK 1,250.00");
  expect(await look("&v_price=lots")).toContain("is no amount of money");
  await addKey(c.w.neon, { ...c.w.b, permissions: ["outbound:read"], name: "theirs" });
  const other = await signedIn(c.w, c.w.b);
  const made = await c.campaign();
  expect((await other.get(`/console/campaigns/${made.id}`)).status).toBe(404);
});
