/** The recall benchmark's data sets by name: some seeds may be tuned on, the held-out ones are only measured. */
import { business, type Order } from "#local/business/business.ts";
import type { Language } from "#local/business/calendar.ts";
import type { Business } from "#local/business/model.ts";
import { seeded } from "#local/business/seeded.ts";

export const seeds = {
  tuning: ["t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"],
  "held-out": ["h1", "h2", "h3", "h4", "h5", "h6", "h7", "h8", "h9", "h10"],
} as const;
export type Purpose = keyof typeof seeds;

/** One tenant for each set: `long` is one customer's dialogue of 300 to 600 turns, `town` forty customers of one firm. */
export type RecallSet = { name: string; mode: Mode; language: Language | "both"; business: Business };
export const modes = ["long", "town"] as const;
export type Mode = (typeof modes)[number];

function long(seed: string): RecallSet {
  const random = seeded(`long ${seed}`);
  const language: Language = Number(seed.replace(/\D/g, "")) % 2 ? "en" : "da";
  const order: Order = {
    seed: `long ${seed}`,
    customers: 1,
    months: 14,
    messages: random.int(320, 590),
    languages: [language],
  };
  return { name: `long-${seed}`, mode: "long", language, business: business(order) };
}

/** Four customers to a town seed would repeat the long mode; forty make the same fault at another customer's likely. */
function town(seed: string): RecallSet {
  const order: Order = {
    seed: `town ${seed}`,
    customers: 40,
    months: 6,
    messages: 1600,
    languages: ["en", "da"],
    asked: 160,
  };
  return { name: `town-${seed}`, mode: "town", language: "both", business: business(order) };
}

/** Towns are large, so only every second seed makes one. */
export function recallSets(purpose: Purpose): RecallSet[] {
  const own = seeds[purpose];
  return [...own.map(long), ...own.filter((_, i) => i % 2 === 0).map(town)];
}
