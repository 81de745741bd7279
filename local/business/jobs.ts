/** One job from the first complaint to the last bill: what is decided before anyone speaks, and what fills the slots in either language. */
import { businessDay, type Day, date, type Language, weekday } from "./calendar.ts";
import type { Customer, Owned } from "./customers.ts";
import { loaners } from "./data/places.ts";
import { extras, extrasFar, months, moveReasons, payReasons, wrongs, wrongsFar } from "./data/small.ts";
import { type Fault, need, type Slots } from "./phrases.ts";
import type { Seeded } from "./seeded.ts";

type Slot = { day: Day; time: string };
/** `n` are indexes into lists that hold the same thing in both languages; amounts are whole kroner. */
export type Job = {
  id: string;
  customer: Customer;
  owned: Owned;
  fault: Fault;
  start: Day;
  offers: readonly [Slot, Slot];
  slot: Slot;
  moved: Slot;
  visit: Slot;
  eta: Day;
  eta2: Day;
  done: Day;
  due: Day;
  newDue: Day;
  code: string;
  price: number;
  oldPrice: number;
  comp: number;
  cost: number;
  debt: number;
  lateDays: number;
  years: number;
  invoice: string;
  tech: string;
  n: { cause: number; move: number; pay: number; wrong: number; extra: number; loaner: number };
  acts: readonly string[];
};

const TECHS = ["Emil", "Karim", "Nina", "Tobias", "Rikke", "Hamid"] as const;
const TIMES = [
  "7:30",
  "8:00",
  "8:30",
  "9:15",
  "10:00",
  "10:30",
  "11:45",
  "12:30",
  "13:00",
  "14:30",
  "15:15",
  "16:00",
] as const;

/** A debt is a customer's, the rest a machine's. */
export const toldAs = (act: string, { id, site }: Owned): string =>
  `${act} ${act === "notePay" ? site.id.split(".")[0] : id}`;

/** The acts of a job in the order of their moments; what was said of a machine or a customer before is not said again. */
function plan(random: Seeded, told: ReadonlySet<string>, owned: Owned): string[] {
  const maybe = (p: number, ...names: string[]): string[] => (random.chance(p) ? names : []);
  const once = (act: string, acts: string[]): string[] => (told.has(toldAs(act, owned)) ? [] : acts);
  const part = maybe(0.55, "part", ...maybe(0.45, "delay"), ...maybe(0.4, "loaner"));
  return [
    "report",
    ...maybe(0.4, "code"),
    ...once("model", maybe(0.75, "model")),
    ...maybe(0.35, "advice"),
    "book",
    ...once("notePay", maybe(0.15, "notePay")),
    ...once("noteMood", maybe(0.2, "noteMood")),
    ...maybe(0.35, "move"),
    "cause",
    ...maybe(0.15, "noteMargin"),
    ...maybe(0.9, random.chance(0.4) ? "haggle" : "price"),
    ...part,
    "done",
    ...maybe(0.3, "warranty"),
    ...maybe(0.45, "bill", ...maybe(0.4, "laterbill")),
    ...maybe(0.18, "complain"),
    ...maybe(0.2, "cheer"),
  ];
}

export type JobSeed = {
  id: string;
  customer: Customer;
  owned: Owned;
  start: Day;
  invoice: string;
  told: ReadonlySet<string>;
};

export function job(random: Seeded, { told, ...of }: JobSeed): Job {
  const later = (from: Day, min: number, max: number): Day => businessDay(from, random.int(min, max));
  const [timeA = "", timeB = "", timeC = ""] = random.shuffle(TIMES);
  const dayA = later(of.start, 1, 3);
  const offers = [
    { day: dayA, time: timeA },
    { day: later(dayA, 1, 3), time: timeB },
  ] as const;
  const slot = random.pick(offers);
  const moved = { day: later(slot.day, 2, 5), time: timeC };
  const fault = random.pick(of.owned.machine.faults);
  const acts = plan(random, told, of.owned);
  const visit = acts.includes("move") ? moved : slot;
  const eta = later(visit.day, 4, 8);
  const eta2 = later(eta, 3, 7);
  const price = random.int(9, 98) * 50 + random.pick([0, 0, 25, 40]);
  const due = later(eta2, 10, 16);
  return {
    ...of,
    ...{ fault, offers, slot, moved, visit, eta, eta2, acts, price, due },
    done: businessDay(acts.includes("delay") ? eta2 : acts.includes("part") ? eta : visit.day, 1),
    newDue: later(due, 8, 20),
    code: `${random.pick(["E", "F", "Er ", "H", "A"])}${random.int(1, 39)}`,
    oldPrice: Math.ceil((price * random.int(106, 128)) / 1000) * 10,
    comp: random.int(3, 12) * 50,
    cost: Math.round((price * random.int(50, 75)) / 1000) * 10,
    debt: random.int(14, 92) * 100 + random.int(1, 9) * 10,
    lateDays: random.int(8, 45),
    years: random.pick([1, 2, 2, 3, 5]),
    tech: random.pick(TECHS),
    n: {
      cause: random.int(0, Math.max(0, need(fault.en, "cause").length - 1)),
      move: random.int(0, moveReasons.en.length - 1),
      pay: random.int(0, payReasons.en.length - 1),
      wrong: random.int(0, wrongs.en.length - 1),
      extra: random.int(0, extras[sortOf(of.owned)].en.length - 1),
      loaner: random.int(0, (loaners[of.owned.machine.name]?.length ?? 1) - 1),
    },
  };
}

const sortOf = ({ machine }: Owned): keyof typeof extras =>
  machine.name === "bike"
    ? "bike"
    : ["washer", "dishwasher", "fridge", "oven"].includes(machine.name)
      ? "appliance"
      : "heat";

const small = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const thousands = (kroner: number, mark: string): string => String(kroner).replace(/\B(?=(\d{3})+$)/g, mark);

export const money = (kroner: number, language: Language): string =>
  language === "en" ? `DKK ${thousands(kroner, ",")}` : `${thousands(kroner, ".")} kr.`;

const clock = (time: string, language: Language): string => (language === "en" ? time : time.replace(":", "."));
const named = (day: Day, language: Language): string =>
  language === "en" ? `${weekday(day, "en")} ${date(day, "en")}` : `${weekday(day, "da")} d. ${date(day, "da")}`;
const span = (years: number, language: Language): string =>
  language === "en" ? `${years} year${years === 1 ? "" : "s"}` : `${years} år`;

/** "a new pump" becomes "the new pump", "et nyt relæ" becomes "det nye relæ". */
const definite = (part: string): string =>
  part
    .replace(/^an? /, "the ")
    .replace(/^en ny /, "den nye ")
    .replace(/^et nyt /, "det nye ");

export const monthOf = (day: Day, language: Language): string => months[language][new Date(day).getUTCMonth()] ?? "";

/** Everything about the job that does not change from wording to wording. */
export function jobSlots(of: Job, language: Language): Slots {
  const { customer, owned, fault, n } = of;
  const nth = (list: readonly string[] | undefined, i: number): string => list?.[i] ?? list?.[0] ?? "";
  const part = nth(fault[language]["part"], 0);
  const slot = (name: string, { day, time }: Slot): Slots => ({
    [`day${name}`]: weekday(day, language),
    [`date${name}`]: named(day, language),
    [`time${name}`]: clock(time, language),
  });
  return {
    ...{
      first: customer.person.first,
      name: customer.person.name,
      agent: "Sara",
      tech: of.tech,
      part,
      thePart: definite(part),
    },
    ...{
      asset: owned.machine.noun[language],
      place: owned.site.name[language],
      make: owned.make,
      serial: owned.serial,
    },
    ...{ code: of.code, invoice: of.invoice, lateDays: String(of.lateDays), years: span(of.years, language) },
    ...{
      label: nth(fault[language]["label"], 0),
      far: nth(fault[language]["far"], 0),
      cause: nth(fault[language]["cause"], n.cause),
    },
    ...{
      tip: small(nth(fault[language]["tip"], 0)),
      extra: nth(extras[sortOf(owned)][language], n.extra),
      moveWhy: nth(moveReasons[language], n.move),
    },
    ...{
      payWhy: nth(payReasons[language], n.pay),
      wrong: nth(wrongs[language], n.wrong),
      wrongFar: nth(wrongsFar[language], n.wrong),
      found: nth(fault[language]["found"], n.cause),
      extraFar: nth(extrasFar[sortOf(owned)][language], n.extra),
    },
    ...{ loaner: loaners[owned.machine.name]?.[n.loaner]?.[language === "en" ? 0 : 1] ?? "" },
    ...{ price: money(of.price, language), oldPrice: money(of.oldPrice, language), comp: money(of.comp, language) },
    ...{ cost: money(of.cost, language), debt: money(of.debt, language) },
    ...{ etaDate: named(of.eta, language), eta2Date: named(of.eta2, language) },
    ...{ dueDate: date(of.due, language), newDueDate: date(of.newDue, language) },
    ...{ ...slot("A", of.offers[0]), ...slot("B", of.offers[1]), ...slot("", of.slot), ...slot("2", of.moved) },
  };
}
