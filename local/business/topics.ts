/** What is talked about and when: jobs in their moments, and beside them places, agreements and small talk. */
import { at, businessDay, type Day, date, type Language } from "./calendar.ts";
import type { Customer, Owned, Site } from "./customers.ts";
import { actsDa } from "./data/acts-da.ts";
import { actsEn } from "./data/acts-en.ts";
import { life } from "./data/life.ts";
import { siteDa, siteEn } from "./data/site-acts.ts";
import { firstNames, months, preferences, prizes, rivals, towns } from "./data/small.ts";
import { type Job, jobSlots, money } from "./jobs.ts";
import { type Act, acts, entries, type Line, need, type Slots, table, type Wordings } from "./phrases.ts";
import type { Seeded } from "./seeded.ts";

export type About = { customer: Customer; site?: Site; owned?: Owned; job?: Job };
/** One way to play one act at one moment. */
export type Topic = {
  act: string;
  lines: readonly Line[];
  at: number;
  about: About;
  slots: (language: Language) => Slots;
};

const spoken: Record<Language, ReadonlyMap<string, Act>> = {
  en: new Map([...acts(actsEn), ...acts(siteEn)]),
  da: new Map([...acts(actsDa), ...acts(siteDa)]),
};

export const lives = entries(life).map(({ head, lines }) => ({
  name: head,
  words: { en: table(lines, "en"), da: table(lines, "da") },
  answer: lines.find((text) => text.startsWith("answer: "))?.slice("answer: ".length) ?? "",
}));

const HOUR = 3_600_000;

function ways(language: Language, act: string): readonly (readonly Line[])[] {
  const found = spoken[language].get(act);
  if (!found) throw new Error(`No act called ${act} in ${language}`);
  return found.ways;
}

/** The day on which an act of a job is played; acts without a day of their own follow the one before. */
function dayOfAct(job: Job, act: string): { day: Day; time: string } | undefined {
  const on = (day: Day, n: number, time: string) => ({ day: businessDay(day, n), time });
  switch (act) {
    case "report":
      return { day: job.start, time: "8:05" };
    case "move":
      return on(job.slot.day, -1, "9:40");
    case "cause":
      return job.visit;
    case "part":
      return on(job.visit.day, 1, "8:50");
    case "delay":
      return on(job.eta, -1, "10:20");
    case "done":
      return { day: job.done, time: "11:10" };
    case "warranty":
      return on(job.done, 1, "13:00");
    case "bill":
      return on(job.done, 2, "9:10");
    case "laterbill":
      return on(job.done, 5, "14:20");
    case "complain":
      return on(job.done, 1, "8:30");
    default:
      return undefined;
  }
}

export function jobTopics(random: Seeded, job: Job): Topic[] {
  const { language } = job.customer.person;
  const known: Record<Language, Slots> = { en: jobSlots(job, "en"), da: jobSlots(job, "da") };
  const about = { customer: job.customer, site: job.owned.site, owned: job.owned, job };
  let last = 0;
  return job.acts.map((act) => {
    const moment = dayOfAct(job, act);
    last = moment ? at(moment.day, moment.time).getTime() + random.int(0, 50) * 60_000 : last + 1;
    return { act, lines: random.pick(ways(language, act)), at: last, about, slots: (l: Language) => known[l] };
  });
}

const PLACES = ["key", "gate", "pet", "parking", "person", "hours", "stopcock"] as const;
/** At somebody's home there is no reception, and no code for the stairs. */
const HOMES = ["key", "pet", "parking", "stopcock"] as const;
const CHANGES: Readonly<Record<string, string>> = { key: "keymove", gate: "gatechange", person: "personchange" };

/** Facts of a place come up while a job there is being booked; some of them change about a month later. */
export function siteTopics(random: Seeded, of: { job: Job; told: Set<string> }): Topic[] {
  const { job, told } = of;
  const { site } = job.owned;
  const act = random.pick(job.customer.sort === "home" ? HOMES : PLACES);
  if (told.has(`${site.id}.${act}`)) return [];
  told.add(`${site.id}.${act}`);
  const { customer } = job;
  const { language } = customer.person;
  const slots = (l: Language): Slots => ({
    ...Object.fromEntries(Object.entries(site.facts).map(([name, said]) => [name, said[l]])),
    first: customer.person.first,
    place: site.name[l],
  });
  const first = at(job.start, "12:10").getTime() + random.int(0, 90) * 60_000;
  const change = CHANGES[act];
  const make = (name: string, when: number): Topic => {
    return { act: name, lines: random.pick(ways(language, name)), at: when, about: { customer, site }, slots };
  };
  const changes = change && random.chance(0.6) ? [make(change, first + random.int(20, 45) * 24 * HOUR)] : [];
  return [make(act, first), ...changes];
}

const PERSONAL = ["contract", "mailto", "away", "prefer", "life", "life", "life", "life"] as const;

/** Agreements and small talk; each comes up once with a customer. */
export function personTopics(random: Seeded, of: { customer: Customer; day: Day; told: Set<string> }): Topic[] {
  const { customer, day, told } = of;
  const kind = random.pick(PERSONAL);
  const small = random.pick(lives);
  const name = kind === "life" ? `life:${small.name}` : kind;
  if (told.has(`${customer.person.key}.${name}`)) return [];
  told.add(`${customer.person.key}.${name}`);
  const slots = personSlots(random, customer, day);
  const when = at(day, "15:30").getTime() + random.int(0, 120) * 60_000;
  const { language } = customer.person;
  const topic = { at: when, about: { customer }, slots: (l: Language) => slots[l] };
  if (kind === "life") return [{ ...topic, act: name, lines: lifeLines(small.words[language]) }];
  const later = { ...topic, at: when + random.int(40, 80) * 24 * HOUR, act: "contractchange" };
  const changed = { ...later, lines: random.pick(ways(language, "contractchange")) };
  const said = { ...topic, act: kind, lines: random.pick(ways(language, kind)) };
  return kind === "contract" && random.chance(0.7) ? [said, changed] : [said];
}

const lifeLines = (words: Wordings): Line[] => [
  { voice: "c", isOptional: false, facts: ["life"], wordings: need(words, "says") },
  { voice: "a", isOptional: false, facts: [], wordings: need(words, "reply") },
];

function personSlots(random: Seeded, { person }: Customer, day: Day): Record<Language, Slots> {
  const fee = random.int(8, 60) * 50;
  const raised = fee + random.int(1, 6) * 50;
  const [away1, away2] = [businessDay(day, random.int(4, 9)), businessDay(day, random.int(14, 24))];
  const wish = random.int(0, preferences.en.length - 1);
  const month = random.int(0, 11);
  const hives = random.int(3, 9);
  const prize = random.int(0, prizes.en.length - 1);
  const shared = {
    ...{
      first: person.first,
      name: person.name,
      agent: "Sara",
      tech: random.pick(["Emil", "Karim", "Nina", "Tobias"]),
    },
    ...{ town: random.pick(towns), rival: random.pick(rivals), deputy: random.pick(firstNames[person.language]) },
    ...{
      visits: String(random.int(2, 6)),
      email: `${random.pick(["invoice", "bilag", "accounts", "finance"])}@${person.key}.example.com`,
    },
  };
  const said = (language: Language): Slots => ({
    ...shared,
    ...{ fee: money(fee, language), fee2: money(raised, language), month: months[language][month] ?? "" },
    ...{ away1: date(away1, language), away2: date(away2, language), prefer: preferences[language][wish] ?? "" },
    hives: String(hives),
    prize: prizes[language][prize] ?? "",
  });
  return { en: said("en"), da: said("da") };
}
