/** One call of a language model on a person's behalf: numbers stay here, the call is on record, its words are not. */
import type { Ctx } from "../kernel/ctx.ts";
import { called, jsonIn, type Run } from "../kernel/model-call.ts";
import type { LanguageModel } from "../kernel/ports.ts";
import { withPlaceholders } from "../memory/index.ts";

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Numbers and addresses leave as numbered placeholders, and come back in titles. */
export function masked(text: string): { text: string; restore(said: string): string } {
  const bare = withPlaceholders(text);
  const parts = bare.split(/<(?:email|phone|number)>/);
  const names = [...bare.matchAll(/<(email|phone|number)>/g)].map(([, kind], i) => `<${kind} ${i + 1}>`);
  const found = new RegExp(`^${parts.map(escaped).join("([^]*?)")}$`, "u").exec(text)?.slice(1) ?? [];
  return {
    text: parts.map((part, i) => part + (names[i] ?? "")).join(""),
    restore: (said) => names.reduce((all, name, i) => all.replaceAll(name, () => found[i] ?? name), said),
  };
}

export type Prompt = {
  model: LanguageModel;
  system: string;
  /** Goes as it is. */
  head?: string;
  /** Goes with placeholders. */
  body: string;
  schema: Record<string, unknown>;
  mostTokens: number;
};

/** The answer as JSON, undefined where it is none; no `said` when the model was out of reach. */
export async function prompted(ctx: Ctx, prompt: Prompt): Promise<{ run: Run; said?: { json: unknown } }> {
  const { head = "", body, ...rest } = prompt;
  const { text, restore } = masked(body);
  const { run, text: said } = await called(ctx, { ...rest, user: `${head}${text}` });
  return { run, ...(said === undefined ? {} : { said: { json: jsonIn(restore(said)) } }) };
}
