// A member proves that an address is his by the digits that were sent there, and then hears from his planner by e-mail.
import { beforeAll, expect, test } from "vitest";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { type Tenant, type World, world } from "#test/kit/world.ts";
import { mailHouse, runAt } from "./house.ts";
import { call } from "./talking.ts";

type Said = { status: number; body: { code?: string; reason?: string; email?: string; email_verified_at?: string } };
const mine = `me-${process.pid}@workshop.example`;
let w: World;
let mail: ScriptedCarrier;
let own: Tenant;

beforeAll(async () => {
  mail = scriptedCarrier();
  w = await world({ carriers: { resend: mail.port }, now: "2026-11-21T23:10:00.000Z" });
  own = await mailHouse(w, "proof", `before-${process.pid}@workshop.example`);
  await w.neon.query("update shared.users set email = null, email_verified_at = null where id = $1", [own.user]);
});

const ask = (email: string, who = own): Promise<Said> => call(w, who.apiKey, "/v1/identity/own-email/code", { email });
const say = (digits: string, who = own): Promise<Said> =>
  call(w, who.apiKey, "/v1/identity/own-email/verify", { digits });
const arrived = async (): Promise<string> => {
  for (let i = 0; i < 3 && w.queue.published.length > 0; i += 1) await deliverPublished(w);
  return /^\d{6}/.exec(mail.accepted.at(-1)?.text ?? "")?.[0] ?? "none";
};
const wrong = (digits: string) => digits.replace(/^./, (first) => String((Number(first) + 1) % 10));
const choose = (version: number) =>
  call(w, own.apiKey, "/v1/assistant/rhythm", { version, channel: "email", plan_on: true }, "PATCH");
const kept = async () =>
  (await w.neon.query("select email, email_verified_at from shared.users where id = $1", [own.user]))[0];

test("who cannot be written to is told so, and nothing is kept of it", async () => {
  expect((await ask("nobody@workshop.example", w.b)).body.code).toBe("mail_sender_missing");
  expect((await say("123456", w.b)).body.code).toBe("digits_expired");
  expect((await choose(0)).body).toMatchObject({ code: "email_unverified" });
  expect(mail.asked).toEqual([]);
});

test("at night too the digits come at once; wrong ones count, five end it, older and late ones are worth nothing", async () => {
  expect(await ask(mine.toUpperCase())).toMatchObject({ status: 200, body: { email: mine } });
  const first = await arrived();
  expect(mail.accepted).toMatchObject([{ to: mine, subject: "Is this address yours?", class: "transactional" }]);
  await ask(mine);
  const second = await arrived();
  expect((await say(first)).body.code).toBe("digits_wrong");
  for (let i = 0; i < 4; i += 1) expect((await say(wrong(second))).body.code).toBe("digits_wrong");
  expect(await say(second)).toMatchObject({ status: 429, body: { code: "digits_attempts_exceeded" } });
  await ask(mine);
  const third = await arrived();
  w.clock.set("2026-11-21T23:40:00.000Z");
  expect((await say(third)).body.code).toBe("digits_expired");
  expect(await kept()).toEqual({ email: null, email_verified_at: null });
  // Three messages a day, as for anybody: a fourth does not wait until it is of no use.
  expect(await ask(mine)).toMatchObject({ status: 409, body: { code: "email_held", reason: "frequency_cap_reached" } });
});

test("the right ones prove it, once; then the morning's plan comes there", async () => {
  w.clock.set("2026-11-23T05:00:00.000Z");
  await ask(mine);
  const digits = await arrived();
  expect(await say(digits)).toMatchObject({ status: 200, body: { email: mine } });
  expect((await say(digits)).body.code).toBe("digits_expired");
  expect((await choose(0)).body).toMatchObject({ channel: "email", email_verified: true });
  await call(w, own.apiKey, "/v1/assistant/tasks", { title: "Order the pump", due_date: "2026-11-23" });
  await runAt(w, "2026-11-23T06:31:00Z", own);
  expect(mail.accepted.at(-1)).toMatchObject({ to: mine, subject: "Today: one thing" });
  // Nobody sees the digits: not in lists, not in the ledger, and not where they were sent from once newer ones went out.
  for (const path of ["/v1/outbound/messages", "/v1/shared/events", "/v1/people/contacts"])
    expect((await call(w, own.apiKey, path)).bytes).not.toMatch(new RegExp(`${digits}|${mine}`));
  expect(
    await w.neon.query(
      "select count(*)::int as n from outbound.messages where project_id = $1 and body ~ '^[0-9]{6}' and erased_at is null",
      [own.project],
    ),
  ).toEqual([{ n: 1 }]);
});

test("an address belongs to one account; another address, whoever writes it, is not proven", async () => {
  const other = await mailHouse(w, "rival", `rival-${process.pid}@workshop.example`);
  await ask(mine, other);
  expect((await say(await arrived(), other)).body.code).toBe("email_taken");
  await w.neon.query("update shared.users set email = $2 where id = $1", [own.user, `new-${mine}`]);
  expect(await kept()).toEqual({ email: `new-${mine}`, email_verified_at: null });
});
