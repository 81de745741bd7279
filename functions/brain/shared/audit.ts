/** The audit trail: who did what critical thing on which evidence, sealed into a chain that can be verified. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Publishable } from "../kernel/outbox.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import type { Sweep } from "../kernel/sweep.ts";
import { reading, verb } from "../kernel/verb.ts";

const AuditEvent = () =>
  z.object({
    id: z.string(),
    actor: z.string(),
    action: z.string(),
    ref: z.object({ type: z.string(), id: z.string() }).nullable(),
    outcome: z.enum(["done", "refused", "failed"]),
    evidence: z.array(z.string()),
    payload: z.record(z.string(), z.unknown()),
    request_id: z.string(),
    at: z.string(),
  });

type Row = {
  id: string;
  actor: string;
  action: string;
  ref_type: string | null;
  ref_id: string | null;
  outcome: "done" | "refused" | "failed";
  evidence_refs: string[];
  payload: Record<string, unknown>;
  request_id: string;
  at: string;
};

const view = (row: Row): z.output<ReturnType<typeof AuditEvent>> => ({
  id: row.id,
  actor: row.actor,
  action: row.action,
  ref: row.ref_type && row.ref_id ? { type: row.ref_type, id: row.ref_id } : null,
  outcome: row.outcome,
  evidence: row.evidence_refs,
  payload: row.payload,
  request_id: row.request_id,
  at: instant(row.at),
});

export const listAudit = reading(
  {
    name: "shared.audit.list",
    summary: "Critical acts, newest first, with the evidence they rested on",
    needs: "shared:read",
    input: () => z.object({ ...paging(), action: z.string().max(80).optional(), ref: z.string().max(200).optional() }),
    output: () => page(AuditEvent()),
  },
  {
    part: (ctx, { limit, after, action, ref }) =>
      raw<Row>(
        ctx,
        sql`select a.id, a.actor, a.action, a.ref_type, a.ref_id, a.outcome, to_jsonb(a.evidence_refs) as evidence_refs,
            a.payload, a.request_id, a.at
          from shared.audit_events a
          where ${action ? sql`a.action = ${action}` : sql`true`} and ${ref ? sql`a.ref_id = ${ref}` : sql`true`}
            and ${after ? sql`(a.at, a.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by a.at desc, a.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, { view, position: (row) => ({ at: row.at, id: row.id }) }),
  },
);

const Verdict = () =>
  z.object({
    ok: z.boolean(),
    seals: z.int(),
    rows: z.int(),
    unsealed: z.int().optional().describe("Rows too new to be in a seal"),
    root: z.string().optional().describe("Hex of the newest root: compare it with one you kept elsewhere"),
    anchored: z.int().optional().describe("The newest seal whose root was told outside; 0 for none"),
    broken: z
      .object({ seal: z.int(), id: z.string().nullable(), how: z.enum(["changed", "missing", "added", "chain"]) })
      .optional(),
  });

export const verifyAudit = reading(
  {
    name: "shared.audit.verify",
    summary: "Walk the audit chain; names the first row that was changed, taken away or slipped in",
    needs: "shared:read",
    input: () => z.object({}),
    output: Verdict,
  },
  {
    part: (ctx) => raw(ctx, sql`select shared.verify_audit() as verdict`),
    view: (found) =>
      (found as { rows: { verdict: z.output<ReturnType<typeof Verdict>> }[] }).rows[0]?.verdict ?? {
        ok: true,
        seals: 0,
        rows: 0,
      },
  },
);

/** Audit rows whose wake-up was lost. */
export const auditSweep: Sweep = {
  part: (ctx) =>
    raw<{ staged: Publishable | null }>(ctx, sql`select shared.ask_seal(${ctx.ids.next("outbox")}) as staged`),
  due: sql`select shared.unsealed_projects()`,
};

type Sealed = { sealed: number; seq?: number; root?: string };

export const sealAudit = verb(
  {
    name: "shared.audit.seal",
    summary: "Seal what was audited since the last seal, and tell the new root to the log",
    needs: "shared:operate",
    doors: ["job"],
    effect: "write",
    idempotency: "none",
    input: () => z.object({}),
    did: ({ sealed }) => sealed,
    output: () => z.object({ sealed: z.int(), seq: z.int().optional(), root: z.string().optional() }),
  },
  async (ctx) => {
    const [found] = await send(ctx, [raw<{ sealed: Sealed }>(ctx, sql`select shared.seal_audit() as sealed`)]);
    const { sealed, seq, root } = found.rows[0]?.sealed ?? { sealed: 0 };
    // The log is kept elsewhere: that is what makes a rewritten chain noticeable.
    if (root !== undefined) ctx.log({ anchor: "audit", project: ctx.who?.project, seq, root });
    return { sealed, ...(seq === undefined ? {} : { seq }), ...(root === undefined ? {} : { root }) };
  },
);
