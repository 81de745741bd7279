/** The net under the outbox: what was staged and never left, or left and never came back, and what domains have waiting. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import type { Statement } from "#db/client.ts";
import { raw, send } from "../kernel/batch.ts";
import { type Publishable, publish } from "../kernel/outbox.ts";
import type { Housekeeping } from "../kernel/retention.ts";
import type { Schedule } from "../kernel/schedule.ts";
import type { Sweep } from "../kernel/sweep.ts";
import { type Verb, verb } from "../kernel/verb.ts";
import { keepHouse } from "./housekeeping.ts";
import { dueSchedules, planFrom, putSchedules, scheduleSweep } from "./schedule-tick.ts";

/** More in one go would be a busy minute for QStash; the rest is found a minute or a tick later. */
const mostRows = 100;
const tickJob = "shared.tick";

const own: Pick<Sweep, "due"> = { due: sql`select shared.due_projects()` };

/** What the tick does beside sweeping. */
type Beside = { schedules: readonly Schedule[]; housekeeping: readonly Housekeeping[] };

/** The verbs `shared.sweep` (one project) and `shared.tick` (all), over the given domains and their schedules. */
export function sweepVerbs(domains: readonly Sweep[], beside: Beside): Verb[] {
  const sweeps = [...domains, scheduleSweep(beside.schedules)];
  return [sweepVerb(sweeps), tickVerb(sweeps, beside)] as unknown as Verb[];
}

const sweepVerb = (sweeps: readonly Sweep[]) =>
  verb(
    {
      name: "shared.sweep",
      summary: "Publish what a project staged and nobody fetched",
      needs: "shared:operate",
      doors: ["job"],
      effect: "external",
      // The second marks what was published.
      steps: 2,
      input: () => z.object({}),
      output: () => z.object({ published: z.int() }),
      did: ({ published }) => published,
    },
    async (ctx) => {
      const parts = sweeps.map((sweep) => sweep.part(ctx));
      const overdue = raw<{ overdue: Publishable[] }>(ctx, sql`select shared.sweep_outbox(${mostRows}) as overdue`);
      const answers = (await send(ctx, [...parts, overdue] as Statement[])) as { rows: Found[] }[];
      const rows = answers.flatMap(({ rows: [found] }) => [
        ...(found?.staged ? [found.staged] : []),
        ...(found?.overdue ?? []),
      ]);
      const project = ctx.who?.project;
      if (project && rows.length > 0) await publish(ctx, project, rows);
      return { published: rows.length };
    },
  );

type Found = { staged?: Publishable | null; overdue?: Publishable[] };

const tickVerb = (sweeps: readonly Sweep[], { schedules, housekeeping }: Beside) =>
  verb(
    {
      name: tickJob,
      summary:
        "Send a sweep to every project that has something waiting, and plan the runs of the time until the next tick",
      needs: "shared:operate",
      scope: "none",
      doors: ["job"],
      effect: "external",
      // One on a quiet day; planning and marking are one each, and one more for each further batch of schedules.
      steps: 3,
      input: () => z.object({}),
      output: () => z.object({ projects: z.int(), runs: z.int() }),
    },
    async (ctx) => {
      const all = sql.join(
        [own, ...sweeps].map(({ due }) => sql`(${due})`),
        sql` union `,
      );
      const [found, , planned] = await send(ctx, [
        raw<{ project: string }>(ctx, sql`select due.project from (${all}) due (project)`),
        putSchedules(ctx, schedules),
        dueSchedules(ctx),
      ]);
      const sent = found.rows.map(({ project }) =>
        ctx.ports.queue.publish({
          kind: "shared.sweep",
          project,
          id: ctx.ids.next("outbox"),
          body: {},
          request: ctx.requestId,
          trace: ctx.trace,
        }),
      );
      ctx.after(() => keepHouse(ctx, housekeeping));
      // Neither part is held up by the other's failure.
      const [runs, ...sweepsSent] = await Promise.allSettled([planFrom(ctx, planned), ...sent]);
      const failed = [runs, ...sweepsSent].find((part) => part.status === "rejected");
      if (failed) throw failed.reason;
      return { projects: found.rows.length, runs: runs.status === "fulfilled" ? runs.value : 0 };
    },
  );
