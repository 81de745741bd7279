/** A member's rhythm: where and when he wants to hear from his planner. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { reading, verb } from "../kernel/verb.ts";
import { isTimezone } from "../kernel/wall-time.ts";
import { occasions } from "./occasions.ts";

const time = () => z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const weekday = () => z.int().min(1).max(7);

const settings = () => ({
  channel: z.enum(["telegram", "email"]).nullable().describe("Null: you hear nothing by yourself"),
  language: z.enum(["en", "da"]),
  timezone: z.string().max(64).refine(isTimezone, "is no IANA time zone").nullable().describe("Null: the project's"),
  quiet_from: time().describe("By your clocks; the same as quiet_until: no quiet hours"),
  quiet_until: time(),
  plan_on: z.boolean().describe("The plan in the morning"),
  plan_at: time(),
  plan_days: z.array(weekday()).min(1).max(7).describe("1 is Monday"),
  review_on: z.boolean().describe("The week, looked back on"),
  review_at: time(),
  review_day: weekday(),
  reminders_on: z.boolean().describe("What is due that day and the next"),
  reminders_at: time(),
});

const Rhythm = () =>
  z.object({
    ...settings(),
    timezone: z.string().nullable(),
    zone: z.string().describe("The time zone that holds"),
    email_verified: z.boolean().describe("Only an address that was proven to be yours is written to"),
    email: z.string().nullable().describe("The address that was proven to be yours"),
    email_asked: z.string().nullable().describe("Where digits were sent that nobody has said yet"),
    telegram_bound: z.boolean(),
    last: z
      .array(
        z.object({
          occasion: z.enum(occasions),
          day: z.string(),
          state: z.enum(["queued", "nothing", "skipped"]),
          reason: z.string().nullable(),
        }),
      )
      .describe("The newest five; nothing: there was nothing to say"),
    version: z.int().describe("0 until something was changed"),
  });

const shown = (row: ReturnType<typeof sql>) => sql`select to_jsonb(r) || jsonb_build_object('zone', assistant.zone(),
    'email_verified', assistant.own_email(r.user_id) is not null, 'email', assistant.own_email(r.user_id),
    'email_asked', (select c.email from identity.email_codes c where c.user_id = r.user_id and c.used_at is null and c.expires_at > shared.clock()),
    'telegram_bound', assistant.telegram_chat_of(r.user_id) is not null,
    'last', coalesce((select jsonb_agg(to_jsonb(o) order by o.created_at desc, o.occasion) from (select x.occasion, x.day, x.state, x.reason, x.created_at
      from assistant.rhythm_occasions x where x.project_id = r.project_id and x.user_id = r.user_id order by x.created_at desc, x.occasion limit 5) o), '[]')) as rhythm
  from ${row} r where r.user_id is not null`;

type Row = Record<string, unknown> & { last: Record<string, unknown>[] };
const times = ["quiet_from", "quiet_until", "plan_at", "review_at", "reminders_at"];
const hidden = new Set(["project_id", "account_scope_id", "user_id", "created_at", "updated_at"]);

const view = (row: Row) =>
  Object.fromEntries(
    Object.entries({ ...row, last: row.last.map(({ created_at: _, ...one }) => one) })
      .filter(([name]) => !hidden.has(name))
      .map(([name, value]) => [name, times.includes(name) ? String(value).slice(0, 5) : value]),
  ) as unknown as z.output<ReturnType<typeof Rhythm>>;

export const getRhythm = reading(
  {
    name: "assistant.rhythm.get",
    summary: "Where and when you hear from your planner by itself, and what you heard last",
    needs: "assistant:use",
    faults: ["person_required"],
    input: () => z.object({}),
    output: Rhythm,
  },
  {
    part: (ctx) => raw<{ rhythm: Row }>(ctx, shown(sql`assistant.rhythm()`)),
    view: (found) => view((found as { rows: { rhythm: Row }[] }).rows[0]?.rhythm as Row),
  },
);

export const updateRhythm = verb(
  {
    name: "assistant.rhythm.update",
    summary: "Change where and when you hear from your planner; what waits already still comes",
    needs: "assistant:use",
    effect: "write",
    faults: [
      "person_required",
      "rhythm_changed",
      "timezone_unknown",
      "email_unverified",
      "telegram_unbound",
      "in_quiet_hours",
    ],
    input: () =>
      z
        .object(settings())
        .partial()
        .extend({ version: z.int().min(0).max(2_147_483_646).describe("The one you read") }),
    output: Rhythm,
    example: () => ({ version: 0, plan_on: true }),
  },
  async (ctx, { version, ...told }) =>
    commit(ctx, {
      change: shown(sql`assistant.set_rhythm(${JSON.stringify(told)}::jsonb, ${version}::int)`),
      event: {
        kind: "assistant.rhythm.changed",
        ref: ["rhythm", "own"],
        payload: { changed: Object.keys(told).sort() },
      },
      lost: () =>
        new Fault("conflict", "rhythm_changed", { detail: "It has changed since you read it: read it again." }),
    }),
  ({ rhythm }) => view(rhythm as Row),
);
