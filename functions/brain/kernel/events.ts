/** Rows that ride along with a change: ledger, audit and outbox, built from the change itself so that no change means no row. */
import { type SQL, sql } from "drizzle-orm";
import type { Ctx } from "./ctx.ts";
import { Fault } from "./fault.ts";

/** What happened, in words of the ledger: ids, enums, numbers and hashes only. */
export type Event = { kind: string; ref: [type: string, id: string]; payload?: Record<string, unknown> };

/** A critical act; evidence ids are required unless the verb says that none can exist. */
export type Audit = {
  action: string;
  ref: [type: string, id: string];
  /** Ids, or an expression over `change` that yields them as text[]. */
  evidence: string[] | "none" | SQL;
  payload?: Record<string, unknown>;
  /** Where the change itself points at the row. */
  id?: string;
};

/** A critical act that no project holds. `user` is whom it concerns, where that is not the one who is signed in. */
export type Access = {
  action: string;
  outcome?: "refused";
  payload?: Record<string, unknown>;
  user?: SQL;
};

/** Work for later. With a dedupe key, at most one such row is pending per project and kind. */
export type Staged = { kind: string; dedupe?: string; payload?: Record<string, unknown>; delaySeconds?: number };

const json = (value: Record<string, unknown> | undefined) => sql`${JSON.stringify(value ?? {})}::jsonb`;

/** `insert … select … from <source>`: as many ledger rows as the source has rows, none when it has none. */
export const eventFrom = (ctx: Ctx, event: Event, source: SQL): SQL =>
  sql`insert into shared.events (project_id, id, user_id, session_id, request_id, kind, actor, ref_type, ref_id, payload)
    select shared.scope(), ${ctx.ids.next("event")}, nullif(current_setting('app.user_id', true), '')::uuid,
      nullif(current_setting('app.session_id', true), ''), current_setting('app.request_id'), ${event.kind},
      current_setting('app.actor'), ${event.ref[0]}, ${event.ref[1]}, ${json(event.payload)} from ${source}`;

export function auditFrom(ctx: Ctx, audit: Audit, source: SQL): SQL {
  if (Array.isArray(audit.evidence) && audit.evidence.length === 0) {
    throw new Fault("invalid", "evidence_required", { detail: "Name at least one piece of evidence for this act." });
  }
  const named = Array.isArray(audit.evidence) ? audit.evidence : [];
  const refs =
    typeof audit.evidence === "object" && !Array.isArray(audit.evidence)
      ? audit.evidence
      : sql`array(select jsonb_array_elements_text(${JSON.stringify(named)}::jsonb))`;
  return sql`insert into shared.audit_events (project_id, id, user_id, actor, action, ref_type, ref_id, evidence_refs, payload, request_id)
    select shared.scope(), ${audit.id ?? ctx.ids.next("audit")}, nullif(current_setting('app.user_id', true), '')::uuid,
      current_setting('app.actor'), ${audit.action}, ${audit.ref[0]}, ${audit.ref[1]},
      ${refs}, ${json(audit.payload)},
      current_setting('app.request_id') from ${source}`;
}

export const accessFrom = (ctx: Ctx, access: Access, source: SQL): SQL =>
  sql`insert into identity.access_events (id, user_id, actor, action, outcome, payload, request_id)
    select ${ctx.ids.next("access")}, ${access.user ?? sql`nullif(current_setting('app.user_id', true), '')::uuid`},
      current_setting('app.actor'), ${access.action}, ${access.outcome ?? "done"}, ${json(access.payload)}, current_setting('app.request_id') from ${source}`;

/** An audited act is sealed into the chain soon after. */
export const seal: Staged = { kind: "shared.audit.seal", dedupe: "shared.audit.seal", delaySeconds: 5 };

export const stagedFrom = (ctx: Ctx, staged: Staged, source: SQL): SQL =>
  sql`insert into shared.outbox (project_id, id, kind, dedupe_key, payload, due_at)
    select shared.scope(), ${ctx.ids.next("outbox")}, ${staged.kind}, ${staged.dedupe ?? null}, ${json(staged.payload)},
      shared.clock() + make_interval(secs => ${staged.delaySeconds ?? 0}) from ${source}
    on conflict (project_id, kind, dedupe_key) where state = 'pending' do nothing
    returning id, kind, payload, due_at`;
