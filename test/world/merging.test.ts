// Two entities turn out to be one: what was said goes on, contradictions stand side by side, and before it both are as they were.
import { beforeAll, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { type World, world } from "#test/kit/world.ts";
import { call, known } from "#test/people/office.ts";
import { rehearsing } from "./rehearsing.ts";

let w: World;
let a: ReturnType<typeof rehearsing>;

beforeAll(async () => {
  w = await world({ now: "2026-05-01T08:00:00.000Z" });
  a = rehearsing(w);
});

const related = async (from: string, type: string, to: string): Promise<string> => {
  const provenance = { source_type: "user_entered", source_ref: "card" };
  const made = await a.post("/world/relationships", { from, type, to, provenance });
  expect(made.status).toBe(201);
  w.clock.advance(1000);
  return made.body.id;
};

const merge = (from: string, into: string) =>
  a.post(`/world/entities/${from}/merge`, { into, reason: "The same firm, entered twice" });

/** All that is shown of an entity: as known now, or then. */
async function shown(id: string, then?: string) {
  const { status, body } = await a.get(`/world/entities/${id}${then ? `?known_at=${then}` : ""}`);
  expect(status).toBe(200);
  const bare = ({ attributes, relationships }: typeof body) => ({ attributes, relationships });
  return bare(body);
}

/** What was written down at one moment comes in any order. */
const knownBy = async (id: string) =>
  (await a.seenBy(`entity:${id}`)).sort((one, other) => (one.id < other.id ? -1 : 1));

type Attribute = { attribute: string; conflict: boolean; facts: { id: string; value: unknown }[] };
const valuesOf = (attributes: Attribute[]) =>
  Object.fromEntries(attributes.map(({ attribute, facts }) => [attribute, facts.map(({ value }) => value).sort()]));

/** Northwind twice: what they say agrees, contradicts and adds up. */
async function twins() {
  const [one, two, sara, bo] = [
    await a.entity("Company", "Northwind Ltd"),
    await a.entity("Company", "North Wind"),
    await a.entity("Person", "Sara Lind"),
    await a.entity("Person", "Bo Juhl"),
  ];
  const facts = {
    hours: await a.fact({ subject: one, attribute: "opening_hours.week", value: "8 to 16" }),
    other: await a.fact({ subject: two, attribute: "opening_hours.week", value: "9 to 17" }),
    gate: await a.fact({ subject: two, attribute: "gate", value: "by the shed", visibility: "public" }),
    rent: await a.fact({ subject: two, attribute: "rent", value: "1 400" }),
  };
  const relations = [
    await related(sara, "WORKS_AT", one),
    await related(sara, "WORKS_AT", two),
    await related(bo, "CLIENT_OF", two),
    await related(one, "RENTED_FROM", two),
  ];
  expect(
    await a.put(`/world/facts/${facts.rent}/knowers`, { knower: `entity:${two}`, status: "unknown" }),
  ).toMatchObject({ status: 200 });
  w.clock.advance(1000);
  return { one, two, sara, bo, facts, relations };
}

test("what is said of one goes on as the other's; before, both are as they were; taken back, both are again", async () => {
  const { one, two, sara, bo, facts } = await twins();
  const then = w.clock.now().toISOString();
  const before = [await shown(one), await shown(two), await knownBy(bo), await knownBy(sara)];
  w.clock.advance(60_000);
  expect(await merge(two, one)).toMatchObject({
    status: 200,
    body: { from: two, into: one, facts: 3, relationships: 3, knowers: 2, undone_at: null },
  });

  const now = await shown(one);
  expect(valuesOf(now.attributes)).toEqual({
    gate: ["by the shed"],
    "opening_hours.week": ["8 to 16", "9 to 17"],
    rent: ["1 400"],
  });
  // The same colleague said both: neither is picked, and under their ids they are the facts they were.
  expect(now.attributes.find(({ attribute }: Attribute) => attribute === "opening_hours.week")).toMatchObject({
    conflict: true,
    preferred: null,
  });
  expect((await a.get(`/world/conflicts?subject=${one}`)).body.data).toMatchObject([
    { attribute: "opening_hours.week" },
  ]);
  expect((await a.get(`/world/facts/${facts.gate}`)).body).toMatchObject({ id: facts.gate, subject: one });
  expect(
    now.relationships.map(({ type, other }: { type: string; other: { name: string } }) => [type, other.name]),
  ).toEqual([
    ["CLIENT_OF", "Bo Juhl"],
    ["WORKS_AT", "Sara Lind"],
  ]);
  expect(await shown(two)).toEqual({ attributes: [], relationships: [] });
  expect((await a.get(`/world/entities/${two}`)).body).toMatchObject({ merged_into: one });
  expect((await a.get(`/world/entities/${one}`)).body.stands_for).toEqual([{ id: two, name: "North Wind" }]);
  expect(JSON.stringify((await a.get("/world/entities?q=North")).body)).not.toContain(two);

  // As it was known then.
  expect([await shown(one, then), await shown(two, then)]).toEqual(before.slice(0, 2));
  // Said again nothing changes; nothing new is said of what is merged.
  expect(await merge(two, one)).toMatchObject({ status: 200, body: { facts: 3 } });
  for (const [path, json] of [
    [`/world/entities/${two}/merge`, { into: bo, reason: "Another one" }],
    [`/world/entities/${sara}/merge`, { into: two, reason: "Another one" }],
    [
      "/world/facts",
      {
        subject: two,
        attribute: "gate",
        value: "x",
        value_type: "string",
        provenance: { source_type: "external", source_ref: "x" },
      },
    ],
  ] as const)
    expect([path, await a.post(path, json)]).toMatchObject([path, { status: 409 }]);

  w.clock.advance(60_000);
  const apart = await a.post(`/world/entities/${two}/unmerge`, {});
  expect(apart).toMatchObject({ status: 200, body: { from: two, into: one, undone_at: expect.any(String) } });
  const plain = (told: unknown) => JSON.stringify(told, (name, held) => (name === "recorded_at" ? undefined : held));
  expect(plain([await shown(one), await shown(two), await knownBy(bo), await knownBy(sara)])).toBe(plain(before));
  // And while they were one they are shown as one.
  expect(await shown(one, new Date(w.clock.now().getTime() - 30_000).toISOString())).toEqual(now);
  expect(await a.post(`/world/entities/${two}/unmerge`, {})).toMatchObject({
    status: 409,
    body: { code: "entity_not_merged" },
  });
  const told = await w.neon.query(
    "select event_type from world.events where project_id = $1 and ref_id = $2 and event_type like '%MERGED' order by created_at, id",
    [w.a.project, two],
  );
  expect(told.map(({ event_type }) => event_type)).toEqual(["ENTITY_MERGED", "ENTITY_UNMERGED"]);
});

test("what somebody said since keeps it from being taken back, with the reason; an origin replaces all it said of both", async () => {
  const { one, two } = await twins();
  expect((await merge(two, one)).status).toBe(200);
  w.clock.advance(1000);
  const hours = await a.fact({ subject: one, attribute: "opening_hours.week", value: "10 to 18" });
  expect(valuesOf((await shown(one)).attributes)["opening_hours.week"]).toEqual(["10 to 18"]);
  expect((await a.get(`/world/facts?subject=${one}&attribute=opening_hours.week`)).body.data).toMatchObject([
    { id: hours },
  ]);
  const refused = await a.post(`/world/entities/${two}/unmerge`, {});
  expect(refused).toMatchObject({ status: 409, body: { code: "merge_changed" } });
  expect(refused.body.detail).toContain("Since then");
});

test("two people are not put together by the names they are called here; who may not say who knows what may not merge", async () => {
  const [ann, ida] = [await known(w, w.a, { name: "Ann Berg" }), await known(w, w.a, { name: "Ida Berg" })];
  const made = async (contact?: string) => {
    const { body } = await a.post("/world/entities", { type: "Person", name: "Berg", ...(contact ? { contact } : {}) });
    w.clock.advance(1000);
    return body.id as string;
  };
  const [hers, other, nobody, firm] = [
    await made(ann),
    await made(ida),
    await made(),
    await a.entity("Company", "Berg"),
  ];
  expect(await merge(hers, other)).toMatchObject({ status: 409, body: { code: "contacts_differ" } });
  expect(await merge(hers, firm)).toMatchObject({ status: 409, body: { code: "entity_types_differ" } });
  expect(await merge(hers, hers)).toMatchObject({ status: 400, body: { code: "same_entity" } });
  expect(await merge(hers, "ent_none")).toMatchObject({ status: 404, body: { code: "entity_unknown" } });
  const permissions = ["world:read", "world:write"];
  const clerk = { ...w.a, apiKey: await addKey(w.neon, { ...w.a, user: w.a.user, permissions, name: "clerk" }) };
  const tried = await call(w, clerk, ["POST", `/world/entities/${hers}/merge`], { into: nobody, reason: "Same" });
  expect(tried).toMatchObject({ status: 403, body: { code: "premium_required" } });

  // Whose record it is goes along, and comes back.
  const secret = { subject: nobody, attribute: "door", value: "green", visibility: "contact", contact: ann };
  await a.fact(secret);
  expect((await merge(hers, nobody)).status).toBe(200);
  expect((await a.get(`/world/entities/${nobody}`)).body).toMatchObject({ contact: ann, version: 2 });
  expect(await a.seenBy(`contact:${ann}`, { subject: nobody })).toMatchObject([{ value: "green" }]);
  expect(await a.seenBy(`contact:${ida}`, { subject: nobody })).toEqual([]);
  expect((await a.post(`/world/entities/${hers}/unmerge`, {})).status).toBe(200);
  expect((await a.get(`/world/entities/${nobody}`)).body).toMatchObject({ contact: null });
  expect((await a.get(`/world/entities/${hers}`)).body).toMatchObject({ contact: ann, merged_into: null });
});

test("a firm's account goes along and comes back; two accounts are two firms", async () => {
  const account = async (name: string): Promise<string> => (await a.post("/crm/accounts", { name })).body.id;
  const company = async (firm?: string): Promise<string> => {
    const { body } = await a.post("/world/entities", { type: "Company", name: "Berg", ...(firm ? { firm } : {}) });
    w.clock.advance(1000);
    return body.id;
  };
  const first = await account("Berg VVS");
  const [one, two, bare] = [await company(first), await company(await account("Berg El")), await company()];
  expect(await merge(one, two)).toMatchObject({ status: 409, body: { code: "firms_differ" } });
  expect((await merge(one, bare)).status).toBe(200);
  expect((await a.get(`/world/entities/${bare}`)).body).toMatchObject({ firm: first });
  expect((await a.post(`/world/entities/${one}/unmerge`, {})).status).toBe(200);
  expect((await a.get(`/world/entities/${bare}`)).body).toMatchObject({ firm: null });
  expect((await a.get(`/world/entities/${one}`)).body).toMatchObject({ firm: first });
});

test("a rehearsal goes on with whoever stands for its counterparty, and an older turn is rebuilt to the same bytes", async () => {
  const [self, one, two] = [
    await a.entity("Person", "Tom Vale"),
    await a.entity("Person", "Lis Brandt"),
    await a.entity("Person", "Lis B."),
  ];
  await a.fact({ subject: two, attribute: "mood", value: "calm", visibility: "public" });
  const session = await a.begin({ counterparty: two, self });
  const first = await a.say(session, "My rent is 1 400.");
  w.clock.advance(1000);
  expect((await merge(two, one)).status).toBe(200);
  w.clock.advance(1000);
  const second = await a.say(session, "My budget is 500.");
  const pack = async (n: number) => (await a.get(`/world/sessions/${session}/turns/${n}/pack`)).body;
  const [before, after] = [await pack(first.reply.n), await pack(second.reply.n)];
  expect([before.state, before.knower, after.state, after.knower]).toEqual([
    "same",
    `entity:${two}`,
    "same",
    `entity:${one}`,
  ]);
  expect(after.pack.facts.map(({ attribute }: { attribute: string }) => attribute)).toEqual(
    expect.arrayContaining(["mood", "budget"]),
  );
});

test("who is asked about is somebody: members, contacts and entities of this project", async () => {
  const fact = await a.fact({ subject: await a.entity("Company", "Quay"), attribute: "colour", value: "blue" });
  for (const [knower, code] of [
    [`technician:${w.b.user}`, "technician_unknown"],
    ["technician:someone", "technician_unknown"],
    ["contact:con_none", "contact_unknown"],
    ["entity:ent_none", "entity_unknown"],
  ] as const) {
    expect([knower, await a.get(`/world/facts?knower=${knower}`)]).toMatchObject([
      knower,
      { status: 404, body: { code } },
    ]);
    const set = await a.put(`/world/facts/${fact}/knowers`, { knower, status: "unknown" });
    expect([knower, set]).toMatchObject([knower, { status: 404, body: { code } }]);
  }
  expect(
    (await a.put(`/world/facts/${fact}/knowers`, { knower: `technician:${w.a.user}`, status: "unknown" })).status,
  ).toBe(200);
  expect(await a.seenBy(`technician:${w.a.user}`, { attribute: "colour" })).toEqual([]);
});
