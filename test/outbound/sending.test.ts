// From a draft to a delivered message: what may leave, what may not, and that it leaves once.
import { beforeEach, describe, expect, test } from "vitest";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type World, world } from "#test/kit/world.ts";

let w: World;
let carrier: ScriptedCarrier;
let s: Sending;
let n = 0;

beforeEach(async () => {
  carrier = scriptedCarrier();
  w = await world({ carriers: { twilio: carrier.port } });
  s = await canSend(w, w.a);
});

type Body = Record<string, unknown> & { id: string; version: number; state: string; code: string };

async function post(path: string, json: unknown): Promise<{ status: number; body: Body }> {
  n += 1;
  const headers = { "idempotency-key": `"k${n}"` };
  const answer = await w.fetch(`/v1/outbound/messages${path}`, { method: "POST", key: w.a.apiKey, json, headers });
  await w.settled();
  return { status: answer.status, body: (await answer.json()) as Body };
}

const read = async (id: string): Promise<Body & { tried: { outcome: string }[]; timeline: { kind: string }[] }> =>
  (await w.fetch(`/v1/outbound/messages/${id}`, { key: w.a.apiKey })).json();

const draft = (more: Record<string, unknown> = {}) =>
  post("", {
    contact: s.contact,
    channel: "sms",
    text: `Your boiler is ready, number ${n}.`,
    evidence: [s.evidence],
    ...more,
  });

async function queued(more: Record<string, unknown> = {}): Promise<Body> {
  const made = await draft(more);
  expect(made).toMatchObject({ status: 201, body: { state: "draft" } });
  const approved = await post(`/${made.body.id}/approve`, { version: made.body.version });
  expect(approved).toMatchObject({ status: 200, body: { state: "approved" } });
  const sent = await post(`/${made.body.id}/send`, {});
  expect(sent).toMatchObject({ status: 200, body: { state: "queued" } });
  return sent.body;
}

/** Delivers wake-ups until there are none, at the present time. */
async function run(): Promise<void> {
  for (let i = 0; i < 6 && w.queue.published.length > 0; i++) {
    const due = w.queue.published.filter(({ kind }) => kind.startsWith("outbound."));
    w.queue.published.splice(0, w.queue.published.length, ...due.filter(({ delaySeconds = 0 }) => delaySeconds === 0));
    for (const { status, body } of await deliverPublished(w)) expect({ status, body }).toMatchObject({ status: 200 });
  }
}

/** The wake-ups of the outbox that are due by now, as a sweep would find them. */
async function runDue(): Promise<void> {
  const rows = await w.neon.query(
    `select id, kind, payload from shared.outbox where project_id = $1 and kind like 'outbound.%' and state = 'pending' and due_at <= $2`,
    [w.a.project, w.clock.now().toISOString()],
  );
  w.queue.published.push(
    ...rows.map((row) => ({
      kind: String(row["kind"]),
      project: w.a.project,
      id: String(row["id"]),
      body: row["payload"] as Record<string, unknown>,
    })),
  );
  await run();
}

describe("an approved message", () => {
  test("leaves once, and its life can be read", async () => {
    const { id } = await queued();
    await run();
    expect(carrier.asked).toMatchObject([{ ref: id, to: s.phone, text: expect.stringContaining("boiler") }]);
    const message = await read(id);
    expect(message).toMatchObject({
      state: "submitted",
      attempts: 1,
      provider_message_id: `sid-${id}`,
      tried: [{ outcome: "accepted" }],
    });
    expect(message.timeline.map(({ kind }) => kind)).toEqual([
      "outbound.message.approved",
      "outbound.message.queued",
      "outbound.message.submitting",
      "outbound.message.submitted",
    ]);
    await runDue();
    expect(carrier.asked).toHaveLength(1);
  });

  test("is refused when a step is skipped, and told what is possible", async () => {
    const { body } = await draft();
    expect(await post(`/${body.id}/send`, {})).toMatchObject({
      status: 409,
      body: {
        code: "outbound_invalid_state",
        state: "draft",
        allowed: ["approved", "blocked_opt_out", "cancelled", "pending"],
      },
    });
    const bare = await draft({ evidence: [], text: "Nothing behind it" });
    expect(await post(`/${bare.body.id}/approve`, { version: bare.body.version })).toMatchObject({
      status: 400,
      body: { code: "evidence_required" },
    });
  });

  test.each([
    ["text", "body = body || '!'"],
    ["recipient", "recipient = '+4520999999'"],
  ])("whose %s was changed behind our back goes back to its writer", async (_, change) => {
    const { id } = await queued();
    await w.neon.query(`update outbound.messages set ${change} where project_id = $1 and id = $2`, [w.a.project, id]);
    await run();
    expect(carrier.asked).toEqual([]);
    expect(await read(id)).toMatchObject({
      state: "draft",
      reason: "content_changed_after_approval",
      approved_by: null,
    });
  });

  test("whose evidence was edited meanwhile goes back to its writer", async () => {
    const { id } = await queued();
    await w.neon.query(
      "update shared.evidence_items set version = version + 1, content_hash = 'h2' where project_id = $1 and id = $2",
      [w.a.project, s.evidence],
    );
    await run();
    expect(carrier.asked).toEqual([]);
    expect(await read(id)).toMatchObject({ state: "draft", reason: "content_changed_after_approval" });
  });

  test("whose rules were changed meanwhile goes back to its writer", async () => {
    const { id } = await queued();
    await w.neon.query(
      "insert into outbound.settings (project_id, account_scope_id, cap_count) values ($1, $2, 9) on conflict (project_id) do update set cap_count = 9",
      [w.a.project, w.a.accountScope],
    );
    await run();
    expect(carrier.asked).toEqual([]);
    expect(await read(id)).toMatchObject({ state: "draft", reason: "content_changed_after_approval" });
  });

  test("of one business key does not take other words once approved", async () => {
    const made = await draft({ reference: "visit-7", text: "We come at ten." });
    expect(await draft({ reference: "visit-7", text: "We come at eleven." })).toMatchObject({
      status: 201,
      body: { id: made.body.id },
    });
    const again = await read(made.body.id);
    await post(`/${made.body.id}/approve`, { version: again.version });
    expect(await draft({ reference: "visit-7", text: "Buy now!" })).toMatchObject({
      status: 409,
      body: { code: "content_changed_after_approval" },
    });
    expect(await read(made.body.id)).toMatchObject({ text: "We come at eleven." });
  });
});

describe("a message that may not leave", () => {
  test("waits for the morning at the recipient's", async () => {
    w.clock.set("2026-11-15T21:10:00.000Z");
    const { id } = await queued();
    await run();
    expect(carrier.asked).toEqual([]);
    expect(await read(id)).toMatchObject({ state: "queued", reason: "quiet_hours", due_at: "2026-11-16T07:00:00Z" });
    w.clock.set("2026-11-16T07:00:01.000Z");
    await runDue();
    expect(await read(id)).toMatchObject({ state: "submitted" });
  });

  test("is the fourth of a day: it waits for the window's end, then goes", async () => {
    for (let i = 0; i < 3; i++) {
      await queued();
      await run();
    }
    const { id } = await queued();
    await run();
    expect(carrier.asked).toHaveLength(3);
    expect(await read(id)).toMatchObject({
      state: "queued",
      reason: "frequency_cap_reached",
      due_at: "2026-11-16T08:00:00Z",
    });
    w.clock.advance((24 * 3600 + 1) * 1000);
    await runDue();
    expect(carrier.asked).toHaveLength(4);
  });

  test("meets a person who has opted out", async () => {
    const { id } = await queued();
    await w.neon.query(
      `insert into outbound.contact_channel_policies (project_id, account_scope_id, id, contact_id, channel, opted_out_at, opted_out_by)
       values ($1, $2, 'pol_1', $3, 'sms', now(), 'operator')`,
      [w.a.project, w.a.accountScope, s.contact],
    );
    await run();
    expect(carrier.asked).toEqual([]);
    expect(await read(id)).toMatchObject({ state: "blocked_opt_out", reason: "opt_out" });
    expect(await post(`/${id}/send`, {})).toMatchObject({
      status: 409,
      body: { code: "outbound_invalid_state", allowed: [] },
    });
  });

  test("is marketing without a consent", async () => {
    const { id } = await queued({ class: "marketing" });
    await run();
    expect(carrier.asked).toEqual([]);
    expect(await read(id)).toMatchObject({ state: "queued", reason: "consent_missing" });
  });
});

describe("a provider", () => {
  test("that fails twice gets it in the end; five failures are the last", async () => {
    carrier.next = [
      { outcome: "later", code: "http_503" },
      { outcome: "later", code: "http_503" },
    ];
    const { id } = await queued();
    await run();
    for (let i = 0; i < 2; i++) {
      w.clock.advance(3_600_000);
      await runDue();
    }
    expect((await read(id)).tried.map(({ outcome }) => outcome)).toEqual(["later", "later", "accepted"]);

    carrier.next = Array.from({ length: 9 }, () => ({ outcome: "later", code: "http_503" }) as const);
    w.clock.set("2026-11-17T08:00:00.000Z");
    const hopeless = await queued();
    await run();
    for (let i = 0; i < 8; i++) {
      w.clock.advance(1_800_000);
      await runDue();
    }
    expect(await read(hopeless.id)).toMatchObject({ state: "failed", reason: "attempts_exhausted", attempts: 5 });
  });

  test("whose answer is lost is asked; nothing is sent twice", async () => {
    carrier.next = ["take"];
    const { id } = await queued();
    await run();
    expect(await read(id)).toMatchObject({ state: "unknown", reason: "timeout" });
    w.clock.advance(60_000);
    await runDue();
    expect(carrier.lookups).toMatchObject([{ ref: id }]);
    expect(await read(id)).toMatchObject({ state: "sent", provider_message_id: `sid-${id}` });
    expect(carrier.accepted).toHaveLength(1);
  });

  test("that says STOP was said to it opts the person out", async () => {
    carrier.next = [{ outcome: "refused", code: "21610", optOut: true }];
    const { id } = await queued();
    const waiting = await queued({ due_at: "2026-11-20T08:00:00Z" });
    await run();
    expect(await read(id)).toMatchObject({ state: "blocked_opt_out" });
    expect(await read(waiting.id)).toMatchObject({ state: "blocked_opt_out", reason: "opt_out" });
    const rows = await w.neon.query(
      "select opted_out_by from outbound.contact_channel_policies where project_id = $1 and contact_id = $2",
      [w.a.project, s.contact],
    );
    expect(rows).toEqual([{ opted_out_by: "provider" }]);
  });
});

describe("a worker that dies", () => {
  test("after its attempt was written leaves a message whose fate is asked about, and that is not sent again before", async () => {
    carrier.next = ["throw"];
    const { id } = await queued();
    const [message] = w.queue.published.filter(({ kind }) => kind === "outbound.dispatch");
    expect(message).toBeDefined();
    w.queue.published.splice(0);
    if (message) w.queue.published.push(message);
    await deliverPublished(w);
    expect(await read(id)).toMatchObject({ state: "submitting" });
    w.clock.advance(120_000);
    w.queue.published.push({ kind: "outbound.resolve", project: w.a.project, id: "x", body: {} });
    await run();
    // Absent is asked twice before it is believed.
    expect(await read(id)).toMatchObject({ state: "unknown", reason: "worker_lost" });
    expect(carrier.accepted).toEqual([]);
    w.clock.advance(600_000);
    await runDue();
    await run();
    expect(await read(id)).toMatchObject({ state: "submitted" });
    expect(carrier.accepted).toHaveLength(1);
  });
});
