/** A week looked back on: what was done, what slipped or lies still, and what the next one asks for. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { reading } from "../kernel/verb.ts";
import { mondayOf, weekOf } from "./understand/days.ts";

export const reviewParts = [
  "done",
  "slipped",
  "stale",
  "still_goals",
  "open_problems",
  "questions",
  "next_week",
] as const;
export type ReviewPart = (typeof reviewParts)[number];

export type ReviewItem = { id: string; title: string; due_date: string | null; on: string | null };
export type ReviewState = { from: string; until: string; counts: Partial<Record<ReviewPart, number>> } & Partial<
  Record<ReviewPart, ReviewItem[]>
>;

const List = (says: string) =>
  z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        due_date: z.string().nullable(),
        on: z.string().nullable().describe("The day it was done, touched last, or asked"),
      }),
    )
    .describe(says);

const Review = () =>
  z.object({
    week: z.string(),
    from: z.string(),
    until: z.string(),
    counts: z
      .object(Object.fromEntries(reviewParts.map((part) => [part, z.int()])) as Record<ReviewPart, z.ZodInt>)
      .describe("Of a list, the first hundred are shown"),
    done: List("Tasks done in that week"),
    slipped: List("Tasks whose day passed undone, at the latest in that week"),
    stale: List("Open tasks that nobody touched for two weeks"),
    still_goals: List("Active goals for which nothing happened that week"),
    open_problems: List("Active problems that no open task addresses"),
    questions: List("What was asked back that week and never answered"),
    next_week: List("Open tasks due in the week after"),
  });
export type Review = z.output<ReturnType<typeof Review>>;

/** The week of `monday`, or where that is null the one that it is now. */
export const reviewStatement = (ctx: Ctx, monday: string | null) =>
  raw<{ state: ReviewState }>(
    ctx,
    sql`select assistant.review_state(coalesce(${monday}::date, date_trunc('week', assistant.today())::date)) as state`,
  );

export function reviewOf(state: ReviewState): Review {
  const { from, until, counts, ...lists } = state;
  const all = Object.fromEntries(reviewParts.map((part) => [part, lists[part] ?? []]));
  const count = Object.fromEntries(reviewParts.map((part) => [part, counts[part] ?? 0]));
  return { week: weekOf(from), from, until, counts: count, ...all } as Review;
}

export const review = reading(
  {
    name: "assistant.review",
    summary: "Your week: what was done, what slipped, what lies still, and what is due in the next",
    needs: "assistant:use",
    faults: ["person_required", "week_unknown"],
    input: () =>
      z.object({
        week: z
          .string()
          .regex(/^20\d\d-W\d\d$/)
          .optional()
          .describe("ISO 8601, as 2026-W47; left out, the one it is now"),
      }),
    output: Review,
  },
  {
    part: (ctx, { week }) => {
      const monday = week === undefined ? null : mondayOf(week);
      if (monday === undefined)
        throw new Fault("unprocessable", "week_unknown", { detail: "That year has no such week." });
      return reviewStatement(ctx, monday);
    },
    view: (found) => reviewOf((found as { rows: { state: ReviewState }[] }).rows[0]?.state as ReviewState),
  },
);
