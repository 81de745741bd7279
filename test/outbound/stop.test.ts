// STOP, START, HELP and what only sounds like them, as customers write them into Chatwoot: what happens in the webhook's own batch.
import { beforeEach, describe, expect, test } from "vitest";
import { conversation, heard, type Json, message, rows, talk } from "#test/inbox/chatwoot.ts";
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

const minutes = (n: number) => n * 60_000;
const at = (offset = 0) => new Date(w.clock.now().getTime() + offset).toISOString();

/** The customer writes, through an SMS inbox of Chatwoot. */
const says = (content: string, change: Json = {}) =>
  heard(w, w.a, message(c.talk, { content, created_at: at(), conversation: c.conversation(), ...change }));

const states = async () =>
  (
    await rows(
      w,
      w.a,
      "select state, code from outbound.messages where project_id = $1 and purpose is null order by created_at, id",
    )
  ).map(({ state, code }) => (code ? `${state}/${code}` : state));
const policies = () =>
  rows(
    w,
    w.a,
    `select channel, opted_out_by as by, opted_out_at is not null as out, held_at is not null as held
      from outbound.contact_channel_policies where project_id = $1 order by channel`,
  );
const answers = () =>
  rows(
    w,
    w.a,
    "select purpose, state, code, body, channel from outbound.messages where project_id = $1 and purpose is not null order by created_at, id",
  );

describe("STOP", () => {
  test("opts out on the chat and on the channel beneath it, blocks what waits, and is confirmed once", async () => {
    await queueMessage(w, w.a, c);
    await queueMessage(w, w.a, c, { due_at: at(minutes(600)) });
    expect(await says("STOP.")).toBe("stored");
    expect(await policies()).toEqual([
      { channel: "chat", by: "keyword", out: true, held: false },
      { channel: "sms", by: "keyword", out: true, held: false },
    ]);
    expect(await states()).toEqual(["blocked_opt_out/opt_out", "blocked_opt_out/opt_out"]);
    await w.settled();
    await dispatchDue(w, w.a);
    expect(carrier.accepted.map(({ text, to }) => [text, to])).toEqual([
      ["You are unsubscribed and will get no more messages here. Reply START to subscribe again.", c.phone],
    ]);
    // Another STOP finds nothing to do, and says nothing.
    w.clock.advance(1000);
    expect(await says("stop")).toBe("stored");
    await dispatchDue(w, w.a);
    expect(carrier.accepted).toHaveLength(1);
  });

  test("costs the webhook one request, and wakes the dispatcher after the answer", async () => {
    await says("Hello");
    w.neon.resetStats();
    await says("AFMELD");
    expect(w.neon.stats().requests).toBe(1);
    await w.settled();
    expect(w.queue.published.map(({ kind }) => kind)).toContain("outbound.dispatch");
    expect((await answers())[0]?.["body"]).toContain("Du er afmeldt");
  });

  test("that comes twice, by two deliveries, changes nothing more", async () => {
    const payload = message(c.talk, { content: "STOP", created_at: at(), conversation: c.conversation() });
    expect(await heard(w, w.a, payload)).toBe("stored");
    const before = await rows(
      w,
      w.a,
      "select id, version, updated_at::text from outbound.contact_channel_policies where project_id = $1 order by id",
    );
    expect(await heard(w, w.a, payload)).toBe("duplicate");
    expect(await heard(w, w.a, { ...payload, event: "message_updated" })).toBe("stored");
    expect(
      await rows(
        w,
        w.a,
        "select id, version, updated_at::text from outbound.contact_channel_policies where project_id = $1 order by id",
      ),
    ).toEqual(before);
    expect(await answers()).toHaveLength(1);
    expect(await rows(w, w.a, "select 1 from people.consents where project_id = $1")).toHaveLength(2);
  });

  test("is not confirmed after five minutes: neither a late dispatcher nor an import speaks then", async () => {
    await says("STOP");
    w.clock.advance(minutes(5));
    await dispatchDue(w, w.a);
    expect(carrier.asked).toEqual([]);
    expect(await answers()).toMatchObject([{ state: "cancelled", code: "answer_too_late" }]);

    const other = await customer(w, w.a);
    const old = message(other.talk, {
      content: "STOP",
      created_at: at(-minutes(6)),
      conversation: other.conversation(),
    });
    expect(await heard(w, w.a, old)).toBe("stored");
    expect(await answers()).toHaveLength(1);
    expect(await policies()).toHaveLength(4);
  });

  test("is not confirmed where the provider does it", async () => {
    await w.neon.query(
      "insert into outbound.settings (project_id, account_scope_id, confirm_stop) values ($1, $2, false)",
      [w.a.project, w.a.accountScope],
    );
    await says("STOP");
    expect(await answers()).toEqual([]);
  });

  test("by nobody but the customer counts: notes, our own words and what Chatwoot says are not his", async () => {
    await says("STOP", { private: true });
    await says("STOP", { message_type: "outgoing", sender: { id: 1, name: "Sara", type: "user" } });
    await says("STOP", { message_type: "activity" });
    expect(await policies()).toEqual([]);
  });

  test("in a chat widget is about the chat alone", async () => {
    await says("STOP", { conversation: conversation(c.talk, { channel: "Channel::WebWidget" }) });
    expect((await policies()).map(({ channel }) => channel)).toEqual(["chat"]);
  });

  test("in another project is not heard here", async () => {
    await heard(w, w.b, message(talk(w.b), { content: "STOP", created_at: at() }));
    expect(await policies()).toEqual([]);
  });

  test("written before a merge or by the other record holds for the whole person", async () => {
    const other = await customer(w, w.a);
    const theirs = await queueMessage(w, w.a, other);
    await w.neon.query("update people.contacts set merged_into = $2 where project_id = $1 and id = $3", [
      w.a.project,
      other.person,
      c.person,
    ]);
    await says("STOP");
    expect(
      await rows(w, w.a, "select state from outbound.messages where project_id = $1 and id = $2", [theirs]),
    ).toEqual([{ state: "blocked_opt_out" }]);
  });
});

describe("free wording", () => {
  test("holds marketing for an operator, lets service go on, and is not answered", async () => {
    await w.neon.query(
      `insert into people.consents (project_id, account_scope_id, id, contact_id, channel, scope, granted, occurred_at)
       values ($1, $2, 'cns_1', $3, 'sms', 'marketing', true, '2026-01-01')`,
      [w.a.project, w.a.accountScope, c.person],
    );
    await says("please don't text me again");
    const ad = await queueMessage(w, w.a, c, { class: "marketing" });
    const service = await queueMessage(w, w.a, c);
    await dispatchDue(w, w.a);
    expect(carrier.accepted.map(({ ref }) => ref)).toEqual([service]);
    expect(
      await rows(w, w.a, "select state, code from outbound.messages where project_id = $1 and id = $2", [ad]),
    ).toEqual([{ state: "queued", code: "held_for_operator" }]);
    expect(await answers()).toEqual([]);
  });

  test("about a visit changes nothing at all", async () => {
    await says("Please cancel Tuesday's visit, this has to end");
    expect(await policies()).toEqual([]);
  });
});

describe("HELP", () => {
  test("is answered in the project's words, in his language, once an hour", async () => {
    await says("HELP");
    expect(await answers()).toEqual([]);
    await w.neon.query("insert into outbound.settings (project_id, account_scope_id, help_text) values ($1, $2, $3)", [
      w.a.project,
      w.a.accountScope,
      JSON.stringify({
        en: "Workshop: call 70 10 20 30. Reply STOP to opt out.",
        da: "Værksted: ring 70 10 20 30. Svar STOP for at afmelde.",
      }),
    ]);
    await says("Hjælp");
    await says("INFO");
    await dispatchDue(w, w.a);
    expect(carrier.accepted.map(({ text }) => text)).toEqual(["Værksted: ring 70 10 20 30. Svar STOP for at afmelde."]);
  });
});

describe("a reply", () => {
  test("cancels what was approved before it, not what was approved since, nor what should not stop", async () => {
    const before = at();
    await queueMessage(w, w.a, c);
    await queueMessage(w, w.a, c, { stop_on_reply: false, due_at: at(minutes(900)) });
    w.clock.advance(minutes(1));
    await says("Tak, jeg har ringet til jer", { created_at: before });
    expect(await states()).toEqual(["queued", "queued"]);
    await says("Tak, jeg har ringet til jer");
    expect(await states()).toEqual(["cancelled/stop_on_reply", "queued"]);
    const [told] = await rows(
      w,
      w.a,
      "select payload from shared.events where project_id = $1 and kind = 'outbound.message.stopped'",
    );
    expect(told).toMatchObject({ payload: { code: "stop_on_reply", evidence: expect.stringMatching(/^evi_/) } });
    await dispatchDue(w, w.a);
    expect(carrier.asked).toEqual([]);
  });

  test("cancels what was on the wire when it came, as soon as it comes back", async () => {
    const late = { outcome: "later", code: "http_503", httpStatus: 503 } as const;
    carrier.next.push(late);
    const [lost, kept] = [await queueMessage(w, w.a, c), await queueMessage(w, w.a, c, { stop_on_reply: false })];
    await w.neon.query(
      "update outbound.messages set state = 'submitting', token = gen_random_uuid(), lease_until = due_at where id = any($1)",
      [`{${lost},${kept}}`],
    );
    w.clock.advance(minutes(1));
    await says("Tak, jeg har ringet til jer");
    expect(await states()).toEqual(["submitting", "submitting"]);
    await w.neon.query("update outbound.messages set state = 'queued', token = null where id = any($1)", [
      `{${lost},${kept}}`,
    ]);
    await dispatchDue(w, w.a);
    expect(await states()).toEqual(["cancelled/stop_on_reply", "queued/http_503"]);
    expect(carrier.asked.map(({ ref }) => ref)).toEqual([kept]);
  });

  test("costs the webhook nothing to speak of: one request, whatever was said", async () => {
    await says("Hello");
    w.neon.resetStats();
    await says("Hello again");
    expect(w.neon.stats().requests).toBe(1);
  });
});
