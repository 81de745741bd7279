/** The words that correct what a client was told: a draft for somebody to approve, never sent by itself. */
import type { Ctx } from "../kernel/ctx.ts";
import { segmentsOf } from "../outbound/index.ts";
import { namedDa, namedEn, valueDa } from "../world/index.ts";

export type Belief = {
  told: string;
  contact: string;
  fact: string;
  was: string;
  believed: unknown;
  value: unknown;
  key: string;
  type: string;
  unit: string | null;
  language: string | null;
  channel: string | null;
  sender: string | null;
  evidence: string | null;
};

type Words = {
  fact(what: string, was: string, is: string): string;
  moved(was: string, is: string): string;
  off(was: string): string;
};

const english: Words = {
  fact: (what, was, is) =>
    `We told you "${what}: ${was}". That has changed: it is now ${is}. We are sorry for the trouble.`,
  moved: (was, is) =>
    `We told you that your appointment begins ${was}. It was moved and now begins ${is}. We are sorry for the trouble.`,
  off: (was) => `We told you that your appointment begins ${was}. It was called off. We are sorry for the trouble.`,
};
const danish: Words = {
  fact: (what, was, is) =>
    `Vi skrev til dig: "${what}: ${was}". Det er ændret: nu er det ${is.replace(/\.$/, "")}. Vi beklager ulejligheden.`,
  moved: (was, is) =>
    `Vi skrev til dig, at din aftale begynder ${was}. Den er flyttet og begynder nu ${is}. Vi beklager ulejligheden.`,
  off: (was) => `Vi skrev til dig, at din aftale begynder ${was}. Den er aflyst. Vi beklager ulejligheden.`,
};

/** `2026-11-24 10:00` → as people write it. */
function spoken(at: string, language: string): string {
  const day = new Intl.DateTimeFormat(language === "da" ? "da-DK" : "en-GB", {
    dateStyle: "full",
    timeZone: "UTC",
  }).format(new Date(`${at.slice(0, 10)}T00:00:00Z`));
  return `${day}, ${at.slice(11)}`;
}

function shown(value: unknown, { type, unit }: Pick<Belief, "type" | "unit">): string {
  const money = value as { amount_minor?: number; currency?: string };
  const words =
    type === "currency"
      ? new Intl.NumberFormat("en-GB", {
          style: "currency",
          currency: money.currency ?? "DKK",
          currencyDisplay: "code",
        })
          .format((money.amount_minor ?? 0) / 100)
          .replaceAll("\u00a0", " ")
      : String(typeof value === "object" ? JSON.stringify(value) : value);
  return unit ? `${words} ${unit}` : words;
}

const isTime = (value: unknown): value is string => /^\d{4}-\d\d-\d\d \d\d:\d\d$/.test(String(value));

export function textOf(belief: Belief): string {
  const language = belief.language === "da" ? "da" : "en";
  const words = language === "da" ? danish : english;
  if (belief.key === "appointment.starts" && isTime(belief.believed)) {
    const was = spoken(belief.believed, language);
    return isTime(belief.value) ? words.moved(was, spoken(belief.value, language)) : words.off(was);
  }
  const { type, unit } = belief;
  return language === "da"
    ? words.fact(
        namedDa(belief.key),
        valueDa({ value: belief.believed, type, unit }),
        valueDa({ value: belief.value, type, unit }),
      )
    : words.fact(namedEn(belief.key), shown(belief.believed, belief), shown(belief.value, belief));
}

/** With the ids that it would have; one draft for a person and a fact, whoever asks again. */
export function correction(ctx: Ctx, belief: Belief) {
  const text = textOf(belief);
  const id = ctx.ids.next("message");
  const draft = belief.channel && {
    id,
    contact: belief.contact,
    channel: belief.channel,
    sender: belief.sender,
    class: "transactional",
    body: text,
    parts: segmentsOf(text).parts,
    evidence: [belief.fact, ...(belief.evidence ? [belief.evidence] : [])],
    stop_on_reply: false,
    reference: `belief:${belief.contact}:${belief.fact}`,
    again: true,
  };
  return { ...belief, edge: ctx.ids.next("edge"), draft: draft || null };
}
