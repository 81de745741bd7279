/** Where one thing that was said ends and the next begins: lines, bullets, sentences, and commands joined by "and". */
import { isCommand } from "./words.ts";

/**
 * `shared`: joined to the one before by a plain "and", so that a day said at the end is meant for both. `heading`: what stands
 * before a colon at the sentence's beginning, of each clause after its first.
 */
export type Clause = { text: string; shared: boolean; heading?: string };

const stop = /(?<=[.!?])\s+(?=["'(]?\p{L})/u;
/** A full stop that ends no sentence. */
const abbreviation = /(?:\d|(?<!\p{L})(?:kl|d|mr|mrs|ms|dr|ca|nr|fx|st|no|bl\.a|evt))\.$/iu;

function sentences(line: string): string[] {
  const parts: string[] = [];
  for (const part of line.split(stop)) {
    const before = parts.at(-1);
    if (before !== undefined && abbreviation.test(before)) parts[parts.length - 1] = `${before} ${part}`;
    else parts.push(part);
  }
  return parts;
}

const joint = /(?<mark>,\s*(?:and |og |but |men )?(?:then |så )?|\s+(?:and|og)\s+(?:then |så )?)/giu;

/** "Og bestil så fliserne": one after the other. */
export const afterwards = /^(\p{L}+) (?:then|så) (?!mange|meget|lidt|få|længe|snart|hurtig)(?=\p{L})/iu;

/** "Call the plumber and order the parts" are two, "the plumber and the electrician" is one. */
function commands(sentence: string): Clause[] {
  const parts: Clause[] = [];
  let from = 0;
  let shared = false;
  for (const match of sentence.matchAll(joint)) {
    const rest = sentence.slice(match.index + match[0].length);
    if (!isCommand(rest) || !isWorthSplitting(sentence.slice(from, match.index))) continue;
    parts.push({ text: sentence.slice(from, match.index), shared });
    from = match.index + match[0].length;
    shared = /^\s+(?:and|og)\s+$/i.test(match[0]) && !afterwards.test(rest);
  }
  const [, heading] = /^([^:]{2,30}):\s/.exec(sentence) ?? [];
  const all = [...parts, { text: sentence.slice(from), shared }];
  return heading ? all.map((part, i) => (i > 0 ? { ...part, heading } : part)) : all;
}

/** What waits for something is said in two halves that belong together. */
const halves = /^(?:once|when|as soon as|after|if|når|så snart|hvis|efter)\s/i;
const isWorthSplitting = (head: string): boolean => head.trim() !== "" && !halves.test(head.trim());

export function clauses(said: string): Clause[] {
  const lines = said
    .replaceAll("\\n", "\n")
    .split(/\n|;|•/)
    .map((line) => line.replace(/^\s*(?:[-*–]|\d{1,2}[.)])\s+/, "").trim());
  return lines
    .flatMap((line) => sentences(line))
    .flatMap(commands)
    .map((clause) => ({ ...clause, text: clause.text.trim() }))
    .filter(({ text }) => /[\p{L}\d]/u.test(text));
}
