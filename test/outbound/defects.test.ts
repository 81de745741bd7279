// Defects known from earlier systems of this kind, by their numbers; each must stay gone.
import { beforeEach, describe, expect, test } from "vitest";
import { heard, type Json, rows, message as told } from "#test/inbox/chatwoot.ts";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { type World, world } from "#test/kit/world.ts";
import { type Customer, customer, dispatchDue, queueMessage } from "./customer.ts";

let w: World;
let carrier: ScriptedCarrier;
let c: Customer;

beforeEach(async () => {
  carrier = scriptedCarrier();
  w = await world({ carriers: { twilio: carrier.port } });
  c = await customer(w, w.a);
});

const hours = (n: number) => n * 3_600_000;
const message = async (id: string): Promise<Json> =>
  (
    await rows(
      w,
      w.a,
      "select state, code, body, reserved_at is not null as holds from outbound.messages where project_id = $1 and id = $2",
      [id],
    )
  )[0] ?? {};

describe("T1: a draft's upsert that also hit what was approved", () => {
  test.each(["approved", "queued"])("leaves the text of a message that is %s as it was, and says so", async (state) => {
    const id = await queueMessage(w, w.a, c, { reference: "visit-7", text: "We come at ten." });
    if (state === "approved")
      await w.neon.query("update outbound.messages set state = 'approved' where project_id = $1 and id = $2", [
        w.a.project,
        id,
      ]);
    await expect(queueMessage(w, w.a, c, { reference: "visit-7", text: "Buy now!" })).rejects.toThrow(
      /409 .*content_changed_after_approval/,
    );
    expect(await message(id)).toMatchObject({ state, body: "We come at ten." });
    await w.neon.query(
      "update outbound.messages set state = 'queued' where project_id = $1 and id = $2 and state = 'approved'",
      [w.a.project, id],
    );
    await dispatchDue(w, w.a);
    expect(carrier.accepted.map(({ text }) => text)).toEqual(["We come at ten."]);
  });
});

describe("T2: a cap that was compared before its window was over, and rose before a send that failed", () => {
  test("once reached is not reached for ever: the window moves on", async () => {
    for (let i = 0; i < 4; i++) await queueMessage(w, w.a, c);
    await dispatchDue(w, w.a);
    expect(carrier.accepted).toHaveLength(3);
    w.clock.advance(hours(23.9));
    await dispatchDue(w, w.a);
    expect(carrier.accepted).toHaveLength(3);
    w.clock.advance(hours(0.2));
    await dispatchDue(w, w.a);
    expect(carrier.accepted).toHaveLength(4);
  });

  test("does not count what finally failed", async () => {
    carrier.next = Array.from({ length: 5 }, () => ({ outcome: "refused", code: "30006" }) as const);
    const failed = [];
    for (let i = 0; i < 5; i++) {
      failed.push(await queueMessage(w, w.a, c));
      await dispatchDue(w, w.a);
    }
    expect(await message(failed[0] ?? "")).toMatchObject({ state: "failed", holds: false });
    for (let i = 0; i < 3; i++) await queueMessage(w, w.a, c);
    await dispatchDue(w, w.a);
    expect(carrier.accepted).toHaveLength(3);
  });

  test("counts a message from the attempt that sent it, not from one of the day before", async () => {
    carrier.next = [{ outcome: "later", code: "http_503", afterSeconds: 20 * 3600 }];
    await queueMessage(w, w.a, c);
    await dispatchDue(w, w.a);
    w.clock.advance(hours(23));
    for (let i = 0; i < 2; i++) await queueMessage(w, w.a, c);
    await dispatchDue(w, w.a);
    expect(carrier.accepted).toHaveLength(3);
    // 25 hours after the first attempt all three of the last two hours still count.
    w.clock.advance(hours(2));
    const fourth = await queueMessage(w, w.a, c);
    await dispatchDue(w, w.a);
    expect(await message(fourth)).toMatchObject({ state: "queued", code: "frequency_cap_reached" });
  });

  test("gives back the place of what was stopped for good", async () => {
    carrier.next = [{ outcome: "later", code: "http_503", afterSeconds: 60 }];
    const changed = await queueMessage(w, w.a, c);
    await dispatchDue(w, w.a);
    expect(await message(changed)).toMatchObject({ state: "queued", holds: true });
    await w.neon.query("update outbound.messages set body = 'Buy!' where project_id = $1 and id = $2", [
      w.a.project,
      changed,
    ]);
    w.clock.advance(61_000);
    await dispatchDue(w, w.a);
    expect(await message(changed)).toMatchObject({ state: "draft", holds: false });
  });
});

describe("the one text that may follow an opt-out", () => {
  const stopped = async () => {
    await heard(
      w,
      w.a,
      told(c.talk, { content: "STOP", created_at: w.clock.now().toISOString(), conversation: c.conversation() }),
    );
    const [row] = await rows(
      w,
      w.a,
      "select id from outbound.messages where project_id = $1 and purpose = 'stop_confirmation'",
    );
    return String(row?.["id"]);
  };
  /** As if somebody had his hands in the table and knew how to seal. */
  const forged = async (id: string, change: string) => {
    await w.neon.query(`update outbound.messages set ${change} where project_id = $1 and id = $2`, [w.a.project, id]);
    await w.neon.query(
      `with s as materialized (select set_config('app.project_id', $1, true) as done)
       update outbound.messages m set seal = outbound.seal(m) from s where m.project_id = $1::uuid and m.id = $2`,
      [w.a.project, id],
    );
  };

  test("goes as it stands", async () => {
    const id = await stopped();
    await dispatchDue(w, w.a);
    expect(carrier.accepted.map(({ ref }) => ref)).toEqual([id]);
  });

  test.each([
    ["other words", "body = 'A last offer: 20 % off!'"],
    ["more words", "body = body || ' 20 % off!'"],
    ["no purpose", "purpose = null"],
    ["another purpose", "purpose = 'help', idempotency_key = 'help:' || answers_to"],
    ["another class", "purpose = null, class = 'marketing'"],
    ["another word's evidence", "answers_to = 'evi_other', idempotency_key = 'stop_confirmation:evi_other'"],
  ])("with %s is blocked like any other", async (_, change) => {
    const id = await stopped();
    await forged(id, change);
    await dispatchDue(w, w.a);
    expect(carrier.asked).toEqual([]);
    expect(await message(id)).toMatchObject({ state: "blocked_opt_out", code: "opt_out" });
  });

  test("is refused by the table itself as marketing, for a campaign, or twice", async () => {
    const id = await stopped();
    for (const change of [
      "class = 'marketing'",
      "campaign_id = 'cmp_1'",
      "stop_on_reply = true",
      "idempotency_key = 'x'",
      "answers_to = null",
    ])
      await expect(forged(id, change)).rejects.toThrow(/outbound_answers_a_word/);
    const copy = `insert into outbound.messages (project_id, account_scope_id, id, contact_id, channel, sender_id, class, purpose, answers_to, recipient,
        recipient_hash, zones, body, stop_on_reply, idempotency_key, dedupe_key, written_by)
      select project_id, account_scope_id, 'msg_copy', contact_id, channel, sender_id, class, purpose, answers_to, recipient, recipient_hash, zones, body,
        false, idempotency_key, 'other', written_by from outbound.messages where project_id = $1 and id = $2`;
    await expect(w.neon.query(copy, [w.a.project, id])).rejects.toThrow(/outbound_idempotency/);
  });

  test("does not outlive a stronger opt-out, nor a START", async () => {
    const id = await stopped();
    await w.neon.query(
      "update outbound.contact_channel_policies set opted_out_by = 'complaint' where project_id = $1 and channel = 'sms'",
      [w.a.project],
    );
    await dispatchDue(w, w.a);
    expect(await message(id)).toMatchObject({ state: "blocked_opt_out" });

    c = await customer(w, w.a);
    await stopped();
    await w.neon.query(
      "update outbound.contact_channel_policies set opted_out_by = null, opted_out_at = null where project_id = $1 and contact_id = $2",
      [w.a.project, c.person],
    );
    await w.neon.query("update outbound.suppressions set lifted_at = now() where project_id = $1", [w.a.project]);
    await dispatchDue(w, w.a);
    expect(carrier.asked).toEqual([]);
  });
});

describe("a reply, which passes quiet hours and the cap", () => {
  test("answers something: nobody writes one to a person who has not been talked to for a week", async () => {
    // He wrote two weeks ago.
    await expect(queueMessage(w, w.a, c, { class: "reply" })).rejects.toThrow(/422 .*reply_to_nothing/);
    await expect(queueMessage(w, w.a, c, { class: "reply", contact: "con_nobody" })).rejects.toThrow(
      /404 .*contact_unknown/,
    );
    w.clock.set("2026-11-15T21:10:00.000Z");
    await heard(w, w.a, told(c.talk, { content: "Er I der?", conversation: c.conversation() }));
    const id = await queueMessage(w, w.a, c, { class: "reply" });
    await dispatchDue(w, w.a);
    expect(await message(id)).toMatchObject({ state: "submitted", holds: true });
  });
});
