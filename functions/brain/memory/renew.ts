/** After a change of the embedding model: what was remembered by another model is remembered anew, a few at a time. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { verb } from "../kernel/verb.ts";

/** Chunks that wait at once: five batches, so that a new message is behind them for seconds. */
const most = 500;

type Renewed = { renewed: number; more: boolean; wakes: Publishable[] };

export const renew = verb(
  {
    name: "memory.renew",
    summary: "Let chunks whose vector is another model's wait for a new one",
    needs: "memory:write",
    doors: ["job"],
    effect: "write",
    idempotency: "none",
    input: () => z.object({}),
    output: () => z.object({ renewed: z.int(), more: z.boolean() }),
    did: ({ renewed }) => renewed,
  },
  async (ctx) => {
    const { embedder } = ctx.ports;
    const ids = [ctx.ids.next("outbox"), ctx.ids.next("outbox")];
    // Without an embedder nothing could become of it.
    const work = embedder
      ? sql`select memory.renew(${embedder.model}, ${most}::int, ${ids[0]}, ${ids[1]}) as done`
      : sql`select '{"renewed": 0, "more": false, "wakes": []}'::jsonb as done`;
    const [found] = await send(ctx, [raw<{ done: Renewed }>(ctx, work)]);
    const { renewed = 0, more = false, wakes = [] } = found.rows[0]?.done ?? {};
    publishStaged(ctx, wakes);
    return { renewed, more };
  },
);
