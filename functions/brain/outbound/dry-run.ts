/** What would be sent, judged as the real run would judge it, and nothing written: one message, a campaign, or a day's queue. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { instant } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { Channel, State } from "./message.ts";

/** Each moment at which something is due is judged by itself, so this bounds the work. */
const mostMessages = 500;
const mostRounds = 200;

const Judged = () =>
  z.object({
    id: z.string(),
    contact: z.string(),
    channel: Channel(),
    state: State().describe("As it is now: a draft is judged as if it were approved"),
    judged_at: z.string(),
    verdict: z.enum(["send", "wait", "draft", "block", "cancel"]),
    reason: z.string().nullable(),
    again_at: z.string().nullable().describe("When a waiting one is judged again"),
  });

type Row = z.output<ReturnType<typeof Judged>>;

export const dryRun = reading(
  {
    name: "outbound.dry_run",
    summary:
      "Which messages would leave, and which not and why, at this moment or until a later one; nothing is written",
    needs: "outbound:read",
    input: () =>
      z
        .object({
          ids: z.array(z.string().max(64)).min(1).max(mostMessages).optional(),
          campaign: z.string().max(64).optional(),
          until: z.iso.datetime({ offset: true }).optional().describe("Alone: everything queued that is due by then"),
        })
        .refine(
          (asked) => asked.ids || asked.campaign || asked.until,
          "name messages, a campaign, or a time until which the queue is judged",
        ),
    output: () =>
      z.object({
        at: z.string(),
        /** Of the last word on each message. */
        verdicts: z.record(z.string(), z.int()),
        judged: z.array(Judged()),
        more: z.boolean().describe("There were more messages than are judged at once; those due first were"),
      }),
    example: () => ({ until: "2030-01-01T00:00:00Z" }),
  },
  {
    part: (ctx, { ids, campaign, until }) => {
      const asked = JSON.stringify(ids ?? []);
      const end = sql`coalesce(${until ?? null}::timestamptz, shared.clock())`;
      return raw<Row & { now: string; found: number }>(
        ctx,
        sql`with picked as materialized (
            select m.id, m.contact_id, m.channel, m.state, count(*) over () as found from outbound.messages m
            where m.project_id = shared.scope() and ${
              ids
                ? sql`m.id = any(array(select jsonb_array_elements_text(${asked}::jsonb)))`
                : campaign
                  ? sql`m.campaign_id = ${campaign} and m.state in ('draft', 'pending', 'approved', 'queued')`
                  : sql`m.state = 'queued' and m.due_at <= ${end}`
            }
            order by m.due_at, m.id limit ${mostMessages})
          select p.id, p.contact_id as contact, p.channel, p.state, v.judged_at, v.verdict, v.code as reason, v.retry_at as again_at,
            shared.clock() as now, p.found::int as found
          from (select shared.clock() as at) c
            left join picked p on true
            left join outbound.dry_run(array(select x.id from picked x), shared.clock(), ${end}, ${mostRounds}::int) v on v.id = p.id
          order by v.judged_at, p.id`,
      );
    },
    view: (found, input) => {
      const { rows } = found as { rows: (Row & { now: string; found: number | null; id: string | null })[] };
      const judged = rows.filter((row) => row.id !== null && row.judged_at !== null);
      const here = new Set(rows.map(({ id }) => id));
      if (input.ids?.some((id) => !here.has(id))) throw new Fault("not_found", "outbound_message_unknown");
      const last = new Map(judged.map(({ id, verdict }) => [id, verdict]));
      const verdicts: Record<string, number> = {};
      for (const verdict of last.values()) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      return {
        at: instant(rows[0]?.now ?? ""),
        verdicts,
        more: (rows[0]?.found ?? 0) > mostMessages,
        judged: judged.map(({ now: _now, found: _found, ...row }) => ({
          ...row,
          judged_at: instant(row.judged_at),
          again_at: instant(row.again_at),
        })),
      };
    },
  },
);
