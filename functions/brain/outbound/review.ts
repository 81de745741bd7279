/** A message as whoever approves it has to see it: what would become of it at this moment, and what it rests on. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { instant } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { Message, type MessageRow, messageColumns, messageView } from "./message.ts";

const input = () =>
  z.object({
    id: z.string().max(64).optional().describe("Left out, the message that waits longest for an approval"),
    state: z.enum(["pending", "draft"]).optional().describe("Without an id: among those in this state only"),
  });

/** The message that is meant, as a relation `m` of one row or none. */
const meant = ({ id, state }: z.output<ReturnType<typeof input>>): SQL => {
  if (id !== undefined)
    return sql`(select x.* from outbound.messages x where x.project_id = shared.scope() and x.id = ${id}) m`;
  const oldest = (one: string) => sql`(select x.*, ${one === "draft" ? 1 : 0}::int as place from outbound.messages x
    where x.project_id = shared.scope() and x.state = ${one} order by x.updated_at, x.id limit 1)`;
  const rows = state ? oldest(state) : sql`${oldest("pending")} union all ${oldest("draft")}`;
  return sql`(select o.* from (${rows}) o order by o.place limit 1) m`;
};

const Verdict = () =>
  z.object({
    verdict: z.enum(["send", "wait", "draft", "block", "cancel"]),
    reason: z.string().nullable(),
    retry_at: z.string().nullable().describe("When it would be looked at again"),
    judged_at: z.string().describe("This moment, or when it is due"),
  });

const Rules = () =>
  z.object({
    four_eyes: z.boolean(),
    quiet_from: z.string(),
    quiet_until: z.string(),
    cap_count: z.int(),
    cap_seconds: z.int(),
    most_attempts: z.int(),
  });

const Review = () =>
  Message().extend({
    allowed: z.array(z.string()),
    from: z.object({
      name: z.string(),
      address: z.string(),
      provider: z.string(),
      paused_until: z.string().nullable(),
    }),
    zones: z.array(z.string()).describe("Where the recipient may be"),
    thread: z.record(z.string(), z.unknown()),
    is_own: z.boolean().describe("Words of whoever asks are in it"),
    rules: Rules(),
    outlook: Verdict().nullable().describe("What becomes of it, as if it were approved now; null once it has left"),
  });

type Row = MessageRow & {
  allowed: string[];
  from: z.output<ReturnType<typeof Review>>["from"];
  zones: string[];
  thread: Record<string, unknown>;
  is_own: boolean;
  rules: z.output<ReturnType<typeof Rules>>;
  verdict: z.output<ReturnType<typeof Verdict>>["verdict"] | null;
  why: string | null;
  retry_at: string | null;
  judged_at: string;
};

const iso = (text: string) => new Date(text).toISOString();

const view = (row: Row): z.output<ReturnType<typeof Review>> => {
  const { verdict, why, retry_at, judged_at, allowed, from, zones, thread, is_own, rules, ...message } = row;
  const { paused_until } = from;
  return {
    ...messageView(message),
    allowed,
    from: { ...from, paused_until: paused_until && iso(paused_until) },
    zones,
    thread,
    is_own,
    rules,
    outlook: verdict && { verdict, reason: why, retry_at: instant(retry_at), judged_at: instant(judged_at) },
  };
};

export const reviewMessage = reading(
  {
    name: "outbound.messages.review",
    summary: "A message with what would become of it at this moment if it were approved; nothing is written",
    needs: "outbound:read",
    faults: ["outbound_message_unknown"],
    input,
    output: () => z.object({ message: Review().nullable().describe("Null when nothing waits") }),
  },
  {
    part: (ctx, asked) =>
      raw<Row>(
        ctx,
        sql`select ${messageColumns}, outbound.allowed(m.state) as allowed, m.zones, m.thread,
            current_setting('app.actor') = any(m.writers) as is_own, outbound.rules(m.contact_id, m.channel, m.brand) as rules,
            jsonb_build_object('name', s.name, 'address', s.address, 'provider', s.provider,
              'paused_until', case when s.paused_until > shared.clock() then s.paused_until end) as from,
            v.verdict, v.code as why, nullif(v.retry_at, 'infinity') as retry_at, greatest(m.due_at, shared.clock()) as judged_at
          from ${meant(asked)}
            join outbound.senders s on s.project_id = m.project_id and s.id = m.sender_id
            left join lateral (select x.* from outbound.verdicts(array[m.id], greatest(m.due_at, shared.clock())) x
              where m.state in ('draft', 'pending', 'approved', 'queued')) v on true`,
      ),
    view: (found, asked) => {
      const row = (found as { rows: Row[] }).rows[0];
      if (!row && asked.id !== undefined) throw new Fault("not_found", "outbound_message_unknown");
      return { message: row ? view(row) : null };
    },
  },
);

const Ground = () =>
  z.object({
    id: z.string(),
    version: z.int().nullable().describe("Null when there is no such evidence here"),
    source: z.object({ table: z.string(), pk: z.string() }).nullable(),
    withdrawn_at: z.string().nullable(),
    occurred_at: z.string().nullable(),
    row: z.record(z.string(), z.unknown()).nullable(),
  });

type Opened = {
  version: number;
  source_table: string;
  source_pk: string;
  withdrawn_at: string | null;
  occurred_at: string;
  row: Record<string, unknown> | null;
};

export const reviewEvidence = reading(
  {
    name: "outbound.messages.evidence",
    summary: "What a message rests on, each with its source row as it is now",
    needs: "memory:read",
    input,
    output: () => z.object({ data: z.array(Ground()) }),
  },
  {
    part: (ctx, asked) =>
      raw<{ id: string; opened: Opened | null }>(
        ctx,
        sql`select r.id, case when exists (select from shared.evidence_items e where e.project_id = m.project_id and e.id = r.id)
              then shared.open_evidence(r.id) end as opened
          from ${meant(asked)} cross join unnest(m.evidence_refs) with ordinality r (id, place) order by r.place`,
      ),
    view: (found) => ({
      data: (found as { rows: { id: string; opened: Opened | null }[] }).rows.map(({ id, opened }) => ({
        id,
        version: opened?.version ?? null,
        source: opened && { table: opened.source_table, pk: opened.source_pk },
        withdrawn_at: opened?.withdrawn_at ? iso(opened.withdrawn_at) : null,
        occurred_at: opened ? iso(opened.occurred_at) : null,
        row: opened?.row ?? null,
      })),
    }),
  },
);
