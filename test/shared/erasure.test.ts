// Whoever is erased is gone from everywhere, nobody else is touched, and what is left proves it.
import { beforeAll, describe, expect, test } from "vitest";
import { caller } from "#test/field/floor.ts";
import {
  contact,
  conversation,
  count,
  hear,
  heard,
  type Json,
  message,
  rows,
  type Talk,
  talk,
} from "#test/inbox/chatwoot.ts";
import { scriptedCarrier } from "#test/kit/carrier.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { customer, dispatchDue, queueMessage } from "#test/outbound/customer.ts";
import { ask, everyRow, foundIn, plantEverywhere, proofOf, run } from "./forgotten.ts";
import { killed } from "./killed.ts";

let w: World;
beforeAll(async () => {
  w = await world({ embedder: scriptedEmbedder().port, carriers: { twilio: scriptedCarrier().port } });
});

type Him = { at: Talk; person: string; word: string; phone: string; email: string; card: Json };

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
  await heard(
    w,
    who,
    message(at, {
      content: `Hun hedder ${word} og betaler altid`,
      private: true,
      message_type: "outgoing",
      sender: { id: 5, type: "user", name: "Lars" },
      conversation: conversation(at, { meta: { sender: { ...sender, type: "contact" } } }),
    }),
  );
  const [row] = await rows(
    w,
    who,
    "select person_id from inbox.cw_contacts where project_id = $1 and contact_id = $2",
    [at.contact],
  );
  return { at, person: String(row?.["person_id"]), word, phone, email, card };
}

const called = (who: Tenant) => caller(w, who.apiKey);

/** A job of his, with what colleagues write about it, and an answer that quotes him. */
async function worked(who: Tenant, him: Him): Promise<void> {
  const call = called(who);
  const job = await call("/v1/field/jobs", {
    client: him.person,
    title: `Boiler of ${him.word}`,
    notes: `Key under the mat, ${him.word}`,
  });
  expect(job.status).toBe(201);
  await call(`/v1/field/jobs/${job.body["id"]}/notes`, {
    text: `Customer ${him.word} was in a bad mood`,
    visibility: "internal",
  });
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
    expect(manifest.tables.map(({ table }) => table)).toEqual(
      expect.arrayContaining(["inbox.cw_messages", "memory.vectors", "people.contacts", "assistant.tasks"]),
    );
    expect(JSON.stringify(manifest)).not.toContain(him.person);
    expect(before.body).toMatchObject({ ok: true });
    expect((await called(who)("/v1/shared/audit/verify")).body).toMatchObject({ ok: true });
    for (const act of [
      "update shared.events set kind = 'x.y'",
      "delete from shared.audit_events",
      "truncate shared.audit_events",
      "delete from shared.erasure_steps",
    ])
      await expect(w.neon.query(act)).rejects.toThrow(/append-only/);
  });

  test("killed at every step, before or after its transaction, ends as one that was never killed", async () => {
    const ends = [];
    for (const most of [1000, 5]) {
      const who = await tenant(w.neon, "killed");
      const him = await writer(who);
      await worked(who, him);
      await plantEverywhere(w, who, { person: him.person, words: `${him.word} ${him.phone}` });
      const erasure = await ask(w, who, { kind: "person", id: him.person });
      const kills = await killed(w, who, { erasure, most });
      expect(kills > 6).toBe(most === 5);
      const { manifest, verified } = await proofOf(w, who, erasure);
      expect(verified).toMatchObject({ ok: true });
      expect(await foundIn(w.neon, [him.word, him.phone.slice(1)])).toEqual([]);
      ends.push({ rows: manifest.rows, tables: manifest.tables.map(({ digest, ...table }) => table) });
    }
    expect(ends[1]).toEqual(ends[0]);
  });

  test("what waits for him is cancelled, his word to stop outlives him, and coming back he is somebody new", async () => {
    const who = await tenant(w.neon, "returns");
    const him = await customer(w, who);
    const job = await called(who)("/v1/field/jobs", { client: him.person, title: "Boiler" });
    const waiting = await queueMessage(w, who, him);
    const other = await customer(w, who);
    const theirs = await queueMessage(w, who, other);
    const first = await rows(
      w,
      who,
      "select id from inbox.cw_messages where project_id = $1 and contact_global_id like '%:' || $2",
      [him.talk.contact],
    );
    w.clock.advance(60_000);
    const stop = message(him.talk, {
      content: "STOP",
      created_at: w.clock.now().toISOString(),
      conversation: him.conversation(),
    });
    await heard(w, who, stop);
    const erasure = await ask(w, who, { kind: "person", id: him.person });
    await run(w, who, erasure);

    expect(await count(w, who, "outbound.messages", `id = '${theirs}' and state = 'queued'`)).toBe(1);
    expect(
      await count(
        w,
        who,
        "outbound.messages",
        `id = '${waiting}' and state in ('cancelled', 'blocked_opt_out') and body = '[erased]'`,
      ),
    ).toBe(1);
    expect(await count(w, who, "field.jobs", `id = '${job.body["id"]}' and status = 'cancelled'`)).toBe(1);
    expect(await foundIn(w.neon, [him.phone.slice(1)])).toEqual([]);

    // Nothing that was said before brings him back: repeated, edited late, his card changed, a colleague writing to him.
    w.clock.advance(60_000);
    const late = { ...stop, content: "STOP!", event: "message_updated" };
    const card = { ...contact(him.talk), account: { id: who.accountId, name: "Nordvarme" }, event: "contact_updated" };
    const goodbye = message(him.talk, {
      content: "Farvel",
      message_type: "outgoing",
      sender: { id: 5, type: "user" },
      created_at: w.clock.now().toISOString(),
      conversation: him.conversation(),
    });
    for (const told of [stop, late, card, goodbye]) expect((await hear(w, who, told)).status).toBeLessThan(300);
    expect(await count(w, who, "inbox.cw_contacts", `contact_id = ${him.talk.contact}`)).toBe(0);
    expect(await foundIn(w.neon, [him.phone.slice(1)])).toEqual([]);

    // An office that enters his number again may not write to it.
    const again = await called(who)("/v1/people/contacts", {
      name: "Somebody",
      points: [{ kind: "phone", value: him.phone }],
    });
    const known = String(again.body["id"]);
    const ways = await called(who)(`/v1/outbound/policies/${known}`);
    expect(ways.body).toMatchObject({ suppressions: [{ channel: "sms", reason: "keyword" }] });
    const draft = { ...him, person: known, evidence: other.evidence };
    await expect(queueMessage(w, who, draft)).rejects.toThrow(/outbound_blocked_opt_out/);
    // Queued all the same, it is stopped where it would leave.
    const forced = `contact_id = '${known}' and state in ('queued', 'blocked_opt_out')`;
    await rows(w, who, "update outbound.messages set state = 'queued' where project_id = $1 and contact_id = $2", [
      known,
    ]);
    expect(await count(w, who, "outbound.messages", forced)).toBe(1);
    await dispatchDue(w, who);
    expect(await count(w, who, "outbound.messages", `${forced} and code = 'opt_out'`)).toBe(1);

    w.clock.advance(60_000);
    const back = message(him.talk, {
      content: "Nu er jeg her igen",
      created_at: w.clock.now().toISOString(),
      conversation: him.conversation(),
    });
    expect(await heard(w, who, back)).toBe("stored");
    const [person] = await rows(
      w,
      who,
      "select person_id from inbox.cw_contacts where project_id = $1 and contact_id = $2",
      [him.talk.contact],
    );
    expect(person?.["person_id"]).not.toBe(him.person);
    expect(await count(w, who, "inbox.cw_messages", `id = '${first[0]?.["id"]}'`)).toBe(0);
    expect(
      await count(w, who, "people.contacts", `id = '${him.person}' and erased_at is not null and name is null`),
    ).toBe(1);
  });

  test("is asked for by an owner who proves himself, once, and for somebody there is", async () => {
    const who = await tenant(w.neon, "asks");
    const him = await writer(who);
    const call = called(who);
    const wanted = { subject: { kind: "person", id: him.person }, reason: "user_delete" };
    const unknown = await call("/v1/shared/erasures", { ...wanted, subject: { kind: "person", id: "con_nobody" } });
    expect([unknown.status, unknown.body["code"]]).toEqual([404, "subject_unknown"]);
    expect(await count(w, who, "shared.erasures")).toBe(0);
    expect((await caller(w, who.readKey)("/v1/shared/erasures", wanted)).status).toBe(403);
    const asked = await call("/v1/shared/erasures", wanted);
    expect(asked.body).toMatchObject({ state: "running", subject: wanted.subject, reason: "user_delete" });
    expect((await call("/v1/shared/erasures", wanted)).body["code"]).toBe("erasure_running");
    const id = String(asked.body["id"]);
    expect((await call(`/v1/shared/erasures/${id}/manifest`)).body["code"]).toBe("erasure_running");
    expect(
      await count(
        w,
        who,
        "shared.outbox",
        `kind = 'shared.erasures.run' and dedupe_key = '${id}' and state = 'pending'`,
      ),
    ).toBe(1);
    await run(w, who, id);
    const audited = await rows(
      w,
      who,
      "select payload from shared.audit_events where project_id = $1 and action = 'shared.erasure.asked' and outcome = 'done'",
    );
    expect(audited.map(({ payload }) => payload)).toEqual([{ subject: "person", reason: "user_delete" }]);
    expect(await count(w, who, "shared.erasure_ids")).toBe(0);
    expect(await rows(w, who, "select wanted, state from shared.erasures where project_id = $1")).toEqual([
      { wanted: {}, state: "done" },
    ]);
    // A manifest that somebody rewrote is no proof.
    await w.neon.query("update shared.erasures set manifest = manifest || '{\"rows\": 0}' where id = $1", [id]);
    expect((await proofOf(w, who, id)).verified).toMatchObject({ ok: false, checks: { seal: false, tables: true } });
  });
});

test("one message leaves with its copies, and its neighbours stay", async () => {
  const who = await tenant(w.neon, "message");
  const him = await writer(who);
  const secret = `kanarie${process.pid}secret`;
  const said = message(him.at, { content: `Koden er ${secret}`, sender: contact(him.at, him.card) });
  await heard(w, who, said);
  await deliver(w, "memory.embed", { project: who.project });
  await called(who)("/v1/ask", { question: "Hvad er koden?" });
  expect(await foundIn(w.neon, [secret])).toContain("memory.answer_citations.quote");
  const id = `cwmsg:${who.project}:${who.accountId}:${said["id"]}`;
  await run(w, who, await ask(w, who, { kind: "message", id }));
  expect(await foundIn(w.neon, [secret])).toEqual([]);
  expect(await count(w, who, "inbox.cw_messages")).toBe(2);
  expect((await foundIn(w.neon, [him.word])).length).toBeGreaterThan(5);
  await heard(w, who, said, { delivery: "said-again" });
  expect(await foundIn(w.neon, [secret])).toEqual([]);
});
