// A member's plan by Telegram: to the chat that he bound, by his own clocks, by a bot of the installation's that no client ever meets.
import { beforeAll, expect, test } from "vitest";
import type { CarrierAccount, Outgoing } from "#brain/kernel/ports.ts";
import { type World, world } from "#test/kit/world.ts";
import { client } from "../field/floor.ts";
import { boundPhone, type Phone, tell } from "./chatting.ts";
import { runAt } from "./house.ts";
import { call, rowsOf } from "./talking.ts";

let w: World;
let phone: Phone;
const carried: { account: CarrierAccount; message: Outgoing }[] = [];

beforeAll(async () => {
  const send = async (account: CarrierAccount, message: Outgoing) => {
    carried.push({ account, message });
    return { outcome: "accepted" as const, id: `4711:${carried.length}` };
  };
  w = await world({
    carriers: { telegram: { send, lookup: async () => ({ outcome: "unable" }) } },
    now: "2026-11-23T06:00:00.000Z",
  });
  phone = await boundPhone(w, w.a.apiKey);
  await boundPhone(w, w.b.apiKey);
});

test("reaches his chat in the words of his plan, by a bot that belongs to nobody's lists", async () => {
  const { body } = await call<{ version: number }>(
    w,
    w.a.apiKey,
    "/v1/assistant/rhythm",
    { version: 0, channel: "telegram", plan_on: true },
    "PATCH",
  );
  expect(body).toMatchObject({ channel: "telegram", telegram_bound: true });
  await call(w, w.a.apiKey, "/v1/assistant/tasks", { title: "Order the pump", due_date: "2026-11-23" });
  await runAt(w, "2026-11-23T06:31:00.000Z", w.a);
  expect(carried).toMatchObject([
    {
      account: { secrets: {} },
      message: { to: phone.user, text: "Today: one thing\n\n1. Order the pump (due Monday 23 November)" },
    },
  ]);
  expect(carried[0]?.message).not.toHaveProperty("subject");
  expect((await tell(w, phone, "Done with the first one")).says.text).toBe("Done: Order the pump — Monday 23 Nov");
  expect(await rowsOf(w, w.a, "rhythm_occasions", "occasion, state")).toEqual([{ occasion: "plan", state: "queued" }]);
  // A client with a Telegram address is not written to by it, named or not; and it stands in no list.
  const mette = await client(w, w.a);
  await w.neon.query(
    "insert into people.contact_points (project_id, account_scope_id, id, contact_id, kind, value, value_norm) values ($1, $2, $3, $4, 'telegram', '99', '99')",
    [w.a.project, w.a.accountScope, w.runtime.ids.next("contactPoint"), mette],
  );
  const [bot] = await w.neon.query("select id from outbound.senders where project_id = $1 and for_members", [
    w.a.project,
  ]);
  for (const sender of [{}, { sender: bot?.["id"] }]) {
    const draft = {
      contact: mette,
      channel: "telegram",
      class: "transactional",
      text: "Hej",
      reference: "x",
      ...sender,
    };
    expect((await call(w, w.a.apiKey, "/v1/outbound/messages", draft)).body).toMatchObject({ code: "sender_missing" });
  }
  expect((await call(w, w.a.apiKey, "/v1/outbound/senders")).bytes).not.toContain(String(bot?.["id"]));
  const disable = `/v1/outbound/senders/${bot?.["id"]}/disable`;
  expect((await call(w, w.a.apiKey, disable, { version: 1 })).status).toBe(404);
});

test("keeps to the clocks where he is, on the nights they change too; after ninety days the words are gone", async () => {
  await call(w, w.b.apiKey, "/v1/assistant/tasks", { title: "Water the plants" });
  w.clock.set("2027-03-12T12:00:00Z");
  const set = {
    version: 0,
    channel: "telegram",
    timezone: "America/New_York",
    quiet_from: "22:00",
    quiet_until: "02:00",
    plan_on: true,
    plan_at: "02:30",
    plan_days: [1, 2, 3, 4, 5, 6, 7],
    review_on: false,
    reminders_on: false,
  };
  expect((await call(w, w.b.apiKey, "/v1/assistant/rhythm", set, "PATCH")).status).toBe(200);
  // 07:30 UTC in winter. On 2027-03-14 there is no 02:30: it is 03:30, the same instant. From then on 06:30 UTC, until 2027-11-07.
  for (const [at, comes] of [
    ["2027-03-13T07:29:00Z", 0],
    ["2027-03-13T07:31:00Z", 1],
    ["2027-03-14T07:29:00Z", 0],
    ["2027-03-14T07:31:00Z", 1],
    ["2027-11-06T06:31:00Z", 1],
    ["2027-11-07T06:31:00Z", 0],
    ["2027-11-07T07:31:00Z", 1],
  ] as const)
    expect([at, await runAt(w, at, w.b)]).toMatchObject([at, { queued: comes }]);
  const told = await w.neon.query(
    "select body like '%Water%' as words, erased_at is null as whole from outbound.messages where project_id = $1 order by created_at",
    [w.b.project],
  );
  const gone = { words: false, whole: false };
  const kept = { words: true, whole: true };
  expect(told).toEqual([gone, gone, kept, kept]);
});
