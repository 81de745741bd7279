/** What to do today, what next, and what waits for what; and why. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { reading } from "../kernel/verb.ts";
import { aheadBy, planOf, sumOf } from "./planning.ts";
import { planRule, reasons, type Scored, type State } from "./score.ts";
import { entityTypes } from "./understand/extract.ts";

const Part = () => z.number().min(0).max(1);

const Item = () =>
  z.object({
    id: z.string(),
    title: z.string(),
    due_date: z.string().nullable(),
    priority: z.int().nullable(),
    score: z.number().describe("The sum of the parts, each times its weight"),
    parts: z.object({ urgency: Part(), impact: Part(), goal: Part(), staleness: Part(), blocker: Part() }),
    reasons: z.array(z.enum(reasons)),
    goals: z.array(z.object({ id: z.string(), title: z.string() })),
    blockers: z.array(z.object({ id: z.string(), entity_type: z.enum(entityTypes), title: z.string() })),
  });

const Weights = () =>
  z.object({
    urgency: z.number(),
    impact: z.number(),
    goal: z.number(),
    staleness: z.number(),
    blocker: z.number(),
  });

const itemOf = ({ task, parts, points, reasons: why, goals, blockers }: Scored): z.output<ReturnType<typeof Item>> => ({
  id: task.id,
  title: task.title,
  due_date: task.due_date,
  priority: task.priority,
  score: points / 100,
  parts: {
    urgency: parts.urgency / 100,
    impact: parts.impact / 100,
    goal: parts.goal / 100,
    staleness: parts.staleness / 100,
    blocker: parts.blocker / 100,
  },
  reasons: why,
  goals: goals.slice(0, planRule.around).map(({ goal, title }) => ({ id: goal, title })),
  blockers: blockers
    .slice(0, planRule.around)
    .map(({ on, type, title }) => ({ id: on, entity_type: type as never, title })),
});

const state = (ctx: Ctx) => raw<{ state: State }>(ctx, sql`select assistant.plan_state() as state`);
const stateIn = (found: unknown): State => (found as { rows: { state: State }[] }).rows[0]?.state as State;

export const plan = reading(
  {
    name: "assistant.plan",
    summary: "Your plan: at most six tasks for today, eight next, and what waits for what, each with its numbers",
    needs: "assistant:use",
    faults: ["person_required"],
    input: () => z.object({}),
    output: () =>
      z.object({
        date: z.string(),
        weights: Weights(),
        today: z.array(Item()),
        next: z.array(Item()),
        waiting: z.array(Item()).describe("At most twenty"),
        later: z.int().describe("Ready, and not shown"),
        waiting_later: z.int().describe("Waiting, and not shown"),
      }),
  },
  {
    part: state,
    view: (found) => {
      const read = stateIn(found);
      const { today, next, waiting, later } = planOf(read);
      return {
        date: read.today,
        weights: planRule.weights,
        today: today.map(itemOf),
        next: next.map(itemOf),
        waiting: waiting.slice(0, planRule.waiting).map(itemOf),
        later,
        waiting_later: Math.max(0, waiting.length - planRule.waiting),
      };
    },
  },
);

export const whyPlanned = reading(
  {
    name: "assistant.plan.why",
    summary:
      "Why a task stands where it stands in the plan, in the numbers it was ordered by; of none named, the first",
    needs: "assistant:use",
    faults: ["person_required", "task_not_planned"],
    input: () => z.object({ task: z.string().min(1).max(64).optional() }),
    output: () =>
      z.object({
        item: Item().nullable().describe("Null when there is nothing to do"),
        place: z.int().nullable().describe("Among what is ready, from 1; null for what waits"),
        of: z.int(),
        sum: z.string().nullable(),
        ahead_of: z.object({ id: z.string(), title: z.string(), by: z.string() }).nullable(),
      }),
  },
  {
    part: state,
    view: (found, { task }) => {
      const { ready, waiting } = planOf(stateIn(found));
      const all = [...ready, ...waiting];
      const one = task === undefined ? ready[0] : all.find((item) => item.task.id === task);
      if (!one && task !== undefined) throw new Fault("not_found", "task_not_planned");
      const at = one ? ready.indexOf(one) : -1;
      const after = at < 0 ? undefined : ready[at + 1];
      return {
        item: one ? itemOf(one) : null,
        place: at < 0 ? null : at + 1,
        of: ready.length,
        sum: one ? sumOf(one) : null,
        ahead_of: one && after ? { id: after.task.id, title: after.task.title, by: aheadBy(one, after) } : null,
      };
    },
  },
);
