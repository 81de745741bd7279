/** One request to the database: enter() first, then the verb's statements, all or nothing. */
import { type SQL, sql } from "drizzle-orm";
import type { Answers, Row, Statement } from "#db/client.ts";
import { asFault, isRetryable, sqlError } from "#db/errors.ts";
import { type Ctx, credentialText, type Who } from "./ctx.ts";
import { Fault } from "./fault.ts";

const minimumServer = 150_000;
const minimumVector = [0, 8, 0] as const;

type Server = { role: string; unsafe: boolean; server: number; vector: string | null };

/** Whether this isolate has seen that its login is harmless and its server new enough. */
let serverChecked = false;
export const forgetServerCheck = (): void => {
  serverChecked = false;
};

const serverStatement = sql`select current_user as role, r.rolsuper or r.rolbypassrls as unsafe,
  current_setting('server_version_num')::int as server,
  (select e.extversion from pg_extension e where e.extname = 'vector') as vector
  from pg_roles r where r.rolname = current_user`;

function assertServer(found: Server | undefined): void {
  const parts = (found?.vector ?? "0.8.0").split(".").map(Number);
  const oldVector = parts.findIndex((part, i) => part !== minimumVector[i]);
  const tooOld = oldVector >= 0 && (parts[oldVector] ?? 0) < (minimumVector[oldVector] ?? 0);
  if (!found || found.unsafe || found.server < minimumServer || tooOld) {
    throw new Fault("unavailable", "database_misconfigured", {
      detail: "The serving login must not bypass row security, on Postgres 15 or newer with pgvector 0.8 or newer.",
    });
  }
  serverChecked = true;
}

function enterStatement(ctx: Ctx) {
  const context = {
    request: ctx.requestId,
    trace: ctx.trace,
    scope: ctx.entry.scope,
    ...(ctx.entry.project ? { project: ctx.entry.project } : {}),
    ...(ctx.entry.invitation ? { invitation: ctx.entry.invitation } : {}),
    ...(ctx.entry.provenWithin ? { proven_within: ctx.entry.provenWithin } : {}),
    ...(ctx.entry.projects ? { projects: true } : {}),
    ...(ctx.clock.fixed() ? { now: ctx.clock.fixed() } : {}),
    ...(ctx.credential.kind === "session" && ctx.credential.csrf !== undefined ? { csrf: ctx.credential.csrf } : {}),
  };
  const asked = sql`${ctx.entry.permission}, ${JSON.stringify(context)}::jsonb`;
  if (ctx.credential.kind === "proven") return sql`select ${ctx.credential.enter(asked)} as who`;
  return sql`select identity.enter(${credentialText(ctx.credential)}, ${asked}) as who`;
}

/** Statements that produce objects straight from SQL. */
export const raw = <T extends Row>(ctx: Ctx, query: SQL): Statement<T> => ctx.db.execute<T>(query);

/**
 * Sends the statements as one transaction behind enter(), in one request; the answers come back in order.
 * Throws Fault for what SQL refused, Replay for an idempotent request already carried out.
 */
export async function send<const T extends readonly Statement[]>(ctx: Ctx, items: T): Promise<Answers<T>> {
  const check = serverChecked ? [] : [ctx.db.execute(serverStatement)];
  const answers = await attempt(ctx, [ctx.db.execute(enterStatement(ctx)), ...items, ...check]);
  if (!serverChecked) assertServer((answers.at(-1) as { rows: Server[] } | undefined)?.rows[0]);
  ctx.who = (answers[0] as { rows: { who: Who }[] }).rows[0]?.who as Who;
  return answers.slice(1, 1 + items.length) as unknown as Answers<T>;
}

async function attempt(ctx: Ctx, statements: readonly Statement[]): Promise<unknown[]> {
  for (let tries = 1; ; tries++) {
    ctx.meter.requests++;
    try {
      return [...(await ctx.db.batch(statements))];
    } catch (thrown) {
      const error = sqlError(thrown);
      if (error && isRetryable(error) && tries < 3) continue;
      const fault = error && asFault(error);
      if (fault) throw fault;
      if (error) throw new Error(`sql ${error.code}: ${error.message}`, { cause: thrown });
      throw new Fault("unavailable", "database_unavailable", { retryAfter: 1, cause: String(thrown) });
    }
  }
}
