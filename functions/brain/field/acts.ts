/** What technicians did, as their phones tell it: in any order, as often as they like, late or not. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { commit } from "../kernel/commit.ts";
import { verb } from "../kernel/verb.ts";
import { noticesWake } from "./notices.ts";

const Act = () =>
  z.object({
    id: z
      .string()
      .regex(/^[A-Za-z0-9_-]{8,64}$/)
      .describe("Made by the phone; sent again it is the same act"),
    job_id: z.string().min(1).max(64),
    kind: z.enum(["on_my_way", "arrived", "start", "pause", "resume", "finish"]),
    at: z.iso.datetime({ offset: true }).describe("When it happened, by the phone's clock"),
  });

const Judged = () =>
  z.object({
    acts: z.array(
      z.object({
        id: z.string(),
        state: z
          .enum(["applied", "noted", "refused"])
          .describe("noted: kept, but it changed nothing; refused: not kept, and sending it again helps nothing"),
        reason: z.string().nullable(),
      }),
    ),
  });

export const takeActs = verb(
  {
    name: "field.acts.take",
    summary: "Take in what a technician did at his jobs: any order, any number of times, with the time it happened",
    needs: "field:work",
    // Phones speak it; an agent moves jobs.
    doors: ["rest"],
    effect: "write",
    faults: ["tech_required"],
    input: () => z.object({ acts: z.array(Act()).min(1).max(100) }),
    output: Judged,
    example: () => ({
      acts: [{ id: "act-0001", job_id: "job_0", kind: "on_my_way" as const, at: "2026-11-15T08:00:00Z" }],
    }),
  },
  async (ctx, { acts }) =>
    commit(ctx, {
      change: sql`select field.take_acts(${JSON.stringify(acts)}::jsonb) as acts`,
      wake: noticesWake(ctx),
    }),
  (row) => Judged().parse(row),
);
