/** Joining: a username and a password, proven by the PIN that the installation's owner received and passed on. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { as, type Ctx } from "../kernel/ctx.ts";
import { accessFrom } from "../kernel/events.ts";
import { Fault } from "../kernel/fault.ts";
import { type Messenger, ProviderFailure } from "../kernel/ports.ts";
import { instant } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { noteLater, once, userOf } from "./access.ts";
import { assertUncommon } from "./common-passwords.ts";
import { NewPassword } from "./new-password.ts";
import { passwordsIn } from "./password.ts";
import { newPin, pinHash } from "./pin.ts";
import { Opened, sessionDays } from "./session-opening.ts";
import { newToken, sameHash, tokenHash } from "./token.ts";

export const signupLimits = {
  /** Starts per username, each of which writes to the owner. */
  username: { tries: 5, windowSeconds: 15 * 60 },
  /** Starts per network, where the edge names it. */
  network: { tries: 20, windowSeconds: 3600 },
} as const;
export const pinTries = 8;
export const pinMinutes = 10;

const Username = () =>
  z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z0-9._-]{3,32}$/, "3 to 32 of a-z 0-9 . _ -");

type Door = { chat: string | null; taken: boolean };

/** What is counted comes before what is costly: the password is hashed only for tries within the limits. */
async function knock(ctx: Ctx, username: string): Promise<string> {
  const { username: own, network } = signupLimits;
  const counts = [
    raw(
      ctx,
      sql`select identity.count_attempt(${`signup:${await tokenHash(username)}`}, ${own.tries}, ${own.windowSeconds})`,
    ),
  ];
  if (ctx.network) {
    const subject = `signup_from:${(await ctx.ports.secrets.mac(`network ${ctx.network}`)).slice(0, 32)}`;
    counts.push(raw(ctx, sql`select identity.count_attempt(${subject}, ${network.tries}, ${network.windowSeconds})`));
  }
  const answers = await send(ctx, [
    raw<Door>(
      ctx,
      sql`select (select s.value::jsonb->'owner'->>'chat' from identity.app_settings s where s.key = 'telegram') as chat,
        exists (select from identity.app_users a where a.username = ${username}) as taken`,
    ),
    ...counts,
  ]);
  const { chat, taken } = (answers[0] as { rows: Door[] }).rows[0] ?? { chat: null, taken: false };
  if (!chat) {
    throw new Fault("conflict", "telegram_owner_not_bound", { detail: "The owner has not bound his Telegram yet." });
  }
  if (taken) throw new Fault("conflict", "username_taken", { detail: "Choose another username." });
  return chat;
}

export const startSignup = verb(
  {
    name: "identity.signup.start",
    summary: "Ask to join: the owner receives a PIN that confirms it",
    needs: "identity:login",
    scope: "none",
    effect: "external",
    steps: 2,
    faults: [
      "telegram_not_configured",
      "telegram_owner_not_bound",
      "username_taken",
      "telegram_send_failed",
      "password_common",
      "too_many_attempts",
    ],
    input: () => z.object({ username: Username(), password: NewPassword() }),
    output: () => z.object({ signup_request_id: z.uuid(), expires_at: z.string() }),
    example: () => ({ username: "karen.h", password: "five herons over the fjord" }),
  },
  async (ctx, { username, password }) => {
    const { messenger } = ctx.ports;
    if (!messenger) {
      throw new Fault("unavailable", "telegram_not_configured", { detail: "No Telegram bot is configured here." });
    }
    await assertUncommon(password, { username, pointer: "/password" });
    const own = as(ctx, { credential: { kind: "login", username } });
    const chat = await knock(own, username);
    const id = own.ids.uuid();
    const pin = newPin(own.ids);
    const until = await remember(own, { id, username, password, pin });
    await tell(own, {
      messenger,
      chat,
      id,
      text: `${username} asks to join Omneuro. PIN ${pin}, for ${pinMinutes} minutes.`,
    });
    return { signup_request_id: id, expires_at: instant(until) };
  },
);

type Asked = { id: string; username: string; password: string; pin: string };

/** A new PIN ends the one before: of two starts at once the second waits for the first. */
async function remember(ctx: Ctx, { id, username, password, pin }: Asked): Promise<string> {
  const salt = newToken(ctx.ids);
  const passwordHash = await passwordsIn(ctx).hash(password, ctx.ids.random(16));
  const hash = await pinHash(ctx.ports.secrets, { request: id, salt, pin });
  const answers = await send(ctx, [
    raw(ctx, sql`select pg_advisory_xact_lock(hashtextextended(${`signup:${username}`}, 0))`),
    raw(
      ctx,
      sql`update identity.signup_requests r set expires_at = shared.clock()
        where r.username = ${username} and r.used_at is null and r.expires_at > shared.clock()`,
    ),
    raw<{ expires_at: string }>(
      ctx,
      sql`insert into identity.signup_requests (id, username, password_hash, pin_hash, pin_salt, expires_at, created_at)
        values (${id}::uuid, ${username}, ${passwordHash}, ${hash}, ${salt},
          shared.clock() + make_interval(mins => ${pinMinutes}), shared.clock())
        returning expires_at`,
    ),
  ]);
  return String(answers[2].rows[0]?.expires_at);
}

/** A PIN that nobody received leaves nothing behind. */
async function tell(ctx: Ctx, to: { messenger: Messenger; chat: string; id: string; text: string }): Promise<void> {
  try {
    await to.messenger.send(to.chat, to.text);
  } catch (thrown) {
    await send(ctx, [raw(ctx, sql`delete from identity.signup_requests r where r.id = ${to.id}::uuid`)]);
    throw new Fault("provider", "telegram_send_failed", {
      detail: "The PIN could not be sent. Try again in a while.",
      cause: thrown instanceof ProviderFailure ? thrown.code : "unknown",
    });
  }
}

type Tried = { username: string; pin_hash: string; pin_salt: string; attempt: number };

const usedUp = {
  action: "identity.signup.confirmed",
  outcome: "refused",
  payload: { code: "pin_attempts_exceeded" },
} as const;

export const confirmSignup = verb(
  {
    name: "identity.signup.confirm",
    summary: "Join with the PIN that the owner passed on, and be signed in",
    needs: "identity:login",
    scope: "none",
    effect: "write",
    idempotency: "none",
    steps: 2,
    faults: ["signup_request_invalid", "pin_expired", "invalid_pin", "pin_attempts_exceeded", "username_taken"],
    input: () =>
      z.object({
        signup_request_id: z.uuid(),
        pin: z
          .string()
          .trim()
          .regex(/^[0-9]{6}$/, "six digits"),
      }),
    output: Opened,
  },
  async (ctx, { signup_request_id: request, pin }) => {
    const [found] = await send(ctx, [
      raw<{ tried: Tried }>(ctx, sql`select identity.try_pin(${request}::uuid, ${pinTries}) as tried`),
    ]);
    const tried = found.rows[0]?.tried;
    if (!tried) throw new Fault("invalid", "signup_request_invalid");
    const proof = await pinHash(ctx.ports.secrets, { request, salt: tried.pin_salt, pin });
    if (!sameHash(proof, tried.pin_hash)) {
      if (tried.attempt === pinTries) noteLater(ctx, usedUp);
      throw new Fault("unauthenticated", "invalid_pin");
    }
    const token = newToken(ctx.ids);
    const csrf = newToken(ctx.ids);
    const session = JSON.stringify({ id: await tokenHash(token), csrf, days: sessionDays });
    const own = as(ctx, { credential: { kind: "login", username: tried.username } });
    const confirmed = { action: "identity.signup.confirmed", user: userOf(tried.username) };
    const [made] = await send(own, [
      raw<{ until: string }>(
        own,
        sql`select identity.finish_signup(${request}::uuid, ${proof}, ${ctx.ids.uuid()}::uuid, ${session}::jsonb) as until`,
      ),
      raw(own, accessFrom(own, confirmed, once)),
    ]);
    return { token, csrf_token: csrf, expires_at: instant(String(made.rows[0]?.until)) };
  },
);
