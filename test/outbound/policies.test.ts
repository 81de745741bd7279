// Who may be written to, changed by hand: opt-outs, opt-ins with proof, caps, wishes to decide about, consents, the project's rules.
import { beforeEach, describe, expect, test } from "vitest";
import { heard, type Json, message, rows } from "#test/inbox/chatwoot.ts";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { type World, world } from "#test/kit/world.ts";
import { type Customer, customer, dispatchDue, queueMessage } from "./customer.ts";

let w: World;
let carrier: ScriptedCarrier;
let c: Customer;
let n = 0;

beforeEach(async () => {
  carrier = scriptedCarrier();
  w = await world({ carriers: { twilio: carrier.port } });
  c = await customer(w, w.a);
});

type Answer = { status: number; body: Json & { code?: string } };

async function call(method: string, path: string, json?: Json): Promise<Answer> {
  n += 1;
  const answer = await w.fetch(`/v1/outbound${path}`, {
    method,
    key: w.a.apiKey,
    ...(json ? { json, headers: { "idempotency-key": `"p${n}"` } } : {}),
  });
  await w.settled();
  return { status: answer.status, body: (await answer.json()) as Answer["body"] };
}
const post = (path: string, json: Json) => call("POST", path, json);
const at = () => w.clock.now().toISOString();
const state = async (id: string) =>
  (await rows(w, w.a, "select state, code from outbound.messages where project_id = $1 and id = $2", [id]))[0];
const audited = async (action: string) =>
  (
    await rows(
      w,
      w.a,
      "select evidence_refs as refs from shared.audit_events where project_id = $1 and action = $2 and outcome = 'done'",
      [action],
    )
  ).map(({ refs }) => refs);

describe("an operator", () => {
  test("opts a person out: what waits is blocked, his numbers are shut, START does not undo it", async () => {
    const waiting = await queueMessage(w, w.a, c);
    expect(await post(`/policies/${c.person}/opt-out`, { channel: "sms", evidence: c.evidence })).toMatchObject({
      status: 200,
      body: { opted_out_by: "operator", evidence: c.evidence, opted_out_at: "2026-11-15T08:00:00Z" },
    });
    expect(await state(waiting)).toEqual({ state: "blocked_opt_out", code: "opt_out" });
    await heard(w, w.a, message(c.talk, { content: "START", created_at: at(), conversation: c.conversation() }));
    const { body } = await call("GET", `/policies/${c.person}`);
    expect(body).toMatchObject({
      policies: [{ channel: "chat" }, { channel: "sms", opted_out_by: "operator" }],
      suppressions: [{ channel: "sms", reason: "operator", evidence: c.evidence }],
      consents: [{ scope: "marketing", granted: false, source: "operator" }],
    });
    expect(await audited("outbound.opted_out")).toEqual([[c.evidence]]);
    expect((await call("GET", "/policies?state=opted_out")).body["data"]).toMatchObject([
      { contact: c.person, channel: "sms" },
    ]);
  });

  test("hardens what a keyword did, and a provider that repeats a STOP does not", async () => {
    await heard(w, w.a, message(c.talk, { content: "STOP", created_at: at(), conversation: c.conversation() }));
    const by = () =>
      rows(
        w,
        w.a,
        "select opted_out_by as by from outbound.contact_channel_policies where project_id = $1 and channel = 'sms'",
      );
    carrier.next = [{ outcome: "refused", code: "21610", optOut: true }];
    await dispatchDue(w, w.a);
    expect(await by()).toEqual([{ by: "keyword" }]);
    await post(`/policies/${c.person}/opt-out`, { channel: "sms", by: "complaint" });
    expect(await by()).toEqual([{ by: "complaint" }]);
  });

  test("opts a person in with proof only; marketing still wants its own consent", async () => {
    await post(`/policies/${c.person}/opt-out`, { channel: "sms" });
    w.clock.advance(1000);
    expect(await post(`/policies/${c.person}/opt-in`, { channel: "sms" })).toMatchObject({
      status: 400,
      body: { code: "evidence_required" },
    });
    expect(await post(`/policies/${c.person}/opt-in`, { channel: "sms", evidence: [c.evidence] })).toMatchObject({
      status: 200,
      body: { opted_out_at: null, opted_out_by: null, cleared_at: "2026-11-15T08:00:01Z", evidence: c.evidence },
    });
    expect(await audited("outbound.opted_in")).toEqual([[c.evidence]]);
    const service = await queueMessage(w, w.a, c);
    const ad = await queueMessage(w, w.a, c, { class: "marketing" });
    await dispatchDue(w, w.a);
    expect([await state(service), await state(ad)]).toMatchObject([
      { state: "submitted" },
      { code: "consent_missing" },
    ]);
  });

  test("gives one person another cap: what was approved under the old rule goes back to its writer", async () => {
    const before = await queueMessage(w, w.a, c);
    expect(await post(`/policies/${c.person}/cap`, { channel: "sms", cap_count: 1 })).toMatchObject({
      body: { cap_count: 1, cap_seconds: null },
    });
    const first = await queueMessage(w, w.a, c);
    const second = await queueMessage(w, w.a, c);
    await dispatchDue(w, w.a);
    expect([await state(before), await state(first), await state(second)]).toMatchObject([
      { state: "draft", code: "content_changed_after_approval" },
      { state: "submitted" },
      { state: "queued", code: "frequency_cap_reached" },
    ]);
  });
});

describe("an opt-out of all brands", () => {
  test("holds for a message of any of them", async () => {
    await w.neon.query("update outbound.senders set brand = 'Nordvarme' where project_id = $1", [w.a.project]);
    const waiting = await queueMessage(w, w.a, c);
    await w.neon.query(
      `insert into outbound.contact_channel_policies (project_id, account_scope_id, id, contact_id, channel, brand, opted_out_at, opted_out_by)
       values ($1, $2, 'pol_all', $3, 'sms', '', now(), 'operator')`,
      [w.a.project, w.a.accountScope, c.person],
    );
    await dispatchDue(w, w.a);
    expect(carrier.asked).toEqual([]);
    expect(await state(waiting)).toMatchObject({ state: "blocked_opt_out" });
  });
});

describe("a wish", () => {
  const wishes = () =>
    heard(
      w,
      w.a,
      message(c.talk, { content: "Skriv ikke til mig mere, tak", created_at: at(), conversation: c.conversation() }),
    );
  type Held = { id: string; channel: string; quote: string }[];
  const held = async () => (await call("GET", "/holds")).body["data"] as Held;

  test("stands in the operator's list with its words, and is decided for all channels at once", async () => {
    await wishes();
    expect(await held()).toMatchObject([
      { channel: "sms", contact: c.person, quote: "Skriv ikke til mig mere, tak", name: "Mette Holm" },
      { channel: "chat", contact: c.person },
    ]);
    const [first] = await held();
    const decision = { decision: "opt_out", reason: "He means it" };
    expect(await post(`/holds/${first?.id}/decide`, decision)).toMatchObject({
      status: 200,
      body: { opted_out_by: "operator", held_at: null, note: "He means it", evidence: expect.stringMatching(/^evi_/) },
    });
    expect(await held()).toEqual([]);
    expect(
      await rows(
        w,
        w.a,
        "select 1 from outbound.contact_channel_policies where project_id = $1 and opted_out_by = 'operator'",
      ),
    ).toHaveLength(2);
    expect(await post(`/holds/${first?.id}/decide`, decision)).toMatchObject({
      status: 404,
      body: { code: "hold_unknown" },
    });
    expect((await audited("outbound.hold_decided"))[0]).toMatchObject([expect.stringMatching(/^evi_/)]);
    const told = await rows(
      w,
      w.a,
      "select payload::text from shared.events where project_id = $1 union all select payload::text from shared.audit_events where project_id = $1",
    );
    expect(JSON.stringify(told)).not.toMatch(/means it|ikke til mig/);
  });

  test("that is released lets marketing go on, and the same words imported again do not hold it anew", async () => {
    const payload = message(c.talk, {
      content: "please stop texting me",
      created_at: at(),
      conversation: c.conversation(),
    });
    await heard(w, w.a, payload);
    w.clock.advance(60_000);
    const [first] = await held();
    expect(await post(`/holds/${first?.id}/decide`, { decision: "release" })).toMatchObject({
      body: { held_at: null, decided_at: "2026-11-15T08:01:00Z" },
    });
    await heard(w, w.a, { ...payload, id: Number(payload["id"]) + 1_000_000 });
    expect(await held()).toEqual([]);
    w.clock.advance(1000);
    await wishes();
    expect(await held()).toHaveLength(2);
  });
});

describe("a consent", () => {
  const consent = (more: Json = {}) =>
    post("/consents", {
      contact: c.person,
      channel: "sms",
      granted: true,
      shown_text: "Yes, offers by SMS",
      source: "web form",
      proof: "form-1",
      ...more,
    });

  test("with its words and its proof lets marketing go; withdrawn, it stops it", async () => {
    const ad = await queueMessage(w, w.a, c, { class: "marketing" });
    expect(await consent()).toMatchObject({
      status: 201,
      body: { granted: true, shown_text: "Yes, offers by SMS", proof: "form-1" },
    });
    await dispatchDue(w, w.a);
    expect(await state(ad)).toMatchObject({ state: "submitted" });
    w.clock.advance(1000);
    expect(await consent({ granted: false, shown_text: undefined, proof: undefined, source: "a call" })).toMatchObject({
      status: 201,
    });
    const next = await queueMessage(w, w.a, c, { class: "marketing" });
    await dispatchDue(w, w.a);
    expect(await state(next)).toMatchObject({ code: "consent_missing" });
    expect((await call("GET", `/consents?contact=${c.person}`)).body["data"]).toMatchObject([
      { granted: false },
      { granted: true },
    ]);
  });

  test("without words or proof, of tomorrow, or of nobody is refused", async () => {
    expect(await consent({ proof: undefined })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: "/proof" }] },
    });
    expect(await consent({ occurred_at: "2026-11-16T08:00:00Z" })).toMatchObject({ status: 400 });
    expect(await consent({ contact: "con_nobody" })).toMatchObject({ status: 404, body: { code: "contact_unknown" } });
  });
});

describe("the project's rules", () => {
  test("are the defaults until changed, and change only as they were read", async () => {
    expect((await call("GET", "/settings")).body).toMatchObject({
      cap_count: 3,
      quiet_from: "21:00",
      confirm_stop: true,
      version: 0,
    });
    const change = { version: 0, cap_count: 5, four_eyes: true, quiet_from: "20:00", help_text: { en: "Call us" } };
    expect(await call("PATCH", "/settings", change)).toMatchObject({
      status: 200,
      body: {
        cap_count: 5,
        four_eyes: true,
        quiet_from: "20:00",
        quiet_until: "08:00",
        help_text: { en: "Call us" },
        version: 1,
      },
    });
    expect(await call("PATCH", "/settings", { version: 0, cap_count: 9 })).toMatchObject({
      status: 409,
      body: { code: "outbound_settings_changed" },
    });
    expect((await call("GET", "/settings")).body).toMatchObject({ cap_count: 5, version: 1 });
    expect(await call("PATCH", "/settings", { version: 1, quiet_from: "24:00" })).toMatchObject({ status: 400 });
    expect(await audited("outbound.settings_changed")).toHaveLength(1);
  });
});
