/** What a campaign would do if it began now: its first message to the people of its segment, judged and undone. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { instant } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { Filter, peopleIn } from "./campaign-segments.ts";
import { type Brief, type Member, rowOf } from "./campaign-write.ts";

const Judged = () =>
  z.object({
    contact: z.string(),
    name: z.string().nullable(),
    verdict: z.enum(["send", "wait", "never"]),
    reason: z.string().nullable(),
    until: z.string().nullable().describe("When a message that waits is looked at again"),
  });
type JudgedRow = Omit<z.output<ReturnType<typeof Judged>>, "name">;

type Found = { brief: Brief | null; filter: unknown; code: string | null };

async function segmentOf(ctx: Ctx, id: string): Promise<{ brief: Brief; filter: Filter }> {
  const query = sql`select outbound.campaign_brief(c.id) as brief, g.filter from outbound.campaigns c
    join outbound.campaign_segments g on g.project_id = c.project_id and g.id = c.segment_id
    where c.project_id = shared.scope() and c.id = ${id}`;
  const [found] = await send(ctx, [raw<Found>(ctx, query)]);
  const row = found.rows[0];
  if (!row?.brief) throw new Fault("not_found", "campaign_unknown");
  const { state } = row.brief;
  if (state !== "draft" && state !== "approved")
    throw new Fault("conflict", "campaign_invalid_state", {
      state,
      detail: "It has started: its events say what became of each.",
    });
  return { brief: row.brief, filter: Filter().parse(row.filter) };
}

export const dryRunCampaign = verb(
  {
    name: "outbound.campaigns.dry_run",
    summary: "Who would be written to now, who would wait and who never, and why; nothing is kept",
    needs: "outbound:read",
    effect: "read",
    // Its filter and words, the people, the verdicts.
    steps: 3,
    faults: ["campaign_unknown", "campaign_invalid_state", "sender_missing", "template_missing"],
    input: () =>
      z.object({
        id: z.string().max(64),
        from: z.string().max(200).optional().describe("The last answer's `next`"),
        limit: z.coerce.number().int().min(1).max(500).default(500),
      }),
    output: () =>
      z.object({
        judged: z.int(),
        send: z.int(),
        wait: z.int(),
        never: z.int(),
        reasons: z.record(z.string(), z.int()),
        people: z.array(Judged()),
        next: z.string().nullable(),
      }),
  },
  async (ctx, { id, from, limit }) => {
    const { brief, filter } = await segmentOf(ctx, id);
    const people = sql`select k.id as contact, 1 as step, k.name, k.language from people.contacts k
      where ${peopleIn(filter)} and ${from ? sql`k.id > ${from}` : sql`true`} order by k.id limit ${limit + 1}`;
    const [members] = await send(ctx, [raw<Member>(ctx, people)]);
    const rows = members.rows.slice(0, limit).map((member) => rowOf(ctx, brief, member));
    const [told] = await send(ctx, [
      raw<{ judged: JudgedRow[] }>(
        ctx,
        sql`select outbound.campaign_dry_run(${id}, ${JSON.stringify(rows)}::jsonb) as judged`,
      ),
    ]);
    const names = new Map(members.rows.map(({ contact, name }) => [contact, name]));
    const judged = (told.rows[0]?.judged ?? []).map((row) => ({
      ...row,
      name: names.get(row.contact) ?? null,
      until: instant(row.until),
    }));
    return {
      ...counted(judged),
      people: judged,
      next: members.rows.length > limit ? (rows.at(-1)?.contact ?? null) : null,
    };
  },
);

function counted(judged: JudgedRow[]) {
  const of = (verdict: JudgedRow["verdict"]) => judged.filter((row) => row.verdict === verdict).length;
  const reasons: Record<string, number> = {};
  for (const { reason } of judged) if (reason) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return { judged: judged.length, send: of("send"), wait: of("wait"), never: of("never"), reasons };
}
