// Answers that are lost again and again: each is asked about with the same patience, and there is an end.
import { beforeEach, expect, test } from "vitest";
import type { Carrier, LookedUp } from "#brain/kernel/ports.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type World, world } from "#test/kit/world.ts";

let w: World;
let s: Sending;
/** How often it was sent; answers of lookups in turn, then the last one for ever. */
let sends: number;
let knows: LookedUp[];
let n = 0;

const forgetful: Carrier = {
  send: async () => {
    sends += 1;
    return { outcome: "unknown", code: "timeout" };
  },
  lookup: async () => (knows.length > 1 ? knows.shift() : knows[0]) ?? { outcome: "unable" },
};

beforeEach(async () => {
  [sends, knows] = [0, [{ outcome: "absent" }]];
  w = await world({ carriers: { twilio: forgetful } });
  s = await canSend(w, w.a);
});

type Body = {
  id: string;
  version: number;
  state: string;
  reason: string;
  attempts: number;
  tried: { outcome: string }[];
};

async function post(path: string, json: unknown): Promise<Body> {
  n += 1;
  const headers = { "idempotency-key": `"lost-${n}"` };
  const answer = await w.fetch(`/v1/outbound/messages${path}`, { method: "POST", key: w.a.apiKey, json, headers });
  await w.settled();
  expect(answer.status).toBeLessThan(300);
  return (await answer.json()) as Body;
}

const read = async (id: string): Promise<Body> =>
  (await (await w.fetch(`/v1/outbound/messages/${id}`, { key: w.a.apiKey })).json()) as Body;

async function queued(): Promise<string> {
  const draft = await post("", { contact: s.contact, channel: "sms", text: `Hello ${n}`, evidence: [s.evidence] });
  await post(`/${draft.id}/approve`, { version: draft.version });
  await post(`/${draft.id}/send`, {});
  return draft.id;
}

/** Five minutes at a time, whatever is due. */
async function minutes(count: number): Promise<void> {
  for (let passed = 0; passed < count; passed += 5) {
    const rows = await w.neon.query(
      "select id, kind, payload from shared.outbox where project_id = $1 and kind like 'outbound.%' and state = 'pending' and due_at <= $2",
      [w.a.project, w.clock.now().toISOString()],
    );
    w.queue.published.splice(0);
    for (const { id, kind, payload } of rows)
      w.queue.published.push({
        id: String(id),
        kind: String(kind),
        project: w.a.project,
        body: payload as Record<string, unknown>,
      });
    for (const { status } of await deliverPublished(w)) expect(status).toBe(200);
    w.clock.advance(5 * 60_000);
  }
}

test("a provider that answers nothing and has nothing is tried as often as any other, and then it has failed", async () => {
  const id = await queued();
  await minutes(240);
  expect(sends).toBe(5);
  expect(await read(id)).toMatchObject({ state: "failed", reason: "attempts_exhausted", attempts: 5 });
  expect((await read(id)).tried.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 5 }, () => "absent"));
});

test("a list that is late once more is believed no sooner the second time", async () => {
  const absent: LookedUp = { outcome: "absent" };
  // Lost on its way the first time; taken the second time, and shown by the list only when it is asked again.
  knows = [absent, absent, absent, { outcome: "found", id: "SM1", state: "sent" }];
  const id = await queued();
  await minutes(120);
  expect(sends).toBe(2);
  expect(await read(id)).toMatchObject({ state: "sent" });
});

test("one that cannot be asked the second time still gets all its askings, and is not sent again", async () => {
  knows = [
    { outcome: "absent" },
    { outcome: "absent" },
    ...Array.from({ length: 4 }, (): LookedUp => ({ outcome: "unable" })),
    { outcome: "found", id: "SM2" },
  ];
  const id = await queued();
  await minutes(300);
  expect(sends).toBe(2);
  expect(await read(id)).toMatchObject({ state: "submitted" });
});

/** Its provider has been asked in vain for as long as anybody asks. */
async function inDoubt(): Promise<Body> {
  knows = [{ outcome: "unable" }];
  const id = await queued();
  await minutes(300);
  const doubtful = await read(id);
  expect(doubtful).toMatchObject({ state: "unknown", reason: "unresolved" });
  return doubtful;
}

async function decided(message: Body, said: Record<string, unknown>): Promise<{ status: number; body: Body }> {
  n += 1;
  const headers = { "idempotency-key": `"lost-${n}"` };
  const json = { version: message.version, reason: "Read in the provider's log.", ...said };
  const path = `/v1/outbound/messages/${message.id}/resolve`;
  const answer = await w.fetch(path, { method: "POST", key: w.a.apiKey, json, headers });
  await w.settled();
  return { status: answer.status, body: (await answer.json()) as Body };
}

test("an operator who has found it at the provider says so: it counts as sent, and its reports find it", async () => {
  const doubtful = await inDoubt();
  const told = await decided(doubtful, { sent: true, provider_message_id: "SM-by-hand" });
  expect(told).toMatchObject({
    status: 200,
    body: { state: "sent", note: "Read in the provider's log.", provider_message_id: "SM-by-hand" },
  });
  await minutes(60);
  expect([sends, (await read(doubtful.id)).tried.map(({ outcome }) => outcome)]).toEqual([1, ["found"]]);
  const audit = await w.neon.query(
    "select actor, payload from shared.audit_events where project_id = $1 and action = 'outbound.message.resolved' and payload::text like '%true%'",
    [w.a.project],
  );
  expect(audit).toMatchObject([{ actor: expect.stringMatching(/^key:/), payload: { sent: true } }]);
  // What is decided is not decided again.
  expect(await decided(told.body, { sent: false })).toMatchObject({
    status: 409,
    body: { code: "outbound_invalid_state" },
  });
});

test("an operator who has not found it lets it be sent once more, judged anew; nobody decides on an old reading", async () => {
  const doubtful = await inDoubt();
  expect(await decided({ ...doubtful, version: doubtful.version - 1 }, { sent: false })).toMatchObject({ status: 412 });
  const kept = (await decided(doubtful, { sent: false })).body;
  expect(kept).toMatchObject({ state: "queued", reason: "not_at_provider" });
  await w.neon.query(
    `insert into outbound.contact_channel_policies (project_id, account_scope_id, id, contact_id, channel, opted_out_at, opted_out_by)
     values ($1, $2, $3, $3, 'sms', now(), 'operator')`,
    [w.a.project, w.a.accountScope, s.contact],
  );
  await minutes(10);
  expect(await read(doubtful.id)).toMatchObject({ state: "blocked_opt_out" });
  expect(sends).toBe(1);

  s = await canSend(w, w.a);
  const other = await inDoubt();
  await decided(other, { sent: false });
  knows = [{ outcome: "found", id: "SM3" }];
  await minutes(10);
  expect(await read(other.id)).toMatchObject({ state: "submitted", attempts: 2 });
  expect(sends).toBe(3);
});

test("what is in no doubt is not decided by hand", async () => {
  const draft = await post("", { contact: s.contact, channel: "sms", text: `Hello ${n}`, evidence: [s.evidence] });
  expect(await decided(draft, { sent: true })).toMatchObject({ status: 409, body: { code: "outbound_invalid_state" } });
  expect(await decided(draft, { sent: true, reason: " " })).toMatchObject({ status: 400 });
});
