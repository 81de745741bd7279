/** What of a context fits a budget of tokens: turns go first, then entities, then the summary; policy and query never. */

export const contextRule = {
  most: 3000,
  least: 64,
  turns: 8,
  entities: 25,
  /** Careful: English has about four characters a token, Danish a little over three. */
  charactersPerToken: 3,
} as const;

/** Turns the oldest first, entities the nearest first. */
export type Parts = { policy: string; summary: string | null; turns: string[]; entities: string[]; query: string };

export type Fitted = {
  budget: { requested: number; applied: number; estimated_used: number };
  /** Of the turns the last so many, of the entities the first. */
  kept: { turns: number; entities: number; summary: number };
  trimmed: { turns: number; entities: number; summary: number };
};

export const tokensOf = (text: string): number => Math.ceil(text.length / contextRule.charactersPerToken);

export const appliedOf = (requested: number): number =>
  Math.min(contextRule.most, Math.max(contextRule.least, requested));

export function fitted(parts: Parts, requested: number): Fitted {
  const applied = appliedOf(requested);
  const turns = parts.turns.map(tokensOf);
  const entities = parts.entities.map(tokensOf);
  const summary = parts.summary === null ? [] : [tokensOf(parts.summary)];
  const found = { turns: turns.length, entities: entities.length, summary: summary.length };
  const costs = [...turns, ...entities, ...summary];
  let used = costs.reduce((sum, cost) => sum + cost, tokensOf(parts.policy) + tokensOf(parts.query));
  const drop = (list: number[], end: "first" | "last") => {
    while (used > applied && list.length > 0) used -= (end === "first" ? list.shift() : list.pop()) ?? 0;
    return list.length;
  };
  const kept = { turns: drop(turns, "first"), entities: drop(entities, "last"), summary: drop(summary, "last") };
  return {
    budget: { requested, applied, estimated_used: used },
    kept,
    trimmed: {
      turns: found.turns - kept.turns,
      entities: found.entities - kept.entities,
      summary: found.summary - kept.summary,
    },
  };
}
