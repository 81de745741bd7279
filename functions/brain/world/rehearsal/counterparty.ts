/** The counterparty without a model: what he says follows from his pack alone, in the manner of his style. */
import { inWords, type Pack, type PackFact, type Style } from "./pack.ts";
import { spoken } from "./templates.ts";

type Manner = { heard: string; holds: string; asks: string; unsure: string; ends: readonly string[] };

const manners: Record<Style, Manner> = {
  polite: {
    heard: "Thank you for telling me",
    holds: "As far as I know",
    asks: "May I ask about the",
    unsure: "I am afraid I do not know about that.",
    ends: ["I would like to find something that works for us both.", "How does that sound to you?"],
  },
  neutral: {
    heard: "I have noted that",
    holds: "What I have here is",
    asks: "What about the",
    unsure: "I do not know about that.",
    ends: ["What do you propose?", "What would you like from me?"],
  },
  tough: {
    heard: "So that is where you stand",
    holds: "I go by what I know",
    asks: "You have not said a word about the",
    unsure: "I know nothing about that, so it counts for nothing.",
    ends: ["That is not enough for me. Why should I agree?", "I see no reason to move. Give me one."],
  },
  busy: {
    heard: "Noted",
    holds: "I have",
    asks: "Quickly, what is the",
    unsure: "No idea.",
    ends: ["I have little time. What do you want?", "Make it short. What is your offer?"],
  },
  defensive: {
    heard: "If you say so",
    holds: "I was told",
    asks: "Why do you not mention the",
    unsure: "Nobody told me about that, and it is not my fault.",
    ends: ["I feel that you blame me. What do you expect?", "I did nothing wrong. What is it that you want?"],
  },
};

const mentions = (text: string, { attribute }: PackFact): boolean => {
  const words = text.toLowerCase();
  return attribute.split(/[._]/).some((word) => word.length > 2 && words.includes(word));
};

const lower = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);

export function counterpartyReply(pack: Pack): string {
  const manner = manners[pack.style];
  const last = pack.transcript.findLast(({ role }) => role === "user");
  const told = pack.facts.filter(({ source }) => last && source.ref === `message:${last.id}`);
  const asked = last && /\?/.test(last.text) ? pack.facts.filter((fact) => mentions(last.text, fact)) : [];
  const slot = pack.unknown_required_slots[0];
  const heard = told.slice(0, 3).map((fact) => lower(inWords(fact)));
  const known = asked
    .filter((fact) => !told.includes(fact))
    .slice(0, 2)
    .map((fact) => lower(inWords(fact)));
  const parts = [
    heard.length > 0 ? `${manner.heard}: ${heard.join("; ")}.` : "",
    known.length > 0 ? `${manner.holds}: ${known.join("; ")}.` : "",
    last && /\?/.test(last.text) && asked.length === 0 ? manner.unsure : "",
    slot ? `${manner.asks} ${spoken(slot)}?` : (manner.ends[pack.upto % manner.ends.length] ?? ""),
  ];
  return parts.filter(Boolean).join(" ");
}
