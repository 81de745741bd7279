/** What a text says that could be kept as a fact: prices, days, numbers, promises, "my X is Y". Rules only; a person decides. */
import { sentences } from "../../memory/index.ts";
import { amount, day, dayIn, moneyIn, phone, phoneIn, type Value } from "./values.ts";

export type Proposal = Value & {
  attribute: string;
  unit?: string;
  confidence: number;
  /** The sentence, word for word as it stands in the text. */
  quote: string;
};

export const rulesVersion = "rules-1";

/** A text has at most so many; more is a list that nobody reviews line by line. */
const most = 8;

/** Longer is a list or a signature. */
const longest = 500;

/** Asked, supposed, denied, past or somebody's guess: nothing that is so. */
const unsure =
  /\?\s*$|(?<!\p{L})(?:if|unless|whether|would|could|might|maybe|perhaps|suppose|imagine|not|never|no longer|isn't|don't|doesn't|didn't|won't|used to|last year|hvis|medmindre|om ikke|ville|kunne|måske|nok ikke|ikke|aldrig|tror|sidste år|plejede)(?!\p{L})/iu;

const rates: [RegExp, string, string][] = [
  [/(?:an?|per|the|each|every|\/) ?hour|hourly|(?:pr\.?|per|i) ?timen?\b|\btimepris/iu, "hourly", "per hour"],
  [/(?:an?|per|each|every) ?month|monthly|(?:pr\.?|per|om) ?måned(?:en)?|månedlig/iu, "monthly", "per month"],
  [/(?:an?|per|each|every) ?year|yearly|annual|(?:pr\.?|per|om) ?år(?:et)?\b|årlig/iu, "yearly", "per year"],
  [/(?:an?|per|each|every) ?(?:visit|call-?out)|(?:pr\.?|per) ?(?:besøg|udkald)/iu, "visit", "per visit"],
  [/(?:an?|per|each) ?(?:metre|meter|m2|m²)|(?:pr\.?|per) ?(?:meter|m2|m²)/iu, "metre", "per metre"],
];

const letters: Record<string, string> = { æ: "ae", ø: "oe", å: "aa", é: "e", ö: "oe", ä: "ae", ü: "ue" };
const plainWords =
  /^(?:the|a|an|our|your|my|new|current|this|that|all|en|et|den|det|de|vores|jeres|min|mit|ny[et]?|hele|for|af|of)$/;

/** "yearly service" is `yearly_service`; nothing of more than four words is an attribute. */
function named(phrase: string): string | undefined {
  const words = phrase
    .toLowerCase()
    .normalize("NFC")
    .replaceAll(/['’]s?\b/g, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word && !plainWords.test(word));
  const name = words.join("_").replaceAll(/[^a-z0-9_]/g, (letter) => letters[letter] ?? "");
  return words.length > 0 && words.length <= 4 && /^[a-z][a-z0-9_]{1,59}$/.test(name) ? name : undefined;
}

type Found = Omit<Proposal, "quote"> | undefined;
type Rule = { says: RegExp; reads(match: RegExpExecArray, sentence: string, saidOn: string): Found };

const says = (pattern: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])${pattern}`, "iu");
const adverbs = "(?:now |only |about |currently |always |nu |kun |ca\\. |typisk |normalt )?";

function price(of: string | undefined, said: string, sentence: string): Found {
  const money = moneyIn(said);
  if (!money) return undefined;
  const rate = rates.find(([reads]) => reads.test(sentence));
  const name = ["price", of, rate?.[1]].filter((part) => part !== undefined).join(".");
  return { ...money, attribute: name, ...(rate ? { unit: rate[2] } : {}), confidence: of || rate ? 0.9 : 0.7 };
}

const rules: Rule[] = [
  // We charge 450 kr an hour · vi tager 450 kr. i timen
  {
    says: says(
      `(?:we|i|they|you|vi|jeg|de|i) ${adverbs}(?:charge|bill|take|tager|opkræver|beregner|fakturerer) ${adverbs}(${amount})(?: (?:an?|per|pr\\.?|i|om) \\p{L}+)?(?: for (?:an? |the |en |et )?([\\p{L} -]{3,40}))?`,
    ),
    reads: ([, said = "", of], sentence) =>
      price(of && !/hour|visit|month|year/i.test(of) ? named(of) : undefined, said, sentence),
  },
  // The price of the filter is 350 kr · prisen for filteret er 350 kr · our hourly rate is £45
  {
    says: says(
      `(?:price|cost|fee|rate|pris(?:en)?|timepris(?:en)?|taksten|gebyret)(?: (?:of|for|på) (?:the |a |an |et |en )?([\\p{L}\\p{N} -]{3,40}?))? (?:is|er|bliver|will be) ${adverbs}(${amount})`,
    ),
    reads: ([, of, said = ""], sentence) => price(of ? named(of) : undefined, said, sentence),
  },
  // The filter costs 350 kr · et filter koster 350 kr
  {
    says: says(
      `(?:(?:the|a|an|our|your|et|en|den|det|vores|jeres) )?([\\p{L}\\p{N}][\\p{L}\\p{N}'’ -]{2,40}?) ${adverbs}(?:costs?|koster) ${adverbs}(${amount})`,
    ),
    reads: ([, of = "", said = ""], sentence) => {
      const name = /^(?:it|that|this|they|det|den|de)$/i.test(of.trim()) ? undefined : named(of);
      return name || rates.some(([reads]) => reads.test(sentence)) ? price(name, said, sentence) : undefined;
    },
  },
  // They promised a new pump by Friday · I lovede at komme på torsdag
  {
    says: says(
      `(?:they|you|he|she|we|i|de|han|hun|vi|jeg) (?:have |has |har )?(?:promised|lovede|lovet)(?: (?:me|us|mig|os))?(?: (?:that|to|at))? ([^.!\\n]{4,200})`,
    ),
    reads: ([, clause = ""]) => ({ value: clause.trim(), value_type: "string", attribute: "promise", confidence: 0.6 }),
  },
  // My phone number is … · ring på 20 30 40 50 · tlf. 20 30 40 50
  {
    says: says(
      `(?:(?:phone|mobile|telephone|telefon|mobil)(?: ?number|nummer(?:et)?)?(?: is| er)?:?|tlf\\.?:?|(?:call|reach|ring til|ring)(?: (?:me|us|mig|os))? (?:on|at|på)|my number is|mit nummer er) ?(${phone})`,
    ),
    reads: ([, said = ""]) => {
      const number = phoneIn(said);
      return number && { ...number, attribute: "phone", confidence: 0.8 };
    },
  },
  // My mail is … · min mail er …
  {
    says: says("(?:e-?mail|mail)(?: address|adresse)?(?: is| er)?:? ?([^\\s@,;<>]+@[^\\s@,;<>]+\\.\\p{L}{2,})"),
    reads: ([, said = ""]) => ({ value: said, value_type: "string", attribute: "email", confidence: 0.9 }),
  },
  // The lease ends on 31 December 2026 · overtagelsesdatoen er den 1. juni
  {
    says: says(
      `(?:(?:the|our|my|your|vores|min|mit|jeres) )?([\\p{L}][\\p{L} -]{2,40}?) (?:is|starts?|begins?|ends?|expires?|er|starter|begynder|slutter|udløber)(?: on| by| at)? ${adverbs}(?:den |d\\. )?(${day})`,
    ),
    reads: ([whole = "", of = "", said = ""], _, saidOn) => {
      const [name, date] = [named(of), dayIn(said, saidOn)];
      const edge = /\b(?:starts?|begins?|starter|begynder)\b/i.test(whole)
        ? ".start"
        : /\b(?:ends?|expires?|slutter|udløber)\b/i.test(whole)
          ? ".end"
          : "";
      return name && date ? { ...date, attribute: `${name}${edge}`, confidence: 0.85 } : undefined;
    },
  },
  // My rent is 9.000 kr · vores depositum er 20.000 kr · my dog is called Fido
  {
    says: says(
      "(?:my|our|min|mit|vores|mine|vore) ([\\p{L}][\\p{L} -]{1,40}?) (?:is called|hedder|is|er) ((?:[^.!;\\n]|\\.(?=\\d)){1,60})",
    ),
    reads: ([whole = "", of = "", said = ""], _, saidOn) => {
      const name = named(of);
      if (!name) return undefined;
      const number = new RegExp(`^${phone}$`).test(said.trim()) ? phoneIn(said) : undefined;
      const typed = number ?? moneyIn(said) ?? dayIn(said, saidOn);
      if (typed) return { ...typed, attribute: name, confidence: 0.85 };
      // Of what is said in words, only names and codes: how somebody is or feels is no fact of his.
      const called =
        / (?:is called|hedder) /i.test(whole) ||
        /^(?:at |on |på |i )?\p{Lu}[\p{L}\p{N} .-]{1,40}$/u.test(said.trim()) ||
        /^[\p{L}\d-]*\d[\p{L}\d-]*$/u.test(said.trim());
      return called ? { value: said.trim(), value_type: "string", attribute: name, confidence: 0.6 } : undefined;
    },
  },
];

/** `saidOn` is the day of the words, for days without a year. */
export function proposalsIn(text: string, saidOn: string): Proposal[] {
  const found: Proposal[] = [];
  for (const quote of sentences(text)) {
    if (quote.length > longest || unsure.test(quote)) continue;
    for (const { says: pattern, reads } of rules) {
      const match = pattern.exec(quote);
      const read = match && reads(match, quote, saidOn);
      if (!read || found.some((one) => one.quote === quote && JSON.stringify(one.value) === JSON.stringify(read.value)))
        continue;
      found.push({ ...read, quote });
    }
  }
  return found.slice(0, most);
}
