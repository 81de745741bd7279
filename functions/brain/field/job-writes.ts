/** Jobs are taken in, changed, given to a technician, and moved from state to state. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { version } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { Job, JobKind, jobColumns, jobId, jobView, Status } from "./job.ts";
import { noticesWake } from "./notices.ts";

const facts = () => ({
  title: z.string().trim().min(1).max(200),
  kind: JobKind(),
  location: z.string().max(500),
  notes: z.string().max(20_000).describe("For the house only"),
  minutes: z.int().min(5).max(1440).nullable().describe("How long it is thought to take"),
  scheduled_for: z.iso.datetime({ offset: true }).nullable(),
});

/** What one of field's functions makes of a job; its lines in the ledger are the function's own. */
function change(ctx: Ctx, call: { by: SQL; with: Record<string, unknown>; status?: number; wake?: SQL }) {
  return commit(ctx, {
    ...(call.status ? { status: call.status } : {}),
    ...(call.wake ? { wake: call.wake } : {}),
    change: sql`select ${jobColumns} from ${call.by}(${JSON.stringify(call.with)}::jsonb) j`,
  });
}

/** Where a client may have to be told of the state that was reached. */
const tellOf = (ctx: Ctx) =>
  sql`case when change.status in ('ready', 'shipped', 'cancelled', 'intake') then ${noticesWake(ctx)} end`;

export const createJob = verb(
  {
    name: "field.jobs.create",
    summary: "Take in a piece of work for a client",
    needs: "field:write",
    effect: "write",
    faults: ["contact_unknown", "tech_unknown", "tech_inactive", "message_unknown", "job_of_another"],
    input: () =>
      z.object({
        client: z.string().min(1).max(200).describe("The person it is for"),
        ...z.object(facts()).partial({ kind: true, location: true, notes: true, minutes: true, scheduled_for: true })
          .shape,
        tech: z.string().max(64).optional(),
        message: z.string().max(64).optional().describe("The customer's message that it comes from"),
      }),
    output: Job,
    example: () => ({ client: "con_example", title: "Wheel shuts off on bumps" }),
  },
  async (ctx, { kind = "visit", location = "", notes = "", ...asked }) => {
    const made = { id: ctx.ids.next("job"), event: ctx.ids.next("event"), kind, location, notes, ...asked };
    return change(ctx, { by: sql`field.create_job`, with: made, status: 201 });
  },
  jobView,
);

export const updateJob = verb(
  {
    name: "field.jobs.update",
    summary: "Change what is written about a job",
    needs: "field:write",
    effect: "write",
    faults: ["job_unknown", "job_changed", "job_over", "appointment_open"],
    input: () => z.object({ id: jobId(), version: version(), ...z.object(facts()).partial().shape }),
    output: Job,
    example: () => ({ id: "job_0", version: 1, title: "Wheel shuts off on bumps" }),
  },
  async (ctx, asked) => change(ctx, { by: sql`field.change_job`, with: asked }),
  jobView,
);

export const assignJob = verb(
  {
    name: "field.jobs.assign",
    summary: "Give a job to a technician, or, with null, take it from him",
    needs: "field:write",
    effect: "write",
    faults: ["job_unknown", "job_changed", "job_over", "tech_unknown", "tech_inactive", "appointment_open"],
    input: () => z.object({ id: jobId(), version: version().optional(), tech: z.string().min(1).max(64).nullable() }),
    output: Job,
    example: () => ({ id: "job_0", tech: null }),
  },
  async (ctx, asked) => change(ctx, { by: sql`field.assign_job`, with: asked }),
  jobView,
);

const moveFaults = ["job_unknown", "job_changed", "invalid_transition", "reason_required", "schedule_required"];

export const moveJob = verb(
  {
    name: "field.jobs.move",
    summary: "Move a job to another state; a technician moves his own",
    needs: "field:work",
    effect: "write",
    faults: [...moveFaults, "appointment_open"],
    input: () =>
      z.object({
        id: jobId(),
        version: version().optional(),
        to: Status(),
        scheduled_for: z.iso.datetime({ offset: true }).optional().describe("For `scheduled`, without an appointment"),
        reason: z.string().trim().min(1).max(1000).optional().describe("For `cancelled`"),
        tracking: z.string().trim().min(1).max(200).optional().describe("For `shipped`: the carrier's number"),
      }),
    output: Job,
    example: () => ({ id: "job_0", to: "repairing" as const }),
  },
  async (ctx, asked) => change(ctx, { by: sql`field.move_job`, with: asked, wake: tellOf(ctx) }),
  jobView,
);

export const cancelJob = verb(
  {
    name: "field.jobs.cancel",
    summary: "Cancel a job, with the reason; it is not opened again",
    needs: "field:write",
    effect: "write",
    faults: moveFaults,
    input: () => z.object({ id: jobId(), version: version().optional(), reason: z.string().trim().min(1).max(1000) }),
    output: Job,
    example: () => ({ id: "job_0", reason: "The client found another way" }),
  },
  async (ctx, asked) =>
    change(ctx, { by: sql`field.move_job`, with: { ...asked, to: "cancelled" }, wake: tellOf(ctx) }),
  jobView,
);
