// Single things that are erased: their copies, what quotes them and what means the same go with them, their neighbours stay.
import { beforeAll, expect, test } from "vitest";
import { caller } from "#test/field/floor.ts";
import { contact, count, heard, message, rows } from "#test/inbox/chatwoot.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { knowing } from "#test/memory/knowing.ts";
import { ask, foundIn, proofOf, run } from "./forgotten.ts";
import { meaning } from "./nearest.ts";
import { writes } from "./writer.ts";

let w: World;
beforeAll(async () => {
  w = await world({ embedder: scriptedEmbedder().port });
});

const writer = (who: Tenant) => writes(w, who);
const called = (who: Tenant) => caller(w, who.apiKey);

test("one message leaves with its copies, and its neighbours stay", async () => {
  const who = await tenant(w.neon, "message");
  const him = await writer(who);
  const secret = `kanarie${process.pid}secret`;
  const said = message(him.at, { content: `Koden er ${secret}`, sender: contact(him.at, him.card) });
  await heard(w, who, said);
  await deliver(w, "memory.embed", { project: who.project });
  await called(who)("/v1/ask", { question: "Hvad er koden?" });
  expect(await foundIn(w.neon, [secret])).toContain("memory.answer_citations.quote");
  expect(await meaning(w.neon, `Koden er ${secret}`)).toHaveLength(3);
  const id = `cwmsg:${who.project}:${who.accountId}:${said["id"]}`;
  await run(w, who, await ask(w, who, { kind: "message", id }));
  expect(await foundIn(w.neon, [secret])).toEqual([]);
  expect(await meaning(w.neon, `Koden er ${secret}`)).toEqual([]);
  expect(await count(w, who, "inbox.cw_messages")).toBe(2);
  expect((await foundIn(w.neon, [him.word])).length).toBeGreaterThan(5);
  await heard(w, who, said, { delivery: "said-again" });
  expect(await foundIn(w.neon, [secret])).toEqual([]);
});

test("an entity leaves with what is true of it, and its id stays gone", async () => {
  const who = await tenant(w.neon, "entity");
  const call = called(who);
  const word = `kanarie${process.pid}entity`;
  const made = await call("/v1/world/entities", { type: "Company", name: `Firm ${word}` });
  const fact = {
    subject: made.body["id"],
    attribute: "rent",
    value: word,
    value_type: "string",
    provenance: { source_type: "user_entered", source_ref: "form:1" },
  };
  expect([made.status, (await call("/v1/world/facts", fact)).status]).toEqual([201, 201]);
  await run(w, who, await ask(w, who, { kind: "entity", id: String(made.body["id"]) }));
  expect(await foundIn(w.neon, [word])).toEqual([]);
  const gone = await rows(w, who, "select object_type from shared.tombstones where project_id = $1 order by 1");
  expect(gone.map((row) => row["object_type"])).toEqual(["entity", "fact"]);
  const again = await call("/v1/world/entities", { id: made.body["id"], type: "Company", name: "Firm" });
  expect([again.status, again.body["code"]]).toEqual([410, "erased"]);
});

test("a knowledge entry leaves with all its versions, and no import and no job brings it back", async () => {
  const who = await tenant(w.neon, "entry");
  const word = `kanarie${process.pid}entry`;
  const call = called(who);
  const kb = await knowing(w, who);
  const words = { type: "faq", title: `How long is the ${word} warranty?`, body: `The ${word} carries seven years.` };
  const named = { source_id: `handbook/${word}`, source_url: `https://handbook.example/${word}` };
  const brought = await kb.call("technician", "imports", { ...named, ...words });
  const { id } = brought.body;
  await kb.call("lead", `knowledge/${id}/submit`, { version: 1 });
  expect((await kb.call("owner", `knowledge/${id}/publish`, { version: 1 })).status).toBe(200);
  await kb.live({ title: "Opening hours", body: "The workshop is open from 8 to 16." });
  await kb.embed();
  expect((await kb.ask(`How long is the ${word} warranty?`)).status).toBe("answered");
  const there = await foundIn(w.neon, [word]);
  expect(there).toEqual(
    expect.arrayContaining(["memory.answer_citations.quote", "memory.chunks.tsv", "memory.kb_versions.body"]),
  );
  const passage = (await rows(w, who, "select text from memory.chunks where project_id = $1 and source_pk = $2", [id]))
    .map(({ text }) => String(text))
    .join();
  expect(await meaning(w.neon, passage)).toHaveLength(3);

  const erasure = await ask(w, who, { kind: "entry", id });
  await run(w, who, erasure);
  expect(await foundIn(w.neon, [word])).toEqual([]);
  expect(await meaning(w.neon, passage)).toEqual([]);
  expect((await proofOf(w, who, erasure)).verified).toMatchObject({ ok: true });
  for (const again of [named, { source_id: "elsewhere", source_url: named.source_url }])
    expect((await kb.call("technician", "imports", { ...again, ...words })).body.code).toBe("erased");
  const changed = { ...words, body: `The ${word} carries nine years.` };
  expect((await kb.call("technician", "imports", { ...named, ...changed })).body.code).toBe("erased");
  await kb.embed();
  expect(await foundIn(w.neon, [word])).toEqual([]);
  expect(await count(w, who, "memory.chunks")).toBe(1);
  expect((await kb.ask(`How long is the ${word} warranty?`)).status).toBe("insufficient_evidence");
  expect((await call("/v1/shared/audit/verify")).body).toMatchObject({ ok: true });
});

test("a fact leaves with who knows it and the answers it was told in, and is not read out of its message again", async () => {
  const who = await tenant(w.neon, "fact");
  const call = called(who);
  const word = `kanarie${process.pid}fact`;
  const him = await writer(who);
  const entity = await call("/v1/world/entities", { type: "Company", name: "Nordvarme" });
  const provenance = { source_type: "user_entered", source_ref: "form:1" };
  const fact = { subject: entity.body["id"], attribute: "alarm", value: word, value_type: "string", provenance };
  const id = String((await call("/v1/world/facts", fact)).body["id"]);
  await rows(
    w,
    who,
    `insert into world.knowledge_edges (project_id, id, fact_id, knower, knower_contact_id, status, believed_value, source)
      values ($1, 'edg_' || $3, $3, 'contact:' || $4, $4, 'false_belief', to_jsonb('not ' || $2), 'user_told')`,
    [word, id, him.person],
  );
  const answered = await call("/v1/ask", { question: "What is the alarm of Nordvarme?" });
  expect(JSON.stringify(answered.body)).toContain(word);
  const said = message(him.at, { content: "Vi tager 450 kr. i timen.", sender: contact(him.at, him.card) });
  await heard(w, who, said);
  w.clock.advance(180_000);
  const read = async () => (await deliver(w, "world.extract.run", { project: who.project })).json();
  expect(await read()).toMatchObject({ proposed: 1 });
  const [proposed] = (await call("/v1/world/proposals")).body["data"] as { id: string }[];
  expect(await foundIn(w.neon, [word])).toEqual(
    expect.arrayContaining([
      "memory.answer_citations.quote",
      "world.facts.tsv",
      "world.knowledge_edges.believed_value",
    ]),
  );

  for (const one of [id, String(proposed?.id)]) {
    const erasure = await ask(w, who, { kind: "fact", id: one });
    await run(w, who, erasure);
    expect((await proofOf(w, who, erasure)).verified).toMatchObject({ ok: true });
  }
  expect(await foundIn(w.neon, [word])).toEqual([]);
  expect(await count(w, who, "world.facts")).toBe(0);
  expect(await count(w, who, "world.knowledge_edges")).toBe(0);
  expect((await call("/v1/world/facts", { ...fact, id })).body["code"]).toBe("erased");
  await rows(
    w,
    who,
    `update shared.evidence_items set version = version + 1, updated_at = updated_at + interval '1 minute'
      where project_id = $1 and contact_id = $2`,
    [him.person],
  );
  w.clock.advance(180_000);
  // Its message is read once more.
  expect(await read()).toEqual({ read: 4, proposed: 0 });
  expect(await count(w, who, "world.facts")).toBe(0);
  expect(await count(w, who, "inbox.cw_messages")).toBe(3);
});
