/** What a question asks: its telling words with their weight, and the kind of thing that would answer it. */
import { stem, stems, tokens, tokensAt } from "./stem.ts";
import { alike } from "./synonyms.ts";

export type Kind = "money" | "share" | "time" | "count" | "code" | "model" | "who" | "meaning" | "none";

export type Term = {
  stem: string;
  /** 0 to 1; a word that the firm never said weighs most. */
  weight: number;
  /** A number or code: evidence without it is about something else. */
  exact: boolean;
  /** What is asked about, or whose and which: a name, or what follows the first preposition. */
  role: "focus" | "subject";
};

export type Asked = {
  terms: Term[];
  kind: Kind /** A statement of the question's own words answers it. */;
  isYesNo: boolean;
};

/** In how many passages a word occurs, of how many there are. */
export type Rarity = { word: string; passages: number; total: number };

const idle = new Set(
  `a about after again all also am an and any are as at be been before being but by can could did do does doing during each else ever
  few for from got had has have having he her here hers him his how i if in into is it its just know
  let like long many may me might mine more most much must my need no nor not now of off on once only or other our ours out over own
  per please put said same say says she should since so some still such take tell than that the their theirs them then there these they
  this those through to told too under until up upon us very want was we were what when where which while who whom whose why will with
  would yet you your yours technician technicians tekniker teknikeren montør montøren exactly finally actually currently ask asked asks mean means someone something anyone anything there's what's
  ad af aldrig alle alt altid anden andet andre at bare blev bliver blive både da de dem den denne der deres det dette dig din dine disse
  dit du efter egentlig ej eller en end er et fik for fordi fra få får før gav ham han hans har have havde hende hendes her hos hun hvad
  hvem hver hvilke hvilken hvilket hvis hvor hvordan hvorfor hvornår i igen ikke ind inden ja jeg jer jeres kan kun kunne lige
  man mange med meget mellem men mens mere mig min mine mit må måtte ned nej noget nogen nogle nok nu når og også om op os over på sagde
  selv sig sin sine siger sit skal skulle som stadig står så sådan til ud uden under var ved vi vil ville vores være været vide
  gøre gør gjorde hedder langt`.split(/\s+/),
);

/** Verbs and adjectives that go with anything: they tell a little. */
const faint = new Set(
  `come comes coming came go goes going went get gets give gives gave take takes took taken make makes made bring see seen look looking
  need needs want wants work works new first last next find found keep keeps happen happened use used customer customers kunde kunden kunder
  kom kommer komme kommet gå går gik få fås give giver gav tage tager tog taget ske sker skete se ser set lave laver behøver
  ny nyt nye første sidste næste finde finder fundet holder passer bruge bruger brugte virker`.split(/\s+/),
);
const faintWeight = 0.25;
/** A code in the question outweighs the words around it: error E04. */
const exactWeight = 1.5;

/** A word that says nothing about what is asked. */
export const isIdle = (word: string): boolean => idle.has(word.toLowerCase().replace(/['’]s?$/, ""));

const kinds: readonly { kind: Kind; asks: RegExp; words: string }[] = [
  {
    kind: "money",
    asks: /\bhow much\b|\b(?:price|cost|costs|fee|charge|charged|charges|amount|deposit)\b|^what\b.*\b(?:pay|pays|paid)\b|\bhvor meget\b|\b(?:pris|prisen|månedspris\w*|koster|kostede|beløb|beløbet|gebyr|depositum)\b|^hvad\b.*\bbetal\w+/i,
    words:
      "price cost fee charge pay paid amount total money much kroner dkk pris koster kostede beløb betale betalte betalt meget kr",
  },
  { kind: "share", asks: /\b(?:discount|percent|margin|rabat|procent|avance)\w*/i, words: "percent procent" },
  {
    kind: "time",
    asks: /\bwhen\b|\b(?:what|which) (?:\w+ )?(?:time|date|day|week)\b|\bhow (?:soon|late|early)\b|\bhvornår\b|\bhvilke[nt]? (?:dag|dato|uge|tidspunkt)\b|\bhvad tid\b|\b\w*(?:dato|datoen)\b|\bdue\b|\bforfald\w*/i,
    words: "time date day week clock dag dato uge tid tidspunkt klokken",
  },
  {
    kind: "meaning",
    asks: /\bwhat (?:does|do|did) .{1,80} (?:mean|stand for)\b|\bhvad (?:betyder|står)\b/i,
    words: "mean stand betyder error code message fejl fejlkode kode",
  },
  {
    kind: "count",
    asks: /\bhow (?:many|long|old|big|large|high|often|heavy)\b|\bhvor (?:mange|længe|lang|gammel|gammelt|stor|stort|høj|højt|ofte|tit)\b|\bwhat (?:size|pressure|temperature)\b/i,
    words: "many long old big large high often size mange længe gammel stor lang høj ofte",
  },
  {
    kind: "code",
    asks: /\b(?:serial|code|number|version|pin|password|phone|e-?mail)\b|\b(?:serienummer\w*|serienr|\w*kode\w*|\w*nummer\w*|telefon\w*|mail)\b/i,
    words: "",
  },
  {
    kind: "model",
    asks: /\b(?:what|which|hvilke[nt]?) (?:model|brand|make|type|mærke)\b/i,
    words: "model brand make type mærke",
  },
  {
    kind: "who",
    asks: /\bwho\b|\bhvem\b|\b(?:which|hvilken) (?:technician|colleague|person|tekniker|montør|kollega)\b/i,
    words: "colleague person kollega",
  },
];

const day =
  "\\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:man|tirs|ons|tors|fre|lør|søn)dag(?:en)?|january|february|march|april|june|july|august|september|october|november|december|januar|februar|marts|maj|juni|juli|oktober|today|tomorrow|tonight|yesterday|noon|midnight|i dag|i morgen|i aften|i går|i overmorgen|middag)\\b|\\bMay\\b";

export const kindPattern: Record<Kind, RegExp> = {
  money:
    /(?:dkk|kr\.?|eur|usd|gbp|[€$£])\s?\d|\d(?:[\d.,]*\d)?(?:,-|\s?(?:kr\b|kroner|dkk|eur|euro|usd|gbp|pounds|dollars|[€$£]))|\b(?:gratis|free of charge|no charge|at no cost|for free|uden beregning|koster ikke)\b|\d{1,3}[.,]\d{3}\b/i,
  share: /\d\s?(?:%|procent|percent)|(?:dkk|kr\.?|[€$£])\s?\d|\d\s?(?:kr\b|kroner|dkk)/i,
  time: new RegExp(
    `${day}|\\d{1,2}[.:]\\d{2}\\b|\\bkl\\.?\\s?\\d|\\b\\d{1,2}\\s?(?:am|pm)\\b|\\b\\d{1,2}[./]\\s?\\d{1,2}\\b|\\b\\d{4}-\\d{2}-\\d{2}\\b|\\b(?:next|this|last|in|within|næste|denne|sidste|om|inden) (?:\\w+ )?(?:week|month|year|hour|minute|days?|uge|måned|år|time|minut|dage?)`,
    "i",
  ),
  count:
    /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|once|twice|every|yearly|weekly|daily|to|tre|fire|fem|seks|syv|otte|ni|ti|hver|hvert|årligt|ugentligt)(?!\p{L})/iu,
  code: /\d|@/,
  model: /(?=\S*\p{L})(?=\S*\p{N})[\p{L}\p{N}-]{3,}/u,
  who: /[^.!?\s]\s+\p{Lu}\p{Ll}+|^\p{Lu}\p{Ll}+\s(?:here|her|from|fra)\b/u,
  meaning: /\b(?:is|are|means?|stands for|says|er|betyder|står for|siger)\b|[=:]/i,
  none: /(?:)/,
};

/** One idle capital, such as a sentence's first letter, is no name; a code has a digit among letters, or three digits. */
const isExact = (word: string): boolean => /^(?=.*\p{L})(?=.*\p{N})|\p{N}{3}/u.test(word);

/** English writes these with a capital too. */
const noName =
  /^(?:i|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|november|december|english|danish)s?$/i;

/** A capital inside a sentence. The first word may be a name too, but mostly is not. */
const isName = (word: string, at: number): boolean => at > 0 && /^\p{Lu}\p{Ll}/u.test(word) && !noName.test(word);

/** The one that is asked first: "when did he pay" asks for a time. */
function kindOf(question: string): { row: (typeof kinds)[number]; at: number } | undefined {
  const found = kinds.map((row) => ({ row, at: question.search(row.asks) })).filter(({ at }) => at >= 0);
  return found.sort((a, b) => a.at - b.at)[0];
}

/** What follows says of which thing, place or person the question is. */
const turning = new Set(
  "for of in at about on during with regarding concerning from after before by to ved på i til om af fra med under hos angående efter før vedrørende".split(
    " ",
  ),
);

export function asked(question: string, rarity: readonly Rarity[]): Asked {
  const known = new Map(rarity.map((row) => [row.word, row]));
  const of = Math.max(1, ...rarity.map((row) => row.total));
  const kind = kindOf(question);
  const covered = stems(kind?.row.words ?? "");
  const most = Math.log(1 + of / 0.5);
  const terms = new Map<string, Term>();
  const isAsked = (at: number) =>
    (kind !== undefined && kind.at < at) || [...terms.values()].some((term) => term.role === "focus");
  let role: Term["role"] = "focus";
  // Once it is clear what is asked, what belongs to somebody says whose matter it is: Alice's machine, Mettes varmepumpe.
  let owned = false;
  for (const [place, { word, at }] of tokensAt(question).entries()) {
    const plain = word.toLowerCase().replace(possessive, "");
    const root = stem(word);
    if (turning.has(plain) && isAsked(at)) role = "subject";
    if (idle.has(plain) || plain.length < 2 || covered.has(root)) {
      owned = false;
      continue;
    }
    const passages = known.get(plain)?.passages ?? known.get(word.toLowerCase())?.passages ?? 0;
    const rare = Math.max(0.15, Math.log(1 + of / (passages + 0.5)) / most);
    const weight = isExact(word) ? exactWeight : faint.has(plain) ? Math.min(faintWeight, rare) : rare;
    const isSubject = owned || isName(word, place);
    if (!terms.has(root))
      terms.set(root, { stem: root, weight, exact: isExact(word), role: isSubject ? "subject" : role });
    owned ||= isName(word, place) && /s$/i.test(word) && isAsked(at);
  }
  return { terms: [...terms.values()], kind: kind?.row.kind ?? "none", isYesNo: yesNo.test(question) };
}

const possessive = /['’]s?$/;
const yesNo =
  /^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|er|var|har|havde|kan|kunne|vil|ville|skal|skulle|må|blev|bliver|får|fik)\s/i;

/** What facts are looked for by: each telling word, and the kind of thing that is asked for, as stems of one meaning. */
export function soughtIn(question: string): string[][] {
  const telling = tokens(question)
    .filter((word) => !isIdle(word))
    .map(stem)
    .filter((root) => root.length > 1);
  const kind = kindOf(question)?.row;
  const covered = kind ? [...stems(kind.words)].filter((root) => root.length > 2) : [];
  const own = [...new Set(telling)].filter((root) => !covered.includes(root)).map(alike);
  return [...own, ...(covered.length > 0 ? [covered] : [])].slice(0, mostSought);
}

/** More words make a question slow to look for and hardly tell more. */
const mostSought = 12;
