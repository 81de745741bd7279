/** What a message of ours promises: sentences in which we say that we come, call, send or have something ready by a time. English and Danish, by rules. */
import { dueIn, type Said } from "./promised-time.ts";

export const promiseKinds = ["come", "call", "send", "ready"] as const;
export type Promised = {
  what: (typeof promiseKinds)[number];
  /** Where the sentence stands in the message, in code points, the end not included. */
  from: number;
  to: number;
  due: Date;
  /** How late is still kept. */
  graceMinutes: number;
};

const word = (pattern: string) => new RegExp(`(?<![\\p{L}\\d])(?:${pattern})(?![\\p{L}\\d])`, "iu");
const us =
  "we|i|our [a-zæøå]+(?: \\p{Lu}\\p{L}+)?|the (?:technician|plumber|electrician|engineer|team)|one of us|a colleague";
const vi =
  "vi|jeg|montøren|teknikeren|elektrikeren|vvs'eren|svenden|vores [a-zæøå]+(?: \\p{Lu}\\p{L}+)?|en (?:montør|tekniker|kollega)|min kollega";
const will = "(?:'ll|’ll| will| are| am| is|'re|'m|’re|’m)?(?: [a-z]+ly| also| then| just| be)?";
const inverted = (verbs: string) => `(?:${verbs}) (?:${vi})`;
const things =
  "quote|offer|estimate|invoice|report|photos?|pictures?|answer|reply|confirmation|price|drawings?|contract|parts?|tilbud(?:det)?|overslag|faktura(?:en)?|rapport(?:en)?|billeder(?:ne)?|svar|pris(?:en)?|bekræftelse|tegning(?:en|er)?|kontrakt(?:en)?|besked";

const rules: [Promised["what"], RegExp[]][] = [
  [
    "come",
    [
      word(
        `(?:${us}|he|she|they)${will} (?:come|comes|coming|arrive|arrives|arriving|there|with you|at your (?:place|house|door)|stop by|drop by|visit(?:ing)? you|pick (?:it|them) up)`,
      ),
      /^\p{Lu}\p{L}+ (?:comes|will come|will be there|will be with you|is coming|kommer|er hos (?:dig|jer))(?!\p{L})/u,
      word(
        "(?:^|(?:we|i|and) )will be (?:there|with you)|see you|you can expect (?:us|me|him|her)|expect us|(?:will|'ll) be there",
      ),
      word(
        `(?:${vi}) (?:kommer|ankommer|er hos (?:dig|jer)|er der|er fremme|kigger forbi|dukker op)|${inverted("kommer|ankommer|er")}|vi ses|du kan (?:vente|forvente) (?:os|mig)`,
      ),
    ],
  ],
  [
    "call",
    [
      word(
        `(?:${us})${will} (?:call|calling|ring|phone|give you a (?:call|ring)|get back to you|contact you|in touch|let you know|return your call|write to you)`,
      ),
      word(
        `(?:${vi}) (?:ringer|kontakter|vender tilbage|giver (?:dig|jer) besked|melder tilbage|skriver)|${inverted("ringer|kontakter|vender|giver|melder|skriver")}|du hører fra (?:os|mig)`,
      ),
      word("you(?:'ll|’ll| will)? hear from (?:us|me)"),
    ],
  ],
  [
    "send",
    [
      word(`(?:${us})${will} (?:send|sending|e-?mail|text you|post|ship|deliver|forward)`),
      word(`you(?:'ll|’ll| will)? (?:get|have|receive) (?:[a-z]+ ){0,4}(?:${things})`),
      word(
        `(?:the|your|our) (?:[a-z]+ )?(?:${things})(?:'ll| will) (?:be (?:sent|with you|in your inbox)|follow|arrive)`,
      ),
      word(`(?:${vi}) (?:sender|mailer|fremsender|leverer)|${inverted("sender|mailer|fremsender|leverer")}`),
      word(
        `(?:du|i) (?:får|har|modtager) (?:[a-zæøå]+ ){0,4}(?:${things})|(?:får|har|modtager) (?:du|i) (?:[a-zæøå]+ ){0,4}(?:${things})`,
      ),
    ],
  ],
  [
    "ready",
    [
      word("(?:'ll|’ll|will|is|are) (?:be )?(?:ready|done|finished|fixed|repaired)"),
      word(
        `(?:${us})${will} (?:fix|fixing|finish|finishing|repair|have (?:it|them|[a-z]+ [a-z]+) (?:ready|fixed|done))|you can (?:pick|collect) (?:it|them)(?: up)?`,
      ),
      word(
        `(?:er|bliver|står)(?: den| det| de)?(?: [a-zæøå]+)? (?:klar|klare|færdig|færdige|færdigt|repareret)|(?:${vi}) (?:ordner|reparerer|fikser)|${inverted("ordner|reparerer|fikser")}|(?:kan du|du kan) hente`,
      ),
    ],
  ],
];

const conditional = word(
  "if|unless|whether|provided|in case|depending|subject to|when|once|as soon as|until we|hvis|såfremt|medmindre|ifald|forudsat|når|så snart|afhængig",
);
const unsure = word(
  "might|maybe|perhaps|possibly|probably|hopefully|hope|try|trying|aim|would|could|should|may|måske|muligvis|formentlig|sandsynligvis|forhåbentlig|håber|prøver|forsøger|kunne|ville|skulle|burde",
);
const negated = /(?<!\p{L})(?:not|never|cannot|unable|no longer|ikke|aldrig)(?!\p{L})|n['’]t(?!\p{L})/iu;
const calming = /(?:do not|don['’]t) (?:worry|hesitate)|no worries|bare rolig|,\s*(?:not|ikke) [^,]*$/giu;
const theirs = word(
  "you (?:said|wrote|asked|told|promised|mentioned|wanted|come|will come|bring|call|can come)|(?:he|she|they) (?:said|promised|told)|as you|du (?:skrev|sagde|lovede|spurgte|kommer|ringer|nævnte)|som du|i (?:skrev|sagde|kommer)",
);
const asking = word(
  "^(?:can|could|shall|should|may|do|does|did|is|are|would|when|what|which|how|will (?:you|it|that|we|i)|kan|skal|må|vil|passer|hvornår|hvad|hvilken|hvordan|er det)",
);
const over = word("yesterday|last (?:week|night|month)|i ?går|sidste uge|forrige|ago|siden");

/** From here on a mail repeats what it answers. */
const below = /^(?:On .{4,200} wrote:|Den .{4,200} skrev .*:|Fra: .*|From: .*|-{3,} ?(?:Original|Oprindelig).*)$/mu;
const blank = (said: string) => said.replace(/[^\n]/gu, " ");

/** What others said, as blanks, so that all else stays where it is. */
function ownWords(text: string): string {
  const cut = text.search(below);
  return (cut < 0 ? text : text.slice(0, cut))
    .replace(/^\s*>.*$/gmu, blank)
    .replace(/["“”»«„][^"“”»«„\n]{3,}["“”»«„]/gu, blank);
}

const ends =
  /(?<!(?<!\p{L})(?:kl|d|ca|nr|tlf|hr|mr|mrs|dr|bl|a|p))(?:[.!?]+(?=\s+\p{Lu}|\s*$|\s*\n)|(?<!\d)[.!?]+(?=\s))|\n+|;|(?:,? (?:and|og|but|men) )(?=(?:i|we|jeg|vi|you|du) )/giu;

/** Sentences, a question's mark with them, by where they begin. */
function* sentences(text: string): Generator<{ from: number; to: number }> {
  let from = 0;
  for (const end of [...text.matchAll(ends), null]) {
    const to = end ? end.index + (/^[.!?]/.test(end[0]) ? end[0].length : 0) : text.length;
    const lead = /^\s*(?:,? ?(?:and|og|but|men) )?\s*/iu.exec(text.slice(from, to))?.[0].length ?? 0;
    const trimmed = text.slice(from + lead, to).trimEnd().length;
    if (trimmed > 5) yield { from: from + lead, to: from + lead + trimmed };
    from = end ? Math.max(to, end.index + (/^[\n;]/.test(end[0]) ? end[0].length : 0)) : to;
  }
}

const kindOf = (clause: string) => rules.find(([, patterns]) => patterns.some((pattern) => pattern.test(clause)))?.[0];

const isOpen = (clause: string): boolean =>
  /\?\s*$/.test(clause) || [conditional, unsure, theirs, asking, over, negated].some((rule) => rule.test(clause));

/** What is still kept: half an hour for who comes, an hour for what has a clock, nothing beyond a whole day. */
const grace = (what: Promised["what"], exact: boolean): number => {
  if (!exact) return 0;
  return what === "come" ? 30 : 60;
};

/** At most this much of a message is read, and this many promises of it are kept. */
const longest = 5000;
const most = 5;

export function promisesIn(message: string, said: Said): Promised[] {
  const text = ownWords(message.slice(0, longest));
  const points = (units: number) => [...text.slice(0, units)].length;
  const found: Promised[] = [];
  for (const { from, to } of sentences(text)) {
    const clause = text.slice(from, to).replace(calming, " ").trim();
    const what = isOpen(clause) ? undefined : kindOf(clause);
    const due = what && dueIn(clause, said);
    if (!what || !due || found.length === most) continue;
    if (found.some((one) => one.what === what && one.due.getTime() === due.at.getTime())) continue;
    found.push({ what, from: points(from), to: points(to), due: due.at, graceMinutes: grace(what, due.exact) });
  }
  return found;
}
