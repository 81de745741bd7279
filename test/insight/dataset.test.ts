// What a person agreed to decides what of him is in a dataset; what he asks for holds everything about him and nobody else.
import { beforeAll, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";
import { known } from "#test/people/office.ts";
import { ask, made } from "#test/shared/carrying.ts";

type Turn = { from: string; seconds: number; length: number; text?: string };
type Found = { type: string; person: string; turns?: Turn[]; outcome?: object; kind?: string };

let w: World;
let mette: string;
let ole: string;

/** A conversation of one message each way, a colleague's note and a job. */
async function life(contact: string, n: number): Promise<void> {
  const place = [w.a.project];
  const [talk, speaker] = [`cw:${w.a.project}:1:${n}`, `cwc:${w.a.project}:1:${n}`];
  await w.neon.query(
    "insert into inbox.cw_contacts (project_id, id, account_id, contact_id, person_id, data, heard_at) values ($1, $2, 1, $3, $4, '{}', now())",
    [...place, speaker, n, contact],
  );
  await w.neon.query(
    `insert into inbox.cw_conversations (project_id, id, account_id, conversation_id, contact_global_id, channel, status, data, heard_at, created_at)
     values ($1, $2, 1, $3, $4, 'sms', 'resolved', '{}', now(), '2026-11-01T08:00:00Z')`,
    [...place, talk, n, speaker],
  );
  const turns = [
    ["incoming", `Pump of person ${n} hums, call +45 20 30 40 50`, false],
    ["outgoing", `We come to person ${n} at nine`, false],
    ["outgoing", `note-canary about person ${n}`, true],
    ["incoming", `gone-canary of person ${n}`, false],
  ] as const;
  for (const [i, [type, content, isPrivate]] of turns.entries())
    await w.neon.query(
      `insert into inbox.cw_messages (project_id, id, account_id, message_id, conversation_global_id, contact_global_id, message_type, content, content_hash, private, seq,
         data, heard_at, created_at, deleted_at) values ($1, $2, 1, $3, $4, $5, $6, $7, 'h', $8, $9, '{}', now(), $10, $11)`,
      [
        ...place,
        `cwmsg:${n}:${i}`,
        n * 10 + i,
        talk,
        speaker,
        type,
        content,
        isPrivate,
        i,
        `2026-11-01T08:0${i}:00Z`,
        i === 3 ? "2026-11-02T08:00:00Z" : null,
      ],
    );
  await w.neon.query(
    "insert into field.jobs (project_id, id, number, client_id, title, kind, status) values ($1, $2, $3, $4, 'Pump hums', 'visit', 'closed')",
    [...place, `job_${n}`, n, contact],
  );
}

const say = async (contact: string, uses: Record<string, boolean>) => {
  w.clock.advance(1000);
  const words = { shown_text: "Yes, use it.", proof: "form-1" };
  const { status, body } = await ask(w, w.a, `people/contacts/${contact}/consents`, {
    ...uses,
    source: "form",
    ...words,
  });
  expect([status, body]).toEqual([200, expect.objectContaining({ contact })]);
};

const dataset = async (): Promise<Found[]> =>
  (await made(w, w.a, { kind: "dataset" }))
    .slice(1)
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type !== undefined);

beforeAll(async () => {
  // Rows made past the app have the machine's time, which an export must not find to be later.
  w = await world({ now: "2031-01-01T08:00:00Z" });
  mette = await known(w, w.a, { name: "Mette Holm", phone: "+4520304051" });
  ole = await known(w, w.a, { name: "Ole Berg", phone: "+4520304052" });
  await life(mette, 1);
  await life(ole, 2);
});

test("nobody is in a dataset who has not said yes, and each use counts for itself", async () => {
  expect(await dataset()).toEqual([]);
  await say(mette, { telemetry: true });
  const figures = await dataset();
  expect(figures.map(({ type }) => type).sort()).toEqual(["conversation", "job"]);
  const [talk] = figures.filter(({ type }) => type === "conversation");
  expect(talk).toMatchObject({
    outcome: { status: "resolved", turns: 2, first_answer_seconds: 60 },
    turns: [
      { from: "client", seconds: 0 },
      { from: "staff", seconds: 60 },
    ],
  });
  expect(JSON.stringify(figures)).not.toMatch(/hums|nine|Mette|con_|cw:|2030/);

  await say(mette, { telemetry: false, raw_text: true });
  const words = await dataset();
  expect(words).toEqual([expect.objectContaining({ type: "conversation", person: talk?.person })]);
  expect(words[0]).not.toHaveProperty("outcome");
  expect(words[0]?.turns?.map(({ text }) => text)).toEqual([
    "Pump of person 1 hums, call <phone>",
    "We come to person 1 at nine",
  ]);
  expect(await dataset()).toEqual(words);
  // A no later on takes out what came before it, too.
  await say(mette, { raw_text: false });
  expect(await dataset()).toEqual([]);
});

test("a merged record's word counts for the person, and what was erased, deleted or buried is in no dataset", async () => {
  await say(mette, { telemetry: true, raw_text: true });
  await say(ole, { telemetry: true, raw_text: true });
  const both = await dataset();
  expect(new Set(both.map(({ person }) => person)).size).toBe(2);
  expect(JSON.stringify(both)).not.toMatch(/canary/);
  const place = [w.a.project];
  await w.neon.query("update people.contacts set merged_into = $2 where project_id = $1 and id = $3", [
    ...place,
    mette,
    ole,
  ]);
  expect(new Set((await dataset()).map(({ person }) => person)).size).toBe(1);
  await say(ole, { telemetry: false, raw_text: false });
  expect(await dataset()).toEqual([]);
  await w.neon.query("update people.contacts set merged_into = null where project_id = $1", place);
  expect((await dataset()).length).toBeGreaterThan(0);
  await w.neon.query(
    "insert into shared.tombstones (project_id, id, object_type, object_id, reason) values ($1, 'tmb_1', 'message', 'cwmsg:1:0', 'gdpr_delete'), ($1, 'tmb_2', 'job', 'job_1', 'gdpr_delete')",
    place,
  );
  const left = await dataset();
  expect(JSON.stringify(left)).not.toMatch(/hums/);
  expect(left.map(({ type }) => type)).toEqual(["conversation"]);
  await w.neon.query("update people.contacts set erased_at = now() where project_id = $1 and id = $2", [
    ...place,
    mette,
  ]);
  expect(await dataset()).toEqual([]);
  await w.neon.query("update people.contacts set erased_at = null where project_id = $1", place);
});

test("facts go with memory, their words with his words; a rehearsal with what its own user said", async () => {
  const place = [w.a.project, w.a.accountScope];
  await say(mette, { memory: false, telemetry: false, raw_text: false });
  await w.neon.query(
    "insert into world.entities (project_id, account_scope_id, id, type, name, contact_id) values ($1, $2, 'ent_1', 'Person', 'Mette Holm', $3)",
    [...place, mette],
  );
  for (const [id, key, value, type] of [
    ["fct_1", "rent.monthly", '{"amount_minor":140000,"currency":"DKK"}', "currency"],
    ["fct_2", "prefers", '"calls to +45 20 30 40 50"', "string"],
  ])
    await w.neon.query(
      `insert into world.facts (project_id, account_scope_id, id, subject_entity_id, key, value, value_type, origin, source_type, source_ref)
       values ($1, $2, $3, 'ent_1', $4, $5, $6, 'form', 'user_entered', 'form')`,
      [...place, id, key, value, type],
    );
  expect(await dataset()).toEqual([]);
  await say(mette, { memory: true });
  const bare = await dataset();
  expect(bare).toMatchObject([
    { type: "fact", key: "rent.monthly", value: { amount_minor: 140000 } },
    { type: "fact", key: "prefers" },
  ]);
  expect(JSON.stringify(bare)).not.toMatch(/calls|Mette/);
  await say(mette, { raw_text: true });
  expect((await dataset()).filter(({ type }) => type === "fact")).toMatchObject([{}, { value: "calls to <phone>" }]);
  await say(mette, { memory: false, raw_text: false });

  const own = [...place, w.a.user];
  await w.neon.query(
    "insert into world.sessions (project_id, account_scope_id, user_id, id) values ($1, $2, $3, 'ses_1')",
    own,
  );
  for (const [id, channel, words] of [
    ["wms_1", "roleplay", "My rent is high"],
    ["wms_2", "coach", "coach-canary"],
  ])
    await w.neon.query(
      `insert into world.messages (project_id, account_scope_id, user_id, id, session_id, role, channel, content, seq)
       select $1, $2, $3, $4, 'ses_1', 'user', $5, $6, count(*) + 1 from world.messages where project_id = $1 and session_id = 'ses_1'`,
      [...own, id, channel, words],
    );
  expect(await dataset()).toEqual([]);
  expect(await ask(w, w.a, "world/own-consents", { telemetry: true })).toMatchObject({
    status: 200,
    body: { telemetry: true, raw_text: false },
  });
  const [figures] = await dataset();
  expect(figures).toMatchObject({
    type: "rehearsal",
    outcome: { turns: 1, ended: false },
    turns: [{ from: "user", length: 15 }],
  });
  expect(JSON.stringify(figures)).not.toMatch(/rent|canary/);
  await ask(w, w.a, "world/own-consents", { telemetry: false, raw_text: true });
  const [words] = await dataset();
  expect(words?.turns?.map(({ text }) => text)).toEqual(["My rent is high"]);
  expect(words).not.toHaveProperty("outcome");
  await ask(w, w.a, "world/own-consents", { raw_text: false });
  expect(await dataset()).toEqual([]);
  expect(await ask(w, w.a, "world/own-consents")).toMatchObject({
    body: { memory: false, telemetry: false, raw_text: false },
  });
});

test("a consent needs words and a proof, leaves ledger and audit without words, and is read back", async () => {
  const path = `people/contacts/${ole}/consents`;
  expect(await ask(w, w.a, path, { memory: true, source: "a call" })).toMatchObject({ status: 400 });
  expect(await ask(w, w.a, path, { source: "a call" })).toMatchObject({ status: 400 });
  expect(await ask(w, w.b, path, { memory: false, source: "a call" })).toMatchObject({
    status: 404,
    body: { code: "contact_unknown" },
  });
  expect(await ask(w, w.b, path)).toMatchObject({ status: 404 });
  await say(ole, { memory: true });
  expect(await ask(w, w.a, path)).toMatchObject({
    status: 200,
    body: { memory: { granted: true, source: "form" }, telemetry: { granted: false }, raw_text: { granted: false } },
  });
  const kept = await w.neon.query(
    "select payload::text as p from shared.events where project_id = $1 and kind = 'contact.consents_said' union all select payload::text from shared.audit_events where project_id = $1 and action = 'people.consents_said'",
    [w.a.project],
  );
  expect(kept.length).toBeGreaterThan(4);
  expect(JSON.stringify(kept)).not.toMatch(/Yes|form/);
});

test("a person is handed everything about him, and nothing about anybody else", async () => {
  await w.neon.query(
    "insert into field.job_notes (project_id, id, job_id, visibility, body, written_by) values ($1, 'nte_1', 'job_1', 'internal', 'Dog bites', 'system')",
    [w.a.project],
  );
  const lines = (await made(w, w.a, { kind: "subject", contact: mette })).slice(1);
  const whole = lines.join("\n");
  for (const word of [
    "Mette Holm",
    "+4520304051",
    "Pump of person 1",
    "We come to person 1",
    "Dog bites",
    "job_1",
    "Yes, use it.",
  ])
    expect(whole).toContain(word);
  for (const word of ["Ole Berg", "+4520304052", "person 2", "job_2"]) expect(whole).not.toContain(word);
  expect(await ask(w, w.a, "shared/exports", { kind: "subject" })).toMatchObject({ status: 400 });
  expect(await ask(w, w.b, "shared/exports", { kind: "subject", contact: mette })).toMatchObject({
    status: 404,
    body: { code: "contact_unknown" },
  });
});

test("what is one's own is taken along by oneself, and by nobody else", async () => {
  await w.neon.query(
    "insert into assistant.goals (project_id, account_scope_id, user_id, id, title, title_norm, status) values ($1, $2, $3, 'gol_1', 'own-canary', 'own-canary', 'active')",
    [w.a.project, w.a.accountScope, w.a.user],
  );
  const own = await made(w, w.a, {}, "shared/own-exports");
  expect(own.join("\n")).toContain("own-canary");
  const [{ id } = {}] = await w.neon.query("select id from shared.exports where project_id = $1 and kind = 'mine'", [
    w.a.project,
  ]);
  expect(await ask(w, w.a, `shared/exports/${id}/parts/1`)).toMatchObject({ status: 404 });
  expect((await made(w, w.a, { kind: "project" })).join("\n")).not.toContain("own-canary");
  await w.neon.query("update shared.exports set user_id = gen_random_uuid() where project_id = $1 and id = $2", [
    w.a.project,
    id,
  ]);
  expect(await ask(w, w.a, `shared/own-exports/${id}/parts/1`)).toMatchObject({ status: 404 });
});
