// From webhook to vector in real time: messages that a burst costs, how long a lone webhook waits, and whether any is left behind.
import { setTimeout as wait } from "node:timers/promises";
import type { Embedder } from "#brain/kernel/ports.ts";
import { hashEmbedder } from "#local/embeddings-hash.ts";
import { newTenant, type Tenant } from "../kit/app.ts";
import { either } from "../kit/options.ts";
import { type Outside, openOutside } from "../kit/outside.ts";
import type { Stage } from "../kit/stage.ts";
import { percentile } from "../kit/stats.ts";
import { figure, type Row } from "../kit/table.ts";
import { randomFrom } from "../kit/texts.ts";
import { type Talker, talker } from "../kit/webhooks.ts";

const BURST = either({ quick: 100, normal: 1000 });
const SECONDS = either({ quick: 1, normal: 5 });
const LONE = either({ quick: 2, normal: 5 });
const AT_ONCE = 4;
/** What a provider takes for a batch of a hundred. */
const EMBEDDER_MS = 300;

const embedder: Embedder = {
  ...hashEmbedder,
  embed: async (texts) => {
    await wait(EMBEDDER_MS);
    return hashEmbedder.embed(texts);
  },
};

type Run = { stage: Stage; outside: Outside; tenant: Tenant; talk: Talker };

export async function wakeUps(stage: Stage): Promise<Row[]> {
  const outside = await openOutside(stage, { embedder });
  try {
    const tenant = await newTenant(stage, outside.app.runtime, "wake-ups");
    const talk = talker({ account: tenant.accountId, conversations: 40, random: randomFrom(13) });
    const run = { stage, outside, tenant, talk };
    await outside.app.hear(tenant, talk.next());
    await untilReady(run);
    return [...(await lone(run)), ...(await burst(run))];
  } finally {
    await outside.close();
  }
}

async function waiting({ stage, tenant }: Run): Promise<number> {
  const [row] = await stage.neon.query("select count(*)::int as n from memory.pending where project_id = $1", [
    tenant.project,
  ]);
  return Number(row?.["n"]);
}

/** Seconds until every passage has its vector, or the patience ends. */
async function untilReady(run: Run, patience = 60): Promise<number> {
  const started = performance.now();
  const spent = () => (performance.now() - started) / 1000;
  while ((await waiting(run)) > 0 && spent() < patience) await wait(20);
  await run.outside.app.settled();
  return spent();
}

async function lone(run: Run): Promise<Row[]> {
  const lags: number[] = [];
  for (let i = 0; i < LONE; i++) {
    const started = performance.now();
    await run.outside.app.hear(run.tenant, run.talk.next());
    await untilReady(run);
    lags.push((performance.now() - started) / 1000);
  }
  const worst = percentile(lags, 1);
  return [
    {
      what: `a lone webhook, embedded after (worst of ${LONE})`,
      cells: [`${figure(worst)} s`],
      value: worst,
      unit: " s",
      goal: { name: "P8", atMost: 3 },
    },
  ];
}

async function burst(run: Run): Promise<Row[]> {
  const { outside, stage } = run;
  await outside.qstash.idle(30_000);
  outside.qstash.resetStats();
  stage.neon.resetStats();
  const started = performance.now();
  let sent = 0;
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    while (sent < BURST) {
      sent += 1;
      const due = (sent / BURST) * SECONDS * 1000 - (performance.now() - started);
      if (due > 0) await wait(due);
      await outside.app.hear(run.tenant, run.talk.next());
    }
  });
  await Promise.all(lanes);
  const took = (performance.now() - started) / 1000;
  await untilReady(run);
  const { published } = outside.qstash.stats();
  const left = await waiting(run);
  return [
    {
      what: `${BURST} webhooks in ${figure(took)} s: QStash messages`,
      cells: [`${published}`],
      value: published,
      goal: { name: "P8", atMost: 20 },
    },
    { what: "  passages left without a wake-up", cells: [`${left}`], value: left, goal: { name: "P8", atMost: 0 } },
  ];
}
