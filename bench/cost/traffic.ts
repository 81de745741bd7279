// Webhooks at a steady pace through the whole system, on a clock that is set: hours pass in seconds, and everything is counted.
import { settableClock } from "#brain/kernel/clock.ts";
import { hashEmbedder } from "#local/embeddings-hash.ts";
import { tickCron } from "#providers/tick.ts";
import { newTenant, type Tenant } from "../kit/app.ts";
import { type Outside, openOutside } from "../kit/outside.ts";
import type { Stage } from "../kit/stage.ts";
import { randomFrom } from "../kit/texts.ts";
import { talker } from "../kit/webhooks.ts";

export type Traffic = { webhooks: number; everySeconds: number };

/** Of the whole run. `requests` are the database's, as the endpoint counted them. */
export type Counted = {
  webhooks: number;
  requests: number;
  statements: number;
  messages: number;
  walBytes: number;
  storedBytes: number;
  /** Passages whose vector is missing at the end. */
  waiting: number;
};

const TICK_SECONDS = Number(/^\*\/(\d+) /.exec(tickCron)?.[1]) * 60;

export async function count(stage: Stage, { webhooks, everySeconds }: Traffic): Promise<Counted> {
  const clock = settableClock(new Date(Math.ceil(Date.now() / 60_000) * 60_000).toISOString());
  const outside = await openOutside(stage, { embedder: hashEmbedder, clock });
  try {
    const tenant = await newTenant(stage, outside.app.runtime, "cost");
    const talk = talker({ account: tenant.accountId, conversations: 40, random: randomFrom(21) });
    const take = async () => {
      await outside.app.hear(tenant, talk.next());
      await calm(outside);
    };
    await take();
    const before = await read(stage, outside, tenant);
    for (let i = 0; i < webhooks; i++) {
      clock.advance(everySeconds * 1000);
      await calm(outside);
      await take();
    }
    clock.advance(10_000);
    await calm(outside);
    const after = await read(stage, outside, tenant);
    return { ...difference(after, before), webhooks, waiting: after.waiting };
  } finally {
    await outside.close();
  }
}

/** Deliveries that have fallen due are made, and the work after the responses is done. */
async function calm({ app, qstash }: Outside): Promise<void> {
  await app.settled();
  qstash.wake();
  await qstash.idle(0).catch(() => qstash.idle(5_000));
  await app.settled();
}

async function read(stage: Stage, outside: Outside, tenant: Tenant): Promise<Omit<Counted, "webhooks">> {
  const stats = stage.neon.stats();
  const qstash = outside.qstash.stats();
  const [row] = await stage.neon.query(
    `select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 as wal, pg_database_size(current_database())::float8 as size,
       (select count(*) from memory.pending where project_id = $1)::int as waiting`,
    [tenant.project],
  );
  return {
    requests: stats.requests,
    statements: stats.statements,
    messages: qstash.published + qstash.retried,
    walBytes: Number(row?.["wal"]),
    storedBytes: Number(row?.["size"]),
    waiting: Number(row?.["waiting"]),
  };
}

function difference<T extends Record<string, number>>(after: T, before: T): T {
  const entries = Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]);
  return Object.fromEntries(entries) as T;
}

/** The schedule's own messages come on top by the clock, not by the webhook. */
export const ticksIn = (seconds: number): number => seconds / TICK_SECONDS;
