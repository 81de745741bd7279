/** What an incoming text asks of us: the words that stop, start and help by law and habit, and free wording that may mean to stop. */

/**
 * `yes` is a START only where it can answer nothing else: whoever knows the conversation decides. `wish` is for an operator to
 * read; marketing waits meanwhile.
 */
export type Said = "stop" | "start" | "yes" | "help" | "wish" | "none";

export type Heard = { said: Said; language: "en" | "da" | null };

/**
 * Compared with the whole message, letters only. 47 CFR 64.1200(a)(10) names stop, quit, end, revoke, opt out, cancel and
 * unsubscribe; Twilio's default lists add the rest. Inside a sentence none of them counts: "cancel Tuesday's visit".
 */
const words: Readonly<Record<Exclude<Said, "wish" | "none">, { both: string[]; en: string[]; da: string[] }>> = {
  stop: {
    both: ["stop", "stopsms", "arret"],
    en: ["stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"],
    da: [
      "stopp",
      "stopalt",
      "stopalle",
      "afmeld",
      "afmeldmig",
      "afmeldsms",
      "afmeldalt",
      "afmelding",
      "framelding",
      "frameld",
      "frameldmig",
    ],
  },
  start: {
    both: ["start"],
    en: ["unstop", "optin", "resubscribe"],
    da: ["tilmeld", "tilmeldmig", "startigen", "gentilmeld"],
  },
  yes: { both: [], en: ["yes"], da: ["ja"] },
  help: { both: ["info"], en: ["help"], da: ["hjælp", "hjaelp"] },
};

const table: ReadonlyMap<string, Heard> = new Map(
  (Object.keys(words) as (keyof typeof words)[]).flatMap((said) =>
    (["both", "en", "da"] as const).flatMap((language) =>
      words[said][language].map((word) => [word, { said, language: language === "both" ? null : language }] as const),
    ),
  ),
);

/** Where a mail program begins to quote what it answers: our own footer speaks of unsubscribing, and says nothing of his will. */
const quoted = /^(?:>|-{2,} ?(?:original|oprindelig|forwarded)|_{10,}|(?:fra|from): |(?:on|den|fra|from) .{0,200}:$)/i;

function ownWords(text: string): string {
  const lines = text.slice(0, 4000).split(/\r?\n/);
  const cut = lines.findIndex((line, i) => i > 0 && quoted.test(line.trim()));
  return (cut < 0 ? lines : lines.slice(0, cut)).join("\n");
}

/** One spelling, in words of letters and digits: full-width letters, invisible characters, case and signs are no difference. */
const spoken = (text: string): string =>
  text
    .normalize("NFKC")
    .replaceAll(/(?!\s)[\p{Cf}\p{Mn}\p{Cc}]/gu, "")
    .toLowerCase()
    .replaceAll(/['’‘`´]/g, "")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

const thingsEn =
  "(?:texts?|text messages?|messages?|msgs?|sms(?:es)?|e ?mails?|mails?|newsletters?|ads?|adverts?|advertising|marketing|promotions?|promos?|spam)";
const thingsDa =
  "(?:beskeder?|sms(?:er|e|erne)?|mails?|e ?mails?|nyhedsbrev(?:e|et)?|reklamer?|markedsføring|henvendelser|tilbud|spam)";

/** `<` and `>` stand for a word's beginning and end: \b knows no letter beyond z. */
const pattern = (source: string): RegExp =>
  new RegExp(
    source
      .replaceAll(/(?<![?(])<(?![=!])/g, "(?<![\\p{L}\\p{N}])")
      .replaceAll(">", "(?![\\p{L}\\p{N}])")
      .replaceAll("THINGS_EN", thingsEn)
      .replaceAll("THINGS_DA", thingsDa),
    "u",
  );

/** Free wording that a reasonable person reads as "leave me alone". In doubt it matches: an operator reads it, and decides. */
const english = [
  "<(?:stop|quit|cease) (?:all )?(?:texting|messaging|smsing|e ?mailing|mailing|writing|contacting|sending|spamming|bothering)(?: to)? (?:me|us)>",
  "<(?:stop|quit|cease)(?: sending| with)?(?: me| us)?(?: all| any| more| the| these| those| your| this){0,3} (?:THINGS_EN|offers|reminders)>",
  "<(?:stop|quit) (?:texting|messaging|writing|spamming)>",
  "(?<!(?:get|got|getting|receive|received|receiving|have|had) )<no more(?: of)?(?: these| those| your| this)? (?:THINGS_EN|offers|reminders)>",
  "<(?:dont|do not)(?: want| wish| need)(?: to get| to receive| to have)?(?: any| more| your| these| those| further| anymore){0,3} THINGS_EN>",
  "<(?:dont|do not|never|not to|no longer)(?: ever)? (?:text|message|sms|e ?mail|write|write to|contact|spam|bother) (?:me|us)>(?! (?:before|until|till|after|about|at|on|if|unless|when|in the)>)",
  "<(?:dont|do not|never) send (?:me|us) (?:any|anything|more|THINGS_EN)>",
  "<(?:dont|do not) (?:want|wish)(?: you)? to (?:be contacted|hear from you|text|contact|message|write)>",
  "<(?:take|remove|delete|get) (?:me|us|my(?: phone)? number|this number|my e ?mail(?: address)?) (?:off|from|out)(?: of)? (?:your|the|this|that|all)>",
  "^(?:please |pls )?(?:remove|delete) (?:me|my(?: phone)? number|this number)(?: please| now| thanks)*$",
  "<(?:unsubscribe|unsubscribed|opt out|opt me out)>",
  "<leave me alone>|<lose my number>",
  "^(?:(?:hi|hello|sorry|no|thanks|please|pls|ok|now|just) )*stop(?: it| this| that| please| pls| now| thanks| thank you| all of it| already)+$",
  "^(?:(?:hi|hello|sorry|please|pls|just|now|ok|i said) )+stop$",
  "^(?:(?:sorry|no|hi|hello|thanks) )*(?:im |i am |we are )?not interested(?: thanks| thank you| sorry| anymore| in your offers?)*$",
  "^(?:(?:sorry|hi|hello|you have|you got|you have got|you ve got) )*(?:the )?wrong number(?: sorry| stop)*$",
];

const danish = [
  "<(?:skriv|sms|mail|spam|kontakt) (?:venligst |nu )?(?:aldrig|ikke)(?: mere| længere)?(?: til)? (?:mig|os|mere)>(?! (?:før|inden|om|når|hvis)>)",
  "<(?:kontakt|skriv til|sms|spam) (?:mig|os) (?:ikke|aldrig)>(?! (?:før|inden|om|når|hvis)>)",
  "<(?:skriv|send|kontakt) (?:mig |os )?(?:ikke|aldrig)(?: mig| os)?(?: flere| mere| igen| længere)>",
  "<lad (?:venligst )?være (?:med )?(?:at )?(?:skrive|kontakte|sms|spamme|maile|forstyrre|sende (?:mig |os )?(?:flere|mere|THINGS_DA))>",
  "<(?:stop|hold op) (?:nu |venligst |lige )?med (?:at (?:skrive|kontakte|smse|spamme|maile|sende (?:mig|os|flere|mere|THINGS_DA))|(?:de |de her |jeres |alle |alle de )?THINGS_DA)>",
  "<(?:i|du) (?:må|skal) (?:ikke|aldrig) (?:mere )?(?:skrive til (?:mig|os)|kontakte (?:mig|os)|skrive mere|sende (?:mig |os )?(?:flere|mere|THINGS_DA))>",
  "(?<!(?:får|fik|modtager|modtog|har) )<(?:ikke|ingen)(?: have| modtage| få)? (?:flere|mere) THINGS_DA>",
  "<(?:ønsker|vil|gider) (?:gerne )?ikke(?: længere)?(?: at)? (?:modtage|have|få|kontaktes|høre fra jer)(?: flere| mere| jeres| noget)*(?: THINGS_DA)$",
  "<(?:ønsker|vil|gider) ikke(?: længere)?(?: at)? (?:kontaktes|høre (?:mere )?fra jer)>",
  "<(?:fjern|slet) (?:venligst )?(?:mig|mit (?:telefon)?nummer|min e ?mail|min mail)(?: (?:fra|af|hos)>|$)",
  "<(?:afmeldes|afmelde mig|afmeld mig|framelde mig|frameld mig|frameldes|blive afmeldt|blive frameldt)>(?! (?:besøget|aftalen|tiden|til)>)",
  "<frabeder (?:mig|os)>|<lad mig være(?: i fred>|$)|<giv mig fred>",
  "^(?:(?:hej|nej|tak|venligst|så|nu) )*stop(?: det| tak| venligst| så| nu| med det| med det her)+$",
  "^(?:(?:hej|venligst|så|nu|ok) )+stop$",
  "^(?:(?:hej|nej|tak|desværre) )*(?:jeg er |vi er )?ikke interesseret(?: tak| desværre| mere| længere| i jeres tilbud)*$",
];

let wishes: { language: "en" | "da"; patterns: RegExp[] }[] | undefined;

/** Compiled with the first text: their classes of letters are a twentieth of a start. */
const wished = () => {
  wishes ??= [
    { language: "en", patterns: english.map(pattern) },
    { language: "da", patterns: danish.map(pattern) },
  ];
  return wishes;
};

/** Pure: the same text means the same wherever it comes in. */
export function saidIn(text: string | null): Heard {
  const said = spoken(ownWords(text ?? ""));
  const once = new Set(said.split(" "));
  const exact = table.get(said.replaceAll(" ", "")) ?? (once.size === 1 ? table.get([...once].join("")) : undefined);
  if (exact) return exact;
  const meant = wished().find(({ patterns }) => patterns.some((wish) => wish.test(said)));
  return meant ? { said: "wish", language: meant.language } : { said: "none", language: null };
}
