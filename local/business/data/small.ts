/** Names, reasons, favours and grumbles that fill the dialogues' slots, per language and in the same order where that matters. */
import type { Language } from "../calendar.ts";

type Words = Record<Language, readonly string[]>;
const words = (text: string): readonly string[] => text.trim().split("\n");
const names = (text: string): readonly string[] => text.split(" ");

/** None ends in -s, so that a Danish genitive is always name + s. */
export const firstNames: Words = {
  en: names(
    "Alice Ben Chloe Dominic Eleanor Felix Georgia Harriet Ian Joanna Keith Lucy Malcolm Naomi Oliver Priya Quentin Rebecca Simon Tara Una Victor Wendy Yusra Zoe Arthur Bridget Colin Deirdre Edmund",
  ),
  da: names(
    "Anne Bent Camilla Dorthe Erik Frederikke Gitte Henning Inge Jakob Karen Lone Morten Nanna Ove Pernille Ruth Søren Tove Ulla Vibeke Winnie Yrsa Åse Bodil Carsten Ditte Ejner Freja Gunnar",
  ),
};
export const lastNames: Words = {
  en: names(
    "Ashdown Barlow Carver Dunmore Ellery Fenwick Garland Holloway Inglewood Jessop Kendrick Loxley Marlow Norwood Oakley Pemberton Quayle Rowntree Selby Thornton",
  ),
  da: names(
    "Andersen Bech Christoffersen Dam Enevoldsen Frandsen Gram Hedegaard Iversen Juul Kofoed Lind Munk Nygaard Østergaard Poulsen Quist Ravn Skov Thorup",
  ),
};

export const towns = ["Svendborg", "Ribe", "Skagen", "Ebeltoft", "Nyborg", "Dragør", "Mariager", "Faaborg"];
export const prizes: Words = {
  en: words("apple cake\nChristmas lunch\nfront garden\nshop window\nrye bread"),
  da: words("æblekage\njulefrokost\nforhave\nvinduesudstilling\nrugbrødsmad"),
};
export const rivals = ["Kystklima", "Varmemesteren", "FixNu", "Bolighjælpen", "Teknik & Søn", "Nordlys VVS"];
export const months: Words = {
  en: words("January\nFebruary\nMarch\nApril\nMay\nJune\nJuly\nAugust\nSeptember\nOctober\nNovember\nDecember"),
  da: words("januar\nfebruar\nmarts\napril\nmaj\njuni\njuli\naugust\nseptember\noktober\nnovember\ndecember"),
};

export const moveReasons: Words = {
  en: words(
    "the kids are ill\nwe have an inspection that day\nI have to go to the dentist\nmy car is at the garage\nthe painters are in the way\nwe're short of staff\nI forgot a funeral\nmy train was cancelled",
  ),
  da: words(
    "børnene er syge\nvi har tilsyn den dag\njeg skal til tandlæge\nmin bil er på værksted\nmalerne er i vejen\nvi mangler folk\njeg havde glemt en begravelse\nmit tog er aflyst",
  ),
};
export const payReasons: Words = {
  en: words(
    "our accountant is on holiday\nwe're waiting for the insurance\nthe board only meets next month\nit's been a thin month\nour bank has changed its system",
  ),
  da: words(
    "vores bogholder er på ferie\nvi venter på forsikringen\nbestyrelsen mødes først i næste måned\ndet har været en tynd måned\nvores bank har skiftet system",
  ),
};
export const wrongs: Words = {
  en: words(
    "there were muddy footprints all the way up the stairs\nnobody rang before coming\nthe wall got a scratch\nthe old parts were left on the lawn\nhe smoked by the back door\nwe waited for three hours\nthe lid was not screwed back on\nhe was rude to our receptionist",
  ),
  da: words(
    "der var mudrede fodspor hele vejen op ad trappen\nder var ingen, der ringede i forvejen\nvæggen fik en skramme\nde gamle dele lå og flød på plænen\nhan stod og røg ved bagdøren\nvi ventede i tre timer\nlåget sad løst bagefter\nhan var uhøflig over for vores receptionist",
  ),
};
/** Small favours at the end of a job, by sort of machine. */
export const extras: Readonly<Record<"heat" | "appliance" | "bike", Words>> = {
  heat: {
    en: words(
      "I also cleaned the filter\nI've changed the batteries in the thermostat too\nI put a drip tray underneath\nI've written the date on a label inside the door\nI took the old hose along to the scrapyard\nI vacuumed out a whole family of spiders\nI also set the clock, it was an hour wrong\nI insulated the last metre of pipe\nI bled the radiator in the hall while I was there\nI've marked the valves with a felt pen",
    ),
    da: words(
      "Jeg har også renset filteret\nJeg har også skiftet batterierne i termostaten\nJeg har stillet en drypbakke under\nJeg har skrevet datoen på en label inde i lågen\nJeg tog den gamle slange med på genbrugspladsen\nJeg støvsugede en hel familie edderkopper ud\nJeg stillede også uret, det gik en time forkert\nJeg isolerede den sidste meter rør\nJeg luftede radiatoren i gangen ud i samme omgang\nJeg har mærket ventilerne op med tusch",
    ),
  },
  appliance: {
    en: words(
      "I tightened a loose hinge on the cabinet as well\nI put a drip tray underneath\nI levelled the feet while I was at it\nI took the old hose along to the scrapyard\nI oiled the squeaking door for you\nI also set the clock, it was an hour wrong\nI fished a spoon and two coins out of it\nI've glued the rubber strip back on\nI replaced the bulb inside too\nI wiped the back of it, it was quite greasy",
    ),
    da: words(
      "Jeg spændte også et løst hængsel på skabet\nJeg har stillet en drypbakke under\nJeg rettede fødderne op, nu jeg var i gang\nJeg tog den gamle slange med på genbrugspladsen\nJeg smurte den knirkende dør for jer\nJeg stillede også uret, det gik en time forkert\nJeg fiskede en ske og to mønter op\nJeg har limet gummilisten fast igen\nJeg skiftede også pæren indeni\nJeg tørrede bagsiden af, den var godt fedtet",
    ),
  },
  bike: {
    en: words(
      "I pumped the tyres and oiled the chain too\nI put on a new bell\nI tightened the seat belts in the box\nI adjusted the front lamp, it blinded people\nI patched the rain cover\nI trued the rear wheel while I had it",
    ),
    da: words(
      "Jeg pumpede dækkene og smurte kæden\nJeg satte en ny ringeklokke på\nJeg strammede selerne i kassen\nJeg justerede forlygten, den blændede folk\nJeg lappede regnslaget\nJeg rettede baghjulet op, nu jeg havde det",
    ),
  },
};
/** The same grumbles and favours in other words, in the same order, for questions. */
export const wrongsFar: Words = {
  en: words(
    "dirt carried in on shoes\nan unannounced arrival\ndamage to the paintwork\nscrap thrown in the garden\ncigarettes near the entrance\na delay of half a morning\na cover that hadn't been fastened\nbad manners at the front desk",
  ),
  da: words(
    "snavs slæbt ind på skoene\net uanmeldt besøg\nen skade på malingen\nskrot smidt i haven\ncigaretter nær indgangen\nen forsinkelse på en halv formiddag\net dæksel der ikke var gjort fast\ndårlige manerer i skranken",
  ),
};
export const extrasFar: typeof extras = {
  heat: {
    en: words(
      "a free clean of the air screen\nfresh power cells in the room control\nsomething to catch the drops\na note of when we were there\nrubbish carried away\na clean-up of creepy-crawlies\nthe right time of day in the display\nlagging on a piece of tube\nair let out of the heating in the corridor\nsigns on the taps",
    ),
    da: words(
      "en gratis rengøring af luftsien\nfriske strømceller i rumstyringen\nnoget til at fange dråberne\nen seddel om besøgstidspunktet\naffald kørt væk\nen oprydning blandt kryb\nden rigtige tid på dagen i displayet\nen kappe om et stykke ledning\nluft lukket ud af varmen i korridoren\nskilte på hanerne",
    ),
  },
  appliance: {
    en: words(
      "a wobbly cupboard made firm\nsomething to catch the drops\na machine made to stand straight\nrubbish carried away\nan end to a creaking sound\nthe right time of day in the display\ncutlery and money found inside\na sealing stuck in place\na new lamp in the interior\na rear side without grime",
    ),
    da: words(
      "et vakkelvornt møbel gjort fast\nnoget til at fange dråberne\nen maskine der kom til at stå lige\naffald kørt væk\nen stopper for en knagende lyd\nden rigtige tid på dagen i displayet\nbestik og penge fundet indvendigt\nen tætning klistret på plads\nen ny lampe i det indre\nen bagside uden snavs",
    ),
  },
  bike: {
    en: words(
      "air in the wheels and a smooth drive\nsomething new to ring with\nsafer straps for the children\na light that no longer dazzles\na repaired hood against showers\na rim without wobble",
    ),
    da: words(
      "luft i hjulene og et smidigt træk\nnoget nyt at ringe med\nsikrere stropper til børnene\net lys der ikke længere generer\nen repareret kaleche mod byger\nen fælg uden slør",
    ),
  },
};

export const preferences: Words = {
  en: words(
    "text messages rather than phone calls\na call half an hour before you arrive\nno visits on Fridays\nshoes off in the hall\none bill a quarter instead of many small ones\nalways the same technician if possible",
  ),
  da: words(
    "hellere sms end opkald\net opkald en halv time før I kommer\ningen besøg om fredagen\nsko af i entreen\nén regning i kvartalet i stedet for mange små\naltid den samme tekniker, hvis det er muligt",
  ),
};

/** What chatty people add before they come to the point, or after. */
export const asides: Words = {
  en: words(
    "Hope you had a good weekend.\nSorry to bother you again.\nI know you're busy.\nIt has been one of those weeks.\nAs you know, we have guests coming.\nMy wife says hello, by the way.\nThe last one who came was really nice.\nI'm writing from the train, so excuse the spelling.",
  ),
  da: words(
    "Håber I har haft en god weekend.\nUndskyld jeg forstyrrer igen.\nJeg ved godt, I har travlt.\nDet har været sådan en uge.\nSom du ved, får vi gæster.\nMin kone hilser i øvrigt.\nHam, der kom sidst, var virkelig flink.\nJeg skriver fra toget, så undskyld stavefejl.",
  ),
};
