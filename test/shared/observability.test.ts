// One request followed from the webhook to the job it caused, and the numbers that a monitor reads.
import { beforeEach, expect, test } from "vitest";
import { hear, heard, message, talk } from "#test/inbox/chatwoot.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { type World, world } from "#test/kit/world.ts";

const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const traced = { traceparent: `00-${trace}-00f067aa0ba902b7-01`, "x-request-id": "req-of-the-sender" };

let w: World;
beforeEach(async () => {
  w = await world({ embedder: scriptedEmbedder().port });
});

type Run = { job: string; status: string; processed: number; error: string | null; trace: string };
const runs = async (query = "", key = w.a.apiKey): Promise<Run[]> =>
  ((await (await w.fetch(`/v1/shared/job-runs${query}`, { key })).json()) as { data: Run[] }).data;
const lineOf = (verb: string) => w.lines.find((line) => line["verb"] === verb);

test("trace and request id go from the webhook through outbox and message to the job, its ledger and its log line", async () => {
  const answer = await hear(w, w.a, message(talk(w.a)), { headers: traced });
  await w.settled();
  expect(answer.headers.get("traceparent")).toMatch(new RegExp(`^00-${trace}-`));
  const outbox = await w.neon.query(
    "select request_id, trace from shared.outbox where project_id = $1 and kind = 'memory.embed'",
    [w.a.project],
  );
  expect(outbox).toEqual([{ request_id: "req-of-the-sender", trace: answer.headers.get("traceparent") }]);
  w.clock.advance(5_000);
  await deliverPublished(w);
  await w.settled();
  for (const verb of ["inbox.ingest", "memory.embed"]) {
    expect([verb, lineOf(verb)]).toEqual([verb, expect.objectContaining({ trace, request: "req-of-the-sender" })]);
  }
  expect(await runs()).toMatchObject([{ job: "memory.embed", status: "ok", processed: 1, error: null, trace }]);
});

test("a message that was lost is sent again by the sweep under the trace of whoever asked for it", async () => {
  w.queue.down();
  await hear(w, w.a, message(talk(w.a)), { headers: traced });
  await w.settled();
  w.queue.up();
  w.clock.advance(60_000);
  await deliver(w, "shared.sweep", { project: w.a.project });
  const sent = w.queue.published.find(({ kind }) => kind === "memory.embed");
  expect([sent?.request, sent?.trace?.slice(3, 35)]).toEqual(["req-of-the-sender", trace]);
  expect(await runs("?job=shared.sweep")).toMatchObject([{ job: "shared.sweep", processed: 1 }]);
});

test("a run that found nothing to do is not kept, one that failed is, and another tenant sees neither", async () => {
  await deliver(w, "shared.sweep", { project: w.a.project });
  expect(await runs()).toEqual([]);
  w.queue.down();
  await hear(w, w.a, message(talk(w.a)));
  await w.settled();
  w.clock.advance(60_000);
  expect((await deliver(w, "shared.sweep", { project: w.a.project })).status).toBe(500);
  expect(await runs("?status=failed")).toMatchObject([{ job: "shared.sweep", status: "failed", error: "internal" }]);
  expect(await runs("", w.b.apiKey)).toEqual([]);
});

test("metrics count verbs by outcome with their durations, and tell nothing about anybody", async () => {
  const at = talk(w.a);
  for (let i = 0; i < 3; i++) await heard(w, w.a, message(at));
  await w.settled();
  await w.fetch("/v1/inbox/conversations/nowhere", { key: w.a.apiKey });
  w.clock.advance(10_000);
  const answer = await w.fetch("/v1/metrics", { key: w.a.apiKey });
  const text = await answer.text();
  const told = JSON.parse(text) as {
    verbs: { verb: string; outcome: string; count: number; database_requests: number }[];
  };
  const of = (verb: string) => told.verbs.filter((one) => one.verb === verb);
  expect(of("inbox.ingest")).toMatchObject([{ outcome: "ok", count: 3 }]);
  expect(of("inbox.conversations.get")).toMatchObject([
    { outcome: "conversation_unknown", count: 1, database_requests: 1 },
  ]);
  expect(told).toMatchObject({ since: "2026-11-15T08:00:00.000Z", limiter: null, outbox: { pending: 1 } });
  for (const personal of ["Mette", w.a.username, w.a.project, w.a.apiKey, "+45", "@"])
    expect(text).not.toContain(personal);
  expect((await w.fetch("/v1/metrics", { key: w.a.readKey })).status).toBe(403);
});
