/** The words that tell what a clause is and in which language: verbs that begin a task, and words that only one language has. */

const list = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Imperatives as people at work use them. */
export const englishVerbs =
  list(`accept add adjust agree answer apply approve arrange ask assemble assign attach back bake balance
  bill block book borrow bring build buy calculate call cancel change charge check choose clean clear close collect compare complete
  confirm connect contact copy count create cut chase debug decide delete deliver describe design discuss document double-check download draft drop dig dismantle drain
  draw drill drive email e-mail empty enter estimate evaluate explain extend fetch file fill finalize find fit fix flush follow get give grease
  greet hand hang help hire inform inspect install investigate insulate insure interview invite invoice join keep label learn lend list load lock
  look mail make measure meet mend mount mow negotiate note notify offer open order organise organize oil pack paint park pay phone plaster
  pick place plan polish post prepare print process publish pump purchase put quote raise read record recruit recycle refill refund
  register remind remove renew renovate rent repaint repair replace reply report request research reserve reset restart return review revise ring
  rinse rotate save scan schedule seal secure sell send service set settle sharpen ship shop show sign sketch sort speak start stop
  store submit survey sweep swap switch take talk tell test text thank throw tidy tighten train transfer translate treat try turn unblock unclog
  unload unpack update upgrade upload vacuum verify visit wait walk warn wash water weld wipe wire wrap write answer`);

export const danishVerbs =
  list(`afhent aflever aflys afmeld afregn afslut aftal ansæt anmeld arkivér balancér bed begynd beskriv besked
  bestil besvar besøg betal bed book bogfør brug byg byt check del diskuter download efterfyld efterse efterspørg eftersend fakturer
  fakturér fej find fiks fjern flyt forbered forlæng forny fortæl fortsæt fotografer få fyld færdiggør følg gennemgå giv godkend gør
  hent hjælp hold hæng hør indbetal indhent indkald inform informer informér indgå indlevér indsend indstil inspicer installer
  installér inviter invitér isoler kig klargør klip kom kontakt kontroller kontrollér kopier kør køb lad lav led lever levér lej lim
  lodde lod luk lær læg læs lås mal meld monter montér mål mød notér noter nedtag opdater opdatér opgrader opkræv oplær opret opsig
  ordn organiser pak parker plan planlæg post print prøv publicer pump påmind regn rekvirer ret rens renover renovér rengør reparer
  reparér reserver returner ring ryd saml scan se send servicer sig skaf skift skriv skru skær slib slå slet sluk smør snak sorter spørg
  start stil stop støvsug svar svejs sæt sælg søg tag tal tænd tegn tilmeld tilføj tjek tilbyd tøm tør udarbejd udfyld udskift udskriv
  udlej undersøg underskriv vand vask vent vis vurder vurdér vælg årsafslut`);

const englishOnly =
  list(`the a an is are was to of on with by our my we i you it this that these those next every please because for
  and done has have need should must be will them at from before after`);
const danishOnly =
  list(`og til af på med den det de er en et jeg vi du i som senest inden hver hvert næste ikke skal husk fordi blokeret
  fra kl uge dag morgen år måned færdig vil gerne mit vores bliver har mandag tirsdag onsdag torsdag fredag lørdag søndag`);

export type Tongue = "english" | "danish";

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}-]+/gu) ?? [];
const score = (words: string[], sets: ReadonlySet<string>[]): number =>
  words.filter((word) => sets.some((set) => set.has(word))).length;

/** A vote of words; letters that English lacks weigh double. */
export function tongueOf(text: string): Tongue {
  const words = wordsOf(text);
  const danish = score(words, [danishOnly, danishVerbs]) + 2 * words.filter((word) => /[æøåé]/.test(word)).length;
  return danish > score(words, [englishOnly, englishVerbs]) ? "danish" : "english";
}

/** Begins with a verb that asks for something to be done, and says to what. */
export function isCommand(text: string): boolean {
  const [first = "", second] = text.split(/\s+/);
  const word = first.toLowerCase().replaceAll(/[^\p{L}-]/gu, "");
  return (
    second !== undefined &&
    [word, word.replace(/e$/, ""), word.replace(/(.)\1e$/, "$1")].some(
      (verb) => englishVerbs.has(verb) || danishVerbs.has(verb),
    )
  );
}

/** "painting" → "paint", "maler" → "mal": what somebody does as a command; undefined when it is no verb of ours. */
export function commandOf(doing: string): string | undefined {
  const word = doing.toLowerCase();
  const stem = word.replace(/ing$/, "");
  if (stem !== word) return [stem, `${stem}e`, stem.replace(/(.)\1$/, "$1")].find((verb) => englishVerbs.has(verb));
  return [word, word.replace(/r$/, ""), word.replace(/er$/, "")].find(
    (verb) => englishVerbs.has(verb) || danishVerbs.has(verb),
  );
}

/** Past forms that are not the verb with -ed. */
const irregular = new Map(
  `bought buy|brought bring|built build|chose choose|cut cut|did do|drew draw|drove drive|found find|gave give|got get|held hold|hung hang
  hired hire|kept keep|led lead|left leave|lent lend|made make|met meet|paid pay|put put|quoted quote|ran run|rang ring|read read|sent send
  set set|sold sell|spoke speak|swept sweep|threw throw|told tell|took take|wrote write`
    .trim()
    .split(/[|\n]\s*/)
    .map((pair) => pair.split(" ") as [string, string]),
);

/** "fixed" → "fix", "ringet" → "ring"; undefined when no verb of ours has that past. */
export function presentOf(past: string): string | undefined {
  const word = past.toLowerCase();
  const plain = irregular.get(word);
  if (plain) return plain;
  const double = /^(.*)(.)\2ed$/.exec(word);
  const tries = [
    word.replace(/ied$/, "y"),
    word.replace(/ed$/, ""),
    word.replace(/d$/, ""),
    `${double?.[1]}${double?.[2]}`,
  ];
  const english = tries.find((verb) => verb !== word && englishVerbs.has(verb));
  if (english) return english;
  const danish = [word.replace(/et$/, ""), word.replace(/t$/, ""), word.replace(/te$/, ""), word.replace(/ede$/, "")];
  return danish.find((verb) => verb !== word && danishVerbs.has(verb));
}
