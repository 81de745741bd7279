// A message that dies, all the way: QStash of the laptop, the job door, the letter, and the same work sent again.
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type LocalQStash, startQStash } from "#local/qstash.ts";
import { qstash, queue } from "#providers/queue.ts";
import { ensureTick, tickId } from "#providers/tick.ts";
import { database } from "#test/kit/database.ts";
import { publicUrl, signingKeys, type World, world } from "#test/kit/world.ts";

const token = "token-of-the-laptop";
const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

let office: LocalQStash;
let w: World;
let delivered: { path: string; status: number; body: unknown }[];
/** Answers of a proxy before our door, in turn, to jobs other than the callback. */
let answers: (() => Response)[];

// The first to ask starts the database.
beforeAll(async () => void (await database()));

async function carry(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname;
  const isCallback = path.endsWith("shared.letters.receive");
  const bytes = await request.arrayBuffer();
  const early = isCallback ? undefined : answers.shift();
  const answer = early
    ? early()
    : await w.fetch(path, { method: "POST", headers: request.headers, body: bytes.slice() });
  delivered.push({ path, status: answer.status, body: JSON.parse(new TextDecoder().decode(bytes)) });
  return answer;
}

beforeEach(async () => {
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
  [delivered, answers] = [[], []];
  w = await world();
  office = await startQStash({
    token,
    currentSigningKey: signingKeys.current,
    nextSigningKey: signingKeys.next,
    backoff: () => 5,
    deliver: carry,
  });
  const real = queue({ url: office.url, token, publicUrl });
  // The sealer of the audit trail comes five seconds later, and is nobody's business here.
  const isSeal = (kind: string) => kind === "shared.audit.seal";
  w.runtime.ports.queue = { publish: (one) => (isSeal(one.kind) ? w.queue.port : real).publish(one) };
});
afterEach(async () => {
  vi.restoreAllMocks();
  await office.close();
});

const publish = (id: string, kind = "shared.sweep") =>
  w.runtime.ports.queue.publish({ kind, project: w.a.project, id, body: {}, request: "req-of-the-sender", trace });

type Letter = { id: string; state: string; reason: string; attempts: number; trace: string; dlq: string };
async function letters(): Promise<Letter[]> {
  await office.idle(5_000);
  await w.settled();
  const answer = await w.fetch("/v1/shared/letters", { key: w.a.apiKey });
  return ((await answer.json()) as { data: Letter[] }).data;
}

async function retry(id: string): Promise<number> {
  const headers = { "idempotency-key": `again-${id}-${delivered.length}` };
  const answer = await w.fetch(`/v1/shared/letters/${id}/retry`, {
    method: "POST",
    key: w.a.apiKey,
    json: {},
    headers,
  });
  await w.settled();
  return answer.status;
}

const down = () => new Response("down", { status: 502 });
const jobs = () => delivered.filter(({ path }) => path === "/jobs/shared.sweep");

test("after its last retry a message is a letter; retried at once it is delivered, the deduplication window notwithstanding", async () => {
  answers = [down, down, down, down];
  await publish("obx_e2e");
  const [letter] = await letters();
  if (!letter) throw new Error("no letter came");
  expect(letter).toMatchObject({ state: "open", reason: "http_502", attempts: 1, trace: trace.slice(3, 35) });
  expect((await qstash({ url: office.url, token }).dlq.listMessages()).messages).toMatchObject([{ dlqId: letter.dlq }]);
  expect(jobs()).toHaveLength(4);
  expect(await retry(letter.id)).toBe(200);
  expect(await letters()).toMatchObject([{ id: letter.id, state: "resolved", attempts: 1 }]);
  expect(jobs().slice(4)).toEqual([
    { path: "/jobs/shared.sweep", status: 200, body: { project: w.a.project, id: "obx_e2e", round: 1 } },
  ]);
});

test("a retry that dies too reopens the same letter, and the next one may succeed", async () => {
  answers = Array.from({ length: 8 }, () => down);
  await publish("obx_twice");
  const [letter] = await letters();
  await retry(letter?.id ?? "");
  expect(await letters()).toMatchObject([{ id: letter?.id, state: "open", attempts: 2 }]);
  await retry(letter?.id ?? "");
  expect(await letters()).toMatchObject([{ id: letter?.id, state: "resolved", attempts: 2 }]);
});

test("a job that only a newer version knows, and one refused for good, come with the code of our own answer", async () => {
  await publish("obx_unknown", "memory.invent");
  expect(await letters()).toMatchObject([
    { job: "memory.invent", reason: "job_unknown", http_status: 503, deliveries: 4 },
  ]);
  answers = [
    () =>
      Response.json({ code: "project_required" }, { status: 489, headers: { "upstash-nonretryable-error": "true" } }),
  ];
  await publish("obx_final");
  expect(await letters()).toEqual(
    expect.arrayContaining([expect.objectContaining({ reason: "project_required", http_status: 489, deliveries: 1 })]),
  );
});

test("a callback that QStash brings twice, or could not bring at first, makes one letter", async () => {
  answers = [down, down, down, down];
  await publish("obx_dup");
  w.neon.faults.next({ kind: "before" });
  office.faults.duplicateDelivery(1);
  expect(await letters()).toMatchObject([{ state: "open", attempts: 1 }]);
  const callbacks = delivered.filter(({ path }) => path.endsWith("receive")).map(({ status }) => status);
  expect(callbacks).toEqual([503, 200, 200]);
});

test("the tick's own death is told to the log, and to no project", async () => {
  await ensureTick(qstash({ url: office.url, token }), publicUrl);
  answers = [down, down];
  office.fire(tickId);
  expect(await letters()).toEqual([]);
  expect(w.lines).toContainEqual(expect.objectContaining({ letter: "stray", job: "shared.tick", reason: "http_502" }));
});
