/** Logging in and out of the console. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { as, type Ctx } from "../kernel/ctx.ts";
import { accessFrom } from "../kernel/events.ts";
import { Fault } from "../kernel/fault.ts";
import { verb } from "../kernel/verb.ts";
import { noteLater, userOf } from "./access.ts";
import { TypedPassword } from "./new-password.ts";
import { passwordsIn } from "./password.ts";
import { type Account, Opened, openSession } from "./session-opening.ts";
import { tokenHash } from "./token.ts";

/** Tries per username in one window; the eleventh is refused before its password is hashed. */
export const loginLimit = { tries: 10, windowSeconds: 15 * 60 } as const;

/** Tries per network, where the edge names it: many names from one place. */
export const networkLimit = { tries: 100, windowSeconds: 15 * 60 } as const;

/** The same words whether the user is unknown or the password wrong. */
const refused = () => new Fault("unauthenticated", "login_refused", { detail: "Username or password is not right." });

const usedUp = {
  action: "identity.session.opened",
  outcome: "refused",
  payload: { code: "too_many_attempts" },
} as const;

/** Two requests: count and read, then (after hashing) open the session. */
export const login = verb(
  {
    name: "identity.login",
    summary: "Sign in with username and password",
    needs: "identity:login",
    scope: "none",
    effect: "write",
    idempotency: "none",
    steps: 2,
    faults: ["login_refused", "too_many_attempts"],
    input: () => z.object({ username: z.string().trim().toLowerCase().max(64), password: TypedPassword() }),
    output: Opened,
  },
  async (ctx, { username, password }) => {
    const own = as(ctx, { credential: { kind: "login", username } });
    const subject = `login:${await tokenHash(username)}`;
    const from = ctx.network
      ? `login_from:${(await ctx.ports.secrets.mac(`network ${ctx.network}`)).slice(0, 32)}`
      : null;
    const [found, counted] = await send(own, [
      raw<Account>(
        own,
        sql`select a.id, a.username, a.password_hash from identity.app_users a join shared.users u on u.id = a.id
        where a.username = ${username} and u.disabled_at is null`,
      ),
      raw<{ tries: number }>(
        own,
        sql`select identity.count_attempt(${subject}, ${loginLimit.tries}, ${loginLimit.windowSeconds}) as tries`,
      ),
      ...(from
        ? [raw(own, sql`select identity.count_attempt(${from}, ${networkLimit.tries}, ${networkLimit.windowSeconds})`)]
        : []),
    ]);
    const account = found.rows[0];
    const isRight = await passwordsIn(ctx).matches(password, account?.password_hash);
    if (!isRight || !account) {
      // One row for a name whose tries are used up: a wrong password alone is nothing of note.
      if (counted.rows[0]?.tries === loginLimit.tries) noteLater(own, { ...usedUp, user: userOf(username) });
      throw refused();
    }
    return openSession(ctx, { account, password, counter: subject }).catch((thrown: unknown) => {
      // The password was changed, or the person shut out, while this one was hashed.
      if (thrown instanceof Fault && thrown.code === "login_refused") throw refused();
      throw thrown;
    });
  },
);

export const logout = verb(
  {
    name: "identity.logout",
    summary: "Sign out: the session ends at once, everywhere",
    needs: "identity:login",
    scope: "user",
    effect: "write",
    idempotency: "none",
    input: () => z.object({}),
    output: () => z.object({ ended: z.boolean() }),
  },
  async (ctx) => {
    const [ended] = await send(ctx, [
      raw(
        ctx,
        sql`with change as (update identity.sessions set ended_at = shared.clock()
            where id = nullif(current_setting('app.session_id', true), '') and ended_at is null returning id),
          noted as (${accessFrom(ctx, { action: "identity.session.ended" }, sql`change`)})
          select id from change`,
      ),
    ]);
    return { ended: ended.rows.length > 0 };
  },
);

const Me = () =>
  z.object({
    actor: z.string(),
    username: z.string().nullable(),
    project: z.string().nullable(),
    projects: z.array(
      z.object({ id: z.string(), name: z.string(), timezone: z.string(), role: z.string().nullable() }),
    ),
    permissions: z.array(z.string()),
    csrf_token: z.string().nullable(),
  });

const tell = (ctx: Ctx): z.output<ReturnType<typeof Me>> => {
  if (!ctx.who) throw new Error("nobody has entered");
  const { actor, username, project, projects, permissions, csrf } = ctx.who;
  return { actor, username, project, projects, permissions, csrf_token: csrf };
};

export const me = verb(
  {
    name: "identity.me",
    summary: "Who I am, where, and what I may do",
    needs: "identity:login",
    scope: "user",
    doors: ["rest", "mcp"],
    effect: "read",
    input: () => z.object({}),
    output: Me,
  },
  async (ctx) => {
    const own = as(ctx, { entry: { ...ctx.entry, projects: true } });
    await send(own, []);
    if (own.who) ctx.who = own.who;
    return tell(own);
  },
);

export const selectProject = verb(
  {
    name: "identity.project.select",
    summary: "Work in another of my projects",
    needs: "identity:login",
    scope: "user",
    effect: "write",
    idempotency: "none",
    faults: ["project_unknown"],
    input: () => z.object({ project: z.uuid() }),
    output: Me,
  },
  async (ctx, { project }) => {
    const own = as(ctx, { entry: { ...ctx.entry, project, projects: true } });
    await send(own, [
      raw(
        own,
        sql`update identity.sessions set active_project_id = shared.scope()
          where id = nullif(current_setting('app.session_id', true), '')`,
      ),
    ]);
    if (own.who) ctx.who = own.who;
    if (own.who?.project !== project) throw new Fault("not_found", "project_unknown");
    return tell(own);
  },
);
