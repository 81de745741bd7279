/** What surrounds a message or a question in its chat, cut to a budget; for people as parts, for a model as lines. */
import { sql } from "drizzle-orm";
import { raw } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { isIdle, stem, tokens } from "../memory/index.ts";
import { contextRule, type Fitted, fitted } from "./budget.ts";
import type { EntityType } from "./understand/extract.ts";

export type Near = {
  entity_type: EntityType;
  entity_id: string;
  title: string;
  status: string;
  due_date: string | null;
  /** Its number in what the chat was shown last. */
  shown: number | null;
};
type Turn = { id: string; text: string; said_at: string };
export type Surroundings = {
  today: string;
  summary: { id: string; text: string; ends_at: string } | null;
  turns: Turn[];
  entities: Near[];
};

const mostStems = 12;

/** What a text names, as stems that a title is looked through for. */
export const stemsIn = (text: string): string[] =>
  [
    ...new Set(
      tokens(text)
        .filter((word) => !isIdle(word))
        .map(stem)
        .filter((found) => found.length > 1),
    ),
  ].slice(0, mostStems);

export const surroundings = (ctx: Ctx, { chat, text }: { chat: string; text: string }) =>
  raw<{ around: Surroundings }>(
    ctx,
    sql`select assistant.context_state(${chat}, array(select jsonb_array_elements_text(${JSON.stringify(stemsIn(text))}::jsonb))) as around`,
  );

export const aroundIn = (found: unknown): Surroundings =>
  (found as { rows: { around: Surroundings }[] }).rows[0]?.around as Surroundings;

const lineOf = ({ entity_type, title, status, due_date, shown }: Near): string =>
  `${entity_type} "${title}" (${status}${due_date ? `, due ${due_date}` : ""}${shown === null ? "" : `, number ${shown} of what was shown last`})`;

export type Cut = {
  summary: Surroundings["summary"];
  turns: Turn[];
  entities: Near[];
  fit: Fitted;
  found: Fitted["kept"];
};

/** `besides`: the message itself, where it is kept already. */
export function cut(
  { summary, turns: all, entities }: Surroundings,
  how: { policy: string; query: string; budget?: number; besides?: string },
): Cut {
  const turns = all.filter(({ id }) => id !== how.besides).slice(-contextRule.turns);
  const { policy, query, budget = contextRule.most } = how;
  const fit = fitted(
    {
      policy,
      query,
      summary: summary?.text ?? null,
      turns: turns.map(({ text }) => text),
      entities: entities.map(lineOf),
    },
    budget,
  );
  return {
    summary: fit.kept.summary > 0 ? summary : null,
    turns: fit.kept.turns > 0 ? turns.slice(-fit.kept.turns) : [],
    entities: entities.slice(0, fit.kept.entities),
    fit,
    found: { summary: summary ? 1 : 0, turns: turns.length, entities: entities.length },
  };
}

/** Nothing where nothing surrounds it. */
export function linesOf({ summary, turns, entities }: Cut): string {
  const known = entities.map((one, i) => `K${i + 1} ${lineOf(one)}`);
  return [
    summary ? `Before: ${summary.text}` : "",
    turns.length > 0 ? `Said lately:\n${turns.map(({ text }) => text).join("\n")}` : "",
    known.length > 0 ? `Known:\n${known.join("\n")}` : "",
  ]
    .filter((part) => part !== "")
    .map((part) => `${part}\n`)
    .join("");
}
