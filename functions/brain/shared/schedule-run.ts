/** One run of a schedule: taken under a lease, carried out as the system, settled once. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { as, type Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { isLasting, ProviderFailure } from "../kernel/ports.ts";
import { traceId } from "../kernel/trace.ts";
import { type Verb, verb } from "../kernel/verb.ts";
import { planRule } from "./schedule-plan.ts";

export const runRule = {
  /** A run not settled by then is given to somebody else: no job may take longer in one go. */
  leaseSeconds: 300,
  /** Waits between attempts: doubled each time, up to the longest, and up to half as much again by chance. */
  waitSeconds: 30,
  longestWaitSeconds: 3600,
  /** A run whose worker vanished more often than this is poison. */
  mostRecoveries: 3,
  /** Lapsed runs that one sweep of a project frees. */
  batch: 50,
} as const;

type Taken = {
  run: string;
  kind: string;
  payload: Record<string, unknown>;
  attempt: number;
  attempts: number;
};
type Answer = Taken | { skipped: string } | { early: number } | null;
type Said = { processed?: number; counts?: Record<string, number>; error?: string; retry_seconds?: number };

const Ran = () =>
  z.object({
    run: z.string().nullable(),
    outcome: z
      .enum(["nothing", "skipped", "ok", "again", "failed", "lost"])
      .describe("lost: it took longer than its lease, and somebody else has it"),
    job: z.string().optional(),
    processed: z.int().optional(),
    error: z.string().optional(),
  });

/** The verb `shared.schedules.run`; `jobNamed` finds what a schedule names. */
export const runVerb = (jobNamed: (name: string) => Verb | undefined) =>
  verb(
    {
      name: "shared.schedules.run",
      summary: "Carry out one planned run of a schedule",
      needs: "shared:operate",
      doors: ["job"],
      effect: "external",
      // Taken and settled; what the job itself asks comes on top.
      steps: 2,
      faults: ["run_early"],
      input: () =>
        z.object({ run: z.string().max(64).optional().describe("Without it, whichever has been due longest") }),
      output: Ran,
    },
    async (ctx, input): Promise<z.output<ReturnType<typeof Ran>>> => {
      const token = ctx.ids.uuid();
      const [found] = await send(ctx, [
        raw<{ taken: Answer }>(
          ctx,
          sql`select shared.take_run(${input.run ?? null}, ${token}, make_interval(secs => ${runRule.leaseSeconds}::int),
            make_interval(secs => ${planRule.lateSeconds}::int)) as taken`,
        ),
      ]);
      const taken = found.rows[0]?.taken ?? null;
      const run = input.run ?? null;
      if (taken === null) return { run, outcome: "nothing" };
      if ("early" in taken) throw new Fault("unavailable", "run_early", { retryAfter: taken.early });
      if ("skipped" in taken) return { run, outcome: "skipped", error: taken.skipped };
      const said = await carryOut(ctx, taken, jobNamed(taken.kind));
      const isSettled = await settle(ctx, { run: taken.run, token, said });
      return { run: taken.run, job: taken.kind, outcome: isSettled ? outcomeOf(said) : "lost", ...shown(said) };
    },
  );

const outcomeOf = (said: Said) =>
  said.processed !== undefined ? "ok" : said.retry_seconds === undefined ? "failed" : "again";

const shown = ({ processed, error }: Said) => ({
  ...(processed === undefined ? {} : { processed }),
  ...(error === undefined ? {} : { error }),
});

/** Runs the job and never throws: how it ended is what gets written down. */
async function carryOut(ctx: Ctx, taken: Taken, job: Verb | undefined): Promise<Said> {
  const project = ctx.who?.project ?? "";
  const credential = { kind: "system", project, job: taken.kind } as const;
  const own: Ctx = { ...as(ctx, { credential }), meter: { requests: 0 } };
  try {
    if (!job) throw new Fault("unavailable", "job_unknown");
    const output = await job.run(own, taken.payload);
    const counts = job.counts?.(output);
    return { processed: job.did?.(output) ?? 0, ...(counts ? { counts } : {}) };
  } catch (thrown) {
    const isKnown = thrown instanceof Fault || thrown instanceof ProviderFailure;
    if (!isKnown) ctx.log({ level: "error", request: ctx.requestId, job: taken.kind, error: String(thrown) });
    const error = isKnown ? thrown.code : "internal";
    const isOver = isLasting(thrown) || taken.attempt >= taken.attempts;
    return { error, ...(isOver ? {} : { retry_seconds: waitOf(ctx, taken.attempt, thrown) }) };
  } finally {
    ctx.meter.requests += own.meter.requests;
  }
}

/** Doubling, with chance, so that what failed together is not tried again together; longer if the provider says so. */
function waitOf(ctx: Ctx, attempt: number, thrown: unknown): number {
  const asked =
    thrown instanceof ProviderFailure
      ? thrown.retryAfterSeconds
      : thrown instanceof Fault
        ? thrown.extra.retryAfter
        : undefined;
  const base = Math.min(runRule.longestWaitSeconds, runRule.waitSeconds * 2 ** (attempt - 1));
  const chance = (ctx.ids.random(1)[0] ?? 0) / 256;
  return Math.ceil(Math.max(asked ?? 0, base * (1 + chance / 2)));
}

/** False when the lease was lost: then nothing was written. */
async function settle(ctx: Ctx, { run, token, said }: { run: string; token: string; said: Said }): Promise<boolean> {
  const told = JSON.stringify({ ...said, trace: traceId(ctx.trace) });
  const [answer] = await send(ctx, [
    raw<{ staged: Publishable[] | null }>(
      ctx,
      sql`select shared.settle_run(${run}, ${token}, ${told}::jsonb) as staged`,
    ),
  ]);
  const staged = answer.rows[0]?.staged ?? null;
  if (staged) publishStaged(ctx, staged);
  return staged !== null;
}
