/** A campaign's life: approved as it stands and sealed, started, paused, resumed, cancelled. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { type Change, commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { version } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { Campaign, campaignColumns, campaignFaults, stepsOf, storedCampaign, whyNotCampaign } from "./campaign.ts";
import { Filter, peopleIn } from "./campaign-segments.ts";

/** More than these are a segment drawn too wide; members are written in one statement. */
const mostMembers = 100_000;

const own = (id: string): SQL => sql`c.project_id = shared.scope() and c.id = ${id}`;

/** What it rests on: the rows of its templates and its segment. */
const grounds: SQL = sql`(select array_agg(distinct t.id) || c.segment_id from outbound.campaign_steps s, unnest(s.template_ids) t (id)
  where s.project_id = c.project_id and s.campaign_id = c.id) as grounds`;

const shown = (more: SQL = sql``): SQL => sql`returning ${campaignColumns}, ${stepsOf}, ${grounds}${more}`;
const audited = (action: string, id: string): NonNullable<Change["audit"]> => ({
  action: `outbound.campaign.${action}`,
  ref: ["campaign", id],
  evidence: sql`coalesce(change.grounds, array[change.segment])`,
});

export const approveCampaign = verb(
  {
    name: "outbound.campaigns.approve",
    summary:
      "Approve a campaign as you read it: its steps, templates and segment are sealed, and each message with them",
    needs: "outbound:approve",
    // Nothing a model reads may let it approve what a model wrote.
    doors: ["rest"],
    effect: "write",
    faults: [...campaignFaults, "template_missing", "template_class_differs", "sender_missing", "four_eyes_required"],
    input: () => z.object({ id: z.string().max(64), version: version() }),
    output: Campaign,
    example: () => ({ id: "cmp_0", version: 1 }),
  },
  async (ctx, { id, version }) => {
    const read = sql`${own(id)} and c.version = ${version}::int and c.state in ('draft', 'approved')`;
    return commit(ctx, {
      before: [
        raw(
          ctx,
          sql`update outbound.campaign_steps s set template_ids = outbound.current_templates(s.template, c.channel)
            from outbound.campaigns c where ${read} and s.project_id = c.project_id and s.campaign_id = c.id`,
        ),
        raw(
          ctx,
          sql`update outbound.campaigns c set segment_filter = (select g.filter from outbound.campaign_segments g
                where g.project_id = c.project_id and g.id = c.segment_id),
              sender_id = coalesce(c.sender_id, (select s.id from outbound.senders s where s.project_id = c.project_id and s.channel = c.channel
                and s.disabled_at is null order by s.created_at, s.id limit 1))
            where ${read}`,
        ),
      ],
      change: sql`update outbound.campaigns c set state = 'approved', code = null, approved_by = current_setting('app.actor'),
          approved_at = shared.clock(), seal = outbound.campaign_seal(c), updated_at = shared.clock(), version = c.version + 1
        where ${read} and ${approvable}
        ${shown()}`,
      event: { kind: "outbound.campaign.approved", ref: ["campaign", id] },
      audit: audited("approved", id),
      lost: () => whyNotCampaign(ctx, id, "approved"),
    });
  },
  storedCampaign,
);

const approvable: SQL = sql`case
  when c.sender_id is null then shared.fail('unprocessable', 'sender_missing',
    jsonb_build_object('detail', 'No sender of this project serves that channel; add one first.'))
  when exists (select from outbound.campaign_steps s where s.project_id = c.project_id and s.campaign_id = c.id and s.template_ids = '{}')
    then shared.fail('unprocessable', 'template_missing', jsonb_build_object('detail', 'A step names a template that is not in use on this channel.'))
  when exists (select from outbound.campaign_steps s join outbound.templates t on t.project_id = s.project_id and t.id = any (s.template_ids)
      where s.project_id = c.project_id and s.campaign_id = c.id and t.class <> c.class)
    then shared.fail('unprocessable', 'template_class_differs', jsonb_build_object('detail', 'A template is for messages of another class.'))
  when current_setting('app.actor') = any (c.writers)
      and exists (select from outbound.settings o where o.project_id = c.project_id and o.four_eyes)
    then shared.fail('forbidden', 'four_eyes_required', jsonb_build_object('detail', 'Here somebody else approves what one has written.'))
  else true end`;

const wakeOf = (ctx: Ctx): SQL => sql`outbound.wake_campaign(${ctx.ids.next("outbox")}, change.id, shared.clock())`;

export const startCampaign = verb(
  {
    name: "outbound.campaigns.start",
    summary: "Start an approved campaign with the people who are in its segment now",
    needs: "outbound:operate",
    effect: "write",
    // The filter is read to be put into the statement that applies it.
    steps: 2,
    faults: [...campaignFaults, "content_changed_after_approval", "segment_empty", "segment_too_large"],
    input: () => z.object({ id: z.string().max(64) }),
    output: Campaign,
  },
  async (ctx, { id }) => {
    const [found] = await send(ctx, [
      raw<{ filter: unknown }>(ctx, sql`select c.segment_filter as filter from outbound.campaigns c where ${own(id)}`),
    ]);
    if (!found.rows[0]) throw new Fault("not_found", "campaign_unknown");
    const filter = Filter().parse(found.rows[0].filter ?? {});
    const as = sql`${JSON.stringify(filter)}::jsonb`;
    return commit(ctx, {
      before: [
        raw(ctx, sql`select from outbound.campaigns c where ${own(id)} for update`),
        raw(
          ctx,
          sql`insert into outbound.campaign_members (project_id, account_scope_id, campaign_id, contact_id)
            select c.project_id, c.account_scope_id, c.id, k.id from outbound.campaigns c, people.contacts k
            where ${own(id)} and c.state = 'approved' and c.segment_filter = ${as} and ${peopleIn(filter)} order by k.id limit ${mostMembers + 1}`,
        ),
      ],
      change: sql`update outbound.campaigns c set state = 'running', code = null, started_at = shared.clock(),
          member_count = (select count(*) from outbound.campaign_members b where b.project_id = c.project_id and b.campaign_id = c.id),
          updated_at = shared.clock(), version = c.version + 1
        where ${own(id)} and c.state = 'approved'
          and case when c.seal is distinct from outbound.campaign_seal(c) or c.segment_filter is distinct from (select g.filter
                from outbound.campaign_segments g where g.project_id = c.project_id and g.id = c.segment_id)
              then shared.fail('conflict', 'content_changed_after_approval',
                jsonb_build_object('detail', 'Steps, texts, sender or segment are not what was approved: approve it again.'))
            else true end
          and case (select count(*) from outbound.campaign_members b where b.project_id = c.project_id and b.campaign_id = c.id)
            when 0 then shared.fail('unprocessable', 'segment_empty', jsonb_build_object('detail', 'Nobody is in the segment.'))
            when ${mostMembers + 1}::int then shared.fail('unprocessable', 'segment_too_large', jsonb_build_object('most', ${mostMembers}::int))
            else true end
        ${shown()}`,
      event: { kind: "outbound.campaign.started", ref: ["campaign", id] },
      audit: audited("started", id),
      wake: wakeOf(ctx),
      lost: () => whyNotCampaign(ctx, id, "running"),
    });
  },
  storedCampaign,
);

/** Claims hold this lock together, for the length of their transaction: after it nobody judges by the old state. */
const alone = (ctx: Ctx, id: string) =>
  raw(ctx, sql`select pg_advisory_xact_lock(outbound.policy_key('campaign', shared.scope()::text, ${id}))`);

const only = () => z.object({ id: z.string().max(64) });

export const pauseCampaign = verb(
  {
    name: "outbound.campaigns.pause",
    summary: "Stop a running campaign at once; what has been handed to a provider is gone",
    needs: "outbound:operate",
    effect: "write",
    faults: campaignFaults,
    input: only,
    output: Campaign,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      before: [alone(ctx, id)],
      change: sql`update outbound.campaigns c set state = 'paused', updated_at = shared.clock(), version = c.version + 1
        where ${own(id)} and c.state = 'running' ${shown()}`,
      event: { kind: "outbound.campaign.paused", ref: ["campaign", id] },
      audit: audited("paused", id),
      lost: () => whyNotCampaign(ctx, id, "paused"),
    }),
  storedCampaign,
);

export const resumeCampaign = verb(
  {
    name: "outbound.campaigns.resume",
    summary: "Go on with a paused campaign",
    needs: "outbound:operate",
    effect: "write",
    faults: [...campaignFaults, "content_changed_after_approval"],
    input: only,
    output: Campaign,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      before: [alone(ctx, id)],
      change: sql`update outbound.campaigns c set state = 'running', code = null, updated_at = shared.clock(), version = c.version + 1
        where ${own(id)} and c.state = 'paused'
          and case when c.seal is distinct from outbound.campaign_seal(c) then shared.fail('conflict', 'content_changed_after_approval',
            jsonb_build_object('detail', 'It is not what was approved, and has begun: cancel it and make another.')) else true end
        ${shown()}`,
      event: { kind: "outbound.campaign.resumed", ref: ["campaign", id] },
      audit: audited("resumed", id),
      wake: wakeOf(ctx),
      lost: () => whyNotCampaign(ctx, id, "running"),
    }),
  storedCampaign,
);

export const cancelCampaign = verb(
  {
    name: "outbound.campaigns.cancel",
    summary: "End a campaign for good; what waits in the queue is withdrawn",
    needs: "outbound:operate",
    effect: "write",
    faults: campaignFaults,
    input: only,
    output: Campaign,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      before: [alone(ctx, id)],
      change: sql`update outbound.campaigns c set state = 'cancelled', finished_at = shared.clock(), updated_at = shared.clock(), version = c.version + 1
        where ${own(id)} and c.state in ('draft', 'approved', 'running', 'paused') ${shown()}`,
      also: [
        sql`update outbound.campaign_members b set state = 'ended', reason = 'campaign_cancelled', updated_at = shared.clock(), version = b.version + 1
          from change c where b.project_id = shared.scope() and b.campaign_id = c.id and b.state = 'waiting'
          returning b.project_id, b.account_scope_id, b.campaign_id, b.contact_id, b.step`,
        sql`insert into outbound.campaign_events (project_id, account_scope_id, campaign_id, contact_id, step, kind)
          select b.project_id, b.account_scope_id, b.campaign_id, b.contact_id, b.step, 'campaign_cancelled' from also_0 b`,
      ],
      event: { kind: "outbound.campaign.cancelled", ref: ["campaign", id] },
      audit: audited("cancelled", id),
      wake: wakeOf(ctx),
      lost: () => whyNotCampaign(ctx, id, "cancelled"),
    }),
  storedCampaign,
);
