/** A critical act that was refused, or failed, leaves a row as well: after the answer, in a batch of its own. */
import { sql } from "drizzle-orm";
import { raw, send } from "./batch.ts";
import { type Act, as, type Ctx } from "./ctx.ts";
import { seal, stagedFrom } from "./events.ts";
import { Fault, Replay } from "./fault.ts";
import { type Publishable, publish } from "./outbox.ts";
import { ProviderFailure } from "./ports.ts";

type Told = { outcome: "refused" | "failed"; code: string };

/** Rows of one caller in a minute; what is beyond that is in the metrics only. */
const mostPerMinute = 20;

/** Said of the request, or of somebody who did not prove to be the one who asks; not of the act. */
const besides = new Set(["csrf_mismatch", "cross_site", "project_required", "idempotency_in_progress"]);

/** Undefined for what is nobody's refusal: malformed, unknown, too many, out of reach. */
function toldBy(thrown: unknown): Told | undefined {
  if (thrown instanceof Replay) return undefined;
  if (thrown instanceof ProviderFailure) return { outcome: "failed", code: thrown.code };
  if (!(thrown instanceof Fault)) return { outcome: "failed", code: "internal" };
  if (thrown.kind === "provider") return { outcome: "failed", code: thrown.code };
  const isRefusal = ["forbidden", "conflict", "stale"].includes(thrown.kind) || thrown.code === "evidence_required";
  return isRefusal && !besides.has(thrown.code) ? { outcome: "refused", code: thrown.code } : undefined;
}

/** One verb may run another: what was thrown is written down once. */
const written = new WeakSet<object>();

export function writeDown(ctx: Ctx, thrown: unknown): void {
  const act = ctx.attempt?.act;
  const told = toldBy(thrown);
  if (
    !act ||
    !told ||
    ctx.entry.scope === "none" ||
    typeof thrown !== "object" ||
    thrown === null ||
    written.has(thrown)
  )
    return;
  written.add(thrown);
  ctx.after(() => record(ctx, act, told));
}

/** Whoever was refused typed the id himself: only what has the form of one is kept. */
const isId = (text: string): boolean =>
  /^([a-z]{3}_[0-9a-hjkmnp-tv-z]{26}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(text);

/** Enters anew as the same caller, without the permission that he may lack; a stranger leaves no row. Not counted as the verb's. */
async function record(ctx: Ctx, act: Act, told: Told): Promise<void> {
  const { project } = ctx.entry;
  const entry = { permission: ctx.entry.permission, scope: "user" as const, ...(project ? { project } : {}) };
  const own = as(ctx, { entry, meter: { requests: 0 } });
  // What a key tries belongs to its project, whatever it tries.
  const isOwn = ctx.entry.scope !== "project" && ctx.credential.kind === "session";
  const [found] = await send(own, [raw<Publishable>(own, isOwn ? ownRow(own, act, told) : auditRow(own, act, told))]);
  if (own.who?.project && found.rows.length > 0) await publish(own, own.who.project, found.rows);
}

const payloadOf = ({ code }: Told) => sql`${JSON.stringify({ code })}::jsonb`;

function auditRow(ctx: Ctx, act: Act, told: Told) {
  const [type, id] = act.ref && isId(act.ref[1]) ? act.ref : [null, null];
  return sql`with caller as (select shared.scope() as project where shared.scope() is not null and ${mostPerMinute} >
      (select count(*) from shared.audit_events a where a.project_id = shared.scope() and a.actor = current_setting('app.actor')
        and a.outcome <> 'done' and a.at > shared.clock() - interval '1 minute')),
    written as (insert into shared.audit_events (project_id, id, user_id, actor, action, ref_type, ref_id, outcome, payload, request_id)
      select caller.project, ${ctx.ids.next("audit")}, nullif(current_setting('app.user_id', true), '')::uuid, current_setting('app.actor'),
        ${act.action}, ${type}::text, ${id}::text, ${told.outcome}, ${payloadOf(told)}, current_setting('app.request_id') from caller),
    staged as (${stagedFrom(ctx, seal, sql`caller`)})
    select * from staged`;
}

function ownRow(ctx: Ctx, act: Act, told: Told) {
  return sql`with caller as (select current_setting('app.user_id')::uuid as person where current_setting('app.user_id', true) <> '' and ${mostPerMinute} >
      (select count(*) from identity.access_events a where a.user_id = nullif(current_setting('app.user_id', true), '')::uuid
        and a.outcome <> 'done' and a.at > shared.clock() - interval '1 minute')),
    written as (insert into identity.access_events (id, user_id, actor, action, outcome, payload, request_id)
      select ${ctx.ids.next("access")}, caller.person, current_setting('app.actor'), ${act.action}, ${told.outcome}, ${payloadOf(told)},
        current_setting('app.request_id') from caller)
    select null::text as id where false`;
}
