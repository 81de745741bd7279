// A campaign from its draft to its end: exactly who may be written to is, and everybody else can read why not.

import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { raw, send } from "#brain/kernel/batch.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { type Campaigning, campaigning, members, optedOut } from "./campaigning.ts";

let c: Campaigning;
let people: string[];

beforeEach(async () => {
  c = await campaigning();
  people = await members(c.w, c.w.a, { count: 50, tag: "m" });
});

type Progress = {
  progress: Record<string, unknown>;
  state: string;
  reason: string | null;
  series: { points: { kind: string; count: number }[] };
};
type Events = { data: { contact: string; kind: string; message: string | null }[] };

const started = async (more: Parameters<Campaigning["campaign"]>[0] = {}) => {
  const made = await c.campaign(more);
  const approved = await c.post(`/campaigns/${made.id}/approve`, { version: made.version });
  expect(approved).toMatchObject({ status: 200, body: { state: "approved" } });
  const running = await c.post(`/campaigns/${made.id}/start`, {});
  expect(running).toMatchObject({ status: 200, body: { state: "running" } });
  return made.id;
};

const end = async (contacts: string[], reason: string) => {
  const ctx = ctxOf(c.w, systemOf(c.w.a));
  const [told] = await send(ctx, [
    raw<{ n: number }>(
      ctx,
      sql`select outbound.end_membership(array(select jsonb_array_elements_text(${JSON.stringify(contacts)}::jsonb)), ${reason}) as n`,
    ),
  ]);
  return told.rows[0]?.n;
};

const capped = (contacts: string[]) =>
  c.w.neon.query(
    `insert into outbound.messages (project_id, account_scope_id, id, contact_id, channel, sender_id, class, recipient, recipient_hash, zones, body,
       idempotency_key, dedupe_key, written_by, state, seal, reserved_at)
     select $1, $2, 'msg_' || k || i, k, 'sms', $3, 'marketing', '+4500000000', 'h', '{UTC}', 'Earlier', k || i, k || i, 'user:x', 'sent', 's', $4::timestamptz - interval '1 hour'
     from unnest($5::text[]) k, generate_series(1, 3) i`,
    [c.w.a.project, c.w.a.accountScope, c.s.sender, c.w.clock.now().toISOString(), contacts],
  );

describe("fifty members, five opted out, three who replied, four at their cap of three", () => {
  test("it sends exactly to the others, and events explain every non-send", async () => {
    for (const contact of people.slice(0, 5)) await optedOut(c.w, c.w.a, contact);
    await capped(people.slice(10, 14));
    const id = await started();
    await c.run("outbound.campaigns");
    expect(await end(people.slice(5, 8), "reply_detected")).toBe(3);
    await c.runDue();

    const allowed = [...people.slice(8, 10), ...people.slice(14)];
    expect(c.carrier.asked).toHaveLength(38);
    const sent = await c.w.neon.query(
      "select contact_id from outbound.messages where campaign_id = $1 and state = 'submitted' order by 1",
      [id],
    );
    expect(sent.map((row) => row["contact_id"])).toEqual(allowed);

    const { data } = await c.get<Events>(`/campaigns/${id}/events?limit=100`);
    const by = (kind: string) =>
      data
        .filter((row) => row.kind === kind)
        .map((row) => row.contact)
        .sort();
    expect(by("opt_out")).toEqual(people.slice(0, 5));
    expect(by("reply_detected")).toEqual(people.slice(5, 8));
    expect(by("frequency_block")).toEqual(people.slice(10, 14));
    expect(by("sent")).toEqual(allowed);
    expect(data).toHaveLength(50);

    c.w.neon.resetStats();
    const told = await c.get<Progress>(`/campaigns/${id}`);
    expect(c.w.neon.stats().requests).toBe(1);
    expect(told).toMatchObject({
      state: "running",
      progress: {
        members: 50,
        sent: 38,
        finished: 38,
        queued: 4,
        unsent: { opt_out: 5, reply_detected: 3 },
        held: { frequency_block: 4 },
      },
    });
    expect(told.series.points.find(({ kind }) => kind === "sent")).toMatchObject({ count: 38 });

    // The cap's window ends: the four go out, and then it is over.
    c.w.clock.advance(24 * 3_600_000);
    await c.runDue();
    c.w.clock.advance(300_000);
    await c.runDue();
    expect(c.carrier.asked).toHaveLength(42);
    expect(await c.get<Progress>(`/campaigns/${id}`)).toMatchObject({
      state: "finished",
      progress: { finished: 42, held: {} },
    });
  });

  test("what the dry run says of each is what becomes of him, and it leaves nothing behind", async () => {
    for (const contact of people.slice(0, 5)) await optedOut(c.w, c.w.a, contact);
    await capped(people.slice(10, 14));
    await c.w.neon.query("delete from people.contact_points where contact_id = $1", [people[20]]);
    await c.w.neon.query("delete from people.consents where contact_id = $1", [people[21]]);
    await c.w.neon.query("update people.contacts set name = ' ' where id = $1", [people[22]]);
    await c.w.neon.query("update people.contact_points set value_norm = '+4521000025' where contact_id = $1", [
      people[23],
    ]);
    await c.w.neon.query("update people.contacts set name = 'Member 24' where id in ($1, $2)", [
      people[23],
      people[24],
    ]);
    await c.w.neon.query("update people.contacts set timezone = 'America/Los_Angeles' where id = $1", [people[25]]);
    const filter = { all: [{ field: "language", is: ["en"] }] };
    const made = await c.campaign({ filter });
    const state = async () =>
      c.w.neon.query(
        `select (select count(*) from outbound.messages where campaign_id is not null)::int as messages, (select count(*) from outbound.campaign_members)::int as members,
          (select count(*) from outbound.campaign_events)::int as events, (select md5(string_agg(x::text, ',' order by x.id)) from outbound.campaigns x) as campaigns,
          (select count(*) from shared.events where project_id = $1)::int as ledger, (select count(*) from shared.outbox where project_id = $1)::int as outbox`,
        [c.w.a.project],
      );
    await c.w.settled();
    const before = await state();
    type Dry = {
      send: number;
      people: { contact: string; verdict: string; reason: string | null }[];
      reasons: Record<string, number>;
    };
    const dry = await c.get<Dry>(`/campaigns/${made.id}/dry-run`);
    expect(dry.reasons).toEqual({
      opt_out: 5,
      frequency_cap_reached: 4,
      no_address: 1,
      consent_missing: 1,
      variable_missing: 1,
      duplicate: 1,
      quiet_hours: 1,
    });
    expect(await state()).toEqual(before);

    await c.post(`/campaigns/${made.id}/approve`, { version: made.version });
    await c.post(`/campaigns/${made.id}/start`, {});
    await c.run();
    const really = await c.w.neon.query(
      `select b.contact_id as contact, case when b.reached is not null then 'send' when b.state = 'queued' then 'wait' else 'never' end as verdict,
         case when b.state = 'queued' then (select m.code from outbound.messages m where m.id = b.message_id) else b.reason end as reason
       from outbound.campaign_members b where b.campaign_id = $1 order by 1`,
      [made.id],
    );
    const order = (a: { contact: string }, b: { contact: string }) => (a.contact < b.contact ? -1 : 1);
    const said = dry.people.map(({ contact, verdict, reason }) => ({ contact, verdict, reason })).sort(order);
    expect(really).toEqual(said);
    expect(c.carrier.asked).toHaveLength(dry.send);
  });
});

describe("pausing, resuming and cancelling", () => {
  test("a paused campaign sends nothing more; resumed, everybody is written to once", async () => {
    const id = await started();
    await c.run("outbound.campaigns");
    expect(await c.post(`/campaigns/${id}/pause`, {})).toMatchObject({ status: 200, body: { state: "paused" } });
    await c.runDue();
    expect(c.carrier.asked).toEqual([]);
    expect(await c.get(`/campaigns/${id}`)).toMatchObject({ progress: { queued: 50, held: { campaign_paused: 50 } } });
    expect(await c.post(`/campaigns/${id}/pause`, {})).toMatchObject({
      status: 409,
      body: { allowed: ["cancelled", "running"] },
    });
    await c.post(`/campaigns/${id}/resume`, {});
    c.w.clock.advance(2000);
    await c.runDue();
    expect(new Set(c.carrier.asked.map(({ to }) => to)).size).toBe(50);
    expect(c.carrier.asked).toHaveLength(50);
  });

  test("a cancelled one withdraws what waits, says so of each, and stays cancelled", async () => {
    const id = await started();
    await c.run("outbound.campaigns");
    await c.post(`/campaigns/${id}/cancel`, {});
    await c.runDue();
    expect(c.carrier.asked).toEqual([]);
    expect(await c.get(`/campaigns/${id}`)).toMatchObject({
      state: "cancelled",
      progress: { ended: 50, unsent: { campaign_cancelled: 50 } },
    });
    expect(await c.post(`/campaigns/${id}/resume`, {})).toMatchObject({
      status: 409,
      body: { code: "campaign_invalid_state", state: "cancelled", allowed: [] },
    });
  });

  test("a move that is none is refused with what is possible", async () => {
    const made = await c.campaign();
    expect(await c.post(`/campaigns/${made.id}/start`, {})).toMatchObject({
      status: 409,
      body: { code: "campaign_invalid_state", state: "draft", allowed: ["approved", "cancelled"] },
    });
    await expect(
      c.w.neon.query("update outbound.campaigns set state = 'finished' where id = $1", [made.id]),
    ).rejects.toThrow(/campaign_invalid_state/);
  });
});

describe("a sequence", () => {
  const steps = [{}, { wait_seconds: 86_400, stop_on_reply: true }];

  test("waits between its steps, and a reply or an opt-out ends it for that person", async () => {
    const id = await started({ steps, text: "Hello {{contact_name}}." });
    await c.run();
    expect(c.carrier.asked).toHaveLength(50);
    expect(await c.get(`/campaigns/${id}`)).toMatchObject({ progress: { waiting: 50, sent: 50 } });
    await c.runDue();
    expect(c.carrier.asked).toHaveLength(50);
    expect(await end(people.slice(0, 2), "reply_detected")).toBe(2);
    await optedOut(c.w, c.w.a, people[2] ?? "");
    c.w.clock.advance(86_400_000 + 1000);
    await c.runDue();
    expect(c.carrier.asked).toHaveLength(97);
    c.w.clock.advance(300_000);
    await c.runDue();
    expect(await c.get(`/campaigns/${id}`)).toMatchObject({
      state: "finished",
      progress: { finished: 47, messages: 97, stopped: { reply_detected: 2, opt_out: 1 } },
    });
  });

  test("ends for whoever writes between two steps, not for what he wrote before it began", async () => {
    const id = await started({ steps, text: "Hello {{contact_name}}." });
    await c.run();
    const at = c.w.clock.now().getTime();
    const wrote = (person: string | undefined, milliseconds: number) => ({
      person,
      occurred_at: new Date(at + milliseconds).toISOString(),
      evidence: "evi_reply",
      seed: `reply ${person}`,
    });
    const ctx = ctxOf(c.w, systemOf(c.w.a));
    const told = [wrote(people[0], 60_000), wrote(people[1], -86_400_000)];
    await send(ctx, [raw(ctx, sql`select outbound.replied(${JSON.stringify(told)}::jsonb)`)]);
    c.w.clock.advance(86_400_000 + 1000);
    await c.runDue();
    expect(c.carrier.asked).toHaveLength(99);
    expect(await c.get(`/campaigns/${id}`)).toMatchObject({ progress: { stopped: { reply_detected: 1 } } });
  });

  test("that does not stop on a reply goes on after one", async () => {
    await started({ steps: [{ stop_on_reply: false }] });
    await c.run("outbound.campaigns");
    expect(await end(people.slice(0, 2), "reply_detected")).toBe(0);
    await c.runDue();
    expect(c.carrier.asked).toHaveLength(50);
  });
});
