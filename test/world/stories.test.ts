// The world by REST: what is true, since when, who says so and who knows it.
import { beforeAll, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { type World, world } from "#test/kit/world.ts";
import { call, known } from "#test/people/office.ts";
import { entered, money, saying } from "./saying.ts";

let w: World;
let a: ReturnType<typeof saying>;

beforeAll(async () => {
  w = await world({ now: "2026-05-01T08:00:00.000Z" });
  a = saying(w);
});

const events = async (kind: string, refs: string[]) =>
  w.neon.query(
    "select ref_id, payload_json from world.events where project_id = $1 and event_type = $2 and payload_json->>'fact' = any ($3::text[])",
    [w.a.project, kind, `{${refs.join(",")}}`],
  );

describe("what is said", () => {
  test("has the form of its type and a source, or is refused", async () => {
    const person = await a.entity("Person", "Alex Green");
    const salary = { subject: person, attribute: "salary.base", value_type: "currency", provenance: entered };
    const made = await a.post("/world/facts", { ...salary, value: { amount_minor: 5_000_000, currency: "GBP" } });
    expect(made).toMatchObject({
      status: 201,
      body: {
        value: { amount_minor: 5_000_000, currency: "GBP" },
        value_type: "currency",
        statement: "Alex Green – Salary base: 50000.00 GBP",
        visibility: "internal",
        source: { type: "user_entered", ref: "form", evidence: null },
      },
    });
    for (const [value_type, value] of [
      ["number", "abc"],
      ["currency", { amount_minor: 10.5, currency: "GBP" }],
      ["currency", { amount_minor: 10, currency: "XXQ" }],
      ["currency", 50_000],
      ["date", "2026-02-30"],
      ["date", 20_260_230],
      ["string", ""],
      ["string", { a: 1 }],
    ])
      expect([value, await a.post("/world/facts", { ...salary, value_type, value })]).toMatchObject([
        value,
        { status: 400, body: { code: "value_invalid" } },
      ]);
    const nameless = { subject: person, attribute: "salary.base", value: 1, value_type: "number" };
    expect(await a.post("/world/facts", nameless)).toMatchObject({
      status: 400,
      body: { code: "provenance_required" },
    });
    const backwards = {
      ...salary,
      value: money(1),
      valid_from: "2026-05-02T00:00:00Z",
      valid_to: "2026-05-01T00:00:00Z",
    };
    expect(await a.post("/world/facts", backwards)).toMatchObject({ status: 400, body: { code: "interval_empty" } });
    const shown = await a.get(`/world/entities/${person}`);
    expect(shown.body).toMatchObject({
      name: "Alex Green",
      attributes: [
        { attribute: "salary.base", preferred: made.body.id, conflict: false, facts: [{ id: made.body.id }] },
      ],
    });
    const [card] = await w.neon.query("select attributes_json from world.entity_cards where id = $1", [person]);
    expect(card?.["attributes_json"]).toEqual({ "salary.base": { amount_minor: 5_000_000, currency: "GBP" } });
  });

  test("by the same origin replaces, and by another one contradicts until somebody decides", async () => {
    const firm = await a.entity("Company", "Harbour Cleaning");
    const hours = { subject: firm, attribute: "opening_hours" };
    const first = await a.fact({ ...hours, value: "9-17" });
    expect(await a.fact({ ...hours, value: "9-17" })).toBe(first);
    const second = await a.fact({ ...hours, value: "8-16" });
    expect((await a.seenBy("staff", { subject: firm })).map(({ id }) => id)).toEqual([second]);
    expect((await a.get(`/world/facts/${first}`)).body.history).toMatchObject([{ superseded_by: second }]);
    const crm = { provenance: { source_type: "external", source_ref: "crm-import" } };
    const weaker = await a.fact({ ...hours, value: "10-18", ...crm });
    expect((await a.get(`/world/entities/${firm}`)).body.attributes).toMatchObject([
      { preferred: second, conflict: false, facts: [{ id: second }, { id: weaker }] },
    ]);
    const web = { provenance: { source_type: "external", source_ref: "website" } };
    await a.fact({ ...hours, attribute: "phone_hours", value: "9-12", ...crm });
    await a.fact({ ...hours, attribute: "phone_hours", value: "9-13", ...web });
    const [torn, ...more] = (await a.get(`/world/conflicts?subject=${firm}`)).body.data;
    expect([torn, more]).toMatchObject([
      { attribute: "phone_hours", facts: [{ value: "9-13" }, { value: "9-12" }] },
      [],
    ]);
    const settled = await a.fact({ ...hours, attribute: "phone_hours", value: "9-14", supersedes: torn.facts[0].id });
    expect((await a.get(`/world/conflicts?subject=${firm}`)).body.data).toEqual([]);
    expect((await a.get(`/world/facts/${settled}/explain`)).body).toMatchObject({
      replaces: [torn.facts[0].id],
      contradicted_by: [torn.facts[1].id],
      evidence: null,
      stale: null,
    });
  });

  test("under an erased id is gone, and of a person there is one", async () => {
    await w.neon.query(
      "insert into shared.tombstones (project_id, account_scope_id, id, object_type, object_id, reason) values ($1, $2, 'tmb_w', 'entity', 'ent_gone', 'gdpr_delete')",
      [w.a.project, w.a.accountScope],
    );
    const again = { id: "ent_gone", type: "Company", name: "Gone" };
    expect(await a.post("/world/entities", again)).toMatchObject({ status: 410, body: { code: "erased" } });
    const contact = await known(w, w.a, { name: "Mette Holm" });
    const made = await a.post("/world/entities", { type: "Person", contact });
    expect(made).toMatchObject({ status: 201, body: { name: "Mette Holm", contact } });
    const twice = await a.post("/world/entities", { type: "Person", contact, name: "M. Holm" });
    expect(twice).toMatchObject({ status: 409, body: { code: "entity_exists", id: made.body.id } });
  });
});

describe("who knows it", () => {
  test("is assumed from how people stand to each other, once, and never over what somebody set", async () => {
    const [tenant, landlord] = [await a.entity("Person", "Tom"), await a.entity("Person", "Lis")];
    const rent = await a.fact({
      subject: tenant,
      attribute: "rent.monthly",
      value: money(8000),
      value_type: "currency",
    });
    const stands = { from: tenant, type: "RENTED_FROM", to: landlord, provenance: entered };
    const related = await a.post("/world/relationships", stands);
    expect(related.status).toBe(201);
    const knower = `entity:${landlord}`;
    const edges = async () => (await a.get(`/world/facts/${rent}/knowers`)).body.data;
    expect(await edges()).toMatchObject([
      { knower, status: "assumed", source: "inferred", seeded_from: related.body.id },
    ]);
    expect(await a.seenBy(knower)).toMatchObject([{ id: rent, status: "assumed", value: money(8000) }]);
    // A fact that comes later is assumed to be known too.
    const deposit = await a.fact({
      subject: tenant,
      attribute: "deposit",
      value: money(24_000),
      value_type: "currency",
    });
    expect((await a.seenBy(knower)).map(({ id }) => id)).toEqual([deposit, rent]);

    w.clock.advance(60_000);
    expect(await a.put(`/world/facts/${rent}/knowers`, { knower, status: "unknown" })).toMatchObject({
      status: 200,
      body: { set_by_user: true },
    });
    w.clock.advance(60_000);
    expect(await a.post(`/world/relationships/${related.body.id}/close`, { because: "mistaken" })).toMatchObject({
      status: 200,
    });
    expect(await a.post("/world/relationships", stands)).toMatchObject({ status: 201 });
    const higher = await a.fact({
      subject: tenant,
      attribute: "rent.monthly",
      value: money(8200),
      value_type: "currency",
    });
    expect(await edges()).toMatchObject([{ knower, status: "unknown" }]);
    expect((await a.seenBy(knower)).map(({ id }) => id)).toEqual([deposit]);
    expect((await a.get(`/world/entities/${landlord}/knows`)).body.data).toHaveLength(2);
    expect(await events("KNOWLEDGE_EDGE_SEEDED_FROM_PRIOR", [rent, higher])).toHaveLength(1);
    // The deposit twice: what was assumed from the first relationship went with it.
    expect(await events("KNOWLEDGE_EDGE_SEEDED_FROM_PRIOR", [deposit])).toHaveLength(2);
  });

  test("in a false belief it is what he believes, labelled, and the truth stays away", async () => {
    const [job, client] = [await a.entity("Service", "Window round"), await a.entity("Person", "Ida")];
    const when = await a.fact({
      subject: job,
      attribute: "visit.hour",
      value: "visit at CANARY-TRUTH",
      confidence: 0.5,
    });
    const knower = `entity:${client}`;
    const belief = { knower, status: "false_belief", believed_value: "visit at fifteen" };
    expect(await a.put(`/world/facts/${when}/knowers`, { ...belief, believed_value: 15 })).toMatchObject({
      status: 400,
      body: { code: "value_invalid" },
    });
    expect(await a.put(`/world/facts/${when}/knowers`, belief)).toMatchObject({ status: 200 });
    for (const path of [`/world/facts?knower=${knower}`, `/world/entities/${job}?knower=${knower}`]) {
      const told = JSON.stringify((await a.get(path)).body);
      expect(told).toContain('"status":"false_belief"');
      expect(told).toContain("Window round – Visit hour: visit at fifteen");
      expect(told).not.toContain("CANARY-TRUTH");
    }
    const [words] = await w.neon.query("select count(*)::int as n from world.facts where id = $1 and tsv @@ 'canary'", [
      when,
    ]);
    expect(words?.["n"]).toBe(1);
  });

  test("is set by premium users and owners, and read by everybody on staff", async () => {
    const firm = await a.entity("Company", "Quay");
    const id = await a.fact({ subject: firm, attribute: "colour", value: "blue" });
    const permissions = ["world:read", "world:write"];
    const clerk = { ...w.a, apiKey: await addKey(w.neon, { ...w.a, user: w.a.user, permissions, name: "clerk" }) };
    const edge = { knower: "public", status: "confirmed", source: "public" };
    const tried = () => call(w, clerk, ["PUT", `/world/facts/${id}/knowers`], edge);
    expect(await tried()).toMatchObject({ status: 403, body: { code: "premium_required" } });
    expect((await call(w, clerk, ["GET", `/world/facts/${id}/knowers`])).body.data).toEqual([]);
    expect(await a.put(`/world/tiers/${w.a.user}`, { tier: "premium" })).toMatchObject({
      status: 200,
      body: { user: w.a.user, tier: "premium" },
    });
    expect(await tried()).toMatchObject({ status: 200 });
    expect((await a.seenBy("public", { subject: firm })).map((seen) => seen.id)).toEqual([id]);
  });

  test("in a rehearsal is its user's alone", async () => {
    const firm = await a.entity("Company", "Dock");
    const other = "0195f3c0-0000-7000-8000-0000000000bb";
    await w.neon.query("insert into shared.users (id, name) values ($1, 'Bo') on conflict do nothing", [other]);
    for (const [id, user] of [
      ["rhs_mine", w.a.user],
      ["rhs_his", other],
    ])
      await w.neon.query(
        "insert into world.sessions (project_id, account_scope_id, user_id, id) values ($1, $2, $3, $4)",
        [w.a.project, w.a.accountScope, user, id],
      );
    const said = { subject: firm, attribute: "mood", value: "grumpy", value_type: "string", provenance: entered };
    expect(await a.post("/world/facts", { ...said, session: "rhs_his" })).toMatchObject({
      status: 404,
      body: { code: "session_unknown" },
    });
    const mine = await a.fact({ ...said, session: "rhs_mine" });
    expect(await a.seenBy("staff", { subject: firm })).toEqual([]);
    expect(await a.seenBy("staff", { subject: firm, session: "rhs_mine" })).toMatchObject([
      { id: mine, value: "grumpy" },
    ]);
    const permissions = ["world:read"];
    const his = { ...w.a, apiKey: await addKey(w.neon, { ...w.a, user: other, permissions, name: "his" }) };
    for (const path of [
      `/world/facts?session=rhs_mine&subject=${firm}`,
      `/world/facts/${mine}/knowers`,
      `/world/facts/${mine}`,
    ])
      expect(JSON.stringify((await call(w, his, ["GET", path])).body)).not.toContain("grumpy");
  });
});
