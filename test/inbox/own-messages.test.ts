/** Messages to customers that went out through Chatwoot come back as well: that settles what the call left open, once. */
import { beforeEach, describe, expect, it } from "vitest";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type Tenant, type World, world } from "#test/kit/world.ts";
import { heard, type Json, message, number, rows, type Talk, talk } from "./chatwoot.ts";

let w: World;
let carrier: ScriptedCarrier;
let s: Sending;
let at: Talk;

beforeEach(async () => {
  carrier = scriptedCarrier();
  w = await world({ carriers: { chatwoot: carrier.port } });
  s = await canSend(w, w.a, "chatwoot");
  await w.neon.query("update outbound.senders set account = $2 where id = $1", [s.sender, String(w.a.accountId)]);
  at = talk(w.a);
  await heard(w, w.a, message(at));
  w.queue.published.length = 0;
});

async function post(path: string, json: Json): Promise<{ id: string; version: number }> {
  const headers = { "idempotency-key": `"k${number()}"` };
  const answer = await w.fetch(`/v1/outbound/messages${path}`, { method: "POST", key: w.a.apiKey, json, headers });
  expect(answer.status).toBeLessThan(300);
  return (await answer.json()) as { id: string; version: number };
}

/** On its way in this conversation; the dispatcher's wake-up is what waits in the queue. */
async function approved(text: string): Promise<string> {
  const made = await post("", { contact: s.contact, channel: "sms", text, evidence: [s.evidence] });
  const thread = JSON.stringify({ conversation: `cw:${w.a.project}:${w.a.accountId}:${at.conversation}` });
  await w.neon.query("update outbound.messages set thread = $2::jsonb where id = $1", [made.id, thread]);
  const sealed = await post(`/${made.id}/approve`, { version: made.version });
  await post(`/${sealed.id}/send`, {});
  await w.settled();
  return made.id;
}

const wake = (job: string) => deliver(w, job, { project: w.a.project, id: `obx_${number()}` });

const echo = (ref: string, change: Json = {}): Json =>
  message(at, {
    content: "Vi kommer torsdag kl. 9.",
    message_type: "outgoing",
    sender: { id: 31, name: "Lars", email: "lars@nordvarme.example", type: "user" },
    content_attributes: { omneuro_ref: ref },
    ...change,
  });

const stateOf = async (id: string): Promise<Json> =>
  (
    await rows(
      w,
      w.a,
      `select m.state, m.code, m.provider_message_id as sid, m.lookups, (select string_agg(t.outcome, ' ' order by t.number) from outbound.attempts t where t.message_id = m.id) as tried
        from outbound.messages m where m.project_id = $1 and m.id = $2`,
      [id],
    )
  )[0] ?? {};

const marked = async (told: Json): Promise<unknown> =>
  (
    await rows(w, w.a, "select own_ref from inbox.cw_messages where project_id = $1 and message_id = $2", [told["id"]])
  )[0]?.["own_ref"];

describe("a message that comes back", () => {
  it("settles an unknown call: it was sent, nobody is asked, nothing is sent again", async () => {
    carrier.next = [{ outcome: "unknown", code: "timeout" }];
    const id = await approved("Vi kommer torsdag kl. 9.");
    await deliverPublished(w);
    expect(await stateOf(id)).toMatchObject({ state: "unknown" });
    const told = echo(id);
    expect(await heard(w, w.a, told)).toBe("stored");
    expect(await stateOf(id)).toMatchObject({ state: "sent", code: null, sid: String(told["id"]), tried: "found" });
    expect(await marked(told)).toBe(id);
    w.clock.advance(3_600_000);
    await wake("outbound.resolve");
    await wake("outbound.dispatch");
    expect(carrier.lookups).toEqual([]);
    expect(carrier.asked).toHaveLength(1);
    const kinds = await rows(
      w,
      w.a,
      "select kind from shared.events where project_id = $1 and ref_id = $2 order by id",
      [id],
    );
    expect(kinds.filter(({ kind }) => kind === "outbound.message.sent")).toHaveLength(1);
  });

  it("before the call returns waits for it: accepted or lost, it was sent, and nobody is asked", async () => {
    for (const said of [
      { outcome: "accepted" as const, id: "", state: "sent" as const },
      { outcome: "unknown" as const, code: "timeout" },
    ]) {
      const { send } = carrier.port;
      let told: Json = {};
      carrier.port.send = async (account, outgoing) => {
        await send(account, outgoing);
        told = echo(outgoing.ref);
        expect(await heard(w, w.a, told)).toBe("stored");
        return said.outcome === "accepted" ? { ...said, id: String(told["id"]) } : said;
      };
      const id = await approved(`Vi ses torsdag (${said.outcome}).`);
      await deliverPublished(w);
      carrier.port.send = send;
      expect(await marked(told)).toBe(id);
      expect(await stateOf(id)).toMatchObject({ state: "sent" });
    }
    w.clock.advance(3_600_000);
    await wake("outbound.resolve");
    await wake("outbound.dispatch");
    expect(carrier.lookups).toEqual([]);
    expect(carrier.asked).toHaveLength(2);
  });

  it("late, when it was already believed not to be there, takes it out of the queue", async () => {
    carrier.next = [{ outcome: "unknown", code: "timeout" }];
    const id = await approved("Vi kommer torsdag kl. 9.");
    await deliverPublished(w);
    await w.neon.query("update outbound.messages set state = 'queued', code = 'not_at_provider' where id = $1", [id]);
    carrier.accepted.length = 0;
    expect(await heard(w, w.a, echo(id))).toBe("stored");
    expect(await stateOf(id)).toMatchObject({ state: "sent" });
    w.clock.advance(60_000);
    await wake("outbound.dispatch");
    expect(carrier.asked).toHaveLength(1);
  });

  it("twice, edited, or with a copy beside it, is one message", async () => {
    const id = await approved("Vi kommer torsdag kl. 9.");
    carrier.next = [{ outcome: "unknown", code: "timeout" }];
    await deliverPublished(w);
    const told = echo(id);
    await heard(w, w.a, told);
    const after = await stateOf(id);
    await heard(w, w.a, told);
    await heard(w, w.a, { ...told, event: "message_updated" });
    const copy = echo(id);
    await heard(w, w.a, copy);
    expect(await stateOf(id)).toEqual(after);
    expect([await marked(told), await marked(copy)]).toEqual([id, null]);
  });
});

describe("a reference that is not this message's changes nothing", () => {
  const cases: [string, (id: string) => [Tenant, Json] | Promise<[Tenant, Json]>][] = [
    [
      "in another conversation",
      (id) => [w.a, { ...echo(id), conversation: message({ ...at, conversation: number() })["conversation"] }],
    ],
    ["from the customer", (id) => [w.a, message(at, { content_attributes: { omneuro_ref: id } })]],
    ["on a private note", (id) => [w.a, echo(id, { private: true })]],
    [
      "in another tenant",
      (id) => [
        w.b,
        {
          ...echo(id),
          account: { id: w.b.accountId, name: "B" },
          conversation: message({ ...at, account: w.b.accountId })["conversation"],
        },
      ],
    ],
    [
      "through another account's sender",
      async (id) => {
        await w.neon.query("update outbound.senders set account = '1' where id = $1", [s.sender]);
        return [w.a, echo(id)];
      },
    ],
    [
      "of a message that another provider carries",
      async (id) => {
        await w.neon.query("update outbound.senders set provider = 'twilio' where id = $1", [s.sender]);
        return [w.a, echo(id)];
      },
    ],
  ];
  it.each(cases)("%s", async (_name, forge) => {
    carrier.next = [{ outcome: "unknown", code: "timeout" }];
    const id = await approved("Vi kommer torsdag kl. 9.");
    await deliverPublished(w);
    const before = await stateOf(id);
    const [tenant, told] = await forge(id);
    expect(await heard(w, tenant, told)).toBe("stored");
    expect(await stateOf(id)).toEqual(before);
    expect((await marked(told)) ?? null).toBeNull();
  });

  it("and a draft that was never tried stays a draft", async () => {
    const made = await post("", { contact: s.contact, channel: "sms", text: "Kladde", evidence: [s.evidence] });
    await heard(w, w.a, echo(made.id));
    expect(await stateOf(made.id)).toMatchObject({ state: "draft" });
  });
});
