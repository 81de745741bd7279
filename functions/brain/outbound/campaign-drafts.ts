/** Campaigns before they start: written and changed. A change takes an approval back. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { commit } from "../kernel/commit.ts";
import { version } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import {
  Campaign,
  CampaignChannel,
  campaignColumns,
  campaignFaults,
  Step,
  storedCampaign,
  whyNotCampaign,
} from "./campaign.ts";
import { TemplateClass } from "./template.ts";
import { Value, VariableName } from "./template-text.ts";

const wording = () => ({
  name: z.string().trim().min(1).max(100),
  segment: z.string().max(64),
  sender: z.string().max(64).optional().describe("Left out, the channel's first one"),
  variables: z
    .record(VariableName(), Value())
    .default({})
    .describe("Values for the templates' gaps, the same for everybody"),
  steps: z.array(Step()).min(1).max(20),
});

type Steps = z.output<ReturnType<typeof Step>>[];

const numbered = (steps: Steps) => JSON.stringify(steps.map((step, i) => ({ number: i + 1, ...step })));

const putSteps = (
  steps: Steps,
): SQL => sql`insert into outbound.campaign_steps as s (project_id, campaign_id, number, template, wait_seconds, stop_on_reply)
  select shared.scope(), c.id, n.number, n.template, n.wait_seconds, n.stop_on_reply
  from change c, jsonb_to_recordset(${numbered(steps)}::jsonb) n (number int, template text, wait_seconds int, stop_on_reply boolean)
  on conflict (project_id, campaign_id, number) do update set template = excluded.template, template_ids = '{}',
    wait_seconds = excluded.wait_seconds, stop_on_reply = excluded.stop_on_reply`;

const isThere = (asked: { segment: string; sender?: string | undefined; channel: SQL }): SQL => sql`case
  when not exists (select from outbound.campaign_segments s where s.project_id = shared.scope() and s.id = ${asked.segment})
    then shared.fail('unprocessable', 'segment_unknown', jsonb_build_object('detail', 'Save the segment first.'))
  when ${asked.sender ?? null}::text is not null and not exists (select from outbound.senders s where s.project_id = shared.scope()
      and s.id = ${asked.sender ?? null} and s.channel = ${asked.channel} and s.disabled_at is null)
    then shared.fail('unprocessable', 'sender_missing', jsonb_build_object('detail', 'No such sender on that channel.'))
  else true end`;

export const createCampaign = verb(
  {
    name: "outbound.campaigns.create",
    summary: "Draft a campaign: a segment, and one message or a sequence",
    needs: "outbound:write",
    effect: "write",
    faults: ["segment_unknown", "sender_missing"],
    input: () => z.object({ ...wording(), class: TemplateClass().default("marketing"), channel: CampaignChannel() }),
    output: Campaign,
    example: () => ({
      name: "Autumn check",
      segment: "seg_example",
      channel: "sms" as const,
      steps: [{ template: "autumn" }],
    }),
  },
  async (ctx, input) => {
    const id = ctx.ids.next("campaign");
    return commit(ctx, {
      status: 201,
      change: sql`insert into outbound.campaigns as c (project_id, id, name, class, channel, sender_id, segment_id, variables, written_by, writers)
        select shared.scope(), ${id}, ${input.name}, ${input.class}, ${input.channel}, ${input.sender ?? null}, ${input.segment},
          ${JSON.stringify(input.variables)}::jsonb, current_setting('app.actor'), array[current_setting('app.actor')]
        where ${isThere({ ...input, channel: sql`${input.channel}` })}
        returning ${campaignColumns}, ${JSON.stringify(input.steps)}::jsonb as steps`,
      also: [putSteps(input.steps)],
      event: { kind: "outbound.campaign.drafted", ref: ["campaign", id], payload: { channel: input.channel } },
    });
  },
  storedCampaign,
);

export const updateCampaign = verb(
  {
    name: "outbound.campaigns.update",
    summary: "Change a campaign that has not started; an approval it had is taken back",
    needs: "outbound:write",
    effect: "write",
    faults: [...campaignFaults, "segment_unknown", "sender_missing"],
    input: () => z.object({ id: z.string().max(64), version: version(), ...wording() }),
    output: Campaign,
    example: () => ({
      id: "cmp_0",
      version: 1,
      name: "Autumn check",
      segment: "seg_example",
      steps: [{ template: "autumn" }],
    }),
  },
  async (ctx, { id, version, ...input }) =>
    commit(ctx, {
      change: sql`update outbound.campaigns c set name = ${input.name}, sender_id = ${input.sender ?? null}, segment_id = ${input.segment},
          variables = ${JSON.stringify(input.variables)}::jsonb, state = 'draft', code = case when c.state = 'approved' then 'content_changed_after_approval' end,
          seal = null, segment_filter = null, approved_by = null, approved_at = null,
          writers = array(select distinct w from unnest(c.writers || current_setting('app.actor')) w order by 1),
          updated_at = shared.clock(), version = c.version + 1
        where c.project_id = shared.scope() and c.id = ${id} and c.version = ${version}::int and c.state in ('draft', 'approved')
          and ${isThere({ ...input, channel: sql`c.channel` })}
        returning ${campaignColumns}, ${JSON.stringify(input.steps)}::jsonb as steps`,
      also: [
        putSteps(input.steps),
        sql`delete from outbound.campaign_steps s using change c
          where s.project_id = shared.scope() and s.campaign_id = c.id and s.number > ${input.steps.length}::int`,
      ],
      event: { kind: "outbound.campaign.edited", ref: ["campaign", id] },
      audit: { action: "outbound.campaign.edited", ref: ["campaign", id], evidence: "none" },
      lost: () => whyNotCampaign(ctx, id, "draft"),
    }),
  storedCampaign,
);
