// Whoever is erased is gone from everywhere, nobody else is touched, and what is left proves it.
import { beforeAll, describe, expect, test } from "vitest";
import { contact, conversation, count, hear, heard, message, rows, type Talk, talk } from "#test/inbox/chatwoot.ts";
import { caller } from "#test/field/floor.ts";
import { deliver } from "#test/kit/jobs.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { ask, everyRow, foundIn, plantEverywhere, proofOf, run } from "./forgotten.ts";

let w: World;
beforeAll(async () => {
  w = await world({ embedder: scriptedEmbedder().port });
});

type Him = { at: Talk; person: string; word: string; phone: string; email: string; card: object };

let made = 0;

/** Somebody who writes, and about whom a colleague writes a private note. */
async function writer(who: Tenant): Promise<Him> {
  made += 1;
  const at = talk(who);
  const word = `kanarie${process.pid}x${made}`;
  const phone = `+4531${String(200_000 + process.pid * 7 + made).slice(-6)}`;
  const email = `${word}@example.dk`;
  const card = { name: `Frida ${word}`, phone_number: phone, email };
  const sender = contact(at, card);
  await heard(w, who, message(at, { content: `Min kedel ${word} larmer`, sender }));
  await heard(w, who, message(at, { content: `Hun hedder ${word} og betaler altid`, private: true, message_type: "outgoing", sender: { id: 5, type: "user", name: "Lars" }, conversation: conversation(at, { meta: { sender: { ...sender, type: "contact" } } }) }));
  const [row] = await rows(w, who, "select person_id from inbox.cw_contacts where project_id = $1 and contact_id = $2", [at.contact]);
  return { at, person: String(row?.["person_id"]), word, phone, email, card };
}

const called = (who: Tenant) => caller(w, who.apiKey);

/** A job of his, with what colleagues write about it, and an answer that quotes him. */
async function worked(who: Tenant, him: Him): Promise<void> {
  const call = called(who);
  const job = await call("/v1/field/jobs", { client: him.person, title: `Boiler of ${him.word}`, notes: `Key under the mat, ${him.word}` });
  expect(job.status).toBe(201);
  await call(`/v1/field/jobs/${job.body["id"]}/notes`, { text: `Customer ${him.word} was in a bad mood`, visibility: "internal" });
  await deliver(w, "memory.embed", { project: who.project });
  const answer = await call("/v1/ask", { question: `Why is the boiler of ${him.word} noisy, kedel larmer?` });
  expect(answer.status).toBe(200);
}

describe("a person", () => {
  test("leaves every column of the whole database, and nobody else's row changes", async () => {
    const who = await tenant(w.neon, "forgets");
    const him = await writer(who);
    await worked(who, him);
    const planted = await plantEverywhere(w, who, { person: him.person, words: `${him.word} ${him.phone}` });
    expect(planted.length).toBeGreaterThan(80);
    const secrets = [him.word, him.phone.slice(1), him.email];
    const there = await foundIn(w.neon, secrets);
    expect(planted.filter((column) => !there.includes(column))).toEqual([
      // Made anew from the words by a trigger.
      "memory.kb_entries.source_fingerprint",
    ]);
    const hisOnly = await everyRow(w.neon);

    const other = await writer(who);
    await worked(who, other);
    const others = [...(await everyRow(w.neon))].filter((row) => !hisOnly.has(row));
    expect(others.length).toBeGreaterThan(15);
    await deliver(w, "shared.audit.seal", { project: who.project });
    const before = await called(who)("/v1/shared/audit/verify");

    const erasure = await ask(w, who, { kind: "person", id: him.person });
    await run(w, who, erasure);

    expect(await foundIn(w.neon, secrets)).toEqual([]);
    const after = await everyRow(w.neon);
    expect(others.filter((row) => !after.has(row))).toEqual([]);
    const found = await called(who)(`/v1/search?q=${encodeURIComponent(`Min kedel ${him.word} larmer`)}`);
    expect(JSON.stringify(found.body)).not.toContain(him.person);
    expect(JSON.stringify(found.body)).toContain(other.word);

    const { manifest, verified } = await proofOf(w, who, erasure);
    expect(verified).toEqual({ ok: true, checks: { seal: true, tables: true, tombstones: true, audit: true } });
    expect(manifest.tables.map(({ table }) => table)).toEqual(expect.arrayContaining(["inbox.cw_messages", "memory.vectors", "people.contacts", "assistant.tasks"]));
    expect(JSON.stringify(manifest)).not.toContain(him.person);
    expect(before.body).toMatchObject({ ok: true });
    expect((await called(who)("/v1/shared/audit/verify")).body).toMatchObject({ ok: true });
    for (const act of ["update shared.events set kind = 'x.y'", "delete from shared.audit_events", "truncate shared.audit_events", "delete from shared.erasure_steps"])
      await expect(w.neon.query(act)).rejects.toThrow(/append-only/);
  });
});
