/** Logging in and out of the console. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { raw, send } from "../kernel/batch.ts";
import { as, type Ctx } from "../kernel/ctx.ts";
import { accessFrom } from "../kernel/events.ts";
import { Fault } from "../kernel/fault.ts";
import { verb } from "../kernel/verb.ts";
import { noteLater, once, userOf } from "./access.ts";
import { passwordMatches } from "./password.ts";
import { newToken, tokenHash } from "./token.ts";

/** Tries per username in one window; the eleventh is refused before its password is hashed. */
export const loginLimit = { tries: 10, windowSeconds: 15 * 60 } as const;
export const sessionDays = 14;

/** Tries per network, where the edge names it: many names from one place. */
export const networkLimit = { tries: 100, windowSeconds: 15 * 60 } as const;

/** The same words whether the user is unknown or the password wrong. */
const refused = () => new Fault("unauthenticated", "login_refused", { detail: "Username or password is not right." });

const usedUp = {
  action: "identity.session.opened",
  outcome: "refused",
  payload: { code: "too_many_attempts" },
} as const;

type Account = { id: string; password_hash: string };

/** Two requests: count and read, then (after hashing) open the session. `token` is the cookie's value. */
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
    input: () => z.object({ username: z.string().trim().toLowerCase().max(64), password: z.string().min(1).max(128) }),
    output: () => z.object({ token: z.string(), csrf_token: z.string(), expires_at: z.string() }),
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
        sql`select a.id, a.password_hash from identity.app_users a join shared.users u on u.id = a.id
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
    if (!(await passwordMatches(password, account?.password_hash)) || !account) {
      // One row for a name whose tries are used up: a wrong password alone is nothing of note.
      if (counted.rows[0]?.tries === loginLimit.tries) noteLater(own, { ...usedUp, user: userOf(username) });
      throw refused();
    }
    const old = ctx.credential.kind === "session" ? ctx.credential.hash : null;
    return openSession(own, { account, username, subject, old });
  },
);

type Opening = { account: Account; username: string; subject: string; old: string | null };

/** A new id at every login; the browser's session before it ends. */
async function openSession(ctx: Ctx, input: Opening) {
  const token = newToken(ctx.ids);
  const csrf = newToken(ctx.ids);
  const opened = { action: "identity.session.opened", user: sql`${input.account.id}::uuid` };
  const [made] = await send(ctx, [
    raw<{ expires_at: string }>(
      ctx,
      sql`with gone as (delete from identity.attempts where key = ${input.subject}),
          rotated as (update identity.sessions set ended_at = shared.clock() where id = ${input.old}::text and ended_at is null),
          noted as (${accessFrom(ctx, opened, once)})
        insert into identity.sessions (id, user_id, username, csrf_token, expires_at)
        values (${await tokenHash(token)}, ${input.account.id}::uuid, ${input.username}, ${csrf},
          shared.clock() + make_interval(days => ${sessionDays}))
        returning expires_at`,
    ),
  ]);
  return { token, csrf_token: csrf, expires_at: String(made.rows[0]?.expires_at) };
}

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
