/** The coach without a model: hints that follow from what the user's own side knows and from what was said so far. */
import type { Pack } from "./pack.ts";
import { fills, slotsOf } from "./templates.ts";
import { inWords, mentions, type Words } from "./words.ts";

export function coachReply(pack: Pack, words: Words): string {
  const open = pack.transcript.filter(({ channel }) => channel === "roleplay");
  const text = open.map((line) => line.text).join("\n");
  const own = new Set(pack.parties.filter(({ part }) => part !== "counterparty").map(({ entity }) => entity));
  const unused = pack.facts.filter(
    ({ subject, session_only: here, attribute }) => own.has(subject) && !here && !mentions(words, { text, attribute }),
  );
  // What the talk is about comes first.
  const wanted = slotsOf(pack.template);
  const best = unused.find(({ attribute }) => wanted.some((slot) => fills(slot, attribute))) ?? unused[0];
  const slot = pack.unknown_required_slots[0];
  const lines = [
    words.against[pack.style],
    best ? words.unused(inWords(words, best)) : "",
    slot ? words.unknown(words.slot(slot)) : "",
    open.length === 0 ? words.begin : "",
    words.between,
  ];
  return lines.filter(Boolean).join("\n");
}
