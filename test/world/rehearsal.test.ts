// A talk rehearsed: what the counterparty hears he knows there, what the coach hears nobody else does, and every answer can be rebuilt.
import { beforeAll, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { type World, world } from "#test/kit/world.ts";
import { call } from "#test/people/office.ts";
import { ask, run } from "#test/shared/forgotten.ts";
import { rehearsing, scriptedModel } from "./rehearsing.ts";
import { money } from "./saying.ts";

let w: World;
let a: ReturnType<typeof rehearsing>;
const model = scriptedModel();

beforeAll(async () => {
  w = await world({ now: "2026-05-01T08:00:00.000Z" });
  a = rehearsing(w);
});

const asked = async <T>(work: () => Promise<T>): Promise<T> => {
  Object.assign(w.runtime.ports, { language: model.port });
  return work().finally(() => Reflect.deleteProperty(w.runtime.ports, "language"));
};

const pair = async () => [await a.entity("Person", "Tom Vale"), await a.entity("Person", "Lis Brandt")] as const;
const statements = async (session: string) =>
  (await a.get(`/world/sessions/${session}`)).body.known.map((fact: { statement: string }) => fact.statement);

test("what is said in the role play the counterparty knows in this rehearsal; what the coach hears he does not; the next one begins anew", async () => {
  const [self, counterparty] = await pair();
  const talk = { counterparty, self, counterparty_style: "tough", template: "rent" };
  const first = await a.begin(talk);
  const turn = await a.say(first, "My rent is 1 400 and that is a lot.");
  expect(turn.heard).toMatchObject([{ attribute: "rent", value: 1400, session: first, subject: self }]);
  const fact = turn.heard[0];
  expect(fact?.source.ref).toMatch(/^message:msg_/);
  expect((await a.get(`/world/facts/${fact?.id}/knowers`)).body.data).toMatchObject([
    { knower: `entity:${counterparty}`, status: "confirmed", source: "user_told", session: first },
  ]);
  expect(turn.reply.text).toBe("So that is where you stand: rent 1400. You have not said a word about the deadline?");
  expect(await a.events("DISCLOSURE_IN_CHAT", first)).toMatchObject([{ ref_id: fact?.id }]);

  const told = await a.say(first, "My budget is 2 000.", "coach");
  expect(told.reply).toMatchObject({ role: "coach" });
  expect(told.heard).toMatchObject([{ attribute: "budget", value: 2000 }]);
  expect((await a.get(`/world/facts/${told.heard[0]?.id}/knowers`)).body.data).toEqual([]);
  expect(await a.events("PRIVATE_NOTE_TO_COACH", first)).toHaveLength(1);
  expect(await a.events("DISCLOSURE_IN_CHAT", first)).toHaveLength(1);
  expect(await statements(first)).toEqual(["Tom Vale – Rent: 1400"]);
  const after = await a.say(first, "What is my budget?");
  expect(after.reply.text).toBe(
    "I know nothing about that, so it counts for nothing. You have not said a word about the deadline?",
  );

  const second = await a.begin(talk);
  expect(await statements(second)).toEqual([]);
  expect((await a.say(second, "What is my rent?")).reply.text).not.toContain("1400");
  // Said again it is the newer that counts.
  await a.say(first, "Actually, my rent is 1 450.");
  expect(await statements(first)).toEqual(["Tom Vale – Rent: 1450"]);
  expect((await a.post(`/world/sessions/${first}/end`, {})).body.ended_at).not.toBeNull();
  expect(await a.post(`/world/sessions/${first}/turns`, { text: "Wait" })).toMatchObject({
    status: 409,
    body: { code: "session_ended" },
  });
});

test("a repeated request is one turn, and nobody else sees it", async () => {
  const [self, counterparty] = await pair();
  const session = await a.begin({ counterparty, self });
  const send = () =>
    w.fetch(`/v1/world/sessions/${session}/turns`, {
      key: w.a.apiKey,
      json: { text: "My rent is 900 GBP-SECRET" },
      headers: { "idempotency-key": "once-1" },
    });
  const [one, two] = [await (await send()).json(), await (await send()).json()];
  expect(two).toEqual(one);
  expect((await a.get(`/world/sessions/${session}`)).body.turns).toHaveLength(2);
  const kept = await w.neon.query(
    "select response_body::text as body from shared.idempotency_keys where project_id = $1",
    [w.a.project],
  );
  expect(JSON.stringify(kept)).not.toContain("GBP-SECRET");
  const other = "0195f3c0-0000-7000-8000-0000000000cc";
  await w.neon.query("insert into shared.users (id, name) values ($1, 'Bo') on conflict do nothing", [other]);
  const his = {
    ...w.a,
    apiKey: await addKey(w.neon, { ...w.a, user: other, permissions: ["world:read", "world:write"], name: "his" }),
  };
  for (const [method, path, json] of [
    ["GET", `/world/sessions/${session}`],
    ["POST", `/world/sessions/${session}/turns`, { text: "hello" }],
    ["GET", `/world/sessions/${session}/turns/1/pack`],
  ] as const)
    expect(await call(w, his, [method, path], json)).toMatchObject({ status: 404 });
  expect((await call(w, his, ["GET", "/world/sessions"])).body.data).toEqual([]);
});

test("an attempt that broke off after it was heard is answered when it comes again, and heard once", async () => {
  const [self, counterparty] = await pair();
  const session = await a.begin({ counterparty, self });
  const send = () =>
    w.fetch(`/v1/world/sessions/${session}/turns`, {
      key: w.a.apiKey,
      json: { text: "My rent is 910." },
      headers: { "idempotency-key": "broken-off" },
    });
  Object.assign(w.runtime.ports, { language: { ...model.port, complete: () => Promise.reject(new Error("broken")) } });
  expect((await send()).status).toBe(500);
  Reflect.deleteProperty(w.runtime.ports, "language");
  w.clock.advance(60_000);
  expect(await (await send()).json()).toMatchObject({ said: { n: 1 }, reply: { n: 2 } });
  expect((await a.get(`/world/sessions/${session}`)).body.turns).toHaveLength(2);
  expect(await statements(session)).toEqual(["Tom Vale – Rent: 910"]);
});

test("a model is shown one pack only; what it invents or advises is asked again once, then said without it", async () => {
  const [self, counterparty] = await pair();
  const hidden = { subject: self, attribute: "walk_away", value: "CANARY-HIDDEN 777" };
  await a.fact(hidden);
  const open = await a.fact({
    subject: self,
    attribute: "rent",
    value: money(8000),
    value_type: "currency",
    visibility: "public",
  });
  const session = await a.begin({ counterparty, self, template: "rent" });
  model.lines.push("I will pay 777 and not more.", "Fine. The rent of 8000.00 is known to me.");
  const turn = await asked(() => a.say(session, "Good morning."));
  expect(turn.reply).toMatchObject({ text: "Fine. The rent of 8000.00 is known to me.", flags: ["answer_invented"] });
  model.lines.push("You should say that you leave.", "Talk to Karen Pruitt about it.");
  const stubborn = await asked(() => a.say(session, "And now?"));
  expect(stubborn.reply.flags).toEqual(["answer_coaches", "answer_invented"]);
  expect(stubborn.reply.text).not.toMatch(/Karen|should say/);
  const runs = await w.neon.query(
    "select status, error_code, model, prompt_version, input_tokens, answer from shared.prompt_runs where project_id = $1 and operation = 'world.rehearse' order by created_at, id",
    [w.a.project],
  );
  expect(runs.map(({ status, error_code }) => [status, error_code])).toEqual([
    ["rejected", "answer_invented"],
    ["ok", null],
    ["rejected", "answer_coaches"],
    ["rejected", "answer_invented"],
  ]);
  expect(runs[1]).toMatchObject({
    model: "scripted-1",
    prompt_version: "rehearsal-1",
    input_tokens: 100,
    answer: { pack: turn.reply.pack, decoding: { max_tokens: 400 } },
  });
  const packs = await w.neon.query(
    "select content from world.context_packs where project_id = $1 and session_id = $2",
    [w.a.project, session],
  );
  const everything = JSON.stringify([packs, model.prompts, turn, stubborn, runs]);
  expect(everything).toContain(open);
  expect(everything).not.toContain("CANARY-HIDDEN");
  expect(packs[0]?.["content"]).toMatchObject({
    unknown_required_slots: ["deadline"],
    knower: `entity:${counterparty}`,
  });
});

test("what came up is kept for everybody, for the rehearsal only, or let go without a trace", async () => {
  const [self, counterparty] = await pair();
  const session = await a.begin({ counterparty, self });
  const { heard } = await a.say(session, "My rent is 1200 EUR. My deposit is 3 600 EUR. My discount is 5 %.");
  expect((await a.get(`/world/proposals?session=${session}`)).body.data).toHaveLength(3);
  const of = (attribute: string) =>
    heard.find((fact) => (fact as unknown as { attribute: string }).attribute === attribute)?.id ?? "";
  const decide = (id: string, decision: string) => a.post(`/world/facts/${id}/review`, { decision });
  const kept = await decide(of("rent"), "save_global");
  expect(kept).toMatchObject({
    status: 200,
    body: {
      session: null,
      source: { type: "user_confirmed_extraction" },
      value: { amount_minor: 120_000, currency: "EUR" },
    },
  });
  expect(await decide(of("deposit"), "save_session_only")).toMatchObject({ status: 200, body: { session } });
  expect(await decide(of("discount"), "discard")).toMatchObject({ status: 200 });
  expect(await decide(of("discount"), "discard")).toMatchObject({ status: 409, body: { code: "fact_reviewed" } });
  expect((await a.get(`/world/proposals?session=${session}`)).body.data).toEqual([]);
  expect((await a.seenBy("staff", { subject: self })).map(({ id }) => id)).toEqual([kept.body.id]);
  expect((await statements(session)).join()).not.toContain("Discount");
  const edges = await w.neon.query(
    "select count(*)::int as n from world.knowledge_edges where fact_id = $1 and superseded_at is null",
    [of("discount")],
  );
  expect(edges[0]?.["n"]).toBe(0);
  expect((await a.events("FACT_CONFIRMED", session)).map(({ ref_id }) => ref_id).sort()).toEqual(
    [of("rent"), of("deposit")].sort(),
  );
  expect(await a.events("FACT_REJECTED", session)).toMatchObject([{ ref_id: of("discount") }]);
});

test("somebody with a false belief speaks of what he believes; the truth is in no pack of his", async () => {
  const [self, counterparty] = await pair();
  const truth = await a.fact({ subject: self, attribute: "visit.hour", value: "at CANARY-TRUTH" });
  await a.put(`/world/facts/${truth}/knowers`, {
    knower: `entity:${counterparty}`,
    status: "false_belief",
    believed_value: "at fifteen",
  });
  w.clock.advance(1000);
  const session = await a.begin({ counterparty, self, counterparty_style: "defensive" });
  const { reply, said } = await a.say(session, "When is the visit?");
  expect(reply.text).toContain("I was told: visit hour at fifteen.");
  const pack = (await a.get(`/world/sessions/${session}/turns/${said.n}/pack`)).body;
  expect(pack.pack.facts).toMatchObject([{ status: "false_belief", value: "at fifteen" }]);
  expect(JSON.stringify([pack, reply])).not.toContain("CANARY-TRUTH");
});

test("without premium there is no coach and no edge is set; what the coach said is not shown", async () => {
  const [self, counterparty] = await pair();
  const session = await a.begin({ counterparty, self });
  await a.say(session, "I am nervous.", "coach");
  const plain = {
    ...w.a,
    apiKey: await addKey(w.neon, { ...w.a, user: w.a.user, permissions: ["world:read", "world:write"], name: "clerk" }),
  };
  const tried = () => call(w, plain, ["POST", `/world/sessions/${session}/turns`], { channel: "coach", text: "Help" });
  expect(await tried()).toMatchObject({ status: 403, body: { code: "premium_required" } });
  expect(await call(w, plain, ["GET", `/world/sessions/${session}`])).toMatchObject({
    body: { turns: [], coached: false },
  });
  expect(await call(w, plain, ["GET", `/world/sessions/${session}/turns/2/pack`])).toMatchObject({ status: 404 });
  const id = await a.fact({ subject: self, attribute: "mood", value: "calm" });
  expect(
    await call(w, plain, ["PUT", `/world/facts/${id}/knowers`], { knower: "public", status: "confirmed" }),
  ).toMatchObject({ status: 403 });
  await w.neon.query(
    "insert into world.users (project_id, account_scope_id, user_id, tier) values ($1, $2, $3, 'premium')",
    [w.a.project, w.a.accountScope, w.a.user],
  );
  expect(await tried()).toMatchObject({ status: 200, body: { reply: { role: "coach", channel: "coach" } } });
});

test("a turn's pack is rebuilt to the same bytes after everything has changed, and an erased one keeps its hash", async () => {
  const [self, counterparty] = await pair();
  const known = await a.fact({
    subject: self,
    attribute: "price.hourly",
    value: money(695),
    value_type: "currency",
    visibility: "public",
  });
  const session = await a.begin({ counterparty, self, template: "price" });
  const turns = [
    await a.say(session, "My budget is 500."),
    await a.say(session, "My budget is 600."),
    await a.say(session, "I doubt it.", "coach"),
  ];
  const packs = async () =>
    Promise.all(turns.map(async ({ reply }) => (await a.get(`/world/sessions/${session}/turns/${reply.n}/pack`)).body));
  const before = await packs();
  expect(before.map(({ hash, state }) => [hash, state])).toEqual(turns.map(({ reply }) => [reply.pack, "same"]));
  await a.fact({
    subject: self,
    attribute: "price.hourly",
    value: money(800),
    value_type: "currency",
    visibility: "public",
  });
  await a.put(`/world/facts/${known}/knowers`, { knower: `entity:${counterparty}`, status: "unknown" });
  await a.post(`/world/facts/${turns[1]?.heard[0]?.id}/review`, { decision: "discard" });
  w.clock.advance(1000);
  await a.say(session, "My budget is 700.");
  expect(await packs()).toEqual(before);
  const [entity] = await w.neon.query("select version from world.entities where id = $1", [self]);
  expect(entity).toBeDefined();
  await expect(
    w.neon.query("update shared.events set kind = 'x.y' where project_id = $1 and kind = 'disclosure.in_chat'", [
      w.a.project,
    ]),
  ).rejects.toThrow();
  await run(w, w.a, await ask(w, w.a, { kind: "fact", id: known }));
  const [first, , coached] = await packs();
  expect(first).toMatchObject({ state: "erased", hash: turns[0]?.reply.pack, pack: null });
  expect(coached).toMatchObject({ state: "erased", hash: turns[2]?.reply.pack, pack: null });
});
