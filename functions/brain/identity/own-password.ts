/** The password of somebody who is signed in: given again before a critical act, or changed. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { verb } from "../kernel/verb.ts";
import { assertUncommon } from "./common-passwords.ts";
import { NewPassword, TypedPassword } from "./new-password.ts";
import { passwordsIn } from "./password.ts";
import { assertPerson } from "./person.ts";
import { type Account, Opened, openSession } from "./session-opening.ts";
import { loginLimit } from "./sessions.ts";

type Counted = Account & { counter: string };

/** Counted on its own: strangers who use up the tries of signing in do not keep the owner from his console. */
async function own(ctx: Ctx): Promise<Counted> {
  assertPerson(ctx);
  const { tries, windowSeconds } = loginLimit;
  const counter = sql`'password:' || encode(sha256(convert_to(current_setting('app.user_id'), 'UTF8')), 'hex')`;
  const [found] = await send(ctx, [
    raw<Counted>(
      ctx,
      sql`select a.id, a.username, a.password_hash, ${counter} as counter from identity.app_users a
        where a.id = nullif(current_setting('app.user_id', true), '')::uuid`,
    ),
    raw(ctx, sql`select identity.count_attempt(${counter}, ${tries}, ${windowSeconds})`),
  ]);
  const account = found.rows[0];
  if (!account) throw new Fault("forbidden", "session_required", { detail: "This person signs in in another way." });
  return account;
}

async function assertRight(ctx: Ctx, typed: { account: Account; password: string; pointer: string }): Promise<void> {
  if (await passwordsIn(ctx).matches(typed.password, typed.account.password_hash)) return;
  throw new Fault("invalid", "password_wrong", {
    detail: "That is not your password.",
    errors: [{ pointer: typed.pointer, detail: "is not your password" }],
  });
}

const declared = {
  needs: "identity:login",
  scope: "user",
  effect: "write",
  idempotency: "none",
  steps: 2,
  output: Opened,
} as const;

export const confirmPassword = verb(
  {
    ...declared,
    name: "identity.password.confirm",
    summary: "Give the password again: the session goes on under a new id, and critical acts are open for half an hour",
    faults: ["session_required", "password_wrong", "too_many_attempts", "login_refused"],
    input: () => z.object({ password: TypedPassword() }),
  },
  async (ctx, { password }) => {
    const { counter, ...account } = await own(ctx);
    await assertRight(ctx, { account, password, pointer: "/password" });
    return openSession(ctx, { account, password, counter });
  },
);

export const changePassword = verb(
  {
    ...declared,
    name: "identity.password.change",
    summary: "Choose another password; every other session of this person ends, this one goes on under a new id",
    faults: ["session_required", "password_wrong", "password_common", "too_many_attempts", "login_refused"],
    input: () => z.object({ current_password: TypedPassword(), new_password: NewPassword() }),
  },
  async (ctx, { current_password: password, new_password: next }) => {
    const { counter, ...account } = await own(ctx);
    await assertUncommon(next, { username: account.username, pointer: "/new_password" });
    await assertRight(ctx, { account, password, pointer: "/current_password" });
    return openSession(ctx, { account, password, counter, next });
  },
);
