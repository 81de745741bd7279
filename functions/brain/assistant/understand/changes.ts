/** What is said about something known already: done, dropped, moved, paused, made urgent. */
import type { Change, EntityType, Target } from "./extract.ts";
import { takePriority } from "./priority.ts";
import { isOnlyDay } from "./when.ts";
import { commandOf, isCommand, presentOf, type Tongue } from "./words.ts";

const first = (text: string): string => text.charAt(0).toLocaleUpperCase("en") + text.slice(1);

const places: [RegExp, number][] = [
  [/^(?:the )?first(?: one)?$|^(?:den |det )?første$/i, 1],
  [/^(?:the )?second(?: one)?$|^(?:den |det )?(?:anden|andet)$/i, 2],
  [/^(?:the )?third(?: one)?$|^(?:den |det )?tredje$/i, 3],
  [/^(?:the )?fourth(?: one)?$|^(?:den |det )?fjerde$/i, 4],
  [/^(?:the )?fifth(?: one)?$|^(?:den |det )?femte$/i, 5],
  [/^(?:the )?last(?: one)?$|^(?:den |det )?sidste$/i, -1],
];
const numbered = /^(?:number|no\.?|nummer|nr\.?|#)\s*(\d{1,2})$/i;
const that = /^(?:it|that|this|(?:that|this) one|the same|den|det|denne|dette|(?:den|det) (?:der|her)|samme)$/i;

export function targetOf(said: string): Target {
  const text = said.trim().replaceAll(/^["'„“]+|["'“”.!]+$/g, "");
  const place = places.find(([pattern]) => pattern.test(text))?.[1];
  if (place !== undefined) return { position: place };
  const number = numbered.exec(text)?.[1];
  if (number) return { position: Number(number) };
  return that.test(text) ? { that: true } : { title: first(text).slice(0, 300) };
}

type Rule = { says: RegExp; status: string; type?: EntityType };

/** In this order; the group is what is spoken of. */
const rules: Rule[] = [
  {
    says: /^(?:the |my |our )?goal (.+?) (?:is|has been|was) (?:now )?(?:reached|achieved|met|done)$/i,
    status: "done",
    type: "goal",
  },
  { says: /^(?:mit |vores )?målet (.+?) er (?:nu )?(?:nået|opfyldt|i mål)$/i, status: "done", type: "goal" },
  { says: /^(?:pause|put) (?:the )?goal (.+?)(?: on hold)?$/i, status: "paused", type: "goal" },
  { says: /^(?:sæt|pausér|pauser) (?:målet )(.+?)(?: på pause)?$/i, status: "paused", type: "goal" },
  { says: /^(.+?) (?:is|are|has been|have been) (?:now )?(?:solved|resolved)$/i, status: "resolved", type: "problem" },
  { says: /^(.+?) er (?:nu |blevet )?(?:løst|afhjulpet)$/i, status: "resolved", type: "problem" },
  {
    says: /^(?:i |we )?(?:am |'m |are |have |'ve )?(?:now |just )?(?:done|finished|completed)(?: with)? (.+)$/i,
    status: "done",
  },
  { says: /^(?:i'm|i've|we're|we've) (?:now |just )?(?:done|finished|completed)(?: with)? (.+)$/i, status: "done" },
  { says: /^(?:tick|check) (?:off )?(.+?)(?: off)$/i, status: "done" },
  {
    says: /^(.+?) (?:is|are|has been|have been|was) (?:now |all )?(?:done|finished|completed|complete)$/i,
    status: "done",
  },
  { says: /^(?:(?:jeg|vi) )?(?:er |har )?(?:nu |lige )?(?:færdige?|færdigt) med (.+)$/i, status: "done" },
  { says: /^(?:(?:jeg|vi) )har (?:nu |lige )?(?:klaret|afsluttet|ordnet|gjort) (.+)$/i, status: "done" },
  {
    says: /^(.+?) er (?:nu |blevet )?(?:færdig[te]?|betalt|klaret|ordnet|gjort|overstået|afsluttet|done)$/i,
    status: "done",
  },
  { says: /^(?:mark|set) (.+?) (?:as |to )(?:done|finished|complete)$/i, status: "done" },
  { says: /^(?:markér|marker|sæt) (.+?) (?:som|til) (?:færdig[te]?|klaret|done)$/i, status: "done" },
  { says: /^(?:mark|set) (.+?) (?:as |to )blocked$/i, status: "blocked" },
  { says: /^(?:markér|marker|sæt) (.+?) (?:som|til) blokeret$/i, status: "blocked" },
  { says: /^re-?open (.+)$/i, status: "open" },
  { says: /^genåbn (.+)$/i, status: "open" },
  { says: /^(?:drop|forget(?: about)?|scrap|archive|never mind) (?!off\b)(.+)$/i, status: "archived" },
  { says: /^(?:drop|glem|skrot|arkivér|arkiver) (?!ikke\b|off\b)(.+)$/i, status: "archived" },
];

const moves = /^(?:move|postpone|push|reschedule|delay|flyt|udskyd|ryk|rykke) (.+) ((?:to|until|till|til) .+)$/i;
const waits =
  /^(.+?) (?:can wait|is moved|is postponed|has been moved|kan vente|er flyttet|er udskudt|er rykket) ((?:to|until|till|til) .+)$/i;
const past =
  /^(?:(?:i|we)(?:'ve| have)? |(?:jeg|vi) har )?(?:(?:just|already|lige|allerede|nu) )?(?<verb>\p{L}+) (?<rest>(?!(?:by|on|from|in|af|om)\s).+)$/iu;
const makes = /^(?:make|set|gør|sæt) (.+)$/i;

const change = (target: Target, more: Partial<Change>): Change => ({
  target,
  type: null,
  status: null,
  due_date: null,
  priority: null,
  ...more,
});

function moved(text: string, today: string, tongue: Tongue): Change | undefined {
  const [, what, where] = moves.exec(text) ?? waits.exec(text) ?? [];
  const due = what && where ? isOnlyDay(where, today, tongue) : null;
  return what && due ? change(targetOf(what), { due_date: due }) : undefined;
}

function weighed(text: string): Change | undefined {
  const [, all] = makes.exec(text) ?? [];
  const { priority, rest } = takePriority(all ?? "");
  const what = rest.replace(/\s+(?:to|til|en|et|a|an)$/i, "").replace(/\s+(?:to|til)$/i, "");
  return priority && what ? change(targetOf(what), { priority }) : undefined;
}

/** "We are not doing the fence anymore", "vi maler alligevel ikke garagen": what was to be done is dropped. */
const over = /(?<!\p{L})(?:any ?more|any longer|after all|anyway|alligevel|længere)(?!\p{L})/giu;
const refusals = [
  /^(?:(?:i|we)(?:'re| are|'m| am)? )?not (?:going ahead with|(?<verb>\p{L}+ing)) (?<rest>.+)$/iu,
  /^(?:i|we) (?:won't|will not|(?:are|am) not going to) (?:be )?(?<verb>\p{L}+) (?<rest>.+)$/iu,
  /^(?:i|we)(?:'re|'m) not going to (?<verb>\p{L}+) (?<rest>.+)$/iu,
  /^(?:i|we) (?:don't|do not) (?:need|have to|want)(?: to)? (?<rest>.+)$/iu,
  /^(?:jeg|vi) (?:(?:skal|behøver) ikke|har ikke brug for)(?: at)? (?<rest>.+)$/iu,
  /^(?:jeg|vi) (?<verb>\p{L}+) ikke (?<rest>.+)$/iu,
];
/** Verbs that say nothing of what it was. */
const light = /^(?:do|does|doing|make|making|have|having|lave?r?|gør)$/i;

function dropped(text: string): Change | undefined {
  const bare = text
    .replace(/\bno longer\b/i, "not")
    .replaceAll(over, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  if (bare === text) return undefined;
  const said = refusals.map((rule) => rule.exec(bare)?.groups).find((groups) => groups !== undefined);
  const { verb = "", rest = "" } = said ?? {};
  const command = verb && !light.test(verb) ? commandOf(verb) : "";
  if (!said || command === undefined) return undefined;
  return change(targetOf(`${command} ${rest}`), { status: "archived" });
}

const lately =
  /\s+(?:(?:earlier )?(?:yesterday|today)|this (?:morning|afternoon)|last (?:night|week)|i (?:går|forgårs|dag|morges))$/i;

/** "I fixed the gate", "jeg har ringet til Ole": what was to be done has the verb as a command. */
function happened(text: string): Change | undefined {
  const { verb = "", rest = "" } = past.exec(text)?.groups ?? {};
  const command = isCommand(text) ? undefined : presentOf(verb);
  return command && rest
    ? change(targetOf(`${command} ${rest.replace(lately, "")}`), { status: "done", type: "task" })
    : undefined;
}

/** Undefined when the clause is about something new. */
export function changeIn(clause: string, today: string, tongue: Tongue): Change | undefined {
  const text = clause.replace(/[.!]+$/, "").trim();
  for (const { says, status, type } of rules) {
    const what = says.exec(text)?.[1]?.trim();
    if (what) return change(targetOf(what), { status, type: type ?? null });
  }
  return dropped(text) ?? moved(text, today, tongue) ?? weighed(text) ?? happened(text);
}
