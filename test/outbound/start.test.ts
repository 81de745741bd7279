// START, YES, and words that are heard later than they were said.
import { beforeEach, describe, expect, test } from "vitest";
import { heard, type Json, message, rows } from "#test/inbox/chatwoot.ts";
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

const policies = () =>
  rows(
    w,
    w.a,
    `select channel, opted_out_by as by, opted_out_at is not null as out, held_at is not null as held
      from outbound.contact_channel_policies where project_id = $1 order by channel`,
  );
describe("an old word, heard late", () => {
  test("does not undo what was said since", async () => {
    await says("STOP", { created_at: at(-minutes(60)) });
    await says("START", { created_at: at(-minutes(30)) });
    await says("STOP", { created_at: at(-minutes(45)) });
    expect((await policies()).map(({ out }) => out)).toEqual([false, false]);
    await says("STOP", { created_at: at(-minutes(15)) });
    await says("START", { created_at: at(-minutes(20)) });
    expect((await policies()).map(({ out }) => out)).toEqual([true, true]);
  });

  test("START heard before the STOP that it answers wins by its time", async () => {
    await says("START", { created_at: at(-minutes(10)) });
    await says("STOP", { created_at: at(-minutes(20)) });
    expect((await policies()).map(({ out }) => out)).toEqual([false, false]);
  });

  test("STOP of years ago does not outweigh a consent given since", async () => {
    await says("hello");
    await w.neon.query(
      `insert into people.consents (project_id, account_scope_id, id, contact_id, channel, scope, granted, occurred_at)
       values ($1, $2, 'cns_1', $3, 'sms', 'marketing', true, '2026-01-01')`,
      [w.a.project, w.a.accountScope, c.person],
    );
    await says("STOP", { created_at: "2024-05-05T10:00:00.000Z" });
    expect(await policies()).toEqual([{ channel: "chat", by: "keyword", out: true, held: false }]);
  });
});

describe("START", () => {
  test("takes back what STOP did, and no consent to marketing comes with it", async () => {
    await says("STOP");
    w.clock.advance(minutes(1));
    await says("start");
    expect((await policies()).map(({ out }) => out)).toEqual([false, false]);
    expect(
      await rows(w, w.a, "select 1 from outbound.suppressions where project_id = $1 and lifted_at is null"),
    ).toEqual([]);
    const ad = await queueMessage(w, w.a, c, { class: "marketing" });
    const service = await queueMessage(w, w.a, c);
    await dispatchDue(w, w.a);
    expect(
      await rows(
        w,
        w.a,
        "select id, code from outbound.messages where project_id = $1 and id = any($2) order by id = $3",
        [`{${ad},${service}}`, service],
      ),
    ).toEqual([
      { id: ad, code: "consent_missing" },
      { id: service, code: null },
    ]);
    expect(carrier.accepted.map(({ ref }) => ref)).toEqual([service]);
  });

  test.each(["operator", "link", "provider", "complaint"])("leaves an opt-out by %s as it is", async (by) => {
    await says("hello");
    await w.neon.query(
      `insert into outbound.contact_channel_policies (project_id, account_scope_id, id, contact_id, channel, opted_out_at, opted_out_by)
       values ($1, $2, 'pol_1', $3, 'sms', '2026-11-01', $4)`,
      [w.a.project, w.a.accountScope, c.person, by],
    );
    await says("START");
    expect((await policies()).find(({ channel }) => channel === "sms")).toMatchObject({ out: true, by });
  });

  test("is what YES means after the confirmation, and not when it answers us", async () => {
    await says("STOP");
    w.clock.advance(minutes(1));
    await heard(
      w,
      w.a,
      message(c.talk, {
        message_type: "outgoing",
        sender: { id: 1, type: "user" },
        content: "Shall we come on Tuesday?",
        created_at: at(),
        conversation: c.conversation(),
      }),
    );
    w.clock.advance(minutes(1));
    await says("YES");
    expect((await policies()).map(({ out }) => out)).toEqual([true, true]);

    const other = await customer(w, w.a);
    const writes = (content: string) =>
      heard(w, w.a, message(other.talk, { content, created_at: at(), conversation: other.conversation() }));
    await writes("STOP");
    w.clock.advance(minutes(1));
    await writes("Ja");
    const theirs = await rows(
      w,
      w.a,
      "select opted_out_at from outbound.contact_channel_policies where project_id = $1 and contact_id = $2",
      [other.person],
    );
    expect(theirs).toEqual([{ opted_out_at: null }, { opted_out_at: null }]);
  });
});
