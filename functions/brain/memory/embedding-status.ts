/** What operators see of remembering, and the second chance they can give. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { reading, verb } from "../kernel/verb.ts";

const Status = () =>
  z.object({
    chunks: z.int().describe("All chunks of the project"),
    exact: z
      .boolean()
      .describe("False above ten thousand chunks: `chunks` and `ready` are as embedding last noted them"),
    counted_seconds: z.int().nullable().describe("How long ago that was; null: never, and there are at least so many"),
    pending: z.int(),
    processing: z.int(),
    ready: z.int(),
    failed: z.int(),
    oldest_seconds: z.int().nullable().describe("Age of the oldest chunk that is pending or processing"),
    oldest_failed_seconds: z.int().nullable(),
    errors: z.record(z.string(), z.int()).describe("Failed chunks by the code of their last error"),
    model: z.string().nullable().describe("The model whose vectors recall uses"),
    paused_seconds: z.int().nullable().describe("The embedder wants to be left alone for so long"),
    canaries_failing: z.int().describe("Canary questions that were answered wrong when they were last asked"),
  });

export type EmbeddingStatus = z.output<ReturnType<typeof Status>>;

export const status = reading(
  {
    name: "memory.status",
    summary: "Chunks by embedding status, and how long the oldest has been waiting",
    needs: "memory:read",
    input: () => z.object({}),
    output: Status,
  },
  {
    part: (ctx) => raw<{ status: EmbeddingStatus }>(ctx, sql`select memory.status() as status`),
    view: (found) => {
      const [row] = (found as { rows: { status: EmbeddingStatus }[] }).rows;
      if (!row) throw new Error("memory.status() returned no row");
      return Status().parse(row.status);
    },
  },
);

const retryStatement = (ctx: Ctx) =>
  sql`select (done.r->>'retried')::int as retried, done.r->'wake' as wake
    from (select memory.retry_failed(${ctx.ids.next("outbox")}, ${ctx.ids.next("event")}) as r) done`;

type Retried = { retried: number; wake: Publishable | null };

export const retry = verb(
  {
    name: "memory.chunks.retry",
    summary: "Try again to embed the chunks that failed for good",
    needs: "shared:operate",
    effect: "write",
    // Whoever asks twice asks for the same.
    idempotency: "optional",
    input: () => z.object({}),
    output: () => z.object({ retried: z.int() }),
    example: () => ({}),
  },
  async (ctx): Promise<Retried> => {
    const row = (await commit(ctx, { change: retryStatement(ctx) })) as Retried;
    if (row.wake) publishStaged(ctx, [row.wake]);
    return row;
  },
  ({ retried }) => ({ retried }),
);
