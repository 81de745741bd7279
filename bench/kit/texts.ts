// Customers' messages made up from a seed: the same on every machine, in two languages, with rare words among common ones.

export type Random = () => number;

/** Mulberry32: 32 bits of state are enough for test data. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const english =
  `the and to is it we you please when can again still not with for that our this after before since heating boiler pump radiator
  water pressure cold noise leaking repair technician visit appointment Thursday morning invoice quote bathroom kitchen roof gutter window
  door lock alarm fuse cable socket light battery sensor filter valve pipe drain toilet shower tap tile paint wall floor ceiling insulation
  moisture mould smell smoke spark button display error code reset manual warranty spare part delivery delayed replaced cleaned checked
  measured installed removed broken loose worn rusty blocked frozen overheated vibrating humming dripping cracked basement attic garage
  garden neighbour landlord tenant key parking stairs elevator meter reading consumption bill deposit contract insurance damage photo`.split(
    /\s+/,
  );

const danish =
  `og det er vi at jeg kan den til på en for med ikke som har igen stadig efter før når varmepumpe varmepumpen larmer fyret radiator vand
  trykket kold støj utæt reparation tekniker besøg aftale torsdag formiddag faktura tilbud badeværelse køkken tag tagrende vindue dør lås
  alarm sikring kabel stikkontakt lampe batteri føler filter ventil rør afløb toilet bruser vandhane flise maling væg gulv loft isolering fugt
  skimmel lugt røg knap skærm fejlkode nulstil garanti reservedel levering forsinket skiftet renset kontrolleret målt monteret fjernet ødelagt
  løs slidt rusten stoppet frossen kælder garage have nabo udlejer lejer nøgle parkering trappe måler aflæsning forbrug regning kontrakt`.split(
    /\s+/,
  );

const TAIL = 6000;

/** Words made of two, rarer and rarer: a language's long tail, which decides how large its word index grows. */
function withTail(words: readonly string[]): string[] {
  const random = randomFrom(words.length);
  const part = () => words[20 + Math.floor(random() * (words.length - 20))] ?? "";
  return [...words, ...Array.from({ length: TAIL }, () => part() + part())];
}

const languages = [withTail(english), withTail(danish)];

/** As in real language: the word of rank r about 1/r as often as the first. */
function zipf(random: Random, words: readonly string[]): string {
  return words[Math.floor(words.length ** random()) - 1] ?? "";
}

const oneOf = (random: Random): readonly string[] => languages[Math.floor(random() * languages.length)] ?? [];

/** One to three sentences of 6 to 14 words, now and then the code of a device. */
export function messageText(random: Random): string {
  const words = oneOf(random);
  const sentences = Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
    const said = Array.from({ length: 6 + Math.floor(random() * 9) }, () => zipf(random, words));
    if (random() < 0.2) said.push(deviceCode(random));
    const text = said.join(" ");
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  });
  return sentences.join(" ");
}

export const deviceCode = (random: Random): string => `HX${1000 + Math.floor(random() * 9000)}`;

/** Words common and rare for questions; those of one language. */
export function questionText(random: Random): string {
  const words = oneOf(random);
  return Array.from({ length: 5 + Math.floor(random() * 4) }, () => zipf(random, words)).join(" ");
}

export const vocabulary = { english, danish };
