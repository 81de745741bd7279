/** A campaign as its verbs show it, and why a move of it did not happen. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { instant } from "../kernel/schemas.ts";
import { TemplateClass, TemplateName } from "./template.ts";
import { Value, VariableName } from "./template-text.ts";

export const campaignStates = ["draft", "approved", "running", "paused", "finished", "cancelled"] as const;
export const CampaignState = () => z.enum(campaignStates);
export const CampaignChannel = () => z.enum(["sms", "email", "telegram"]);

export const Step = () =>
  z.object({
    template: TemplateName(),
    wait_seconds: z.int().min(0).max(31_536_000).default(0).describe("After the step before was sent"),
    stop_on_reply: z.boolean().default(true).describe("The person's sequence ends when he writes"),
  });

export const Campaign = () =>
  z.object({
    id: z.string(),
    name: z.string(),
    class: TemplateClass(),
    channel: CampaignChannel(),
    sender: z.string().nullable(),
    segment: z.string(),
    variables: z.record(VariableName(), Value()),
    steps: z.array(Step()),
    state: CampaignState(),
    reason: z.string().nullable().describe("Why it is where it is, when not by somebody's wish"),
    allowed: z.array(z.string()).describe("The states that may follow"),
    members: z.int().nullable().describe("How many were in the segment at the start"),
    written_by: z.string(),
    approved_by: z.string().nullable(),
    approved_at: z.string().nullable(),
    started_at: z.string().nullable(),
    finished_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  });

export type CampaignView = z.output<ReturnType<typeof Campaign>>;

/** Of a relation called `c`, its steps apart. */
export const campaignColumns: SQL = sql`c.id, c.name, c.class, c.channel, c.sender_id as sender, c.segment_id as segment, c.variables, c.state,
  c.code as reason, outbound.campaign_allowed(c.state) as allowed, c.member_count as members, c.written_by, c.approved_by, c.approved_at,
  c.started_at, c.finished_at, c.created_at, c.updated_at, c.version`;

export const stepsOf: SQL = sql`(select coalesce(jsonb_agg(jsonb_build_object('template', s.template, 'wait_seconds', s.wait_seconds,
    'stop_on_reply', s.stop_on_reply) order by s.number), '[]')
  from outbound.campaign_steps s where s.project_id = c.project_id and s.campaign_id = c.id) as steps`;

export function campaignView(row: CampaignView): CampaignView {
  const { grounds: _, ...shown } = row as CampaignView & { grounds?: unknown };
  return {
    ...shown,
    approved_at: instant(row.approved_at),
    started_at: instant(row.started_at),
    finished_at: instant(row.finished_at),
    created_at: instant(row.created_at),
    updated_at: instant(row.updated_at),
  };
}

export const storedCampaign = (row: Record<string, unknown>): CampaignView =>
  campaignView(row as unknown as CampaignView);

export const campaignStatement = (ctx: Ctx, id: string) =>
  raw<CampaignView>(
    ctx,
    sql`select ${campaignColumns}, ${stepsOf} from outbound.campaigns c where c.project_id = shared.scope() and c.id = ${id}`,
  );

export const campaignFaults = ["campaign_unknown", "campaign_invalid_state", "campaign_changed"];

export async function whyNotCampaign(ctx: Ctx, id: string, next: string): Promise<Fault> {
  const [found] = await send(ctx, [campaignStatement(ctx, id)]);
  const row = found.rows[0];
  if (!row) return new Fault("not_found", "campaign_unknown");
  const { state, allowed, version } = row;
  // Only a change and an approval name the version that was read; to be there already is no move.
  const isRead = state === next && (next === "draft" || next === "approved");
  if (!allowed.includes(next) && !isRead)
    return new Fault("conflict", "campaign_invalid_state", {
      state,
      allowed,
      detail: `It is ${state}; from there it can become ${allowed.join(", ") || "nothing else"}.`,
    });
  return new Fault("stale", "campaign_changed", {
    version,
    detail: "It has changed since you read it: read it again.",
  });
}
