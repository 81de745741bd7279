/** The queue of chunks that wait for their vector: its numbers, and its SQL functions with types. */
import { sql } from "drizzle-orm";
import { raw } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import type { Publishable } from "../kernel/outbox.ts";

/** Every number of the embedding queue; docs/embedding.md derives the worst delays from them. */
export const queueRule = {
  /** A claim that is not settled by then is free again: the embedder's timeout, twice, and room for the fallback. */
  leaseSeconds: 120,
  /** Waits between the claims of a row that fails: one claim more than waits, then it fails for good. */
  waitSeconds: [30, 120, 480, 1920],
  /** An embedder that names no time is left alone this long. */
  pauseSeconds: 30,
  /** A provider that asks for more than a day is asked again after a day. */
  longestWaitSeconds: 86_400,
  /** One run of the job, then the next wake-up continues: well inside QStash's and the Worker's patience. */
  runSeconds: 20,
  /** Trying texts one by one ends here, so that the lease still holds when they are settled. */
  singlesSeconds: 45,
  /** So many single failures in a row, with no success, mean that the embedder itself is down. */
  probes: 3,
} as const;

/** The key writers of chunks rely on; wake-ups for later have one of their own. */
export const wakeKey = "memory.embed";

export type Claimed = { id: string; hash: string; text: string };
export type Claim = { rows: Claimed[]; copied: number; failed: number; more: boolean; wake: Publishable | null };
export type Vector = { id: string; hash: string; vector: number[] };
export type Settled = { settled: number; copied: number };
/** `final`: the embedder refuses this very text, so that trying again is useless. */
export type Unembedded = { id: string; error: string; final: boolean };
export type Failed = { failed: number; wake: Publishable | null };

const arrayText = (values: string[]): string =>
  `{${values.map((value) => `"${value.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;

/** Half precision keeps 11 bits, so that five digits after the point of a unit vector lose nothing. */
const vectorText = (vector: number[]): string => `[${vector.map((x) => Math.round(x * 1e6) / 1e6).join(",")}]`;

export const claim = (ctx: Ctx, input: { token: string; model: string }) =>
  raw<{ claim: Claim }>(
    ctx,
    sql`select memory.claim(${input.token}::uuid, ${input.model}, ${ctx.settings.embedBatch}::int,
      make_interval(secs => ${queueRule.leaseSeconds}::int), ${queueRule.waitSeconds.length + 1}::int,
      ${ctx.ids.next("outbox")}, ${ctx.ids.next("event")}) as claim`,
  );

export const settle = (ctx: Ctx, input: { token: string; model: string; vectors: Vector[] }) =>
  raw<{ settled: Settled }>(
    ctx,
    sql`select memory.settle(${input.token}::uuid, ${input.model}, ${arrayText(input.vectors.map((v) => v.id))}::uuid[],
      ${arrayText(input.vectors.map((v) => v.hash))}::text[],
      ${arrayText(input.vectors.map((v) => vectorText(v.vector)))}::text[], ${ctx.ids.next("event")}) as settled`,
  );

export type Failing = { token: string; rows: Unembedded[]; waitSeconds?: number; pauseSeconds?: number };

export const fail = (ctx: Ctx, input: Failing) =>
  raw<{ failed: Failed }>(
    ctx,
    sql`select memory.fail(${input.token}::uuid, ${JSON.stringify(input.rows)}::jsonb,
      make_interval(secs => ${input.waitSeconds ?? null}::int), ${arrayText(queueRule.waitSeconds.map(String))}::int[],
      make_interval(secs => ${input.pauseSeconds ?? null}::int), ${ctx.ids.next("outbox")}, ${ctx.ids.next("event")}) as failed`,
  );

/** The wake-up that continues right away; no row when one is pending already. */
export const wakeNow = (ctx: Ctx) =>
  raw<{ wake: Publishable | null }>(
    ctx,
    sql`select memory.wake_at(${ctx.ids.next("outbox")}, ${wakeKey}, shared.clock()) as wake`,
  );
