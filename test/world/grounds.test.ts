// Facts that rest on evidence: cited in its version, known no wider than it, and refused when it was withdrawn.
import { beforeAll, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { known, office } from "#test/people/office.ts";

let w: World;
let a: ReturnType<typeof office>;
let subject: string;
let contact: string;

beforeAll(async () => {
  w = await world();
  a = office(w, w.a);
  contact = await known(w, w.a, { name: "Mette" });
  subject = (await a.post("/world/entities", { type: "Person", contact })).body.id;
});

async function evidence(id: string, { visibility, version = 1 }: { visibility: number; version?: number }) {
  await w.neon.query(
    `insert into shared.evidence_items (project_id, account_scope_id, id, source_table, source_pk, content_hash, visibility, contact_id, occurred_at, version)
     values ($1, $2, $3, 'inbox.cw_messages', $3, 'h', $4, $5, now(), $6)`,
    [w.a.project, w.a.accountScope, id, visibility, visibility === 1 ? contact : null, version],
  );
  return id;
}

const say = (source_type: string, ref: string, more: object = {}) =>
  a.post("/world/facts", {
    subject,
    attribute: `about_${ref}`,
    value: "said",
    value_type: "string",
    provenance: { source_type, source_ref: ref, evidence: ref },
    ...more,
  });

test("it is cited in the version it was read in, and shown when it has moved on", async () => {
  const id = await evidence("evi_w1", { visibility: 1, version: 3 });
  const made = await say("user_confirmed_extraction", id);
  expect(made).toMatchObject({
    status: 201,
    body: { visibility: "contact", contact, source: { evidence: { id, version: 3 } } },
  });
  await w.neon.query("update shared.evidence_items set version = 4 where id = $1", [id]);
  expect((await a.get(`/world/facts/${made.body.id}/explain`)).body.evidence).toMatchObject({
    cited: 3,
    version: 4,
    withdrawn: false,
  });
  expect((await a.get(`/world/facts?knower=contact:${contact}`)).body.data).toMatchObject([{ id: made.body.id }]);
});

test("what a machine concluded from a private note stays private, whatever it asks for", async () => {
  const id = await evidence("evi_w2", { visibility: 2 });
  expect(await say("model_extracted", id, { visibility: "public" })).toMatchObject({
    status: 201,
    body: { visibility: "internal" },
  });
  expect(await say("user_entered", id, { visibility: "public" })).toMatchObject({
    status: 201,
    body: { visibility: "public" },
  });
  const nobodys = await say("external", id, { visibility: "contact" });
  expect(nobodys).toMatchObject({ status: 400, body: { code: "contact_required" } });
});

test("withdrawn or unknown it carries nothing", async () => {
  const id = await evidence("evi_w3", { visibility: 2 });
  await w.neon.query("update shared.evidence_items set withdrawn_at = now() where id = $1", [id]);
  expect(await say("external", id)).toMatchObject({ status: 409, body: { code: "evidence_withdrawn" } });
  expect(await say("external", "evi_none")).toMatchObject({ status: 404, body: { code: "evidence_unknown" } });
});

test("a person is one knower under all his records, and what was merged can be taken apart", async () => {
  const other = await known(w, w.a, { name: "Mette H" });
  const id = await evidence("evi_w4", { visibility: 2 });
  const made = await say("user_entered", id, { attribute: "gift", visibility: "contact", contact: other });
  const sees = async () =>
    ((await a.get(`/world/facts?attribute=gift&knower=entity:${subject}`)).body.data as unknown[]).length;
  expect(await sees()).toBe(0);
  const merged = await a.post(`/people/contacts/${other}/merge`, { version: 1, into: contact });
  expect([made.status, merged.status, await sees()]).toEqual([201, 200, 1]);
  await a.post(`/people/contacts/${other}/unmerge`, { version: 2 });
  expect(await sees()).toBe(0);
});
