// A provider that takes two messages a second is handed two a second: through the QStash of the laptop, whoever else dispatches.
import { afterAll, beforeAll, expect, test } from "vitest";
import { flowOf } from "#brain/outbound/index.ts";
import { signDelivery } from "#local/qstash/jwt.ts";
import { type LocalQStash, startQStash } from "#local/qstash.ts";
import { qstash, queue } from "#providers/queue.ts";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { deliver } from "#test/kit/jobs.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { publicUrl, signingKeys, type World, world } from "#test/kit/world.ts";

const token = "token-of-the-laptop";
const STEP = 250;

let w: World;
let office: LocalQStash;
let carrier: ScriptedCarrier;
/** When each message was handed over, in milliseconds. */
let handed: number[] = [];
let underWay = 0;

beforeAll(async () => {
  carrier = scriptedCarrier();
  const port = {
    ...carrier.port,
    send: (...asked: Parameters<typeof carrier.port.send>) => {
      handed.push(w.clock.now().getTime());
      return carrier.port.send(...asked);
    },
  };
  w = await world({ carriers: { resend: port, twilio: port } });
  office = await startQStash({
    token,
    currentSigningKey: signingKeys.current,
    nextSigningKey: signingKeys.next,
    clock: w.clock,
    deliver: carry,
  });
  const real = queue({ url: office.url, token, publicUrl, flowOf });
  const isOurs = (kind: string) => kind === "outbound.dispatch";
  w.runtime.ports.queue = { publish: (one) => (isOurs(one.kind) ? real : w.queue.port).publish(one) };
});
afterAll(() => office.close());

/** The vendor's library checks a signature's age by the wall clock, whatever time it is here. */
async function carry(request: Request): Promise<Response> {
  underWay += 1;
  const bytes = await request.arrayBuffer();
  const now = { url: request.url, body: Buffer.from(bytes.slice()), now: new Date(), id: "jwt_1" };
  const headers = new Headers(request.headers);
  headers.set("upstash-signature", signDelivery(signingKeys.current, now));
  return w.fetch(new URL(request.url).pathname, { method: "POST", headers, body: bytes }).finally(() => {
    underWay -= 1;
  });
}

async function sending(provider: string, perSecond: number | null): Promise<Sending> {
  const s = await canSend(w, w.a, provider);
  const headers = { "idempotency-key": `pace-${s.sender}` };
  const json = { per_second: perSecond };
  const paced = await w.fetch(`/v1/outbound/senders/${s.sender}/pace`, {
    method: "POST",
    key: w.a.apiKey,
    json,
    headers,
  });
  expect(await paced.json()).toMatchObject({ per_second: perSecond });
  return s;
}

/** So many approved messages of this sender that are due, each to a person of its own. */
async function queued({ sender }: Sending, count: number): Promise<void> {
  const place = [w.a.project, w.a.accountScope, sender, count];
  await w.neon.query(
    "insert into people.contacts (project_id, account_scope_id, id) select $1, $2, 'con_' || $3 || '_' || i from generate_series(1, $4::int) i",
    place,
  );
  await w.neon.query(
    `insert into outbound.messages (project_id, account_scope_id, id, contact_id, channel, sender_id, class, recipient, recipient_hash, zones, body,
        idempotency_key, dedupe_key, written_by, due_at)
      select $1, $2, 'msg_' || $3 || '_' || i, 'con_' || $3 || '_' || i, 'sms', $3, 'transactional', '+4520304050', $3 || ':' || i, '{UTC}', 'Hi',
        $3 || ':' || i, $3 || ':' || i, 'user:x', $5 from generate_series(1, $4::int) i`,
    [...place, w.clock.now().toISOString()],
  );
  await w.neon.query(
    `with s as materialized (select set_config('app.project_id', $1, true) as done)
     update outbound.messages m set state = 'approved', approved_at = now(), approved_by = 'user:y', seal = outbound.seal(m)
       from s where m.project_id = $1::uuid and m.sender_id = $2`,
    [w.a.project, sender],
  );
  await w.neon.query("update outbound.messages set state = 'queued' where project_id = $1 and sender_id = $2", [
    w.a.project,
    sender,
  ]);
}

const wake = async ({ sender }: Sending) => {
  const id = w.runtime.ids.next("outbox");
  await w.runtime.ports.queue.publish({ kind: "outbound.dispatch", project: w.a.project, id, body: { sender } });
};

/** Until what is under way is answered, and what that has published is taken. */
async function quiet(): Promise<void> {
  do {
    await new Promise((resolve) => setTimeout(resolve, 10));
    await w.settled();
  } while (underWay > 0);
}

/** Time passes in quarters of a second; what falls due is delivered and answered before it goes on. */
async function pass(milliseconds: number): Promise<void> {
  for (let gone = 0; gone < milliseconds; gone += STEP) {
    await quiet();
    w.clock.advance(STEP);
    office.wake();
  }
  await quiet();
}

/** Most messages in any second, wherever it begins. */
const most = (): number =>
  Math.max(...handed.map((from) => handed.filter((at) => at >= from && at < from + 1000).length));

test("two senders of one team share its two a second, though both are woken at once and twice", async () => {
  handed = [];
  const [one, other] = [await sending("resend", 2), await sending("resend", 2)];
  await queued(one, 5);
  await queued(other, 4);
  for (const sender of [one, other, one, other]) await wake(sender);
  const began = w.clock.now().getTime();
  await pass(6_000);
  expect(handed).toHaveLength(9);
  expect(new Set(carrier.accepted.map(({ ref }) => ref)).size).toBe(9);
  expect(most()).toBe(2);
  expect((handed.at(-1) ?? 0) - began).toBeLessThanOrEqual(6_000);
  const { flowControl } = qstash({ url: office.url, token });
  expect(await flowControl.get(`dispatch.${w.a.project}.${one.sender}`)).toMatchObject({
    parallelismMax: 1,
    rateMax: 1,
    ratePeriod: 1,
  });
});

test("a number's pace is its own, and one without a pace hands over all that is due", async () => {
  handed = [];
  const [slow, quick] = [await sending("twilio", 1), await sending("twilio", null)];
  await queued(slow, 2);
  await queued(quick, 20);
  for (const { sender } of [slow, quick, slow]) {
    const answer = await deliver(w, "outbound.dispatch", { project: w.a.project, sender });
    expect(answer.status).toBe(200);
  }
  expect(carrier.accepted.filter(({ ref }) => ref.includes(quick.sender))).toHaveLength(20);
  expect(carrier.accepted.filter(({ ref }) => ref.includes(slow.sender))).toHaveLength(1);
  await pass(3_000);
  expect(carrier.accepted.filter(({ ref }) => ref.includes(slow.sender))).toHaveLength(2);
});
