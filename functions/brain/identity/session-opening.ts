/** What follows a password that was right: a new session, and the hash made anew where it is of an older kind. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { as, type Ctx } from "../kernel/ctx.ts";
import { accessFrom } from "../kernel/events.ts";
import { instant } from "../kernel/schemas.ts";
import { once } from "./access.ts";
import { passwordsIn } from "./password.ts";
import { newToken, tokenHash } from "./token.ts";

export const sessionDays = 14;

export type Account = { id: string; username: string; password_hash: string };

/** `token` is the cookie's value; the REST door takes it out of the answer. */
export const Opened = () => z.object({ token: z.string(), csrf_token: z.string(), expires_at: z.string() });

type Opening = {
  account: Account;
  /** What was typed, and right. */
  password: string;
  /** The key under which its tries were counted. */
  counter: string;
  /** Chosen instead: then every other session of this person ends. */
  next?: string;
};

/** A new id every time; the session that the browser had before ends. */
export async function openSession(ctx: Ctx, { account, password, counter, next }: Opening) {
  const passwords = passwordsIn(ctx);
  const isHashedAnew = next !== undefined || passwords.isOutdated(account.password_hash);
  const hash = isHashedAnew ? await passwords.hash(next ?? password, ctx.ids.random(16)) : undefined;
  const token = newToken(ctx.ids);
  const csrf = newToken(ctx.ids);
  const session = {
    id: await tokenHash(token),
    csrf,
    days: sessionDays,
    counter,
    ...(ctx.credential.kind === "session" ? { ends: ctx.credential.hash } : {}),
    ...(next === undefined ? {} : { alone: true }),
    ...(hash === undefined ? {} : { hash }),
  };
  const own = as(ctx, { credential: { kind: "login", username: account.username } });
  const action = next === undefined ? "identity.session.opened" : "identity.password.changed";
  const [made] = await send(own, [
    raw<{ until: string }>(
      own,
      sql`select identity.open_session(${account.id}::uuid, ${account.password_hash}, ${JSON.stringify(session)}::jsonb) as until`,
    ),
    raw(own, accessFrom(own, { action, user: sql`${account.id}::uuid` }, once)),
  ]);
  return { token, csrf_token: csrf, expires_at: instant(String(made.rows[0]?.until)) };
}
