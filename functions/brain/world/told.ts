/** What questions are answered from beside passages: facts that the reader knows, handed down to memory. */
import { sql } from "drizzle-orm";
import type { FactSource } from "../memory/index.ts";

export const factsTold: FactSource = {
  table: "world.facts",
  told: ({ knower, words, contacts, asOf, knownAt, most }) =>
    sql`select t.* from world.told(${knower}, array(select jsonb_array_elements_text(${JSON.stringify(words.map((word) => word.join("|")))}::jsonb)),
      ${contacts}, ${asOf ?? null}::timestamptz, ${knownAt ?? null}::timestamptz, ${most}::int) t`,
  cite: (ids, past) => sql`select world.cite(${ids}, ${past})`,
};
