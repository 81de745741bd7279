// What was said is edited or taken back in Chatwoot: everything that rests on it says so, and a promise is what its message says now.
import { beforeAll, expect, test } from "vitest";
import { caller } from "#test/field/floor.ts";
import { deletion, edit, heard, type Json, message } from "#test/inbox/chatwoot.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";
import { type Customer, customer } from "#test/outbound/customer.ts";

let w: World;
let office: ReturnType<typeof caller>;
beforeAll(async () => {
  w = await world({ embedder: scriptedEmbedder().port, now: "2026-11-23T09:00:00.000Z" });
  office = caller(w, w.a.apiKey);
  await w.neon.query("update identity.projects set timezone = 'Europe/Copenhagen' where id = $1", [w.a.project]);
});

const at = () => w.clock.now().toISOString();
const watch = async () => {
  w.clock.advance(60_000);
  const answer = await deliver(w, "insight.promises.watch", { project: w.a.project });
  expect(answer.status).toBe(200);
  return (await answer.json()) as { made: number; settled: number };
};
const evidenceOf = async (said: Json) => {
  const [row] = await w.neon.query(
    "select id from shared.evidence_items where project_id = $1 and source_pk like '%:' || $2",
    [w.a.project, String(said["id"])],
  );
  return String(row?.["id"]);
};
const told = async (of: Customer, content: string, more: Json = {}) => {
  const said = message(of.talk, { content, created_at: at(), conversation: of.conversation(), ...more });
  expect(await heard(w, w.a, said)).toBe("stored");
  return said;
};
const ours = { message_type: "outgoing", sender: { id: 5, type: "user", name: "Lars" } };
const edited = async (of: Customer, said: Json, content: string) => {
  w.clock.advance(60_000);
  await heard(w, w.a, edit(of.talk, said, { content, version: at() }));
};
const deleted = async (of: Customer, said: Json) => {
  w.clock.advance(60_000);
  await heard(w, w.a, deletion(of.talk, said, at()));
};

type Promised = {
  state: string;
  sentence: string | null;
  due_at: string;
  settled_by: string | null;
  needs_review: string | null;
};
const promises = async (of: Customer) =>
  ((await office(`/v1/insight/promises?contact=${of.person}`)).body["data"] as Promised[]).map(
    ({ state, sentence, due_at, settled_by, needs_review }) => [
      state,
      sentence,
      due_at.slice(11, 16),
      settled_by,
      needs_review,
    ],
  );

test("an answer, an entry, a draft, an approval, a fact, a promise and a risk: edited first, then withdrawn, each with its reason", async () => {
  const of = await customer(w, w.a);
  const word = `kedelpris${process.pid}`;
  const said = await told(of, `Our ${word} is 4711 kroner.`);
  const evidence = await evidenceOf(said);
  const promise = await told(of, "We come today at 15:00.", ours);
  await watch();
  expect(await promises(of)).toEqual([["open", "We come today at 15:00.", "14:00", null, null]]);
  w.clock.set("2026-11-23T14:40:00.000Z");
  expect(await watch()).toMatchObject({ settled: 1 });

  await deliver(w, "memory.embed", { project: w.a.project });
  const answer = await office("/v1/ask", { question: `What is the ${word}?` });
  expect(JSON.stringify(answer.body["citations"])).toContain(evidence);
  const firm = (await office("/v1/world/entities", { type: "Company", name: "Holm VVS" })).body["id"];
  const fact = await office("/v1/world/facts", {
    subject: firm,
    attribute: "price",
    value: 4711,
    value_type: "number",
    provenance: { source_type: "external", source_ref: "talk", evidence },
  });
  const write = async (text: string) =>
    (
      await office("/v1/outbound/messages", {
        contact: of.person,
        channel: "sms",
        text,
        evidence: [evidence],
        sender: of.sender,
      })
    ).body;
  const [draft, approved] = [await write("4711 kroner."), await write("4711 kroner, as you said.")];
  const path = `/v1/outbound/messages/${approved["id"]}`;
  expect((await office(`${path}/approve`, { version: approved["version"] })).status).toBe(200);

  const entry = { type: "faq", title: `What is the ${word}?`, body: "4711 kroner.", evidence: [evidence] };
  const written = (await office("/v1/memory/knowledge", entry)).body;
  expect(written).toMatchObject({ evidence: [evidence], needs_review: null });
  const unknown = await office("/v1/memory/knowledge", { ...entry, evidence: ["evi_none"] });
  expect([unknown.status, unknown.body["code"]]).toEqual([404, "evidence_unknown"]);
  const read = async () => (await office(`/v1/memory/knowledge/${written["id"]}`)).body;

  const reasons = async () => ({
    entry: (await read())["needs_review"],
    answer: (await office(`/v1/memory/answers/${answer.body["id"]}`)).body["stale_reason"],
    fact: (await w.neon.query("select stale_reason as why from world.facts where id = $1", [fact.body["id"]]))[0]?.[
      "why"
    ],
    draft: (await office(`/v1/outbound/messages/${draft["id"]}`)).body["reason"],
    approved: await office(path).then(({ body }) => [body["state"], body["reason"]]),
    risk: ((await office(`/v1/insight/risks?contact=${of.person}`)).body["data"] as Json[]).map((one) => [
      one["status"],
      one["sentence"],
      one["reason"],
    ]),
    promise: await promises(of),
  });
  const broken = ["broken", "We come today at 15:00.", "14:00", "time", null];
  expect(await reasons()).toEqual({
    entry: null,
    answer: null,
    fact: null,
    draft: null,
    approved: ["approved", null],
    risk: [["open", "We come today at 15:00.", null]],
    promise: [broken],
  });

  await edited(of, said, `Our ${word} is 5711 kroner.`);
  await edited(of, promise, "We come today at 15:00. Bring the key.");
  await watch();
  expect(await reasons()).toEqual({
    entry: "evidence_edited",
    answer: "evidence_edited",
    fact: "evidence_edited",
    draft: "cited_evidence_changed",
    approved: ["draft", "cited_evidence_changed"],
    risk: [["open", null, "evidence_edited"]],
    // Settled stays settled: nothing is promised anew by the same words.
    promise: [["broken", null, "14:00", "time", "evidence_edited"]],
  });
  expect((await office(`/v1/world/facts/${fact.body["id"]}`)).body).toMatchObject({ stale: true });

  // Who writes it anew has looked.
  const anew = { version: written["version"], body: "5711 kroner." };
  const path2 = `/v1/memory/knowledge/${written["id"]}`;
  const patched = await w.fetch(path2, {
    method: "PATCH",
    key: w.a.apiKey,
    json: anew,
    headers: { "idempotency-key": `"entry-${process.pid}"` },
  });
  expect(await patched.json()).toMatchObject({ needs_review: null, evidence: [evidence] });

  await deleted(of, said);
  await deleted(of, promise);
  await watch();
  expect(await reasons()).toMatchObject({
    entry: "evidence_withdrawn",
    answer: "evidence_withdrawn",
    fact: "evidence_withdrawn",
    draft: "cited_evidence_gone",
    approved: ["draft", "cited_evidence_gone"],
    risk: [["open", null, "evidence_withdrawn"]],
    promise: [["broken", null, "14:00", "time", "evidence_withdrawn"]],
  });
});

test("an edited message is read again: the same promise goes on, another time is another one, and what is not said any more is withdrawn", async () => {
  w.clock.set("2026-11-24T08:00:00.000Z");
  const of = await customer(w, w.a);
  const said = await told(of, "We come today at 15:00.", ours);
  await watch();
  await edited(of, said, "Hello Mette! We come today at 15:00 to look at the pump.");
  expect(await watch()).toMatchObject({ made: 0, settled: 0 });
  expect(await promises(of)).toEqual([["open", "We come today at 15:00 to look at the pump.", "14:00", null, null]]);

  await edited(of, said, "Hello Mette! We come today at 16:00 to look at the pump. We send the quote by 17:00.");
  expect(await watch()).toMatchObject({ made: 2 });
  expect(await promises(of)).toEqual([
    ["open", "We send the quote by 17:00.", "16:00", null, null],
    ["open", "We come today at 16:00 to look at the pump.", "15:00", null, null],
    ["withdrawn", null, "14:00", "sentence_changed", "evidence_edited"],
  ]);
  // Read once as it is, whoever looks again.
  expect(await watch()).toMatchObject({ made: 0, settled: 0 });

  await edited(of, said, "Hello Mette! We will see.");
  expect(await watch()).toMatchObject({ made: 0 });
  expect((await promises(of)).map(([state]) => state)).toEqual(["withdrawn", "withdrawn", "withdrawn"]);
  w.clock.set("2026-11-24T20:00:00.000Z");
  await watch();
  expect((await office(`/v1/insight/risks?contact=${of.person}`)).body["data"]).toEqual([]);

  // Nothing was promised before it was edited; and what is deleted is taken back.
  w.clock.set("2026-11-25T08:00:00.000Z");
  const other = await customer(w, w.a);
  const plain = await told(other, "Thank you for your message.", ours);
  await watch();
  await edited(other, plain, "Thank you for your message. I will call you today at 12.");
  expect(await watch()).toMatchObject({ made: 1 });
  await deleted(other, plain);
  await watch();
  expect(await promises(other)).toEqual([["withdrawn", null, "11:00", "evidence_withdrawn", "evidence_withdrawn"]]);
});
