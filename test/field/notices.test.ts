// What clients are told by itself: once, in their language, by the channel they prefer, and never by one they opted out of.
import { beforeAll, describe, expect, test } from "vitest";
import { credentialsPlace } from "#brain/outbound/index.ts";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { testSecrets, type World, world } from "#test/kit/world.ts";
import { call, client, jobFor, technician } from "./planning.ts";

let w: World;
let carrier: ScriptedCarrier;
let tech: string;
let made = 0;

beforeAll(async () => {
  carrier = scriptedCarrier();
  w = await world({ carriers: { twilio: carrier.port, resend: carrier.port }, now: "2026-11-15T09:00:00.000Z" });
  for (const [provider, channel, address] of [
    ["twilio", "sms", "+4570102030"],
    ["resend", "email", "hej@workshop.example"],
  ] as const) {
    const id = `snd_${channel}_${process.pid}`;
    const sealed = await testSecrets.seal("{}", credentialsPlace({ id, project: w.a.project }));
    await w.neon.query(
      `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, account, credentials_sealed)
       values ($1, $2, $3, $4, $5, 'Workshop', $6, 'AC1', $7)`,
      [w.a.project, w.a.accountScope, id, provider, channel, address, sealed],
    );
  }
  tech = await technician(w, w.a, { name: "Thomas Holm" });
});

const phone = () => {
  made += 1;
  return `+4520${String(process.pid % 1000).padStart(3, "0")}${String(made).padStart(3, "0")}`;
};

type Message = Record<"channel" | "body" | "state" | "language" | "class" | "approved_by", string> & {
  code: string | null;
};
const messagesTo = async (contact: string) =>
  (await w.neon.query("select * from outbound.messages where contact_id = $1 order by created_at, id", [
    contact,
  ])) as unknown as Message[];
const decided = async (job: string) =>
  w.neon.query(
    "select event, state, code as reason, channel from field.notices where job_id = $1 order by created_at, id",
    [job],
  );

/** What QStash would bring until nothing is left to bring, at this moment. */
async function run(): Promise<void> {
  for (let i = 0; i < 4 && w.queue.published.length > 0; i += 1) await deliverPublished(w);
}
async function later(minutes: number): Promise<void> {
  w.clock.advance(minutes * 60_000);
  await deliver(w, "outbound.dispatch", { project: w.a.project, sender: `snd_sms_${process.pid}` });
  await deliver(w, "outbound.dispatch", { project: w.a.project, sender: `snd_email_${process.pid}` });
  await run();
}

let day = 15;
/** A free hour of its own. */
const nextDay = () => {
  do day += 1;
  while ([0, 6].includes(new Date(Date.UTC(2026, 10, day)).getUTCDay()));
  return new Date(Date.UTC(2026, 10, day)).toISOString().slice(0, 10);
};

async function booked(contact: string, title = "dit varmeanlæg") {
  const job = await jobFor(w, w.a, { client: contact, title });
  const date = nextDay();
  const answer = await call(w, w.a, "/v1/field/schedule", {
    json: { job, tech, start: `${date}T10:00:00+01:00`, minutes: 120 },
  });
  await w.settled();
  return { job, date, id: String(answer.body["id"]) };
}
const happened = async (job: string, kind: string, payload: Record<string, unknown>, at?: string) => {
  made += 1;
  await w.neon.query(
    `insert into shared.events (project_id, account_scope_id, id, kind, actor, ref_type, ref_id, payload, request_id, ts, created_at)
     values ($1, $2, $3, $4, 'user:x', 'job', $5, $6, 'req_told', $7, $8)`,
    [
      w.a.project,
      w.a.accountScope,
      `evt_told_${process.pid}_${made}`,
      kind,
      job,
      JSON.stringify(payload),
      at ?? w.clock.now().toISOString(),
      w.clock.now().toISOString(),
    ],
  );
  return deliver(w, "field.notices.tell", { project: w.a.project });
};

describe("an appointment", () => {
  test("is told once, in the client's words, approved by the rule and sealed, however often the job runs", async () => {
    const contact = await client(w, w.a, { phone: phone(), language: "da", prefers: "sms" });
    const { job } = await booked(contact);
    await run();
    for (const _ of [1, 2]) await deliver(w, "field.notices.tell", { project: w.a.project });
    const [message, ...others] = await messagesTo(contact);
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      channel: "sms",
      class: "transactional",
      language: "da",
      approved_by: "system:notices",
      state: "queued",
    });
    expect(message?.body).toBe(
      "Project a: din aftale om dit varmeanlæg er 16. november 2026, kl. 10.00 til 12.00.\nSvar STOP for at afmelde",
    );
    await later(3);
    expect((await messagesTo(contact))[0]).toMatchObject({ state: "submitted" });
    expect(carrier.accepted.filter(({ text }) => text === message?.body)).toHaveLength(1);
    expect(await decided(job)).toEqual([{ event: "scheduled", state: "queued", reason: null, channel: "sms" }]);
    const audited = await w.neon.query(
      "select actor, evidence_refs from shared.audit_events where action = 'outbound.message.approved' and payload->>'rule' = 'scheduled' and project_id = $1",
      [w.a.project],
    );
    expect(audited).toEqual([{ actor: "system:notices", evidence_refs: [expect.stringMatching(/^tpl_/)] }]);
  });

  test("moved while the message waits is told once, as it then is; moved later it is told again", async () => {
    const contact = await client(w, w.a, { phone: phone() });
    const { job, date, id } = await booked(contact, "Boiler");
    await run();
    const moved = await call(w, w.a, `/v1/field/schedule/${id}/reschedule`, {
      json: { version: 1, start: `${date}T13:00:00+01:00` },
    });
    expect(moved.status).toBe(201);
    await w.settled();
    await run();
    const waiting = await messagesTo(contact);
    expect(waiting.map(({ state, code }) => [state, code])).toEqual([
      ["cancelled", "replaced"],
      ["queued", null],
    ]);
    expect(waiting[1]?.body).toContain("your appointment for Boiler is on");
    expect(waiting[1]?.body).toContain("13:00 to 15:00");
    await later(3);
    const again = await call(w, w.a, `/v1/field/schedule/${moved.body["id"]}/reschedule`, {
      json: { version: 1, start: `${date}T08:00:00+01:00` },
    });
    expect(again.status).toBe(201);
    await w.settled();
    await run();
    await later(3);
    expect((await messagesTo(contact)).map(({ state }) => state)).toEqual(["cancelled", "submitted", "submitted"]);
    expect((await messagesTo(contact))[2]?.body).toContain("was moved to");
    expect((await decided(job)).map(({ event, state }) => [event, state])).toEqual([
      ["scheduled", "replaced"],
      ["rescheduled", "queued"],
      ["rescheduled", "queued"],
    ]);
  });

  test("made and moved before anybody ran is told once; called off in time, not at all", async () => {
    const contact = await client(w, w.a, { phone: phone() });
    const { job, date, id } = await booked(contact, "Boiler");
    const { body } = await call(w, w.a, `/v1/field/schedule/${id}/reschedule`, {
      json: { version: 1, start: `${date}T13:00:00+01:00` },
    });
    await w.settled();
    await run();
    expect(await decided(job)).toEqual([
      { event: "scheduled", state: "skipped", reason: "overtaken", channel: null },
      { event: "rescheduled", state: "queued", reason: null, channel: "sms" },
    ]);
    await call(w, w.a, `/v1/field/schedule/${body["id"]}/cancel`, { json: { version: 1 } });
    await w.settled();
    await run();
    expect((await messagesTo(contact)).map(({ state, code }) => [state, code])).toEqual([["cancelled", "replaced"]]);
  });

  test("booked at night is told in the morning", async () => {
    const contact = await client(w, w.a, { phone: phone() });
    w.clock.set("2026-11-15T22:00:00Z");
    await booked(contact, "Boiler");
    await run();
    await later(5);
    expect((await messagesTo(contact))[0]).toMatchObject({ state: "queued", code: "quiet_hours" });
    w.clock.set("2026-11-16T07:01:00Z");
    await later(0);
    expect((await messagesTo(contact))[0]).toMatchObject({ state: "submitted" });
  });
});

describe("the channel", () => {
  const optOut = (contact: string, channel: string) =>
    call(w, w.a, `/v1/outbound/policies/${contact}/opt-out`, { json: { channel, note: "Asked by phone" } });

  test("is the one he prefers: e-mail, and no SMS", async () => {
    const contact = await client(w, w.a, { phone: phone(), email: `m${made}@client.example`, prefers: "email" });
    await booked(contact, "Boiler");
    await run();
    const [message, ...others] = await messagesTo(contact);
    expect([message?.channel, message?.body.includes("STOP"), others]).toEqual(["email", false, []]);
  });

  test("is never one he opted out of: e-mail instead, or nobody, and the ledger says why", async () => {
    const contact = await client(w, w.a, { phone: phone(), email: `n${made}@client.example`, prefers: "sms" });
    expect((await optOut(contact, "sms")).status).toBe(200);
    const { job } = await booked(contact, "Boiler");
    await run();
    expect((await messagesTo(contact)).map(({ channel }) => channel)).toEqual(["email"]);
    expect(await decided(job)).toEqual([{ event: "scheduled", state: "queued", reason: "opt_out", channel: "email" }]);

    const silent = await client(w, w.a, { phone: phone() });
    expect((await optOut(silent, "sms")).status).toBe(200);
    const untold = await booked(silent, "Boiler");
    await run();
    expect(await messagesTo(silent)).toEqual([]);
    expect(
      await w.neon.query(
        "select actor, payload->>'reason' as reason from shared.events where ref_id = $1 and kind = 'notice.skipped'",
        [untold.job],
      ),
    ).toEqual([{ actor: "system:notices", reason: "opt_out" }]);
  });

  test("of somebody without any address is none", async () => {
    const { job } = await booked(await client(w, w.a), "Boiler");
    await run();
    expect(await decided(job)).toEqual([{ event: "scheduled", state: "skipped", reason: "no_address", channel: null }]);
  });
});

describe("other things that happen", () => {
  test("on the way, ready and shipped are told; late news and overtaken states are not", async () => {
    const contact = await client(w, w.a, { phone: phone(), language: "en" });
    const job = await jobFor(w, w.a, { client: contact, title: "Boiler", status: "ready", tech });
    await happened(job, "job.on_my_way", { tech });
    await happened(job, "job.on_my_way", { tech }, new Date(w.clock.now().getTime() - 2 * 3_600_000).toISOString());
    await happened(job, "job.status.changed", { from: "repairing", to: "ready" });
    await happened(job, "job.status.changed", { from: "ready", to: "shipped" });
    await happened(job, "job.status.changed", { from: "intake", to: "repairing" });
    expect(await decided(job)).toEqual([
      { event: "on_the_way", state: "queued", reason: null, channel: "sms" },
      { event: "on_the_way", state: "skipped", reason: "too_late", channel: null },
      { event: "ready", state: "queued", reason: null, channel: "sms" },
      { event: "shipped", state: "skipped", reason: "overtaken", channel: null },
    ]);
    const bodies = (await messagesTo(contact)).map(({ body }) => body);
    expect(bodies[0]).toBe("Project a: Thomas Holm is on the way to you for Boiler.\nReply STOP to opt out");
    expect(bodies[1]).toMatch(/^Project a: Boiler is ready\. Your number is \d+\.\nReply STOP to opt out$/);
  });

  test("rules can be read, switched off by whoever read them last, and given other words", async () => {
    const rules = () => call(w, w.a, "/v1/field/notices/rules");
    const change = (json: Record<string, unknown>) =>
      call(w, w.a, "/v1/field/notices/rules", { json, method: "PATCH" });
    expect((await rules()).body.data.map(({ event, enabled }) => [event, enabled])).toEqual([
      ["scheduled", true],
      ["rescheduled", true],
      ["cancelled", false],
      ["on_the_way", true],
      ["ready", true],
      ["shipped", true],
    ]);
    expect(await change({ event: "ready", version: 0, enabled: false })).toMatchObject({
      status: 200,
      body: { enabled: false, version: 1, template: "notice-ready" },
    });
    expect(await change({ event: "ready", version: 0, enabled: true })).toMatchObject({
      status: 409,
      body: { code: "notice_rule_changed" },
    });
    const contact = await client(w, w.a, { phone: phone() });
    const job = await jobFor(w, w.a, { client: contact, title: "Boiler", status: "ready" });
    await happened(job, "job.status.changed", { from: "repairing", to: "ready" });
    expect(await messagesTo(contact)).toEqual([]);
    expect(
      await change({ event: "ready", version: 1, enabled: true, template: "our-ready", say_stop: false }),
    ).toMatchObject({ status: 200 });
    const template = {
      name: "our-ready",
      language: "en",
      channel: "sms",
      class: "transactional",
      text: "Come and get {{job_title}}!",
      variables: { job_title: { type: "text" } },
    };
    expect((await call(w, w.a, "/v1/outbound/templates", { json: template })).status).toBe(201);
    const next = await jobFor(w, w.a, { client: contact, title: "the boiler", status: "ready" });
    await happened(next, "job.status.changed", { from: "repairing", to: "ready" });
    expect((await messagesTo(contact)).map(({ body }) => body)).toEqual(["Come and get the boiler!"]);
    // What was passed over while the rule was off stays untold.
    expect(await decided(job)).toEqual([{ event: "ready", state: "skipped", reason: "disabled", channel: null }]);
    const { body } = await call(w, w.a, `/v1/field/notices?job=${next}`);
    expect(body.data).toMatchObject([{ event: "ready", state: "queued", message_state: "queued" }]);
  });
});
