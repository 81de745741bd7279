/** Unknown fates: after a timeout or a crash the provider is asked whether it has the message; nothing is ever sent blindly again. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import type { LookedUp } from "../kernel/ports.ts";
import { verb } from "../kernel/verb.ts";
import { type OpenSender, openSender } from "./account.ts";
import { queueRule, wake } from "./queue.ts";

type Doubtful = {
  id: string;
  sender: string;
  to: string;
  body: string;
  thread: Record<string, unknown>;
  lookups: number;
  attempts: number;
  since: string | null;
};

export const resolve = verb(
  {
    name: "outbound.resolve",
    summary: "Ask the providers about messages of unknown fate",
    needs: "outbound:operate",
    doors: ["job"],
    effect: "external",
    // Take, the senders, write down.
    steps: 4,
    input: () => z.object({}),
    output: () => z.object({ asked: z.int(), found: z.int(), absent: z.int() }),
    did: ({ asked }) => asked,
  },
  async (ctx) => {
    const doubtful = await take(ctx);
    if (doubtful.length === 0) return { asked: 0, found: 0, absent: 0 };
    const answers = await Promise.all(
      [...Map.groupBy(doubtful, (row) => row.sender)].map(([id, rows]) => askSender(ctx, { id, rows })),
    );
    const told = answers.flat();
    await writeDown(ctx, told);
    const counted = (outcome: string) => told.filter((row) => row.outcome === outcome).length;
    return { asked: told.length, found: counted("found"), absent: counted("absent") };
  },
);

async function take(ctx: Ctx): Promise<Doubtful[]> {
  const ids = { events: Array.from({ length: queueRule.batch }, () => ctx.ids.next("event")) };
  const [answer] = await send(ctx, [
    raw<{ rows: Doubtful[] }>(
      ctx,
      sql`select outbound.doubtful(${queueRule.batch}::int, make_interval(secs => ${queueRule.leaseSeconds}::int),
        ${JSON.stringify(ids)}::jsonb) as rows`,
    ),
  ]);
  return answer.rows[0]?.rows ?? [];
}

type Told = {
  id: string;
  lookups: number;
  attempts: number;
  outcome: string;
  provider_message_id?: string;
  state?: string;
  wait_seconds: number | null;
};

async function askSender(ctx: Ctx, { id, rows }: { id: string; rows: Doubtful[] }): Promise<Told[]> {
  const sender = await openSender(ctx, id).catch(() => undefined);
  return Promise.all(rows.map(async (row) => toldOf(row, sender ? await ask(sender, row) : { outcome: "unable" })));
}

const ask = (sender: OpenSender, row: Doubtful): Promise<LookedUp> =>
  sender.carrier.lookup(sender.account, {
    ref: row.id,
    from: sender.address,
    to: row.to,
    text: row.body,
    since: new Date(row.since ?? 0),
    thread: row.thread,
  });

function toldOf({ id, lookups, attempts }: Doubtful, said: LookedUp): Told {
  // A provider may know of a message only some time after it took it: the first "absent" is asked once more.
  const outcome = said.outcome === "absent" && lookups < 2 ? "unable" : said.outcome;
  const wait_seconds = queueRule.lookupSeconds[lookups] ?? null;
  if (said.outcome !== "found") return { id, lookups, attempts, outcome, wait_seconds };
  return {
    id,
    lookups,
    attempts,
    outcome,
    provider_message_id: said.id,
    state: said.state ?? "submitted",
    wait_seconds,
  };
}

async function writeDown(ctx: Ctx, told: Told[]): Promise<void> {
  const rows = told.map((row) => ({ ...row, event: ctx.ids.next("event") }));
  const [answer] = await send(ctx, [
    raw<{ done: { senders: string[] } }>(ctx, sql`select outbound.resolved(${JSON.stringify(rows)}::jsonb) as done`),
  ]);
  const senders = answer.rows[0]?.done.senders ?? [];
  const undecided = told.filter((row) => row.outcome === "unable" && row.wait_seconds !== null);
  const soonest = Math.min(...undecided.map((row) => row.wait_seconds ?? Number.POSITIVE_INFINITY));
  if (senders.length === 0 && undecided.length === 0) return;
  const woken = await send(ctx, [
    ...senders.map((sender) => wake(ctx, { job: "outbound.dispatch", sender, inSeconds: 0 })),
    ...(undecided.length > 0 ? [wake(ctx, { job: "outbound.resolve", sender: null, inSeconds: soonest })] : []),
  ]);
  publishStaged(
    ctx,
    woken.map((one) => one.rows[0]?.wake).filter((row): row is Publishable => row != null),
  );
}
