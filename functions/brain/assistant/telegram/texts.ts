/** What the bot says, in English and Danish. */
import type { Tongue } from "../understand/words.ts";

const english = {
  kinds: { task: "Task", goal: "Goal", problem: "Problem" },
  states: {
    done: "Done",
    resolved: "Solved",
    archived: "Put away",
    blocked: "On hold",
    paused: "On hold",
    monitoring: "Watched",
  },
  changed: "Changed",
  ties: {
    supports_goal: "supports",
    depends_on: "waits for",
    blocks: "waits for",
    related: "goes with",
    addresses_problem: "is about",
  },
  nothing: "Nothing to do in that; I kept it.",
  noAnswer:
    "I have no answer to that. I look among your own things, and know /today, /due, /next, /waiting, /goals, /problems.",
  unreadable: (about: string) => `I could not read “${about}”. I kept it; say it in other words?`,
  unclear: (about: string) => `What is “${about}” about? I kept it.`,
  unknown: (about: string) => `I know of nothing called “${about}”.`,
  noSuchChoice: (number: string) => `I asked nothing that ${number} would answer.`,
  which: (about: string) => `Which “${about}” do you mean?`,
  cycle: (first: string, second: string) =>
    `“${first}” and “${second}” would wait for each other, so I left that link out.`,
  notChanged: "Nothing left to change there.",
  failed: "I kept that, but could not make sense of it. Say it in other words, or again later.",
  undo: "Undo",
  undone: (titles: string) => `Taken back: ${titles}.`,
  undoneLinks: "Taken back.",
  stays: (title: string) => `Left as it is, because it has moved on since: ${title}.`,
  nothingToUndo: "There is nothing to take back.",
  alreadyUndone: "That was taken back already.",
  reworded: "Read anew.",
  lists: {
    due: "Due within a week",
    today: "Today",
    next: "Next",
    waiting: "Waiting",
    goals: "Goals",
    problems: "Problems",
    done: "Done this week",
    search: "Found",
    known: "Perhaps",
  },
  none: {
    due: "Nothing is due within a week.",
    today: "Nothing to do today.",
    next: "Nothing comes next.",
    waiting: "Nothing is waiting.",
    goals: "No open goals.",
    problems: "No open problems.",
    done: "Nothing was done this week.",
  },
  overdue: "overdue",
  waitsFor: (titles: string) => `waits for ${titles}`,
  tooLong: (most: string) =>
    `That is longer than ${most} characters, and I kept nothing of it. Send it in shorter messages.`,
  notYet: {
    voice: "I cannot listen yet, and kept nothing of it. Write it, and I will.",
    picture:
      "I cannot look at pictures and files yet, and kept nothing of it. Write what matters, and I will keep that.",
    sticker: "I cannot read stickers. Write it, and I will keep it.",
    other: "I can only read text yet, and kept nothing of that. Write it, and I will keep it.",
  },
  bound: (project: string) => `Linked to ${project}. Say what is on your mind; I write it down. /help says more.`,
  unbound: "Unlinked. I will not answer here any more.",
  now: (project: string) => `You speak to ${project}.`,
  choose: "Which project do you speak to?",
  left: "You are not a member of that project any more. /project shows the others.",
  gone: "That is not here any more.",
  help: `Write as you would on a list: “Call the plumber on Friday; urgent”, “Done with the first one”.
/today what to do today
/due what is due
/next what comes after
/waiting what waits for what
/goals and /problems
/undo takes the last message back
/project another project
/unlink ends this link`,
  command: (name: string) => `I do not know /${name}. /help lists what I know.`,
};

const danish: typeof english = {
  kinds: { task: "Opgave", goal: "Mål", problem: "Problem" },
  states: {
    done: "Færdig",
    resolved: "Løst",
    archived: "Lagt væk",
    blocked: "Venter",
    paused: "På pause",
    monitoring: "Holdes øje med",
  },
  changed: "Ændret",
  ties: {
    supports_goal: "støtter",
    depends_on: "venter på",
    blocks: "venter på",
    related: "hører til",
    addresses_problem: "handler om",
  },
  nothing: "Der var ikke noget at gøre i det; jeg har gemt det.",
  noAnswer:
    "Det har jeg ikke noget svar på. Jeg ser efter i dine egne ting og kender /today, /due, /next, /waiting, /goals, /problems.",
  unreadable: (about) => `Jeg kunne ikke læse “${about}”. Jeg har gemt det; kan du sige det på en anden måde?`,
  unclear: (about) => `Hvad handler “${about}” om? Jeg har gemt det.`,
  unknown: (about) => `Jeg kender ikke noget, der hedder “${about}”.`,
  noSuchChoice: (number) => `Jeg har ikke spurgt om noget, som ${number} svarer på.`,
  which: (about) => `Hvilken “${about}” mener du?`,
  cycle: (first, second) => `“${first}” og “${second}” ville vente på hinanden, så den kobling lod jeg være.`,
  notChanged: "Der er ikke mere at ændre dér.",
  failed: "Jeg har gemt det, men forstod det ikke. Sig det på en anden måde, eller igen senere.",
  undo: "Fortryd",
  undone: (titles) => `Taget tilbage: ${titles}.`,
  undoneLinks: "Taget tilbage.",
  stays: (title) => `Står som det er, for der er sket mere siden: ${title}.`,
  nothingToUndo: "Der er ikke noget at fortryde.",
  alreadyUndone: "Det er allerede taget tilbage.",
  reworded: "Læst på ny.",
  lists: {
    due: "Forfalder inden for en uge",
    today: "I dag",
    next: "Derefter",
    waiting: "Venter",
    goals: "Mål",
    problems: "Problemer",
    done: "Gjort i denne uge",
    search: "Fundet",
    known: "Måske",
  },
  none: {
    due: "Intet forfalder inden for en uge.",
    today: "Der er ikke noget at gøre i dag.",
    next: "Der kommer ikke noget bagefter.",
    waiting: "Intet venter.",
    goals: "Ingen åbne mål.",
    problems: "Ingen åbne problemer.",
    done: "Intet blev gjort i denne uge.",
  },
  overdue: "over tid",
  waitsFor: (titles) => `venter på ${titles}`,
  tooLong: (most) => `Det er længere end ${most} tegn, og jeg har ikke gemt noget af det. Send det i kortere beskeder.`,
  notYet: {
    voice: "Jeg kan ikke lytte endnu og har ikke gemt noget af det. Skriv det, så gør jeg.",
    picture: "Jeg kan ikke se billeder og filer endnu og har ikke gemt noget. Skriv det vigtige, så gemmer jeg det.",
    sticker: "Jeg kan ikke læse klistermærker. Skriv det, så gemmer jeg det.",
    other: "Jeg kan kun læse tekst endnu og har ikke gemt noget af det. Skriv det, så gemmer jeg det.",
  },
  bound: (project) => `Koblet til ${project}. Sig, hvad du har på hjerte; jeg skriver det ned. /help siger mere.`,
  unbound: "Koblingen er slut. Jeg svarer ikke mere her.",
  now: (project) => `Du taler med ${project}.`,
  choose: "Hvilket projekt taler du med?",
  left: "Du er ikke længere med i det projekt. /project viser de andre.",
  gone: "Det er her ikke længere.",
  help: `Skriv som på en liste: “Ring til VVS'eren på fredag; haster”, “Færdig med den første”.
/today hvad der skal gøres i dag
/due hvad der forfalder
/next hvad der kommer bagefter
/waiting hvad der venter på hvad
/goals og /problems
/undo tager den sidste besked tilbage
/project et andet projekt
/unlink slutter koblingen`,
  command: (name) => `Jeg kender ikke /${name}. /help viser, hvad jeg kender.`,
};

export type Texts = typeof english;
export type { Tongue };

export const textsIn = (tongue: Tongue): Texts => (tongue === "danish" ? danish : english);

const locales = { english: "en-GB", danish: "da-DK" } as const;

/** "Friday 27 Nov", "fredag 27. nov."; with the year where it is another than this one. */
export function dayIn(tongue: Tongue, { day, now }: { day: string; now: Date }): string {
  const parts = new Intl.DateTimeFormat(locales[tongue], {
    weekday: "long",
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  }).formatToParts(new Date(`${day}T00:00:00Z`));
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  const dot = tongue === "danish" ? "." : "";
  const year = part("year") === String(now.getUTCFullYear()) ? "" : ` ${part("year")}`;
  return `${part("weekday")} ${part("day")}${dot} ${part("month")}${year}`;
}
