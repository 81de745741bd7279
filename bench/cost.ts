// What a million webhooks cost in managed services: counts of the local stand-ins times list prices.
import { type Counted, count, type Traffic, ticksIn } from "./cost/traffic.ts";
import { banner, either } from "./kit/options.ts";
import { pgliteStage } from "./kit/stage.ts";
import { figure, print, type Row } from "./kit/table.ts";
import { awakeHour, billOf, HOURS_PER_MONTH, kept, scaled, total, type Usage } from "./prices.ts";

/** Milliseconds a webhook or a job keeps the Worker's CPU busy; `npm run bench -- gateway` measures less. */
const CPU_MS = 2;
/** Neon puts a compute to sleep after five minutes without a question. */
const SLEEP_AFTER_SECONDS = 300;
const MILLION = 1_000_000;

const traffics: (Traffic & { name: string })[] = [
  { name: "10 a second", webhooks: either({ quick: 200, normal: 1000 }), everySeconds: 0.1 },
  { name: "one in ten minutes", webhooks: either({ quick: 20, normal: 100 }), everySeconds: 600 },
];

banner("cost: a million webhooks");
const counted = await measured();
printCounts();
printBills();
printTime();

async function measured(): Promise<Counted[]> {
  const found: Counted[] = [];
  for (const traffic of traffics) {
    const stage = await pgliteStage();
    found.push(await count(stage, traffic).finally(stage.close));
  }
  return found;
}

function usageOf(of: Counted, { everySeconds }: Traffic): Usage {
  const messages = of.messages + ticksIn(of.webhooks * everySeconds);
  const workerRequests = of.webhooks + messages;
  const workerCpuMs = workerRequests * CPU_MS;
  // No part of the Worker speaks to Redis on this path.
  return { qstashMessages: messages, redisCommands: 0, workerRequests, workerCpuMs, walBytes: of.walBytes };
}

function printCounts(): void {
  const rows = counted.map((of, i) => {
    const traffic = traffics[i] as Traffic & { name: string };
    const thousand = scaled(usageOf(of, traffic), 1000 / of.webhooks);
    const per = (value: number) => figure((value / of.webhooks) * 1000);
    return {
      what: traffic.name,
      cells: [
        per(of.requests),
        per(of.statements),
        figure(thousand.qstashMessages),
        figure(thousand.redisCommands),
        `${figure(thousand.walBytes / MILLION)} MB`,
        `${of.waiting}`,
      ],
    };
  });
  print({
    title: "Counted by the stand-ins, per 1,000 webhooks, embedding and the quarter-hourly tick included",
    columns: ["requests to the database", "statements", "QStash messages", "Redis commands", "log", "left unembedded"],
    rows,
  });
}

function printBills(): void {
  const rows: Row[] = counted.map((of, i) => {
    const traffic = traffics[i] as Traffic & { name: string };
    const bill = billOf(scaled(usageOf(of, traffic), MILLION / of.webhooks));
    const sum = total(bill);
    const dollars = (value: number) => `$${figure(value)}`;
    const row: Row = { what: traffic.name, cells: [...Object.values(bill), sum].map(dollars) };
    // The goal speaks of traffic; a trickle is paid by the month, below.
    return i === 0 ? { ...row, value: sum, unit: " $", goal: { name: "P10", atMost: 1 } } : row;
  });
  print({
    title: "On top for every million webhooks, without the embedding provider (list prices of bench/prices.ts)",
    columns: ["QStash", "Redis", "Workers requests", "Workers CPU", "Neon history", "sum"],
    rows,
  });
}

/** What is paid by the hour and by the byte, whatever a webhook costs. */
function printTime(): void {
  const rows = counted.map((of, i) => {
    const { name, everySeconds } = traffics[i] as Traffic & { name: string };
    const awake = Math.min(1, SLEEP_AFTER_SECONDS / everySeconds + SLEEP_AFTER_SECONDS / 900) * HOURS_PER_MONTH;
    const month = (HOURS_PER_MONTH * 3600) / everySeconds;
    const bill = total(billOf(scaled(usageOf(of, { webhooks: 0, everySeconds }), month / of.webhooks)));
    const million = kept((of.storedBytes / of.webhooks) * MILLION);
    return {
      what: name,
      cells: [figure(month), `$${figure(bill)}`, `$${figure(awake * awakeHour())}`, `$${figure(million)}`],
    };
  });
  print({
    title:
      "By the month: what the pace adds up to, the smallest compute while it is awake, and keeping a million webhooks",
    columns: ["webhooks", "on top", "compute", "storage of a million"],
    rows,
  });
}
