/** Numbers for a monitor: what this isolate did, how its limiter fares, and what the project's outbox has waiting. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { tallyBounds } from "../kernel/tally.ts";
import { reading } from "../kernel/verb.ts";

const Outbox = () =>
  z.object({
    pending: z.int(),
    oldest_seconds: z.number().describe("How long the oldest has been due; 0 when none is"),
  });

const Runs = () =>
  z.object({
    overdue: z.int().describe("Runs that should have begun five minutes ago, or whose lease has passed"),
    poisoned: z.int().describe("Runs given up on because their workers vanished"),
  });

type Counted = z.output<ReturnType<typeof Outbox>> & z.output<ReturnType<typeof Runs>>;

const Metrics = () =>
  z.object({
    since: z.string().describe("When this isolate began; another answers with numbers of its own"),
    verbs: z.array(
      z.object({
        verb: z.string(),
        outcome: z.string().describe("ok, replayed, error or the fault's code"),
        count: z.int(),
        database_requests: z.int(),
        milliseconds: z.object({
          sum: z.number(),
          max: z.number(),
          buckets: z.array(z.object({ up_to: z.number().nullable(), count: z.int() })).describe("Not cumulative"),
        }),
      }),
    ),
    limiter: z
      .object({
        allowed: z.int(),
        denied: z.int(),
        uncounted: z.int(),
        degraded: z.boolean().describe("Redis is away: nobody is counted, and all may pass"),
      })
      .nullable(),
    outbox: Outbox(),
    schedules: Runs(),
  });

export const readMetrics = reading(
  {
    name: "shared.metrics.read",
    summary:
      "Counts and durations by verb and outcome since this isolate began, its limiter, and the outbox; nothing personal",
    needs: "shared:operate",
    input: () => z.object({}),
    output: Metrics,
  },
  {
    part: (ctx) =>
      raw(
        ctx,
        sql`select count(*)::int as pending,
            coalesce(extract(epoch from shared.clock() - least(min(o.due_at), shared.clock())), 0)::float8 as oldest_seconds,
            (select count(*) from shared.worker_runs r where r.project_id = shared.scope()
              and (r.status = 'pending' and r.due_at < shared.clock() - interval '5 minutes'
                or r.status = 'running' and r.lease_until < shared.clock()))::int as overdue,
            (select count(*) from shared.worker_runs r where r.project_id = shared.scope() and r.status = 'poison')::int as poisoned
          from shared.outbox o where o.project_id = shared.scope() and o.state = 'pending'`,
      ),
    view: (found, _, ctx) => ({
      since: ctx.tally.since,
      verbs: ctx.tally.all().map(({ verb, outcome, count, ms, slowest, requests, buckets }) => ({
        verb,
        outcome,
        count,
        database_requests: requests,
        milliseconds: {
          sum: ms,
          max: slowest,
          buckets: buckets.map((held, i) => ({ up_to: tallyBounds[i] ?? null, count: held })),
        },
      })),
      limiter: ctx.ports.limiter ? { ...ctx.ports.limiter.counts, degraded: ctx.ports.limiter.degraded } : null,
      ...waitingIn(found),
    }),
  },
);

function waitingIn(found: unknown) {
  const { pending = 0, oldest_seconds = 0, overdue = 0, poisoned = 0 } = (found as { rows: Counted[] }).rows[0] ?? {};
  return { outbox: { pending, oldest_seconds }, schedules: { overdue, poisoned } };
}
