// A schedule's whole life in a test: made in the database, planned by the tick, brought by the queue, run by a job of the test's own.
import { z } from "zod";
import { Fault } from "#brain/kernel/fault.ts";
import type { QueueMessage } from "#brain/kernel/ports.ts";
import type { Schedule } from "#brain/kernel/schedule.ts";
import { type Verb, verb } from "#brain/kernel/verb.ts";
import { runVerb, sweepVerbs } from "#brain/shared/index.ts";
import { ctxOf } from "#test/kit/ctx.ts";
import { type Tenant, type World, world } from "#test/kit/world.ts";

export type Row = Record<string, unknown>;
/** What the test's job does this time: does so many things, fails, or never comes back. */
export type Act = () => Promise<number> | number;

/** A job by any name beginning with `test.`, and what it was run as. */
export function testJobs() {
  const ran: { job: string; actor: string; project: string | null }[] = [];
  const acts = new Map<string, Act>();
  const job = (name: string) =>
    verb(
      {
        name,
        summary: "A job of the test",
        needs: "test:run",
        doors: ["job"],
        effect: "write",
        input: () => z.looseObject({}),
        output: () => z.object({ done: z.int() }),
        did: ({ done }) => done,
      },
      async (ctx) => {
        const { credential } = ctx;
        const isSystem = credential.kind === "system";
        ran.push({ job: name, actor: credential.kind, project: isSystem ? credential.project : null });
        if (isSystem && credential.job !== name) throw new Error(`ran as ${credential.job}`);
        return { done: await (acts.get(name) ?? (() => 0))() };
      },
    ) as unknown as Verb;
  return { ran, acts, named: (name: string) => (name.startsWith("test.") ? job(name) : undefined) };
}

export type Jobs = ReturnType<typeof testJobs>;

export const passing = (code = "test_failed") => {
  throw new Fault("unavailable", code);
};

export function clockwork(w: World, declared: readonly Schedule[] = []) {
  const jobs = testJobs();
  const [sweep, tick] = sweepVerbs([], { schedules: declared, housekeeping: [] }) as [Verb, Verb];
  const run = runVerb(jobs.named) as unknown as Verb;
  const system = (project: string, job: string) => ctxOf(w, { kind: "system", project, job });

  const doIt = async (how: Verb, project: string, input: Row = {}) => {
    const ctx = system(project, how.name);
    const answer = (await how.run(ctx, input)) as Row;
    await ctx.settled();
    return { ...answer, requests: ctx.meter.requests };
  };

  return {
    jobs,
    tick: () => doIt(tick, ""),
    sweep: (project: string) => doIt(sweep, project),
    run: (project: string, id?: string) => doIt(run, project, id === undefined ? {} : { run: id }),
    /** Runs of a project that QStash holds; those whose time has come are delivered, each once. */
    deliver: async (project: string) => {
      const mine = w.queue.published.filter((m) => m.kind === "shared.schedules.run" && m.project === project);
      const due = mine.filter((m) => dueOf(w, m) <= w.clock.now().getTime());
      const answers = [];
      for (const message of due) {
        w.queue.published.splice(w.queue.published.indexOf(message), 1);
        answers.push(await doIt(run, project, message.body));
      }
      return answers;
    },
    schedule: (tenant: Tenant, row: Row = {}) => put(w, tenant, row),
    runs: (tenant: Tenant) =>
      w.neon.query(
        `select r.status, r.cause, r.attempts, r.recoveries, r.error, r.processed_count as did, s.name,
          to_char(r.fire_time at time zone 'UTC', 'DD HH24:MI:SS') as fire
        from shared.worker_runs r join shared.scheduled_jobs s on s.project_id = r.project_id and s.id = r.scheduled_job_id
        where r.project_id = $1 order by r.fire_time, r.created_at, r.id`,
        [tenant.project],
      ),
  };
}

/** Messages are not timed by the captured queue: when each was to be delivered follows from when it was first seen here. */
const seen = new WeakMap<QueueMessage, number>();
function dueOf(w: World, message: QueueMessage): number {
  const due = seen.get(message) ?? w.clock.now().getTime() + (message.delaySeconds ?? 0) * 1000;
  seen.set(message, due);
  return due;
}

/** Remembers when the messages published so far are due; called before the clock moves. */
export const noteDue = (w: World): void => {
  for (const message of w.queue.published) dueOf(w, message);
};

async function put(w: World, tenant: Tenant, row: Row): Promise<string> {
  const id = `sch_${w.runtime.ids.uuid()}`;
  const usual = { kind: "test.job", name: id, cron: "0 * * * *", timezone: "Europe/Copenhagen" };
  const all: Row = { ...usual, updated_at: w.clock.now().toISOString(), ...row };
  const names = Object.keys(all);
  await w.neon.query(
    `insert into shared.scheduled_jobs (project_id, account_scope_id, id, ${names.join(", ")})
     values ($1, $2, $3, ${names.map((_, i) => `$${i + 4}`).join(", ")})`,
    [tenant.project, tenant.accountScope, id, ...Object.values(all)] as string[],
  );
  return id;
}

const start = "2026-11-15T08:00:00.000Z";
export const minutes = (n: number) => n * 60_000;

/** A world with a clockwork in it, and ways to let time pass. */
export async function begun(now = start) {
  const w = await world({ now });
  const c = clockwork(w);
  const later = (milliseconds: number) => {
    noteDue(w);
    w.clock.advance(milliseconds);
  };
  /** Ticks every quarter of an hour and delivers each minute. */
  const live = async (quarters: number) => {
    for (let minute = 0; minute < quarters * 15; minute++) {
      if (minute % 15 === 0) await c.tick();
      await c.deliver(w.a.project);
      later(minutes(1));
    }
    await c.deliver(w.a.project);
  };
  return { w, c, later, live };
}

/** Planned runs of the first tenant that QStash holds. */
export const runMessages = (w: World) =>
  w.queue.published.filter((m) => m.kind === "shared.schedules.run" && m.project === w.a.project);
