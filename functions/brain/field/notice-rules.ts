/** What clients are told of: the rules, changed one by one, and what became of each thing that happened. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { notices } from "./notice-texts.ts";

const Event = () => z.enum(notices);

const rule = () => ({
  enabled: z.boolean(),
  template: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{1,63}$/)
    .describe("The name of a template; its rows are the languages and channels"),
  wait_seconds: z.int().min(0).max(86_400).describe("What changes meanwhile is told once, as it then is"),
  through_quiet: z.boolean().describe("Does not wait for the morning at the client's"),
  say_stop: z.boolean().describe("An SMS ends with how to opt out"),
});

const Rule = () => z.object({ event: Event(), ...rule(), version: z.int().describe("0 until something was changed") });
type Rule = z.output<ReturnType<typeof Rule>>;

const columns = sql`r.event, r.enabled, r.template, r.wait_seconds, r.through_quiet, r.say_stop, r.version`;

export const listNoticeRules = reading(
  {
    name: "field.notices.rules",
    summary: "What clients are told of by itself, and how",
    needs: "field:read",
    input: () => z.object({}),
    output: () => z.object({ data: z.array(Rule()) }),
  },
  {
    part: (ctx) => raw<Rule>(ctx, sql`select ${columns} from field.notice_rules_now() r`),
    view: (found) => ({ data: (found as { rows: Rule[] }).rows }),
  },
);

export const updateNoticeRule = verb(
  {
    name: "field.notices.update_rule",
    summary: "Change what clients are told of by itself; messages that wait already are left",
    needs: "outbound:approve",
    // Whoever changes a rule approves all that is sent by it.
    doors: ["rest"],
    effect: "write",
    faults: ["notice_rule_changed"],
    input: () =>
      z
        .object(rule())
        .partial()
        .extend({ event: Event(), version: z.int().min(0).max(2_147_483_646).describe("The one you read") }),
    output: Rule,
    example: () => ({ event: "cancelled" as const, version: 0, enabled: true }),
  },
  async (ctx, { event, version, ...change }) => {
    const told = JSON.stringify(change);
    const changed = { event, changed: Object.keys(change).sort() };
    return commit(ctx, {
      before: [
        raw(
          ctx,
          sql`insert into field.notice_rules (project_id, id, event, enabled, template, wait_seconds, through_quiet, say_stop, version)
            select shared.scope(), ${ctx.ids.next("noticeRule")}, r.event, r.enabled, r.template, r.wait_seconds, r.through_quiet, r.say_stop, 0
            from field.notice_rules_now() r where r.event = ${event} on conflict do nothing`,
        ),
      ],
      change: sql`update field.notice_rules r set (enabled, template, wait_seconds, through_quiet, say_stop)
          = (select n.enabled, n.template, n.wait_seconds, n.through_quiet, n.say_stop from jsonb_populate_record(r, ${told}::jsonb) n),
          updated_at = shared.clock(), version = r.version + 1
        where r.project_id = shared.scope() and r.event = ${event} and r.version = ${version}::int returning ${columns}`,
      event: { kind: "notice.rule_changed", ref: ["notice_rule", event], payload: changed },
      audit: { action: "notice.rule_changed", ref: ["notice_rule", event], evidence: "none", payload: changed },
      lost: () =>
        new Fault("conflict", "notice_rule_changed", { detail: "It has changed since you read it: read it again." }),
    });
  },
  (row) => row as unknown as Rule,
);

const Notice = () =>
  z.object({
    id: z.string(),
    event: Event(),
    job: z.string(),
    contact: z.string().nullable(),
    channel: z.string().nullable(),
    message: z.string().nullable(),
    message_state: z.string().nullable(),
    state: z.enum(["queued", "replaced", "skipped"]),
    reason: z.string().nullable().describe("Why nobody was told, or why not by the channel that the client prefers"),
    created_at: z.string(),
  });
type Notice = z.output<ReturnType<typeof Notice>>;

export const listNotices = reading(
  {
    name: "field.notices.list",
    summary: "What clients were told by itself, newest first, and why somebody was not",
    needs: "field:read",
    input: () => z.object({ ...paging(), job: z.string().min(1).max(64).optional() }),
    output: () => page(Notice()),
  },
  {
    part: (ctx, { limit, after, job }) =>
      raw<Notice>(
        ctx,
        sql`select n.id, n.event, n.job_id as job, n.contact_id as contact, n.channel, n.message_id as message, n.state, n.code as reason, n.created_at,
            (select m.state from outbound.messages m where m.project_id = n.project_id and m.id = n.message_id) as message_state
          from field.notices n where n.project_id = shared.scope() and ${job ? sql`n.job_id = ${job}` : sql`true`}
            and ${after ? sql`(n.created_at, n.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by n.created_at desc, n.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Notice[] }).rows, input, {
        view: (row) => ({ ...row, created_at: instant(row.created_at) }),
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);
