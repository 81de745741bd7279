/** The queue of approved messages: its numbers, and its SQL functions with types. */
import { sql } from "drizzle-orm";
import { raw } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import type { Publishable } from "../kernel/outbox.ts";

export const queueRule = {
  /** A claim that is not settled by then is of unknown fate: a provider's timeout, and room to write it down. */
  leaseSeconds: 90,
  /** Messages of one claim; all of them are on the wire at once. */
  batch: 50,
  /** Waits after a failed attempt: attempt × this, at most an hour (a provider's Retry-After wins). */
  waitSeconds: 120,
  longestWaitSeconds: 3600,
  /** One run of the job, then the next wake-up continues. */
  runSeconds: 20,
  /** A sender whose provider refuses for a reason of its own is left alone this long. */
  pauseSeconds: 300,
  /** How long after an unknown outcome the provider is asked, and how often. */
  lookupSeconds: [15, 60, 300, 1800, 7200],
} as const;

export type Claimed = {
  id: string;
  attempt: string;
  number: number;
  contact: string;
  channel: "chat" | "sms" | "email" | "telegram";
  brand: string;
  to: string;
  subject: string | null;
  body: string;
  class: string;
  language: string;
  thread: Record<string, unknown>;
};
export type Claim = { rows: Claimed[]; stopped: Record<string, number>; more: boolean; wake: Publishable | null };

export type Result = {
  id: string;
  attempt: string;
  outcome: "accepted" | "later" | "refused" | "unknown";
  provider_message_id?: string;
  state?: "submitted" | "sent";
  code?: string;
  http_status?: number;
  opt_out?: boolean;
  wait_seconds?: number;
  /** The sender's failure, not the message's: this attempt does not count. */
  spared?: boolean;
};
export type Settled = { settled: { id: string; state: string }[]; retry_at: string | null };

const many = (count: number, make: () => string): string[] => Array.from({ length: count }, make);

export const claim = (ctx: Ctx, input: { sender: string; token: string; batch: number }) => {
  const ids = {
    attempts: many(input.batch, () => ctx.ids.next("attempt")),
    events: many(input.batch, () => ctx.ids.next("event")),
    wake: ctx.ids.next("outbox"),
  };
  return raw<{ claim: Claim }>(
    ctx,
    sql`select outbound.claim(${input.sender}, ${input.token}::uuid, ${input.batch}::int,
      make_interval(secs => ${queueRule.leaseSeconds}::int), ${JSON.stringify(ids)}::jsonb) as claim`,
  );
};

/** Ids for what an opt-out writes about one person and one address: policy, suppression, consent, event. */
const optOutIds = (ctx: Ctx) => [
  ctx.ids.next("policy"),
  ctx.ids.next("suppression"),
  ctx.ids.next("consent"),
  ctx.ids.next("event"),
];

export const settle = (ctx: Ctx, input: { token: string; results: Result[] }) => {
  const rows = input.results.map((result) => ({
    ...result,
    event: ctx.ids.next("event"),
    ...(result.opt_out ? { ids: optOutIds(ctx) } : {}),
  }));
  return raw<{ settled: Settled }>(
    ctx,
    sql`select outbound.settle(${input.token}::uuid, ${JSON.stringify(rows)}::jsonb) as settled`,
  );
};

export type Wake = { job: "outbound.dispatch" | "outbound.resolve"; sender: string | null; inSeconds: number };

export const wake = (ctx: Ctx, { job, sender, inSeconds }: Wake) =>
  raw<{ wake: Publishable | null }>(
    ctx,
    sql`select outbound.wake(${ctx.ids.next("outbox")}, ${job}, ${sender},
      shared.clock() + make_interval(secs => ${inSeconds})) as wake`,
  );

/** Nothing is claimed for this sender until then; an operator sees why. */
export const pause = (ctx: Ctx, input: { sender: string; code: string; seconds: number }) =>
  raw(
    ctx,
    sql`update outbound.senders set paused_until = shared.clock() + make_interval(secs => ${input.seconds}::int),
        paused_code = ${input.code}, updated_at = shared.clock(), version = version + 1
      where project_id = shared.scope() and id = ${input.sender}`,
  );
