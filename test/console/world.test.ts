// What we know in the console, without a script: at a moment, as known at another, who knows it, and what the forms write.
import { beforeAll, describe, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { type Known, known } from "./known.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let person: Visitor;
let k: Known;
let place: string;

beforeAll(async () => {
  w = await world({ now: "2026-11-16T08:00:00.000Z" });
  k = await known(w);
  person = await signedIn(w, w.a);
  place = `/console/world/${k.firm}`;
});

const read = async (path: string) => textOf((await person.get(path)).html);
let n = 0;
const send = (path: string, fields: Record<string, string>) => person.post(path, { once: `${++n}`, ...fields });

/** Names and values of the form of the sliders, as a browser would send them untouched. */
const fieldsOf = (html: string): Record<string, string> => {
  const form = html.slice(html.indexOf('<form class="moments-of"'));
  return Object.fromEntries(
    [...form.slice(0, form.indexOf("</form>")).matchAll(/<input [^>]*name="([^"]+)"[^>]*?value="([^"]*)"/g)].map(
      ([, name = "", value = ""]) => [name, value],
    ),
  );
};
async function slide(from: string, moved: Record<string, string>): Promise<string> {
  const fields = { ...fieldsOf((await person.get(from)).html), ...moved };
  const { status, place: to } = await person.get(`${place}?${new URLSearchParams(fields)}`);
  expect(status).toBe(303);
  return to;
}

describe("what is known of an entity", () => {
  test("its facts, where they are from, who knows them or believes otherwise, and what contradicts what", async () => {
    const text = await read(place);
    expect(text).toMatch(/Price hourly 695\.00 DKK per hour since 1 Jun 2026.*Entered by a colleague: form Staff only/);
    expect(text).toContain("Sara Lind believes something else: 600.00 DKK per hour said by a colleague");
    expect(text).toMatch(/Opening hours monday Sources disagree 9 to 17 .*Sara Lind is assumed to know it .*8 to 16/);
    expect(text).toMatch(/Sara Lind works at Northwind Cooling/);
    expect(await read(`/console/world/${k.sara}`)).toMatch(
      /What Sara Lind knows of others .*Believes, wrongly Northwind Cooling – Price hourly: 600\.00 DKK per hour/,
    );
    expect(await read("/console/world")).toContain("Northwind Cooling: opening hours monday 9 to 17 or 8 to 16");
  });

  test("a slider that moved leads to its moment, one that did not leaves it; a typed date does too", async () => {
    const before = await slide(place, { as_of_step: "1" });
    expect(before).toBe(`${place}?as_of=2026-01-01T00%3A00%3A00Z`);
    const then = await read(before);
    expect(then).toContain("Price hourly 600.00 DKK per hour");
    expect(then).not.toContain("No longer true");
    // The other slider goes on from there, and the first stays where it was put.
    const both = await slide(before, { known_at_step: "0" });
    expect(both).toMatch(/as_of=2026-01-01T00%3A00%3A00Z&known_at=2026-11-15T/);
    expect(await read(both)).toContain("Nothing is known of it at that moment");
    const typed = await slide(place, { as_of_typed: "2026-03-01T12:00" });
    expect(await read(typed)).toContain("Price hourly 600.00 DKK per hour");
    expect(await slide(before, {})).toBe(before);
    expect(await slide(place, { as_of_typed: "nonsense" })).toBe(place);
    expect(await slide(place, { as_of_step: "9999" })).toBe(place);
    // Each step of a link is a change.
    const { html } = await person.get(place);
    const back = /href="([^"]*as_of=[^"]*)">Change before/.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(await read(back)).toContain("Price hourly 600.00 DKK per hour");
    expect((await person.get(`${place}?as_of=yesterday`)).status).toBe(200);
  });
});

describe("written down by hand", () => {
  test("a fact, one in its place, an end, and a form that was refused keeps what was typed", async () => {
    const fact = { attribute: "price.callout", value_type: "currency", value: "1.2 kroner", source_ref: "price list" };
    const refused = await send(`${place}/facts`, fact);
    expect([refused.status, textOf(refused.html)]).toEqual([400, expect.stringContaining("Value: ")]);
    expect(refused.html).toContain('value="price.callout"');
    expect((await send(`${place}/facts`, { ...fact, value: "450,50 DKK", zone: "UTC" })).status).toBe(303);
    const { html } = await person.get(place);
    expect(textOf(html)).toContain("Price callout 450.50 DKK at all times");
    const id = /id="(fct_\w+)"><p class="strong">450\.50/.exec(html)?.[1] ?? "";
    expect((await send(`${place}/close`, { fact: id, because: "mistaken" })).status).toBe(303);
    expect(await read(place)).toMatch(/At other moments Price callout All that was written down/);
  });

  test("who knows what, by whoever may say so; and a conflict is over when one of them is not it", async () => {
    const knows = { fact: k.dear, value_type: "currency", knower: `entity:${k.sara}`, status: "unknown" };
    expect((await send(`${place}/knowers`, knows)).status).toBe(303);
    expect(await read(place)).toMatch(/Sara Lind does not know it said by a colleague/);
    const { body: tom } = await k.post("/people/contacts", { name: "Tom Vale", points: [] });
    const offered = (await person.get(place)).html;
    for (const who of [`contact:${tom.id}`, `technician:${w.a.user}`]) expect(offered).toContain(`value="${who}"`);
    await send(`${place}/knowers`, { ...knows, knower: `contact:${tom.id}`, status: "confirmed" });
    expect(await read(place)).toMatch(/Tom Vale knows it said by a colleague/);
    const { html } = await person.get(place);
    const torn = /id="(fct_\w+)"><p class="strong">8 to 16/.exec(html)?.[1] ?? "";
    await send(`${place}/close`, { fact: torn, because: "mistaken" });
    expect(await read(place)).not.toContain("Sources disagree");
    expect(await read("/console/world")).not.toContain("Sources disagree");
  });

  test("a person's record becomes one to know things of, once, and is found from there", async () => {
    const { body } = await k.post("/people/contacts", { name: "Ida Holm", points: [] });
    const from = await person.get(`/console/people/${body.id}`);
    const path = /href="(\/console\/world\?contact=[^"]+)"/.exec(from.html)?.[1] ?? "";
    expect(await read(path)).toContain("Nothing is written down of this person yet.");
    const { place: made } = await send("/console/world", { type: "Person", contact: body.id });
    expect(await read(made)).toContain("Ida Holm Person · the record of this person");
    expect(made).toContain((await person.get(path)).place);
    expect((await send(`${place}/relations`, { type: "WORKS_AT", to: k.offer, source_ref: "card" })).status).toBe(303);
  });
});

describe("the picture", () => {
  test("boxes that are links and arrows, of a kind, and of whom somebody knows something", async () => {
    const { html } = await person.get("/console/world/graph");
    expect(html).toContain(`<a href="/console/world/${k.firm}" class="node Company">`);
    expect(html).toContain("Sara Lind works at Northwind Cooling");
    expect((await person.get("/console/world/graph?type=Offer")).html).not.toContain(`class="node`);
    expect((await person.get("/console/world/graph?knower=public")).html).not.toContain(`class="node`);
    const hers = await person.get(`/console/world/graph?knower=entity:${k.sara}`);
    expect(textOf(hers.html)).toMatch(/Northwind Cooling Company · \d facts?/);
    expect(hers.html).not.toContain(`/console/world/${k.offer}" class="node`);
    const all = await person.get(`/console/world/graph?knower=technician:${w.a.user}`);
    expect(textOf(all.html)).toMatch(/Northwind Cooling Company · \d facts?/);
    expect(all.html).toContain(`<option value="technician:${w.a.user}" selected="">`);
    expect(all.html).toMatch(/<option value="contact:con_[a-z0-9]+">Ida Holm, as a contact/);
    expect((await person.get(`/console/world/graph?knower=technician:${w.b.user}`)).status).toBe(404);
    const figure = (page: string) => page.slice(page.indexOf("<figure"), page.indexOf("</figure>"));
    expect(figure((await person.get("/console/world/graph")).html)).toBe(figure(html));
  });

  test("two that are one are put together with a reason, and taken apart again", async () => {
    const twin = await k.entity("Company", "Northwind again");
    await k.fact({ subject: twin, attribute: "gate", value: "by the shed" });
    const there = `/console/world/${twin}`;
    expect(await read(there)).toMatch(/It is the same as another one It is .*Northwind Cooling/);
    expect((await send(`${there}/merge`, { into: k.firm, reason: "" })).status).toBe(400);
    expect((await send(`${there}/merge`, { into: k.firm, reason: "Entered twice" })).place).toContain(there);
    expect(await read(there)).toContain("Another one stands for it");
    expect(await read(place)).toMatch(/Gate by the shed .*It stands for Northwind again too\./);
    expect((await send(`${there}/unmerge`, {})).status).toBe(303);
    expect(await read(there)).toContain("Gate by the shed");
    expect(await read(place)).not.toMatch(/Gate by the shed|It stands for/);
  });

  test("a member is given a tier beside his role", async () => {
    const tierOf = async () =>
      /<option value="(\w+)" selected="">(?:Standard|Premium)/.exec((await person.get("/console/members")).html)?.[1];
    expect(await tierOf()).toBe("standard");
    expect((await send(`/console/members/${w.a.user}/tier`, { tier: "premium" })).status).toBe(303);
    expect(await tierOf()).toBe("premium");
  });

  test("another tenant sees nothing of it", async () => {
    const theirs = await signedIn(w, w.b);
    expect((await theirs.get(place)).status).toBe(404);
    expect(textOf((await theirs.get("/console/world")).html)).not.toContain("Northwind");
    expect((await theirs.post(`${place}/close`, { once: "x", fact: k.dear, because: "ended" })).status).toBe(404);
  });
});

describe("the review queue", () => {
  test("shows what was read beside its words; each is decided by its buttons, several by their ticks", async () => {
    const { body } = await k.post("/world/sessions", { title: "The price", counterparty: k.sara, self: k.firm });
    const turn = {
      text: "My rent is 1200 EUR. My deposit is 3 600 EUR. My discount is 5 %.",
      channel: "roleplay",
    };
    expect((await k.post(`/world/sessions/${body.id}/turns`, turn)).status).toBe(200);
    const { html } = await person.get("/console/world/proposals");
    const ids = [...html.matchAll(/name="pick (fct_\w+)"/g)].map(([, id = ""]) => id);
    expect(ids.length).toBeGreaterThan(1);
    expect(textOf(html)).toContain("My rent is 1200 EUR. My deposit is");
    const [one = "", ...rest] = ids;
    const alone = await send("/console/world/proposals", { decision: `discard ${one}` });
    expect(await read(alone.place)).toContain("1 fact decided.");
    expect((await send("/console/world/proposals", { decision: `discard ${one}` })).status).toBe(409);
    const ticks = Object.fromEntries([one, ...rest].map((id) => [`pick ${id}`, "on"]));
    const all = await send("/console/world/proposals", { decision: "save_session_only", ...ticks });
    expect(await read(all.place)).toMatch(new RegExp(`${rest.length} facts? decided\\..*`));
    expect(await read("/console/world/proposals")).toContain("Nothing waits for a decision.");
  });
});
