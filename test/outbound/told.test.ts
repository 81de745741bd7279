// What providers report about our messages: any order, any repetition, before the answer, about the unknown; and whom it shuts out.
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Carried } from "#brain/kernel/ports.ts";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type Bound, bound, twilioCalls } from "#test/kit/providers.ts";
import { type World, world } from "#test/kit/world.ts";

let w: World;
let carrier: ScriptedCarrier;
let s: Sending;
let source: Bound;
let n = 0;
/** What the provider does between taking a message and answering. */
let meanwhile: (ref: string) => Promise<void>;

beforeEach(async () => {
  carrier = scriptedCarrier();
  meanwhile = async () => {};
  const send = async (
    account: Parameters<typeof carrier.port.send>[0],
    message: Parameters<typeof carrier.port.send>[1],
  ): Promise<Carried> => {
    const answer = await carrier.port.send(account, message);
    await meanwhile(message.ref);
    return answer;
  };
  w = await world({ carriers: { twilio: { ...carrier.port, send } } });
  s = await canSend(w, w.a);
  source = await bound(w, w.a, "twilio");
  await w.neon.query("update outbound.senders set source_id = $2 where id = $1", [s.sender, source.id]);
});

type Body = Record<string, unknown> & { id: string; version: number; state: string; reason: string | null };

async function post(path: string, json: unknown): Promise<Body> {
  n += 1;
  const answer = await w.fetch(`/v1/outbound/messages${path}`, {
    method: "POST",
    key: w.a.apiKey,
    json,
    headers: { "idempotency-key": `"t${n}"` },
  });
  await w.settled();
  const body = (await answer.json()) as Body;
  expect([path, answer.status, body]).toEqual([path, path === "" ? 201 : 200, expect.anything()]);
  return body;
}

const read = async (id: string): Promise<Body> =>
  (await w.fetch(`/v1/outbound/messages/${id}`, { key: w.a.apiKey })).json();

async function run(): Promise<void> {
  for (let i = 0; i < 6 && w.queue.published.length > 0; i++) {
    const now = w.queue.published.filter(
      ({ kind, delaySeconds = 0 }) => kind.startsWith("outbound.") && delaySeconds === 0,
    );
    w.queue.published.splice(0, w.queue.published.length, ...now);
    for (const { status, body } of await deliverPublished(w)) expect({ status, body }).toMatchObject({ status: 200 });
  }
}

async function sent(more: Record<string, unknown> = {}): Promise<Body> {
  const draft = await post("", {
    contact: s.contact,
    channel: "sms",
    text: `Your boiler is ready, number ${n}.`,
    evidence: [s.evidence],
    ...more,
  });
  await post(`/${draft.id}/approve`, { version: draft.version });
  await post(`/${draft.id}/send`, {});
  await run();
  return read(draft.id);
}

type Report = { status: string; code?: string; sid?: string; ref?: string };

const tell = async (id: string, { status, code, sid = `sid-${id}`, ref = id }: Report) => {
  const form = {
    MessageSid: sid,
    MessageStatus: status,
    To: s.phone,
    From: source.account,
    AccountSid: "AC1",
    ...(code ? { ErrorCode: code } : {}),
  };
  const answer = await twilioCalls(w, source, form, { path: `/status?ref=${ref}` });
  await w.settled();
  expect(answer.status).toBe(200);
};

const facts = async (id: string) => {
  const [row] = await w.neon.query(
    `select m.state, m.code, m.provider_rank::int as rank, m.reserved_at is null as free, m.version, a.told_rank::int as told, a.told_code
     from outbound.messages m join outbound.attempts a on a.project_id = m.project_id and a.message_id = m.id and a.number = m.attempts
     where m.project_id = $1 and m.id = $2`,
    [w.a.project, id],
  );
  return row ?? {};
};
const rows = (what: string) => w.neon.query(`select x.* from ${what} x where x.project_id = $1`, [w.a.project]);
const ledger = async () => (await rows("shared.events")).length;

describe("a report", () => {
  test("moves a message on, and a repetition or an older one writes nothing", async () => {
    const { id, state } = await sent();
    expect(state).toBe("submitted");
    await tell(id, { status: "sent" });
    await tell(id, { status: "delivered" });
    expect(await read(id)).toMatchObject({ state: "delivered", reason: null, delivered_at: expect.any(String) });
    const [before, lines] = [await facts(id), await ledger()];
    for (const status of ["delivered", "sent", "queued", "accepted"]) await tell(id, { status });
    expect([await facts(id), await ledger()]).toEqual([before, lines]);
  });

  test("of a failure gives the code and the place under the cap back", async () => {
    const { id } = await sent();
    await tell(id, { status: "undelivered", code: "30003" });
    expect(await read(id)).toMatchObject({ state: "failed", reason: "twilio_30003" });
    expect(await facts(id)).toMatchObject({ free: true });
    expect(await rows("outbound.suppressions")).toEqual([]);
  });

  test("that the recipient said STOP to the provider opts him out, and once", async () => {
    const { id } = await sent();
    const waiting = await post("", { contact: s.contact, channel: "sms", text: "One more", evidence: [s.evidence] });
    for (const _ of [1, 2]) await tell(id, { status: "failed", code: "21610" });
    expect(await read(id)).toMatchObject({ state: "blocked_opt_out", reason: "opt_out" });
    expect(await read(waiting.id)).toMatchObject({ state: "blocked_opt_out" });
    expect(await rows("outbound.suppressions")).toMatchObject([{ reason: "provider" }]);
    expect(await rows("outbound.contact_channel_policies")).toMatchObject([{ opted_out_by: "provider" }]);
    expect(await rows("people.consents")).toHaveLength(1);
  });

  test("that a number is none shuts the number out, not the person", async () => {
    const { id } = await sent();
    await tell(id, { status: "undelivered", code: "30006" });
    expect(await rows("outbound.suppressions")).toMatchObject([{ reason: "invalid" }]);
    expect(await rows("outbound.contact_channel_policies")).toEqual([]);
    expect(await rows("people.consents")).toEqual([]);
  });

  test("repeated after an operator lifted what it did changes nothing", async () => {
    const { id } = await sent();
    await tell(id, { status: "failed", code: "21610" });
    await w.neon.query("update outbound.suppressions set lifted_at = now() where project_id = $1", [w.a.project]);
    await tell(id, { status: "failed", code: "21610" });
    expect(await rows("outbound.suppressions")).toMatchObject([{ lifted_at: expect.anything() }]);
  });

  test("about a message that is nobody's is acknowledged and changes nothing", async () => {
    const { id } = await sent();
    const before = [await facts(id), await ledger()];
    await tell(id, { status: "delivered", sid: "SM-of-another-system", ref: "msg_none" });
    const theirs = await bound(w, w.b, "twilio");
    const form = { MessageSid: `sid-${id}`, MessageStatus: "failed", ErrorCode: "21610" };
    expect((await twilioCalls(w, theirs, form, { path: `/status?ref=${id}` })).status).toBe(200);
    expect([await facts(id), await ledger()]).toEqual(before);
  });

  test("is refused when its address was changed on the way", async () => {
    const { id } = await sent();
    const forged = await twilioCalls(
      w,
      { ...source, secret: "not-the-token" },
      { MessageSid: `sid-${id}`, MessageStatus: "failed" },
      { path: `/status?ref=${id}` },
    );
    expect(forged.status).toBe(401);
    expect(await read(id)).toMatchObject({ state: "submitted" });
  });
});

describe("a report that comes early", () => {
  test("while the call is still under way is kept, and holds once it is settled", async () => {
    meanwhile = (ref) => tell(ref, { status: "delivered" });
    expect(await sent()).toMatchObject({ state: "delivered", delivered_at: expect.any(String) });
    meanwhile = (ref) => tell(ref, { status: "undelivered", code: "30003" });
    expect(await sent()).toMatchObject({ state: "failed", reason: "twilio_30003" });
    meanwhile = (ref) => tell(ref, { status: "queued" });
    expect(await sent()).toMatchObject({ state: "submitted", reason: null });
  });

  test("makes up for an answer that was lost: nobody has to be asked", async () => {
    meanwhile = (ref) => tell(ref, { status: "sent" });
    carrier.next.push("take");
    const { id } = await sent();
    expect(await read(id)).toMatchObject({ state: "sent", provider_message_id: `sid-${id}` });
    expect(carrier.lookups).toEqual([]);
  });

  test("makes up for a worker that died, too", async () => {
    meanwhile = async (ref) => {
      await tell(ref, { status: "delivered" });
      throw new Error("the worker died here");
    };
    const draft = await post("", {
      contact: s.contact,
      channel: "sms",
      text: "Died on the way",
      evidence: [s.evidence],
    });
    await post(`/${draft.id}/approve`, { version: draft.version });
    await post(`/${draft.id}/send`, {});
    await deliverPublished(w);
    expect(await read(draft.id)).toMatchObject({ state: "submitting" });
    w.clock.advance(91_000);
    w.queue.published.splice(0, w.queue.published.length, {
      kind: "outbound.resolve",
      project: w.a.project,
      id: "obx_told",
      body: {},
    });
    await deliverPublished(w);
    expect(await read(draft.id)).toMatchObject({ state: "delivered" });
    expect(carrier.lookups).toEqual([]);
  });
});

test("a message of unknown fate is resolved by its report, and never sent again", async () => {
  carrier.next.push("take");
  carrier.blind = true;
  const { id, state } = await sent();
  expect(state).toBe("unknown");
  await tell(id, { status: "delivered", sid: "SM-late" });
  expect(await read(id)).toMatchObject({ state: "delivered", provider_message_id: "SM-late" });
  w.clock.advance(3_600_000);
  await run();
  expect(carrier.accepted).toHaveLength(1);
});

test("any order and any repetition of reports ends alike", async () => {
  const reports: Report[] = [
    ...["accepted", "scheduled", "queued", "sending", "sent", "delivered", "read", "canceled"].map((status) => ({
      status,
    })),
    { status: "undelivered", code: "30003" },
    { status: "failed", code: "30008" },
    { status: "failed", code: "21610" },
  ];
  const { id } = await sent();
  const base = await facts(id);
  /** Back to where the provider had said nothing yet: as its owner, past the guard. */
  const forget = async () => {
    await w.neon.exec("alter table outbound.messages disable trigger guard_state");
    await w.neon.query(
      "update outbound.messages set state = 'submitted', code = null, provider_rank = 0, reserved_at = now() where id = $1",
      [id],
    );
    await w.neon.exec("alter table outbound.messages enable trigger guard_state");
    await w.neon.query("update outbound.attempts set told_rank = 0, told_code = null where message_id = $1", [id]);
  };
  const end = async (told: readonly Report[]) => {
    await forget();
    for (const report of told) await tell(id, report);
    const { version: _, ...now } = await facts(id);
    return now;
  };
  expect(base).toMatchObject({ state: "submitted" });
  const subset = fc.uniqueArray(fc.constantFrom(...reports), {
    minLength: 1,
    maxLength: 4,
    selector: ({ status, code }) => `${status}${code}`,
  });
  const shuffled = subset.chain((some) =>
    fc.tuple(
      fc.constant(some),
      fc.shuffledSubarray(some, { minLength: some.length }),
      fc.array(fc.constantFrom(...some), { maxLength: 3 }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(shuffled, async ([some, other, again]) => {
      expect(await end([...other, ...again])).toEqual(await end(some));
    }),
    { numRuns: 60, seed: 20261122 },
  );
});
