/** Invented customers: who they are, where their machines stand, and what is true of each place. */
import type { Language } from "./calendar.ts";
import { heatFaults } from "./data/faults-heat.ts";
import { repairFaults } from "./data/faults-repair.ts";
import { keySpots, openings, parkings, pets, placesOf, stopcocks } from "./data/places.ts";
import { firstNames, lastNames } from "./data/small.ts";
import type { Person } from "./model.ts";
import { type Machine, machines } from "./phrases.ts";
import type { Seeded } from "./seeded.ts";

export const trades = { heat: machines(heatFaults), repair: machines(repairFaults) } as const;
export type Trade = keyof typeof trades;
export type Sort = keyof typeof placesOf;
export type Style = "neat" | "terse" | "chatty";

export type Said = Record<Language, string>;
export type Site = { id: string; name: Said; facts: Readonly<Record<string, Said>>; owned: Owned[] };
export type Owned = { id: string; machine: Machine; make: string; serial: string; site: Site };
export type Customer = { person: Person; sort: Sort; style: Style; trade: Trade; sites: Site[]; owned: Owned[] };

const both = (text: string): Said => ({ en: text, da: text });
const said = ([en, da]: readonly [string, string]): Said => ({ en, da });
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll("æ", "ae")
    .replaceAll("ø", "oe")
    .replaceAll("å", "aa")
    .replaceAll(/[^a-z]+/g, "");

/** Telephone numbers and names are dealt without replacement, so that no two people share one. */
export function people(random: Seeded, languages: readonly Language[]): Person[] {
  const names = { en: allNames(random, "en"), da: allNames(random, "da") };
  const lines = random.shuffle([...Array(900).keys()]);
  return languages.map((language, i) => {
    const [first, last] = names[language].pop() ?? [];
    const line = lines.pop();
    if (!first || !last || line === undefined) throw new Error("More people than there are names");
    const abroad = language === "en" && random.chance(0.4);
    const digits = String(100_003 + line * 997 + random.int(0, 900)).slice(0, 6);
    const phone = abroad
      ? `+44 7700 900${String(line + 100).padStart(3, "0")}`
      : `+45 20 ${digits.replace(/(..)(?=.)/g, "$1 ")}`;
    const email = `${slug(first)}.${slug(last)}@example.${language === "da" ? "dk" : "com"}`;
    return { key: `c${i + 1}`, name: `${first} ${last}`, first, language, phone, email };
  });
}

const allNames = (random: Seeded, language: Language): (readonly [string, string])[] =>
  random.shuffle(firstNames[language].flatMap((first) => lastNames[language].map((last) => [first, last] as const)));

export function customer(random: Seeded, of: { person: Person; sort: Sort; trade: Trade; sites: number }): Customer {
  const { person, sort, trade } = of;
  const names = random.shuffle(placesOf[sort]).slice(0, of.sites);
  const stock = dealer(random);
  const sites = names.map((name, i) => site(random, { id: `${person.key}.${i + 1}`, name, sort, trade, stock }));
  const style = random.pick(["neat", "terse", "chatty"] as const);
  return { person, sort, style, trade, sites, owned: sites.flatMap(({ owned }) => owned) };
}

type Stock = ReturnType<typeof dealer>;

/** Keys, animals and so on are dealt out, so that within one customer each belongs to one place; some serials differ in two digits only. */
function dealer(random: Seeded) {
  const deck = <T>(cards: readonly T[]) => {
    let left: T[] = [];
    return (): T => {
      if (left.length === 0) left = random.shuffle(cards);
      return left.pop() as T;
    };
  };
  const numbers = deck([...Array(90).keys()].map((n) => 104_117 + n * 1_009));
  const dealt = new Set<number>();
  const serial = (): number => {
    const last = [...dealt].at(-1) ?? 0;
    const swapped = last + 9 * ((Math.floor(last / 10) % 10) - (last % 10)) * -1;
    const next = random.chance(0.35) && last > 0 && !dealt.has(swapped) ? swapped : numbers();
    dealt.add(next);
    return next;
  };
  return {
    key: deck(keySpots),
    parking: deck(parkings),
    pet: deck(pets),
    hours: deck(openings),
    stopcock: deck(stopcocks),
    code: deck([...Array(60).keys()].map((n) => String(1021 + n * 149))),
    serial,
    person: deck([...firstNames.en, ...firstNames.da]),
    phone: deck([...Array(80).keys()].map((n) => `+45 20 9${n % 10} ${11 + Math.floor(n / 2)} ${12 + n}`)),
  };
}

function site(
  random: Seeded,
  of: { id: string; name: readonly [string, string]; sort: Sort; trade: Trade; stock: Stock },
): Site {
  const { id, stock } = of;
  const number = String(random.int(2, 98));
  const [en, da] = of.name;
  const facts = {
    keySpot: said(stock.key()),
    keySpot2: said(stock.key()),
    parking: said(stock.parking()),
    pet: said(stock.pet()),
    hours: said(stock.hours()),
    stopcock: said(stock.stopcock()),
    gate: both(stock.code()),
    gate2: both(stock.code()),
    person: both(stock.person()),
    person2: both(stock.person()),
    personPhone: both(stock.phone()),
    person2Phone: both(stock.phone()),
  };
  const made: Site = { id, name: { en: en.replace("{n}", number), da: da.replace("{n}", number) }, facts, owned: [] };
  const fitting = trades[of.trade].filter(({ name }) => name !== "bike" || of.sort === "home" || of.sort === "cafes");
  const kinds = random.shuffle(fitting).slice(0, random.int(1, 2));
  made.owned = kinds.map((machine) => owned(random, { machine, site: made, serial: stock.serial() }));
  return made;
}

function owned(random: Seeded, of: { machine: Machine; site: Site; serial: number }): Owned {
  const serial = `${of.machine.prefix}${of.serial}-${random.pick(["A", "B", "C"])}`;
  return {
    id: `${of.site.id}.${of.machine.name}`,
    machine: of.machine,
    make: random.pick(of.machine.models),
    serial,
    site: of.site,
  };
}
