// What people wrote, read for facts by the job, and what a colleague decides.
import { beforeAll, expect, test } from "vitest";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";
import { contactId, type Remembered, remember } from "#test/memory/remember.ts";
import { saying } from "./saying.ts";

type Proposed = {
  id: string;
  attribute: string;
  value: unknown;
  subject: string;
  source: { evidence: { id: string } };
};

let w: World;
let a: ReturnType<typeof saying>;
let turns: Remembered[];
const prompts: string[] = [];
const strange = [
  { attribute: "warranty.years", value: 5, value_type: "number", quote: "The warranty is 5 years" },
  { attribute: "price", value: "9 kr", value_type: "currency", quote: "it costs 9 kr" },
  { attribute: "discount", value: 25, value_type: "number", quote: "The warranty is 5 years" },
];

beforeAll(async () => {
  w = await world({
    // Evidence is stamped by the database's own clock.
    now: "2099-01-01T08:00:00.000Z",
    language: {
      provider: "stand-in",
      model: "reader-1",
      complete: async ({ user }) => {
        prompts.push(user);
        return { text: JSON.stringify({ facts: user.includes("warranty") ? strange : [] }) };
      },
    },
  });
  a = saying(w);
  turns = await remember(w.neon, w.a, [
    { text: "Hi Ann. We charge 450 kr an hour. Do you agree?", name: "Ann Berg", at: "2026-10-01T08:00:00Z" },
    { text: "My phone number is +45 20 30 40 50. The warranty is 5 years.", name: "Ann Berg" },
    { text: "Note: they promised us a discount by Friday.", name: "Ann Berg", visibility: 2 },
    { text: "Vi tager 475 kr. i timen.", contact: 2, conversation: 2, name: "Bo Dahl", language: "danish" },
    { text: "We charge 999 kr an hour.", contact: 3, conversation: 3, name: "Gone" },
    { text: "We charge 888 kr an hour.", contact: 4, conversation: 4, name: "Erased" },
    { text: "Knowledge: we charge 777 kr an hour.", visibility: 0 },
    { text: "We charge 666 kr an hour.", contact: 5, conversation: 5, name: "No" },
  ]);
  const no = await a.post(`/people/contacts/${contactId(w.a, 5)}/consents`, { memory: false, source: "form" });
  expect(no.status).toBe(200);
  await w.neon.query("update shared.evidence_items set withdrawn_at = now() where project_id = $1 and id = $2", [
    w.a.project,
    turns[4]?.evidence,
  ]);
  await w.neon.query(
    "insert into shared.tombstones (project_id, account_scope_id, id, object_type, object_id, reason) values ($1, $2, 'tmb_x', 'contact', $3, 'gdpr_delete')",
    [w.a.project, w.a.accountScope, contactId(w.a, 4)],
  );
});

const run = async () => (await deliver(w, "world.extract.run", { project: w.a.project })).json();
const proposed = async () => (await a.get("/world/proposals?limit=50")).body.data as Proposed[];
const said = (rows: { attribute: string }[]) => rows.map(({ attribute }) => attribute).sort();
const decide = (id: string, decision: string) => a.post(`/world/facts/${id}/review`, { decision });
const again = (turn: Remembered | undefined, change = "version = version + 1") =>
  w.neon.query(`update shared.evidence_items set ${change}, updated_at = now() where project_id = $1 and id = $2`, [
    w.a.project,
    turn?.evidence,
  ]);

test("is proposed once, with its words, and known to nobody before somebody decided; nothing from what is gone, nor of who said no", async () => {
  expect(await run()).toEqual({ read: 8, proposed: 5 });
  expect(await run()).toEqual({ read: 0, proposed: 0 });
  const rows = await proposed();
  // Of what the model said, what its quote does not say and what the text does not hold is not there.
  expect(said(rows)).toEqual(["phone", "price.hourly", "price.hourly", "promise", "warranty.years"]);
  const kept = await w.neon.query(
    `select key, quote, visibility, source_type, extractor_version, model_version, evidence_version, review_state, scope
       from world.facts where project_id = $1 order by key, quote`,
    [w.a.project],
  );
  expect(kept.map(({ quote, visibility, extractor_version: by }) => [quote, visibility, by])).toEqual([
    ["My phone number is +45 20 30 40 50.", 1, "rules-1"],
    ["Vi tager 475 kr. i timen.", 1, "rules-1"],
    ["We charge 450 kr an hour.", 1, "rules-1"],
    ["Note: they promised us a discount by Friday.", 2, "rules-1"],
    ["The warranty is 5 years", 1, "facts-1"],
  ]);
  expect(new Set(kept.map((row) => `${row["review_state"]} ${row["scope"]} ${row["source_type"]}`))).toEqual(
    new Set(["proposed session_only model_extracted"]),
  );
  for (const knower of ["staff", "public", `contact:${contactId(w.a, 1)}`]) expect(await a.seenBy(knower)).toEqual([]);
  const answer = await a.post("/ask", { question: "What is the warranty in years?", audience: { kind: "staff" } });
  expect(answer.body.citations.map(({ source }: { source: { table: string } }) => source.table)).not.toContain(
    "world.facts",
  );
  expect(prompts.join()).not.toContain("20 30 40 50");
  const runs = await w.neon.query(
    "select status from shared.prompt_runs where project_id = $1 and operation = 'world.extract'",
    [w.a.project],
  );
  expect(runs.length).toBe(4);
});

test("kept for everybody it answers and cites the words; discarded it leaves nothing and is not proposed again", async () => {
  const rows = await proposed();
  const price = rows.find(({ source }) => source.evidence.id === turns[0]?.evidence);
  expect(await decide(price?.id ?? "", "save_global")).toMatchObject({ status: 200 });
  const promise = rows.find(({ attribute }) => attribute === "promise");
  expect(await decide(promise?.id ?? "", "discard")).toMatchObject({ status: 200 });
  w.clock.advance(60_000);
  expect((await a.seenBy("staff")).map(({ value }) => value)).toEqual([{ amount_minor: 45_000, currency: "DKK" }]);
  const answer = await a.post("/ask", {
    question: "What is the hourly price?",
    audience: { kind: "contact", id: contactId(w.a, 1) },
  });
  expect(answer.body.sentences[0].text).toContain("Ann Berg – Price hourly: 450.00 DKK per hour");
  expect(answer.body.citations).toMatchObject([
    { source: { table: "world.facts" } },
    { id: turns[0]?.evidence, quote: "We charge 450 kr an hour." },
  ]);
  // Another version of the same evidence that says the same: nothing new.
  for (const turn of [turns[0], turns[2]]) await again(turn);
  expect(await run()).toEqual({ read: 2, proposed: 0 });
  expect(said(await proposed())).toEqual(["phone", "price.hourly", "warranty.years"]);
});

test("what an older version said goes when the words are edited or withdrawn", async () => {
  await again(turns[1], "withdrawn_at = now(), version = version + 1");
  await w.neon.query("update memory.chunks set text = 'Vi tager 495 kr. i timen.' where project_id = $1 and id = $2", [
    w.a.project,
    turns[3]?.id,
  ]);
  await again(turns[3]);
  expect(await run()).toEqual({ read: 2, proposed: 1 });
  expect(await proposed()).toMatchObject([
    { attribute: "price.hourly", value: { amount_minor: 49_500, currency: "DKK" } },
  ]);
  expect(await a.seenBy("staff")).toHaveLength(1);
});
