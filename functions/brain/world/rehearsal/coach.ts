/** The coach without a model: hints that follow from what the user's own side knows and from what was said so far. */
import { inWords, type Pack, type Style } from "./pack.ts";
import { spoken } from "./templates.ts";

const against: Record<Style, string> = {
  polite: "The other side is polite: thank him, and still say plainly what you want.",
  neutral: "The other side is neutral: one clear request with one reason moves more than three.",
  tough: "The other side is tough: stay calm, give your reason first and let a silence stand.",
  busy: "The other side is busy: begin with what you want, in one sentence.",
  defensive: "The other side is defensive: speak of the matter, not of the person, and ask before you claim.",
};

export function coachReply(pack: Pack): string {
  const open = pack.transcript.filter(({ channel }) => channel === "roleplay");
  const said = open.map(({ text }) => text.toLowerCase()).join("\n");
  const own = new Set(pack.parties.filter(({ part }) => part !== "counterparty").map(({ entity }) => entity));
  const unused = pack.facts.filter(
    ({ subject, session_only: here, attribute }) =>
      own.has(subject) && !here && !attribute.split(/[._]/).some((word) => word.length > 2 && said.includes(word)),
  );
  const slot = pack.unknown_required_slots[0];
  const lines = [
    against[pack.style],
    unused[0] ? `You have not used this yet: ${inWords(unused[0])}.` : "",
    slot ? `Nothing is known about the ${spoken(slot)}: settle that before you agree.` : "",
    open.length === 0 ? "You have not begun: open with what you want." : "",
    "What you write here stays between us.",
  ];
  return lines.filter(Boolean).join("\n");
}
