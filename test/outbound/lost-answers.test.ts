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
