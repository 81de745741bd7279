/** The job that lets go of what is old: bounded, in the order of its parts, and chained until nothing is left. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import type { Statement } from "#db/client.ts";
import { raw, send } from "../kernel/batch.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { byPolicy, countOld, type Retention, takeOld } from "../kernel/retention.ts";
import type { Schedule } from "../kernel/schedule.ts";
import { verb } from "../kernel/verb.ts";

/** By night in the project's time zone, clear of the hours that a change of clocks skips or repeats. */
export const retentionSchedule: Schedule = { kind: "shared.retention.run", cron: "20 4 * * *", missed: "once" };

/** Rows of all kinds in one transaction: some hundred milliseconds, and no lock is held longer. */
const most = 400;

type Ended = { removed: Record<string, number>; more: boolean; staged: Publishable | null };
type Kept = { kind: string; reason: string | null; n: number };

function keptOf(rows: Kept[]): Record<string, Record<string, number>> {
  const kept: Record<string, Record<string, number>> = {};
  for (const { kind, reason, n } of rows) if (reason !== null) kept[kind] = { ...kept[kind], [reason]: n };
  return kept;
}

export const runVerb = (parts: readonly Retention[]) =>
  verb(
    {
      name: "shared.retention.run",
      summary: "Let go of what is older than the project keeps it, some hundred rows at a time",
      needs: "shared:operate",
      doors: ["job"],
      effect: "write",
      idempotency: "none",
      input: () => z.object({ run: z.string().max(64).optional().describe("The run that this goes on with") }),
      output: () =>
        z.object({
          run: z.string(),
          removed: z.record(z.string(), z.int()),
          kept: z.record(z.string(), z.record(z.string(), z.int())).describe("Counted once a run, with its first rows"),
          more: z.boolean(),
        }),
      did: ({ removed }) => Object.values(removed).reduce((sum, rows) => sum + rows, 0),
      counts: ({ removed }) => removed,
    },
    async (ctx, input) => {
      const run = input.run ?? ctx.ids.next("request");
      const spared = input.run ? [] : parts.filter((part) => part.spares?.length);
      const kept = spared.map((part) => raw<Kept>(ctx, countOld(part, byPolicy(part))));
      const statements: Statement[] = [
        raw(ctx, sql`select shared.purge_begin(${most}::int)`),
        ...kept,
        ...parts.map((part) => raw(ctx, takeOld(ctx, part, most))),
        raw(ctx, sql`select shared.purge_end(${run}, ${ctx.ids.next("event")}, ${ctx.ids.next("outbox")}) as ended`),
      ];
      const answers = (await send(ctx, statements)) as unknown as { rows: unknown[] }[];
      const [end] = (answers.at(-1)?.rows ?? []) as { ended: Ended }[];
      const { removed = {}, more = false, staged = null } = end?.ended ?? {};
      if (staged) publishStaged(ctx, [staged]);
      const counted = answers.slice(1, 1 + kept.length).flatMap(({ rows }) => rows as Kept[]);
      return { run, removed, kept: keptOf(counted), more };
    },
  );
