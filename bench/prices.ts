// List prices of the services the Worker runs on, and what a bill of counts comes to. Read 2026-11-21, in US dollars.

/** Of one unit, beyond what a plan includes. */
export const prices = {
  /** Upstash QStash, pay as you go: $1 per 100,000 messages; a retry is a message. upstash.com/pricing/qstash */
  qstashMessage: 1 / 100_000,
  /** Upstash Redis, pay as you go: $0.20 per 100,000 commands. upstash.com/pricing/redis */
  redisCommand: 0.2 / 100_000,
  /** Cloudflare Workers Paid: $0.30 per million requests. developers.cloudflare.com/workers/platform/pricing */
  workerRequest: 0.3 / 1_000_000,
  /** … and $0.02 per million milliseconds of CPU. */
  workerCpuMs: 0.02 / 1_000_000,
  /** Neon Launch: $0.20 a GB-month of history, kept for a day by default. neon.com/docs/introduction/plans */
  historyGbMonth: 0.2,
  historyDays: 1,
  /** Neon Launch: $0.35 a GB-month of data. */
  storageGbMonth: 0.35,
  /** Neon Launch: $0.106 an hour of one compute unit, which sleeps when nobody asks. */
  computeUnitHour: 0.106,
  /** The smallest compute. */
  computeUnits: 0.25,
} as const;

const GB = 1_000_000_000;
const DAYS_PER_MONTH = 30;
export const HOURS_PER_MONTH = 730;

/** What was used, for any number of webhooks. */
export type Usage = {
  qstashMessages: number;
  redisCommands: number;
  /** Webhooks and jobs. */
  workerRequests: number;
  workerCpuMs: number;
  walBytes: number;
};

export type Bill = Record<"QStash" | "Redis" | "Workers requests" | "Workers CPU" | "Neon history", number>;

/** What comes on top for every webhook, whatever the month's fixed costs are. */
export function billOf(usage: Usage): Bill {
  return {
    QStash: usage.qstashMessages * prices.qstashMessage,
    Redis: usage.redisCommands * prices.redisCommand,
    "Workers requests": usage.workerRequests * prices.workerRequest,
    "Workers CPU": usage.workerCpuMs * prices.workerCpuMs,
    "Neon history": (usage.walBytes / GB) * prices.historyGbMonth * (prices.historyDays / DAYS_PER_MONTH),
  };
}

export const total = (bill: Bill): number => Object.values(bill).reduce((sum, part) => sum + part, 0);

/** The same use for another number of webhooks. */
export function scaled(usage: Usage, factor: number): Usage {
  const entries = Object.entries(usage).map(([name, count]) => [name, count * factor]);
  return Object.fromEntries(entries) as Usage;
}

/** An hour that the smallest compute is awake. */
export const awakeHour = (): number => prices.computeUnits * prices.computeUnitHour;

/** A month of keeping these bytes. */
export const kept = (bytes: number): number => (bytes / GB) * prices.storageGbMonth;
