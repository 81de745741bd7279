/** One member's message: the step's words in his language, or why there are none. */
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { segmentsOf } from "./segments.ts";
import { fill, inLanguage, type TemplateText, type Value } from "./template-text.ts";

/** What outbound.campaign_brief tells. */
export type Brief = {
  id: string;
  state: string;
  channel: string;
  class: string;
  variables: Record<string, Value>;
  brand: string;
  steps: { number: number; name: string; templates: TemplateText[] }[];
};

export type Member = { contact: string; step: number; name: string | null; language: string | null };

/** What outbound.campaign_put takes for one member. */
export type Row = {
  contact: string;
  step: number;
  message: string;
  event: string;
  language: string;
  subject: string | null;
  body: string;
  parts: number;
  template: string | null;
  variables: Record<string, Value>;
  missing: string | null;
};

export function rowOf(ctx: Ctx, brief: Brief, { contact, step, name, language }: Member): Row {
  const texts = brief.steps.find(({ number }) => number === step)?.templates ?? [];
  const text = inLanguage(texts, language);
  const row = {
    contact,
    step,
    message: ctx.ids.next("message"),
    event: ctx.ids.next("event"),
    variables: brief.variables,
  };
  const nothing = { language: language ?? "en", subject: null, body: "", parts: 1, template: text?.id ?? null };
  if (!text) return { ...row, ...nothing, missing: "template_missing" };
  const words = wordsOf(text, { values: brief.variables, builtIns: { contact_name: name, brand: brief.brand } });
  if ("missing" in words) return { ...row, ...nothing, ...words };
  // A name may be of any length: what no provider takes is not cut off.
  const { parts } = segmentsOf(words.body);
  if (brief.channel === "sms" && parts > 40) return { ...row, ...nothing, missing: "text_too_long" };
  return { ...row, ...words, parts: Math.min(parts, 40), language: text.language, template: text.id, missing: null };
}

/** A value of the wrong kind stops its message; the others go on. */
function wordsOf(...asked: Parameters<typeof fill>): { subject: string | null; body: string } | { missing: string } {
  try {
    const words = fill(...asked);
    return "missing" in words ? { missing: "variable_missing" } : words;
  } catch (thrown) {
    if (thrown instanceof Fault) return { missing: thrown.code };
    throw thrown;
  }
}
