/** The job that looks for whoever has the same address: links what leaves nothing to guess, and proposes the rest. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Schedule } from "../kernel/schedule.ts";
import { verb } from "../kernel/verb.ts";

/** Addresses of one request, and requests of one run; the next night goes on. */
export const linkRule = { batch: 500, batches: 20 } as const;

export const linkSchedule: Schedule = { kind: "people.link", cron: "20 4 * * *", missed: "once" };

type Linked = { judged: number; linked: number; proposed: number; more: boolean };

export const linkContacts = verb(
  {
    name: "people.link",
    summary: "Link records that have proven the same address, propose those that may be one person",
    needs: "people:write",
    doors: ["job"],
    effect: "write",
    idempotency: "none",
    input: () => z.object({}),
    output: () => z.object({ judged: z.int(), linked: z.int(), proposed: z.int() }),
    did: ({ linked, proposed }) => linked + proposed,
  },
  async (ctx) => {
    const sum = { judged: 0, linked: 0, proposed: 0 };
    for (let batch = 0; batch < linkRule.batches; batch++) {
      const query = sql`select people.link(${ctx.ids.uuid()}, ${linkRule.batch}::int) as done`;
      const [found] = await send(ctx, [raw<{ done: Linked }>(ctx, query)]);
      const done = found.rows[0]?.done ?? { judged: 0, linked: 0, proposed: 0, more: false };
      sum.judged += done.judged;
      sum.linked += done.linked;
      sum.proposed += done.proposed;
      if (!done.more) break;
    }
    return sum;
  },
);
