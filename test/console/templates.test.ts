// Templates written, replaced, translated and previewed in the console without a script.
import { beforeAll, expect, test } from "vitest";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type World, world } from "#test/kit/world.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let s: Sending;
let person: Visitor;
let n = 0;

beforeAll(async () => {
  w = await world();
  s = await canSend(w, w.a);
  person = await signedIn(w, w.a);
});

const post = (path: string, fields: Record<string, string>) => {
  n += 1;
  return person.post(`/console/templates${path}`, { once: `t${n}`, ...fields });
};
const idIn = (place: string) => /template=([^&#]+)/.exec(place)?.[1] ?? "";
const row = async (id: string) => (await w.neon.query("select * from outbound.templates where id = $1", [id]))[0];
const look = async (id: string, more = "") =>
  textOf((await person.get(`/console/templates?template=${id}&contact=${s.contact}${more}`)).html);

const offer = {
  name: "offer",
  language: "en",
  channel: "sms",
  class: "transactional",
  text: "Hi {{contact_name}},\r\n{{price}} on {{day}}.",
};

test("a gap nobody described comes back as a row to describe; then it is saved, previewed, and refused where it is blank", async () => {
  const first = await post("", offer);
  expect([first.status, textOf(first.html)]).toEqual([422, expect.stringContaining("Its row is below now")]);
  expect(first.html).toMatch(/name="gap0" value="price".*name="gap1" value="day"/s);
  expect(first.html).toContain("Hi {{contact_name}},\n{{price}} on {{day}}.");
  const gaps = {
    gap0: "price",
    type0: "money",
    default0: "",
    gap1: " {{day}} ",
    type1: "date",
    default1: "2026-11-30",
    gap2: "",
  };
  const made = await post("", { ...offer, ...gaps });
  expect([made.status, made.place]).toEqual([303, expect.stringContaining("note=template_saved")]);
  const id = idIn(made.place);
  expect(await row(id)).toMatchObject({
    body: "Hi {{contact_name}},\n{{price}} on {{day}}.",
    variables: { price: { type: "money" }, day: { type: "date", default: "2026-11-30" } },
  });
  expect(await look(id)).toContain("Nothing is known to say for {{price}}.");
  expect(await look(id, "&v_price=1250,5+DKK")).toContain("Hi Mette, DKK 1,250.50 on 30 November 2026.");
  expect(await look(id, "&v_price=12.345+DKK")).toContain("is no amount of money");
  expect(await look(id, "&v_price=3500+JPY&v_day=2026-02-30")).toContain("{{day}} is no date");
});

test("other words are a new row, with what was there to begin with; who was too late keeps his", async () => {
  const made = await post("", { ...offer, name: "ready", text: "Ready, {{brand}}" });
  const id = idIn(made.place);
  const form = await person.get(`/console/templates/${id}/edit`);
  expect(form.html).toContain("Ready, {{brand}}");
  const version = /name="version" value="(\d+)"/.exec(form.html)?.[1] ?? "";
  const kind = { name: "ready", language: "en", channel: "sms", class: "transactional", version };
  const next = await post(`/${id}`, { ...kind, text: "Your boiler is ready." });
  expect(next.place).toContain("note=template_saved");
  expect([(await row(id))?.["retired_at"] !== null, (await row(idIn(next.place)))?.["body"]]).toEqual([
    true,
    "Your boiler is ready.",
  ]);
  const late = await post(`/${id}`, { ...kind, text: "Mine instead." });
  expect(late.status).toBe(409);
  expect(late.html).toContain("Mine instead.");
  expect(textOf((await person.get(`/console/templates?template=${id}`)).html)).toContain("This row is out of use.");
});

test("another language begins with the words of the first, and the first is retired last", async () => {
  const made = await post("", {
    ...offer,
    name: "hello",
    channel: "email",
    subject: "Hello",
    text: "Hi {{contact_name}}",
  });
  const id = idIn(made.place);
  const form = await person.get(`/console/templates/new?like=${id}`);
  expect(form.html).toMatch(/name="name" value="hello".*name="language" value="".*name="subject" value="Hello"/s);
  const danish = await post("", {
    ...offer,
    name: "hello",
    channel: "email",
    language: "DA",
    subject: "Hej",
    text: "Hej {{contact_name}}",
  });
  expect(await row(idIn(danish.place))).toMatchObject({ language: "da", is_fallback: false, subject: "Hej" });
  const first = await post(`/${id}/retire`, {});
  expect([first.status, textOf(first.html)]).toEqual([
    409,
    expect.stringContaining("Other languages fall back to this one"),
  ]);
  expect((await post(`/${idIn(danish.place)}/retire`, {})).place).toContain("note=template_retired");
  expect((await post(`/${id}/retire`, {})).place).toContain("note=template_retired");
});

test.each([
  ["a name with spaces", { name: "My Offer" }, 400, "Name: "],
  ["braces that are no gap", { text: "{{ Price! }}" }, 422, "Not a {{name}}"],
  [
    "a default of another kind",
    { text: "{{no_of}}", gap0: "no_of", type0: "number", default0: "many" },
    422,
    "is no number",
  ],
  [
    "a gap that fills itself",
    { text: "{{brand}}", gap0: "brand", type0: "text", default0: "" },
    422,
    "is filled in by itself",
  ],
  ["no language", { language: "danish" }, 400, "Language: "],
] as const)("%s is refused beside what was typed", async (_, more, status, said) => {
  const tried = await post("", { ...offer, text: "Words that stay", ...more });
  expect([tried.status, textOf(tried.html)]).toEqual([status, expect.stringContaining(said)]);
  expect(tried.html).toContain(("text" in more ? more.text : "Words that stay").replaceAll('"', "&quot;"));
});

test("another tenant's template is nowhere", async () => {
  const made = await post("", { ...offer, name: "ours", text: "Ours" });
  const id = idIn(made.place);
  const other = await signedIn(w, w.b);
  for (const path of [
    `/console/templates/${id}/edit`,
    `/console/templates/new?like=${id}`,
    `/console/templates?template=${id}`,
  ])
    expect([path, (await other.get(path)).status]).toEqual([path, 404]);
  expect((await other.post(`/console/templates/${id}/retire`, { once: "x" })).status).toBe(404);
  expect((await other.post(`/console/templates/${id}`, { once: "y", version: "1", text: "Theirs" })).status).toBe(404);
});
