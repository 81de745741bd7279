/** The job that erases: in bounded steps over what all domains declared, until a whole step finds nothing. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import type { Statement } from "#db/client.ts";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { countMentions, type Erasure, takeErased } from "../kernel/erasure.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { verb } from "../kernel/verb.ts";

/** Rows of all tables in one transaction. */
export const mostRows = 400;

type Ended = { state: "running" | "done"; taken: number; staged?: Publishable };

const noteWaits = (ctx: Ctx, { waits = {} }: Erasure): Statement[] =>
  Object.entries(waits).map(([table, count]) =>
    raw(ctx, sql`select shared.erase_noted('waits', ${table}, (${count})::int)`),
  );

/** Outside first, then the row that says so: whoever dies in between removes it once more. */
async function clear(ctx: Ctx, domains: readonly Erasure[], found: readonly string[][]): Promise<void> {
  const outside = domains.flatMap((each) => (each.outside ? [each.outside] : []));
  const gone: Statement[] = [];
  for (const [i, one] of outside.entries()) {
    const ids = found[i] ?? [];
    if (ids.length === 0) continue;
    await one.remove(ctx, ids);
    gone.push(raw(ctx, one.removed(sql`array(select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`)));
  }
  if (gone.length > 0) await send(ctx, gone);
}

const idsOf = (answer: unknown): string[] => (answer as { rows: { id: string }[] }).rows.map(({ id }) => id);

export const runVerb = (domains: readonly Erasure[], most = mostRows) =>
  verb(
    {
      name: "shared.erasures.run",
      summary: "Take the next step of an erasure, some hundred rows at a time",
      needs: "shared:operate",
      doors: ["job"],
      effect: "external",
      // The step, and the rows whose things outside have gone.
      steps: 2,
      faults: ["erasure_unknown"],
      input: () =>
        z.object({ erasure: z.string().min(1).max(64).optional().describe("Without it, the one asked for first") }),
      output: () => z.object({ erasure: z.string().nullable(), state: z.enum(["running", "done"]), taken: z.int() }),
      did: ({ taken }) => taken,
    },
    async (ctx, { erasure }) => {
      const firsts = domains.flatMap(({ first = [] }) => first).map((one) => raw(ctx, one));
      const asked = domains.flatMap(({ outside }) => (outside ? [raw(ctx, outside.ask)] : []));
      const before: Statement[] = [
        raw(ctx, sql`select shared.erase_begin(${erasure ?? null}, ${most}::int) as begun`),
        ...firsts,
        ...domains.flatMap(({ parts }) => parts.flatMap((part) => takeErased(ctx, part))),
        ...domains.flatMap(({ mentions = {} }) => Object.entries(mentions).map((one) => countMentions(ctx, one))),
        ...domains.flatMap((each) => noteWaits(ctx, each)),
      ];
      const ids = { event: ctx.ids.next("event"), wake: ctx.ids.next("outbox") };
      const end = raw<{ ended: Ended }>(ctx, sql`select shared.erase_end(${ids.event}, ${ids.wake}) as ended`);
      const answers = (await send(ctx, [...before, ...asked, end])) as unknown as unknown[];
      const {
        state = "running",
        taken = 0,
        staged,
      } = (answers.at(-1) as { rows: { ended: Ended }[] }).rows[0]?.ended ?? {};
      await clear(ctx, domains, answers.slice(before.length, -1).map(idsOf));
      if (staged) publishStaged(ctx, [staged]);
      const [began] = (answers[0] as { rows: { begun: string | null }[] }).rows;
      return { erasure: began?.begun ?? null, state, taken };
    },
  );
