/** The counterparty without a model: what he says follows from his pack alone, in the manner of his style. */
import type { Pack } from "./pack.ts";
import { inWords, mentions, stopped, type Words } from "./words.ts";

export function counterpartyReply(pack: Pack, words: Words): string {
  const manner = words.manners[pack.style];
  const last = pack.transcript.findLast(({ role }) => role === "user");
  const text = last?.text ?? "";
  const told = pack.facts.filter(({ source }) => last && source.ref === `message:${last.id}`);
  const isAsked = text.includes("?");
  const asked = isAsked ? pack.facts.filter(({ attribute }) => mentions(words, { text, attribute })) : [];
  const slot = pack.unknown_required_slots[0];
  const heard = told.slice(0, 3).map((fact) => inWords(words, fact));
  const known = asked
    .filter((fact) => !told.includes(fact))
    .slice(0, 2)
    .map((fact) => inWords(words, fact));
  const parts = [
    heard.length > 0 ? stopped(`${manner.heard}: ${heard.join("; ")}`) : "",
    known.length > 0 ? stopped(`${manner.holds}: ${known.join("; ")}`) : "",
    isAsked && asked.length === 0 ? manner.unsure : "",
    slot ? `${manner.asks} ${words.slot(slot)}?` : (manner.ends[pack.upto % manner.ends.length] ?? ""),
  ];
  return parts.filter(Boolean).join(" ");
}
