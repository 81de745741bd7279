/** Risks: what may go wrong with somebody, the words it rests on, and the message that would put it right. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";

const kinds = ["promise_broken", "false_belief"] as const;
const statuses = ["open", "resolved", "dismissed"] as const;

const Risk = () =>
  z.object({
    id: z.string(),
    kind: z.enum(kinds),
    status: z.enum(statuses),
    severity: z.int().describe("1 is the most severe"),
    about: z.object({ type: z.string(), id: z.string() }),
    sentence: z.string().nullable().describe("What was promised, or what he holds for true"),
    contact: z.string().nullable(),
    contact_name: z.string().nullable(),
    evidence: z.object({ id: z.string(), version: z.int() }).nullable(),
    action: z
      .object({ message: z.string(), state: z.string() })
      .nullable()
      .describe("A message that puts it right: it leaves when somebody approves it"),
    reason: z.string().nullable(),
    opened: z.int().describe("How often it was open"),
    first_seen_at: z.string(),
    last_seen_at: z.string(),
    closed_at: z.string().nullable(),
    version: z.int(),
  });

type View = z.output<ReturnType<typeof Risk>>;
type Row = Omit<View, "about" | "contact" | "evidence" | "action"> & {
  ref_type: string;
  ref_id: string;
  contact_id: string | null;
  evidence_id: string | null;
  evidence_version: number | null;
  message_id: string | null;
  message_state: string | null;
};

const columns = sql`r.id, r.kind, r.status, r.severity, r.ref_type, r.ref_id, insight.words_of(r) as sentence, r.contact_id,
  (select p.name from people.contacts p where p.project_id = r.project_id and p.id = r.contact_id) as contact_name, r.evidence_id, r.evidence_version,
  r.message_id, (select m.state from outbound.messages m where m.project_id = r.project_id and m.id = r.message_id) as message_state, r.code as reason, r.opened,
  r.first_seen_at, r.last_seen_at, r.closed_at, r.version`;

const view = ({
  ref_type,
  ref_id,
  contact_id,
  evidence_id,
  evidence_version,
  message_id,
  message_state,
  ...row
}: Row): View => ({
  ...row,
  about: { type: ref_type, id: ref_id },
  contact: contact_id,
  evidence: evidence_id === null || evidence_version === null ? null : { id: evidence_id, version: evidence_version },
  action: message_id === null || message_state === null ? null : { message: message_id, state: message_state },
  first_seen_at: instant(row.first_seen_at),
  last_seen_at: instant(row.last_seen_at),
  closed_at: instant(row.closed_at),
});

export const listRisks = reading(
  {
    name: "insight.risks.list",
    summary: "What may go wrong with somebody: broken promises, false beliefs, each with what would put it right",
    needs: "outbound:read",
    input: () =>
      z.object({
        ...paging(),
        status: z.enum(statuses).default("open"),
        kind: z.enum(kinds).optional(),
        contact: z.string().max(200).optional(),
      }),
    output: () => page(Risk()),
  },
  {
    part: (ctx, { limit, after, status, kind, contact }) =>
      raw<Row>(
        ctx,
        sql`select ${columns} from insight.risk_radar_items r where r.project_id = shared.scope() and r.status = ${status}
            and ${kind ? sql`r.kind = ${kind}` : sql`true`}
            and ${contact ? sql`r.contact_id = any(people.same_person(array[${contact}]))` : sql`true`}
            and ${after ? sql`(r.last_seen_at, r.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by r.last_seen_at desc, r.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view,
        position: (row) => ({ at: row.last_seen_at, id: row.id }),
      }),
  },
);

export const dismissRisk = verb(
  {
    name: "insight.risks.dismiss",
    summary: "Close a risk that is none, or that somebody has dealt with",
    needs: "outbound:write",
    effect: "write",
    faults: ["risk_unknown", "risk_closed"],
    input: () => z.object({ id: z.string().min(1).max(64) }),
    output: Risk,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      change: sql`update insight.risk_radar_items r set status = 'dismissed', closed_at = shared.clock(), code = 'dismissed',
          updated_at = shared.clock(), version = r.version + 1
        where r.project_id = shared.scope() and r.id = ${id} and r.status = 'open' returning ${columns}`,
      event: { kind: "risk.dismissed", ref: ["risk", id] },
      lost: async () => {
        const [found] = await send(ctx, [
          raw(
            ctx,
            sql`select 1 as there from insight.risk_radar_items r where r.project_id = shared.scope() and r.id = ${id}`,
          ),
        ]);
        return found.rows.length > 0 ? new Fault("conflict", "risk_closed") : new Fault("not_found", "risk_unknown");
      },
    }),
  (row) => view(row as unknown as Row),
);
