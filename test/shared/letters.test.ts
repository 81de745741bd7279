// Work that died: one letter however often QStash says so, sent again under the same identity, put away with a reason.
import { beforeEach, expect, test } from "vitest";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";
import { base64, callback, type Death, died, trace } from "./dead.ts";

let w: World;
beforeEach(async () => {
  w = await world();
});

const die = (of?: Death) => died(w, of);

type Letter = Record<string, unknown> & { id: string; state: string };
const letters = async (query = "", key = w.a.apiKey): Promise<Letter[]> =>
  ((await (await w.fetch(`/v1/shared/letters${query}`, { key })).json()) as { data: Letter[] }).data;

let keys = 0;
async function act(path: string, json: object = {}, key = w.a.apiKey) {
  keys += 1;
  const headers = { "idempotency-key": `letters-${process.pid}-${keys}` };
  const answer = await w.fetch(`/v1/shared/letters/${path}`, { method: "POST", key, json, headers });
  await w.settled();
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function first(): Promise<Letter> {
  const [letter] = await letters();
  if (!letter) throw new Error("there is no letter");
  return letter;
}

/** A row as a domain would have staged it. */
const stage = (id: string, more: { kind?: string; dedupe?: string } = {}) =>
  w.neon.query(
    `insert into shared.outbox (project_id, account_scope_id, id, kind, dedupe_key, payload, published_at, message_id, request_id, trace, due_at, created_at)
      values ($1, $2, $3, $4, $5, '{"chunk":"c1"}', $6, 'msg_1', 'req-of-the-sender', $7, $6, $6)`,
    [
      w.a.project,
      w.a.accountScope,
      id,
      more.kind ?? "shared.sweep",
      more.dedupe ?? null,
      w.clock.now().toISOString(),
      trace,
    ],
  );
const row = async (id: string) =>
  (
    await w.neon.query("select state, round, error from shared.outbox where project_id = $1 and id = $2", [
      w.a.project,
      id,
    ])
  )[0];
const ledger = async () =>
  (
    await w.neon.query("select kind from shared.events where project_id = $1 and ref_type = 'letter' order by id", [
      w.a.project,
    ])
  ).map((event) => event["kind"]);

test("a dead message becomes one letter with its reason, request and trace, and its outbox row is parked", async () => {
  await stage("obx_w1");
  expect((await die({ payload: { chunk: "c1" } })).status).toBe(200);
  expect(await letters()).toMatchObject([
    {
      job: "shared.sweep",
      work: "obx_w1",
      state: "open",
      reason: "database_unreachable",
      http_status: 503,
      attempts: 1,
      deliveries: 4,
      message: "msg_1",
      dlq: "dlq-msg_1",
      request: "req-of-the-sender",
      trace: "4bf92f3577b34da6a3ce929d0e0e4736",
      payload: { chunk: "c1" },
      note: null,
    },
  ]);
  expect(await row("obx_w1")).toMatchObject({ state: "failed", error: "database_unreachable" });
  w.clock.advance(3_600_000);
  await deliver(w, "shared.sweep", { project: w.a.project });
  expect(w.queue.published).toEqual([]);
});

test("the same callback ten times is one letter, one line in the ledger, one count", async () => {
  for (let n = 0; n < 5; n += 1) await die();
  await Promise.all(Array.from({ length: 5 }, () => die()));
  expect(await letters()).toMatchObject([{ attempts: 1, deliveries: 4 }]);
  expect(await ledger()).toEqual(["shared.letter.opened"]);
});

test("another tenant sees nothing of it, and can neither retry nor discard it", async () => {
  await die();
  const { id } = await first();
  expect(await letters("", w.b.apiKey)).toEqual([]);
  expect((await act(`${id}/retry`, {}, w.b.apiKey)).status).toBe(404);
  expect((await act(`${id}/discard`, { reason: "not mine" }, w.b.apiKey)).status).toBe(404);
  expect((await act(`${id}/retry`, {}, w.a.readKey)).status).toBe(403);
  expect(await letters("?state=open")).toHaveLength(1);
});

test("a retry goes on under the same work id, request and trace, as a message of its own to QStash, and success resolves it", async () => {
  await stage("obx_w1");
  await die({ payload: { chunk: "c1" } });
  const { id } = await first();
  const { status, body } = await act(`${id}/retry`);
  expect([status, body]).toMatchObject([
    200,
    { id, state: "retried", retried_at: "2026-11-15T08:00:00Z", attempts: 1 },
  ]);
  expect(w.queue.published.filter(({ kind }) => kind === "shared.sweep")).toMatchObject([
    { id: "obx_w1", round: 1, body: { chunk: "c1" }, request: "req-of-the-sender", trace },
  ]);
  expect((await deliver(w, "shared.sweep", { chunk: "c1", project: w.a.project, id: "obx_w1", round: 1 })).status).toBe(
    200,
  );
  expect(await first()).toMatchObject({ id, state: "resolved", work: "obx_w1" });
  expect(await row("obx_w1")).toMatchObject({ state: "done", round: 1 });
  expect(await ledger()).toEqual(["shared.letter.opened", "shared.letter.retried", "shared.letter.resolved"]);
});

test("failing again reopens the same letter with one attempt more; what an older message still reports changes nothing", async () => {
  await die();
  const { id } = await first();
  await act(`${id}/retry`);
  await die();
  await die({ message: "msg_1_copy" });
  expect(await first()).toMatchObject({ id, state: "retried", attempts: 1 });
  await die({ message: "msg_2", round: 1, status: 500, answer: "<html>" });
  expect(await letters()).toMatchObject([{ id, state: "open", attempts: 2, reason: "http_500", message: "msg_2" }]);
  expect(await row("obx_w1")).toMatchObject({ state: "failed", round: 1 });
  await act(`${id}/retry`);
  expect(await row("obx_w1")).toMatchObject({ state: "pending", round: 2 });
});

test("a retry whose publish was lost is found by the sweep, under the new round", async () => {
  await die();
  w.queue.down();
  await act(`${(await first()).id}/retry`);
  w.queue.up();
  w.clock.advance(60_000);
  await deliver(w, "shared.sweep", { project: w.a.project });
  expect(w.queue.published.filter(({ id }) => id === "obx_w1")).toMatchObject([{ round: 1, trace }]);
});

test("a wake-up that died leaves its key free for the next, and is retried without it", async () => {
  await stage("obx_w1", { kind: "memory.embed", dedupe: "memory.embed" });
  await die({ job: "memory.embed" });
  await stage("obx_w2", { kind: "memory.embed", dedupe: "memory.embed" });
  expect((await act(`${(await first()).id}/retry`)).status).toBe(200);
  const pending = await w.neon.query(
    "select id from shared.outbox where project_id = $1 and kind = 'memory.embed' and state = 'pending' order by id",
    [w.a.project],
  );
  expect(pending).toEqual([{ id: "obx_w1" }, { id: "obx_w2" }]);
});

test("only an open letter is retried or discarded, and each act is on the audit trail", async () => {
  await die();
  const { id } = await first();
  await act(`${id}/retry`);
  expect(await act(`${id}/retry`)).toMatchObject({ status: 409, body: { code: "letter_not_open", state: "retried" } });
  expect(await act(`${id}/discard`, { reason: "gone" })).toMatchObject({ status: 409 });
  expect(await act("ltr_nowhere/retry")).toMatchObject({ status: 404, body: { code: "letter_unknown" } });
  const audit = await w.neon.query(
    "select action, ref_id, outcome from shared.audit_events where project_id = $1 and ref_type = 'letter' order by at, id",
    [w.a.project],
  );
  expect(audit.filter(({ outcome }) => outcome === "done")).toEqual([
    { action: "shared.letter.retried", ref_id: id, outcome: "done" },
  ]);
  expect(audit.filter(({ outcome }) => outcome === "refused").map(({ action }) => action)).toEqual([
    "shared.letter.retried",
    "shared.letter.discarded",
  ]);
});

test("a discarded letter keeps its reason with itself: in no ledger, audit row or remembered answer", async () => {
  await stage("obx_w1");
  await die();
  const { id } = await first();
  expect((await act(`${id}/discard`, { reason: "" })).status).toBe(400);
  const { status, body } = await act(`${id}/discard`, { reason: "Mette called, the boiler is gone" });
  expect([status, body["state"]]).toEqual([200, "discarded"]);
  expect(await first()).toMatchObject({ state: "discarded", note: "Mette called, the boiler is gone" });
  expect(await row("obx_w1")).toMatchObject({ state: "done" });
  for (const table of ["events", "audit_events", "idempotency_keys", "outbox"]) {
    const held = await w.neon.query(
      `select 1 from shared.${table} x where x::text like '%Mette%' and project_id = $1`,
      [w.a.project],
    );
    expect([table, held]).toEqual([table, []]);
  }
  await die({ message: "msg_late" });
  expect(await first()).toMatchObject({ state: "discarded" });
});

test("many are retried at once, all or those of one job, and only the open ones", async () => {
  for (const [work, job] of [
    ["obx_1", "memory.embed"],
    ["obx_2", "memory.embed"],
    ["obx_3", "shared.sweep"],
  ] as const)
    await die({ work, job, message: `msg_${work}` });
  expect(await act("retry", { job: "memory.embed" })).toMatchObject({ status: 200, body: { retried: 2 } });
  expect(await letters("?state=open")).toMatchObject([{ work: "obx_3" }]);
  expect(await act("retry")).toMatchObject({ body: { retried: 1 } });
  expect(
    w.queue.published
      .filter(({ round }) => round === 1)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(["obx_1", "obx_2", "obx_3"]);
  expect(await act("retry")).toMatchObject({ body: { retried: 0 } });
});

test("a letter that names no project, or one that is nowhere, is kept where nobody is served it", async () => {
  const stray = { ...callback(w, { job: "shared.astray", message: "msg_astray" }), sourceBody: base64({}) };
  for (let n = 0; n < 3; n += 1) expect((await deliver(w, "shared.letters.receive", stray)).status).toBe(200);
  const nowhere = {
    project: "00000000-0000-7000-8000-000000000000",
    message: `msg_${process.pid}`,
    job: "shared.nowhere",
  };
  expect((await die(nowhere)).status).toBe(200);
  const kept = await w.neon.query(
    "select job, letters, reason from shared.stray_letters where job in ('shared.astray', 'shared.nowhere') order by job",
  );
  expect(kept).toEqual([
    { job: "shared.astray", letters: 1, reason: "database_unreachable" },
    { job: "shared.nowhere", letters: 1, reason: "database_unreachable" },
  ]);
  expect(w.lines.filter((line) => line["letter"] === "stray")).toHaveLength(4);
  expect(await letters()).toEqual([]);
});

test("nobody's words come in: a payload that is not wordless is dropped, a code that is none becomes the status", async () => {
  await die({ payload: { text: "call me on +45 20 30 40 50" }, answer: { code: "Mette said so" } });
  expect(await first()).toMatchObject({ payload: {}, reason: "http_503" });
  await die({ work: "obx_w2", message: "msg_2", status: 0, answer: "connection refused" });
  expect(await first()).toMatchObject({ reason: "no_answer", http_status: 0 });
});

test("a letter shows the runs of its trace, and nobody else's", async () => {
  const along = { traceparent: trace, "x-request-id": "req-of-the-sender" };
  await stage("obx_w9");
  w.clock.advance(3_600_000);
  await deliver(w, "shared.sweep", { project: w.a.project }, along);
  await stage("obx_w8");
  w.clock.advance(3_600_000);
  await deliver(w, "shared.sweep", { project: w.a.project });
  await die();
  const answer = await w.fetch(`/v1/shared/letters/${(await first()).id}`, { key: w.a.apiKey });
  expect(await answer.json()).toMatchObject({
    work: "obx_w1",
    runs: [{ job: "shared.sweep", status: "ok", processed: 1 }],
  });
});

test("staged work that QStash does not take is shown from where it is, until the sweep has brought it on its way", async () => {
  const stuck = async () =>
    ((await (await w.fetch("/v1/shared/outbox/stuck", { key: w.a.apiKey })).json()) as { data: unknown[] }).data;
  await die();
  w.queue.down();
  await act(`${(await first()).id}/retry`);
  expect(await stuck()).toMatchObject([
    { id: "obx_w1", kind: "shared.sweep", state: "pending", attempts: 1, error: "queue_unreachable" },
    { kind: "shared.audit.seal" },
  ]);
  w.queue.up();
  w.clock.advance(60_000);
  await deliver(w, "shared.sweep", { project: w.a.project });
  await deliverPublished(w);
  expect(await stuck()).toEqual([]);
  expect(await first()).toMatchObject({ state: "resolved" });
});
