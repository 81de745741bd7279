/** Doing it once: the check before a change, the row that remembers its answer, and the twin that was quicker. */
import { type SQL, sql } from "drizzle-orm";
import type { Statement } from "#db/client.ts";
import { raw, send } from "./batch.ts";
import { as, type Ctx } from "./ctx.ts";
import type { Fault } from "./fault.ts";

/** Answers are kept this long. */
const keptSeconds = 24 * 3600;

/** What a person does for himself is remembered by person: his project may be another one by the time he asks again. */
const isOwn = (ctx: Ctx): boolean => ctx.entry.scope === "user";

/** Raises Replay, or a fault, when this key was seen before; forgets it when it has expired. */
export function replayCheck(ctx: Ctx): Statement[] {
  const seen = ctx.entry.idempotency;
  if (!seen) return [];
  const asked = sql`${seen.route}, ${seen.key}, ${seen.hash}`;
  return [raw(ctx, isOwn(ctx) ? sql`select identity.replay_own(${asked})` : sql`select shared.replay(${asked})`)];
}

/** Reads the relation `source`, which is the stored answer. */
export function rememberFrom(ctx: Ctx, status: number, source: SQL): SQL {
  const { key, route, hash } = ctx.entry.idempotency as NonNullable<Ctx["entry"]["idempotency"]>;
  const id = ctx.ids.next("idempotency");
  const until = sql`shared.clock() + make_interval(secs => ${keptSeconds})`;
  if (isOwn(ctx)) {
    return sql`insert into identity.user_idempotency_keys (user_id, id, route, idempotency_key, request_hash, response_status, response_body, expires_at)
      select current_setting('app.user_id')::uuid, ${id}, ${route}, ${key}, ${hash}, ${status}::int, to_jsonb(change), ${until} from ${source}`;
  }
  return sql`insert into shared.idempotency_keys
      (project_id, id, principal, route, idempotency_key, request_hash, response_status, response_body, expires_at)
    select shared.scope(), ${id}, current_setting('app.actor'), ${route}, ${key}, ${hash}, ${status}::int, to_jsonb(change), ${until} from ${source}`;
}

/** Both tables' unique keys: a twin committed while this one was waiting. */
export const isTwin = (ctx: Ctx, thrown: unknown): boolean =>
  ctx.entry.idempotency !== undefined &&
  thrown instanceof Error &&
  /idempotency_once/.test(String(thrown.cause ?? thrown));

/**
 * A change that was too late may have been too late for its own twin, which has the same key: throws Replay then.
 * An invitation opens its project no more once it is taken, and the answer is not kept in that project.
 */
export async function assertNoTwin(ctx: Ctx, fault: Fault): Promise<void> {
  if (!ctx.entry.idempotency || (fault.kind !== "conflict" && fault.kind !== "not_found")) return;
  const { invitation: _, ...entry } = ctx.entry;
  await send(as(ctx, { entry }), replayCheck(as(ctx, { entry })));
}
