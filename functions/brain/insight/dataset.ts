/** A dataset of those who agreed: what was said and what became of it, under pseudonyms, numbers and addresses taken out. */
import { sql } from "drizzle-orm";
import { withPlaceholders } from "../memory/index.ts";
import type { Dataset } from "../shared/index.ts";

type Turn = { text?: string };

export const dataset: Dataset = {
  plan: sql`insight.dataset_plan()`,
  lines: (range) => sql`insight.dataset_lines(${range})`,
  line: (found) => {
    const turns = found["turns"] as Turn[] | undefined;
    const { value } = found;
    if (typeof value === "string") return { ...found, value: withPlaceholders(value) };
    if (!turns) return found;
    return {
      ...found,
      turns: turns.map((turn) => (turn.text ? { ...turn, text: withPlaceholders(turn.text) } : turn)),
    };
  },
};
