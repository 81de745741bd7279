/**
 * Which dictionary a text's words are stemmed with. A vote of function words: a line of five words holds one or two of
 * them and little else that tells Danish from English. Undecided is a good answer: the conversation's language follows.
 */

export type Language = "english" | "danish";

const words = (list: string): string[] => list.trim().split(/\s+/);

const lists: Record<Language | "other", string> = {
  english: `a about after again an and any are at back be been before but by call can can't come coming could day did didn't do
    does doesn't don't down evening few fine for from get good got great had has have he hello her here hi him his how i'd i'll i'm
    if in into is isn't it it's its just know later let like many me more morning much my new night no not now of off on only or
    our out over please she should since so some soon sorry still thank thanks that the their them then there these they this
    those to today tomorrow too until up us very was wasn't we week were what when where which who why will with without won't
    would yes yesterday you your yours`,
  danish: `af aften aldrig alle alt altid at bare beklager blev blive bliver da dag de dem den denne der deres det dette dig din
    dine disse dit du efter ej ellers eller en er et fik for fordi fra få får før foer gerne god godaften goddag godmorgen godt
    ham han har havde hej helt hende her hos hun hvad hvem hver hvilken hvilket hvis hvor hvordan hvorfor hvornår hvornaar i
    igen ikke ind inden indtil ingen intet ja jeg jer jeres kan kl kom komme kommer kun kunne lidt lige maa maatte mange med
    meget mellem men mere mig min mine mit morgen må måtte naar ned nej noget nogen nogle nok nu ny nye nyt når og også ogsaa
    om op os over paa på sagde saa samt selv sidste skal skulle som stadig så tak til uden ud under undskyld uge var ved venlig
    venligst vi vil ville vores været vaeret`,
  other: `aber auf bitte das der die ein eine haben ich ist kann können mit nicht oder sie und uns wann wie wir zu är att inte jag
    och hur när kan på det som bonjour est je le les ne pas que une vous el la los por que nie czy jest`,
};

/** Words that count for one list only; a word in two lists tells nothing. */
function table(): Map<string, Language | "other"> {
  const seen = new Map<string, (Language | "other")[]>();
  for (const language of ["english", "danish", "other"] as const) {
    for (const word of new Set(words(lists[language]))) seen.set(word, [...(seen.get(word) ?? []), language]);
  }
  const telling = [...seen].filter(([, languages]) => languages.length === 1);
  return new Map(telling.map(([word, [language]]) => [word, language as Language | "other"]));
}

let telling: Map<string, Language | "other"> | undefined;

/** A message longer than this says early enough what it is written in. */
const readCharacters = 1500;
/** So many of the words must speak for a language. */
const share = 0.15;

const notWords = /https?:\/\/\S+|\S+@\S+/g;

/** Undefined when the text does not say. */
export function languageOf(text: string): Language | undefined {
  telling ??= table();
  const plain = text.slice(0, readCharacters).toLowerCase().normalize("NFC").replace(notWords, " ");
  const found = plain.match(/[\p{L}'’]+/gu) ?? [];
  const votes = { english: 0, danish: 0, other: 0 };
  for (const word of found) {
    const language = telling.get(word.replaceAll("’", "'"));
    if (language) votes[language]++;
    if (/[æøå]/.test(word)) votes.danish++;
    if (/[äöüßñçœèêłśźż]/.test(word)) votes.other++;
  }
  const [first, second] = Object.entries(votes).sort((a, b) => b[1] - a[1]) as [[string, number], [string, number]];
  const decided = first[1] > second[1] && first[1] >= found.length * share;
  return decided && first[0] !== "other" ? (first[0] as Language) : undefined;
}
