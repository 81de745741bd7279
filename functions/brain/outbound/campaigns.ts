/** Campaigns as they are listed and read: how far each has come, what came out of it, and when. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { Campaign, CampaignState, type CampaignView, campaignColumns, campaignView, stepsOf } from "./campaign.ts";

export const listCampaigns = reading(
  {
    name: "outbound.campaigns.list",
    summary: "Campaigns, newest first",
    needs: "outbound:read",
    input: () => z.object({ ...paging(), state: CampaignState().optional() }),
    output: () => page(Campaign()),
  },
  {
    part: (ctx, { limit, after, state }) =>
      raw<CampaignView>(
        ctx,
        sql`select ${campaignColumns}, ${stepsOf} from outbound.campaigns c where c.project_id = shared.scope()
            and ${state ? sql`c.state = ${state}` : sql`true`}
            and ${after ? sql`(c.created_at, c.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by c.created_at desc, c.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: CampaignView[] }).rows, input, {
        view: campaignView,
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);

const Progress = () =>
  z.object({
    members: z.int(),
    waiting: z.int().describe("A step is still to be written"),
    queued: z.int().describe("A message is on its way"),
    finished: z.int().describe("All steps were sent"),
    ended: z.int().describe("No further step comes"),
    sent: z.int().describe("Members who were sent at least one message"),
    messages: z.int().describe("Messages sent, over all steps"),
    delivered: z.int(),
    read: z.int(),
    unsent: z.record(z.string(), z.int()).describe("Members who were sent nothing for good, by the reason"),
    stopped: z
      .record(z.string(), z.int())
      .describe("Members whose sequence ended after something was sent, by the reason"),
    held: z.record(z.string(), z.int()).describe("Members who wait, by what they wait for"),
  });
export type ProgressView = z.output<ReturnType<typeof Progress>>;

const Point = () =>
  z
    .object({ at: z.string(), kind: z.string(), count: z.int() })
    .describe("Events of a kind in the time that begins then");

type Tallied = { state: string; reason: string | null; reached: string | null; n: number; messages: number };
type Full = CampaignView & {
  segment_name: string;
  tally: Tallied[] | null;
  points: { at: string; kind: string; count: number }[] | null;
  every: number;
};

function progressOf(tally: Tallied[]): ProgressView {
  const sum = (of: (row: Tallied) => boolean) => tally.filter(of).reduce((all, { n }) => all + n, 0);
  const by = (of: (row: Tallied) => boolean) =>
    Object.fromEntries(
      [...Map.groupBy(tally.filter(of), ({ reason }) => reason ?? "")]
        .filter(([reason]) => reason !== "")
        .map(([reason, rows]) => [reason, rows.reduce((all, { n }) => all + n, 0)]),
    );
  return {
    members: sum(() => true),
    waiting: sum(({ state }) => state === "waiting"),
    queued: sum(({ state }) => state === "queued"),
    finished: sum(({ state }) => state === "finished"),
    ended: sum(({ state }) => state === "ended"),
    sent: sum(({ reached }) => reached !== null),
    messages: tally.reduce((all, { messages }) => all + messages, 0),
    delivered: sum(({ reached }) => reached === "delivered" || reached === "read"),
    read: sum(({ reached }) => reached === "read"),
    unsent: by(({ state, reached }) => state === "ended" && reached === null),
    stopped: by(({ state, reached }) => state === "ended" && reached !== null),
    held: by(({ state }) => state === "waiting" || state === "queued"),
  };
}

export const getCampaign = reading(
  {
    name: "outbound.campaigns.get",
    summary: "One campaign: its steps, how far it has come, and what happened when",
    needs: "outbound:read",
    faults: ["campaign_unknown"],
    input: () => z.object({ id: z.string().max(64) }),
    output: () =>
      Campaign().extend({
        segment_name: z.string(),
        progress: Progress(),
        series: z.object({ every_seconds: z.int(), points: z.array(Point()) }),
      }),
  },
  {
    part: (ctx, { id }) =>
      raw<Full>(
        ctx,
        sql`select ${campaignColumns}, ${stepsOf}, w.every,
          (select g.name from outbound.campaign_segments g where g.project_id = c.project_id and g.id = c.segment_id) as segment_name,
          (select jsonb_agg(t) from (select b.state, b.reason, b.reached, count(*)::int as n, sum(b.sent_count)::int as messages
            from outbound.campaign_members b where b.project_id = c.project_id and b.campaign_id = c.id group by 1, 2, 3) t) as tally,
          (select jsonb_agg(p order by p.at, p.kind) from (
            select date_bin(make_interval(secs => w.every), e.at, timestamptz '2020-01-01') as at, e.kind, count(*)::int as count
            from outbound.campaign_events e where e.project_id = c.project_id and e.campaign_id = c.id group by 1, 2 limit 5000) p) as points
          from outbound.campaigns c
            -- About fifty points, whatever its age.
            cross join lateral (select case
              when coalesce(c.finished_at, shared.clock()) - c.started_at > interval '12 days' then 86400
              when coalesce(c.finished_at, shared.clock()) - c.started_at > interval '2 days' then 21600 else 3600 end as every) w
          where c.project_id = shared.scope() and c.id = ${id}`,
      ),
    view: (found) => {
      const row = (found as { rows: Full[] }).rows[0];
      if (!row) throw new Fault("not_found", "campaign_unknown");
      const { tally, points, every, segment_name, ...campaign } = row;
      return {
        ...campaignView(campaign),
        segment_name,
        progress: progressOf(tally ?? []),
        series: {
          every_seconds: every,
          points: (points ?? []).map((point) => ({ ...point, at: new Date(point.at).toISOString() })),
        },
      };
    },
  },
);

const CampaignEvent = () =>
  z.object({
    contact: z.string(),
    name: z.string().nullable(),
    step: z.int(),
    kind: z.string().describe("sent, delivered, read, failed, unknown, retried, or why nothing was sent"),
    reason: z.string().nullable(),
    message: z.string().nullable(),
    at: z.string(),
  });
type EventRow = z.output<ReturnType<typeof CampaignEvent>> & { id: string };

export const listCampaignEvents = reading(
  {
    name: "outbound.campaigns.events",
    summary: "What became of each member's messages, newest first",
    needs: "outbound:read",
    faults: ["campaign_unknown"],
    input: () =>
      z.object({
        ...paging(),
        id: z.string().max(64),
        kind: z.string().max(40).optional(),
        contact: z.string().max(200).optional(),
      }),
    output: () => page(CampaignEvent()),
  },
  {
    part: (ctx, { id, limit, after, kind, contact }) =>
      raw<EventRow>(
        ctx,
        sql`select e.id::text as id, e.contact_id as contact, k.name, e.step, e.kind, e.reason, e.message_id as message, e.at
          from outbound.campaigns c
            left join lateral (select * from outbound.campaign_events x where x.project_id = c.project_id and x.campaign_id = c.id
              and ${kind ? sql`x.kind = ${kind}` : sql`true`} and ${contact ? sql`x.contact_id = any((select people.same_person(array[${contact}]))::text[])` : sql`true`}
              and ${after ? sql`(x.at, x.id) < (${after.at}::timestamptz, ${/^\d{1,18}$/.test(after.id) ? after.id : "0"}::bigint)` : sql`true`}
              order by x.at desc, x.id desc limit ${limit + 1}) e on true
            left join people.contacts k on k.project_id = e.project_id and k.id = e.contact_id
          where c.project_id = shared.scope() and c.id = ${id} order by e.at desc, e.id desc`,
      ),
    view: (found, input) => {
      const { rows } = found as { rows: EventRow[] };
      if (rows.length === 0) throw new Fault("not_found", "campaign_unknown");
      return paged(
        rows.filter((row) => row.id !== null),
        input,
        {
          view: ({ id: _, ...row }) => ({ ...row, at: instant(row.at) }),
          position: (row) => ({ at: row.at, id: row.id }),
        },
      );
    },
  },
);
