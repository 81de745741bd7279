/** What a clause is: a task, a goal, a problem, small talk, a question, or something that rules cannot read. */
import { isCommand } from "./words.ts";

export type Kind = "task" | "goal" | "problem" | "wish" | "talk" | "asking" | "unclear";
export type Read = { kind: Kind; rest: string };

type Rule = { says: RegExp; kind: Kind };

/** The group is what is left once the words that tell the kind are taken away. */
const leads: Rule[] = [
  {
    says: /^(?:(?:my|our|the|a|new) )?goals?(?: for [^:]{3,25}(?=:))?(?: is(?: to)?:?|:| –| -)\s*(.+)$/i,
    kind: "goal",
  },
  {
    says: /^(?:(?:mit|vores|et|nyt) )?mål(?:et)?(?: for [^:]{3,25}(?=:))?(?: er(?: at)?:?|:| –| -)\s*(.+)$/i,
    kind: "goal",
  },
  { says: /^(?:(?:the|a|new) )?(?:problem|issue|trouble)(?: is(?: that)?:?|:| –| -)\s*(.+)$/i, kind: "problem" },
  { says: /^(?:(?:et|nyt) )?problem(?:et)?(?: er(?: at)?:?|:| –| -)\s*(.+)$/i, kind: "problem" },
  {
    says: /^(?:i|we|there)(?: have| has|'ve| is| are|'s)(?: got)?(?: a| an)? (?:problems?|issues?|trouble) with (.+)$/i,
    kind: "problem",
  },
  { says: /^(?:jeg|vi|der) (?:har|er)(?: et)? problem(?:er)? med (.+)$/i, kind: "problem" },
  { says: /^(?:todo|to do|to-do|task|reminder|opgave|påmindelse):?\s+(.+)$/i, kind: "task" },
  {
    says: /^(?:(?:i|we)(?:'m|'re| am| are)? )?(?:also )?(?:gonna|going to|need to|have to|must|should|ought to|got to|gotta|will|'ll) (.+)$/i,
    kind: "task",
  },
  {
    says: /^(?:(?:i|we)(?:'re|'m)? )?(?:(?:are |am )?(?:need|missing|running out of|out of|short of)) (.+)$/i,
    kind: "task",
  },
  {
    says: /^(?:(?:jeg|vi) )?(?:mangler|får brug for|har brug for|er løbet tør for|er ved at løbe tør for) (.+)$/i,
    kind: "task",
  },
  { says: /^(?:der skal) (.+)$/i, kind: "task" },
  { says: /^(?:minde?|påmind|husk) mig (?:om|på)(?: at)? (.+)$/i, kind: "task" },
  { says: /^(?:i'll|we'll|let's|let us) (.+)$/i, kind: "task" },
  { says: /^(?:please )?(?:remember|remind me|don't forget|do not forget) (?:to )?(.+)$/i, kind: "task" },
  { says: /^(?:(?:jeg|vi) )?(?:skal|må|bør|burde)(?: også| lige)?(?: huske at)? (.+)$/i, kind: "task" },
  { says: /^(?:husk|mind mig om|glem ikke)(?: lige)?(?: at)? (.+)$/i, kind: "task" },
  { says: /^(?:lad os) (.+)$/i, kind: "task" },
  { says: /^(?:i|we)(?: would|'d)? (?:want|wish|hope|aim|like|plan)(?: us| everyone)? to (.+)$/i, kind: "wish" },
  { says: /^(?:vil (?:jeg|vi)(?: gerne)?|ønsker (?:jeg|vi) at) (.+)$/i, kind: "wish" },
  { says: /^(?:jeg|vi) (?:vil gerne|ønsker at|håber at|drømmer om at|vil) (.+)$/i, kind: "wish" },
];

const talk =
  /^(?:(?:hi|hello|hey|weekend|ferie|holiday|god|fedt|rigtig|lol|haha|hmm+|ha|wow|oh|åh|nå|thanks?|thank you|thx|ok|okay|okey|yes|no|yep|nope|good|great|fine|nice|cool|super|perfect|bye|morning|hej|hejsa|dav|tak|mange tak|ja|nej|fint|godt|dejligt?|perfekt|farvel|godmorgen|goddag|godaften|morgen|weather|vejr|today|dag|i|day|evening|afternoon|night|again|so much|very|much|skal du have|det|er|var|a lot|for|all|alt|you|igen|there|everyone|alle|have a|it|was|is)(?:[\s,.!👍🙏😊]+|$))+$/iu;

const asking =
  /\?\s*$|^(?:what|when|where|which|who|whose|why|how|is there|are there|do i|do we|did|can you tell|hvad|hvornår|hvor|hvilke[nt]?|hvem|hvorfor|hvordan|er der|har jeg|har vi|skal jeg|skal vi)(?!\p{L})/iu;

const trouble =
  /\b(?:is|are|was|were) (?:broken|leaking|down|late|missing|stuck|out of order|not working|too (?:slow|expensive|loud|cold|hot)|overdue|wrong)\b|\b(?:does|do|will|can|did)(?:n't| not|not) \p{L}+|\b(?:won't|can't) \p{L}+|\bkeeps? (?:on )?\p{L}+ing\b|\b(?:is|are|has|have) .*\bagain$|\bcomplain(?:s|ed|ing)?\b|\bfail(?:s|ed|ing)\b|\bmakes? (?:an? )?(?:\p{L}+ )?noises?\b|\b(?:smells|leaks|crashes|breaks down)\b/iu;
const troubleInDanish =
  /(?<!\p{L})(?:er (?:gået )?i stykker|er (?:nede|forsinkede?|forsinket|defekte?|defekt|utætte?|utæt|væk|for (?:langsom|dyr|høj|kold|varm|sen)(?:me|t|e)?)|(?:er|har) .* igen$|hele tiden|driller|klager|larmer|lugter|laver (?:en )?(?:\p{L}+ )?lyd(?:e)?|lækker|svigter|mangler|går ned|\p{L}{3,}r ikke)(?!\p{L})/iu;

export const isTrouble = (text: string): boolean => trouble.test(text) || troubleInDanish.test(text);

/** Politeness that says nothing. */
const polite =
  /^(?:please|hey|hi|hello|ok(?:ay)?|so|also|and|then|hej|og|så|også|venligst|kan (?:du|nogen)|could you|vil du|jamen|altså|can (?:you|somebody|someone|anybody)|vil du)[,!]?\s+/i;

/** A verb that says something of somebody else: not a command, and a heading has none. */
const finite =
  /(?<!\p{L})(?:is|are|was|were|has|have|had|likes?|does|do|did|can|could|will|would|er|var|har|havde|kan|kunne|vil|ville|skal|bliver|blev)(?!\p{L})/iu;

/** "Long term I want to …", "til næste sommer vil jeg gerne …": when, then who and what. */
const later = /^(?:.{3,30}?[, ])(?=(?:i|we)(?: would|'d)? (?:want|wish|hope|like)\b|(?:vil|ønsker) (?:jeg|vi) )/i;

export function readKind(clause: string, hasDay: boolean): Read {
  if (talk.test(clause)) return { kind: "talk", rest: clause };
  if (asking.test(clause)) return { kind: "asking", rest: clause };
  const text = clause.replace(polite, "").replace(later, "");
  for (const { says, kind } of leads) {
    const rest = says.exec(text)?.[1];
    if (rest) return { kind, rest };
  }
  if (isCommand(text)) return { kind: "task", rest: text };
  if (isTrouble(text)) return { kind: "problem", rest: text };
  if (hasDay && !finite.test(text)) return { kind: "task", rest: text };
  return { kind: "unclear", rest: text };
}
