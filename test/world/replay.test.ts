// What was known when: told again in the same bytes, whatever was learnt since; and rows that nobody changes.
import { beforeAll, describe, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { known } from "#test/people/office.ts";
import { money, saying } from "./saying.ts";

let w: World;
let a: ReturnType<typeof saying>;

beforeAll(async () => {
  w = await world({ now: "2026-05-01T08:00:00.000Z" });
  a = saying(w);
});

describe("as it was known", () => {
  test("what could the technician have told the client on 3 May at 10:00? The same bytes each time", async () => {
    w.clock.set("2026-05-03T06:00:00.000Z");
    const round = await a.entity("Service", "Gutter round");
    const contact = await known(w, w.a, { name: "Per" });
    const price = { subject: round, attribute: "price.round", value_type: "currency" };
    const old = await a.fact({ ...price, value: money(695), visibility: "public" });
    const hint = await a.fact({
      subject: round,
      attribute: "gate",
      value: "by the shed",
      visibility: "contact",
      contact,
    });
    await a.fact({ subject: round, attribute: "margin", value: "thin" });
    w.clock.set("2026-05-03T10:00:00.000Z");
    const then = "2026-05-03T10:00:00Z";
    const replay = async (knower: string, of = then, as = then) =>
      JSON.stringify(await a.seenBy(knower, { subject: round, as_of: of, known_at: as }));
    const told = [await replay(`technician:${w.a.user}`), await replay(`contact:${contact}`), await replay("public")];
    expect(told.map((text) => JSON.parse(text).length)).toEqual([3, 2, 1]);

    w.clock.set("2026-06-01T08:00:00.000Z");
    const fresh = await a.fact({
      ...price,
      value: money(745),
      visibility: "public",
      valid_from: "2026-06-15T00:00:00Z",
    });
    await a.post(`/world/facts/${hint}/close`, { because: "mistaken" });
    const renamed = await a.patch(`/world/entities/${round}`, { version: 1, name: "Gutters" });
    expect(renamed).toMatchObject({ status: 200, body: { name: "Gutters", version: 2 } });
    expect([
      await replay(`technician:${w.a.user}`),
      await replay(`contact:${contact}`),
      await replay("public"),
    ]).toEqual(told);

    // What holds when, as it is known now: the old price until the middle of June, the new one after it.
    const now = "2026-06-02T08:00:00Z";
    const prices = async (of: string, as: string) =>
      (JSON.parse(await replay("public", of, as)) as { id: string }[]).map(({ id }) => id);
    expect(await prices("2026-06-10T00:00:00Z", now)).toEqual([old]);
    expect(await prices("2026-06-20T00:00:00Z", now)).toEqual([fresh]);
    expect(await prices("2026-06-20T00:00:00Z", then)).toEqual([old]);
    expect(JSON.parse(await replay(`contact:${contact}`, then, now)).map(({ id }: { id: string }) => id)).toEqual([
      old,
    ]);
    const history = (await a.get(`/world/facts/${old}`)).body.history;
    expect(history).toMatchObject([
      { valid_to: "2026-06-15T00:00:00Z", superseded_at: null },
      { valid_to: null, superseded_by: fresh },
    ]);
  });

  test("a recorded row is never changed, whoever asks, and a proposal is kept by another row", async () => {
    const firm = await a.entity("Company", "Pier");
    const id = await a.fact({ subject: firm, attribute: "colour", value: "red" });
    const edge = await a.put(`/world/facts/${id}/knowers`, { knower: "public", status: "confirmed" });
    const change = (table: string, set: string, row: string) =>
      w.neon.query(`update world.${table} set ${set} where project_id = $1 and id = $2`, [w.a.project, row]);
    for (const set of ["value = '1'", "valid_to = now()", "visibility = 0", "recorded_at = now()", "origin = 'x'"])
      await expect(change("facts", set, id)).rejects.toThrow(/never changed/);
    await expect(change("knowledge_edges", "status = 'unknown'", edge.body.id)).rejects.toThrow(/never changed/);
    const twin = (fact: string, state: string) =>
      w.neon.query(
        `insert into world.facts (project_id, account_scope_id, id, subject_entity_id, key, value, value_type, origin, source_type, source_ref, review_state)
         select project_id, account_scope_id, $2, subject_entity_id, key, '"green"', value_type, origin, source_type, source_ref, $3 from world.facts where id = $1`,
        [id, fact, state],
      );
    await expect(twin("fct_twin", "kept")).rejects.toThrow(/fact_once/);
    await twin("fct_proposed", "proposed");
    expect(await a.seenBy("staff", { subject: firm })).toMatchObject([{ id }]);
    await expect(change("facts", "review_state = 'kept'", "fct_proposed")).rejects.toThrow(/by recording a fact/);
    await change("facts", "review_state = 'discarded', superseded_at = greatest(now(), recorded_at)", "fct_proposed");
  });
});
