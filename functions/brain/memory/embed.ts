/** Remembering: the job that gives waiting chunks their vectors, a batch at a time. */
import * as z from "zod/v4";
import type { Statement } from "#db/client.ts";
import { send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import type { Embedder } from "../kernel/ports.ts";
import { verb } from "../kernel/verb.ts";
import { type Attempt, attempt } from "./embedding-attempt.ts";
import { type Claim, claim, type Failed, fail, queueRule, type Settled, settle, wakeNow } from "./embedding-queue.ts";

const Embedded = () =>
  z.object({
    batches: z.int(),
    /** Chunks that have their vector now, `copied` of them from an identical text. */
    embedded: z.int(),
    copied: z.int(),
    /** Given back, to be tried again later. */
    released: z.int(),
    /** Will not be tried again without an operator. */
    failed: z.int(),
  });

type Tally = z.output<ReturnType<typeof Embedded>>;

export const embed = verb(
  {
    name: "memory.embed",
    summary: "Give waiting chunks their vectors",
    needs: "memory:write",
    doors: ["job"],
    effect: "external",
    // Two a batch: claim before the embedder is asked, settle after.
    steps: 2,
    input: () => z.object({}),
    output: Embedded,
    did: ({ embedded, failed }) => embedded + failed,
  },
  async (ctx) => {
    const tally: Tally = { batches: 0, embedded: 0, copied: 0, released: 0, failed: 0 };
    const { embedder } = ctx.ports;
    // Without an embedder chunks wait, and spend none of their claims.
    if (!embedder) return tally;
    const wakes: Publishable[] = [];
    const until = ctx.clock.now().getTime() + queueRule.runSeconds * 1000;
    while (await batch(ctx, embedder, { tally, wakes, until }));
    publishStaged(ctx, wakes);
    return tally;
  },
);

type Run = { tally: Tally; wakes: Publishable[]; until: number };

/** Claim, embed, settle; true when there is more and time for it. */
async function batch(ctx: Ctx, embedder: Embedder, run: Run): Promise<boolean> {
  const token = ctx.ids.uuid();
  const [answer] = await send(ctx, [claim(ctx, { token, model: embedder.model })]);
  const claimed = answer.rows[0]?.claim as Claim;
  run.tally.copied += claimed.copied;
  run.tally.embedded += claimed.copied;
  run.tally.failed += claimed.failed;
  if (claimed.wake) run.wakes.push(claimed.wake);
  if (claimed.rows.length === 0) return claimed.more;

  const tried = await attempt(ctx, embedder, claimed.rows);
  const timeIsUp = ctx.clock.now().getTime() >= run.until;
  const dropped = await finish(ctx, { token, model: embedder.model, tried, wake: claimed.more && timeIsUp, run });
  if (timeIsUp || tried.pauseSeconds !== undefined) return false;
  // A text edited meanwhile, or one given up on, may have held back others like it.
  return claimed.more || dropped > 0 || tried.failures.some((row) => row.final);
}

type Finish = { token: string; model: string; tried: Attempt; wake: boolean; run: Run };
type Said = { settled?: Settled; failed?: Failed; wake?: Publishable | null };

/** Settles and releases in one request; how many vectors came too late to count. */
async function finish(ctx: Ctx, { token, model, tried, wake, run }: Finish): Promise<number> {
  const { vectors, failures, ...pause } = tried;
  const statements: Statement[] = [];
  if (vectors.length > 0) statements.push(settle(ctx, { token, model, vectors }));
  if (failures.length > 0) statements.push(fail(ctx, { token, rows: failures, ...pause }));
  if (wake) statements.push(wakeNow(ctx));
  const answers = (await send(ctx, statements)) as { rows: Said[] }[];
  const said: Said = Object.assign({}, ...answers.map((answer) => answer.rows[0]));
  const { settled = 0, copied = 0 } = said.settled ?? {};
  run.tally.batches += 1;
  run.tally.embedded += settled + copied;
  run.tally.copied += copied;
  run.tally.failed += said.failed?.failed ?? 0;
  run.tally.released += failures.length - (said.failed?.failed ?? 0);
  run.wakes.push(...[said.failed?.wake, said.wake].filter((row) => row != null));
  return vectors.length - settled;
}
