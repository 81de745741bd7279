/** Questions with known evidence from the facts of a business: only ones whose subject is named beyond doubt. */
import {
  answerOf,
  ask,
  askBackward,
  classOf,
  isOvertaking,
  type Nearness,
  namesOf,
  overtakenBy,
  type Subject,
  subjectId,
  subjectOf,
  viaOf,
  whoOf,
  wordingsOf,
} from "./asking.ts";
import type { Language } from "./calendar.ts";
import type { Fact } from "./dialogue.ts";
import type { Audience, Question, QuestionKind } from "./model.ts";
import type { Seeded } from "./seeded.ts";

type Draft = Omit<Question, "id">;
/** `share` is how many of all questions each kind gets. */
const SHARES: Record<QuestionKind, number> = {
  single: 0.34,
  "short-turn": 0.12,
  paraphrase: 0.15,
  "multi-hop": 0.16,
  superseded: 0.12,
  "cross-lingual": 0.03,
  unanswerable: 0.08,
};
/** Facts that not every job has, and that can therefore be asked for in vain. */
const OFTEN_MISSING = ["warranty", "loaner", "comp", "invoice", "due2", "eta", "code", "advice"] as const;
const SHORT_WORDS = 5;
const BACKWARD = 0.65;
/** How often a far wording also names its subject in other words. */
const FAR_NAME = 0.35;
/** How often a month may be added to tell two jobs apart. */
const BY_MONTH = 0.15;

export type Asked = { facts: readonly Fact[]; count: number; isOneCustomer: boolean };

export function questions(random: Seeded, of: Asked): Question[] {
  const facts = standing(of.facts);
  const scope = scopes(facts);
  const all = { facts: of.facts, scope, isOneCustomer: of.isOneCustomer };
  const drafts = random.shuffle([
    ...facts.flatMap((fact) => about(random, { fact, ...all })),
    ...hops(random, { ...all, facts }),
    ...inVain(random, { ...all, asked: facts }),
  ]);
  const chosen = Object.entries(SHARES).flatMap(([kind, share]) =>
    drafts.filter((draft) => draft.kind === kind).slice(0, Math.round(share * of.count)),
  );
  const unique = [...new Map(chosen.map((draft) => [`${draft.text}|${draft.contact}`, draft])).values()];
  return unique.map((draft, i) => ({ id: `q${i + 1}`, ...draft }));
}

/** The facts as they stand: what was overtaken is out, and a price after haggling is the new one. */
function standing(facts: readonly Fact[]): Fact[] {
  const held = new Set(facts.map((fact) => `${fact.name} ${subjectId(fact)}`));
  return facts
    .filter((fact) => fact.turn.deletedAt === undefined && !held.has(`${overtakenBy[fact.name]} ${subjectId(fact)}`))
    .map((fact) =>
      fact.name === "price" && fact.about.job?.acts.includes("haggle") ? { ...fact, name: "newPrice" } : fact,
    )
    .filter((fact) => wordingsOf(fact.name, "en") !== undefined);
}

/** How many subjects a name fits: within one customer, and in the whole business. */
type Scope = { fits: (fact: Fact, name: string, contact?: string) => number };

function scopes(facts: readonly Fact[]): Scope {
  const subjects = new Map<string, Set<string>>();
  const keys = (fact: Fact, name: string, contact = "*") => `${contact}|${classOf(fact.name)}|${name}`;
  for (const fact of facts)
    for (const language of ["en", "da"] as const)
      for (const name of [...namesOf(fact, language, "close"), ...namesOf(fact, language, "far"), valueName(fact)])
        for (const key of [keys(fact, name), keys(fact, name, fact.turn.contact)])
          subjects.set(key, (subjects.get(key) ?? new Set()).add(subjectId(fact)));
  return { fits: (fact, name, contact) => subjects.get(keys(fact, name, contact))?.size ?? 0 };
}

const valueName = (fact: Fact): string => `=${answerOf(fact).join("|") || fact.turn.key}`;

type Named = { name: string; prefix: string; contact?: string };
type Naming = { fact: Fact; language: Language; nearness: Nearness; scope: Scope; isOneCustomer: boolean };

/** A name that fits one subject only, with the customer as a filter or as part of the question when that is needed. */
function naming(random: Seeded, of: Naming): Named | undefined {
  const { fact, scope, isOneCustomer } = of;
  const { person } = fact.about.customer;
  const contact = isOneCustomer || (subjectOf(fact.name) !== "person" && random.chance(0.7)) ? person.key : undefined;
  const names = namesOf(fact, of.language, random.chance(FAR_NAME) ? of.nearness : "close");
  const shown = random.chance(BY_MONTH) || names.length < 2 ? names : names.slice(0, -1);
  const clear = random.shuffle(shown).find((name) => scope.fits(fact, name, contact) === 1);
  if (clear !== undefined) return { name: clear, prefix: "", ...(contact && !isOneCustomer ? { contact } : {}) };
  const personal = names.find((name) => scope.fits(fact, name, person.key) === 1);
  const prefix = of.language === "en" ? `About ${person.name}: ` : `Om ${person.name}: `;
  return personal === undefined || isOneCustomer ? undefined : { name: personal, prefix };
}

/** Private facts are asked for by staff; of the others every third by the customer himself. */
function audience(random: Seeded, fact: Fact, isPrivate: boolean): Audience {
  return isPrivate || !random.chance(0.3) ? { kind: "staff" } : { kind: "contact", contact: fact.turn.contact };
}

/** "Thursday is fine" says nothing without the offer that it takes up. */
const offerOf = ({ about }: Fact, facts: readonly Fact[]): string[] =>
  facts.filter(({ name, about: other }) => name === "offer" && other.job === about.job).map(({ turn }) => turn.key);

type One = { fact: Fact; facts: readonly Fact[]; scope: Scope; isOneCustomer: boolean };

function about(random: Seeded, of: One): Draft[] {
  const { fact } = of;
  const own = fact.turn.language;
  const other = own === "en" ? "da" : "en";
  const nearness = random.chance(0.35) ? "far" : "close";
  const turned = random.chance(BACKWARD) ? backward(random, { ...of, nearness, language: own }) : [];
  const isShort = (fact.turn.editedTo ?? fact.turn.text).split(/\s+/).length <= SHORT_WORDS;
  const plain = isShort ? "short-turn" : nearness === "far" ? "paraphrase" : "single";
  const kind = isOvertaking(fact.name) ? "superseded" : plain;
  const first: Draft[] =
    turned.length > 0
      ? turned.map((draft) => ({ ...draft, kind }))
      : one(random, { ...of, kind, nearness, language: own });
  const crossed = random.chance(0.2)
    ? one(random, { ...of, kind: "cross-lingual", nearness: "close", language: other })
    : [];
  return [...first, ...crossed];
}

/** The fact is given and its subject asked for; only when no other fact would fit the question too. */
function backward(random: Seeded, of: One & { nearness: Nearness; language: Language }): Omit<Draft, "kind">[] {
  const { fact, scope, isOneCustomer, language } = of;
  const asked = askBackward(fact, of);
  const contact = isOneCustomer || random.chance(0.5) ? fact.turn.contact : undefined;
  if (!asked || scope.fits(fact, valueName(fact), contact) !== 1) return [];
  const known = { language, text: random.pick(asked.texts), evidence: [fact.turn.key], answerIncludes: asked.answer };
  return [
    {
      ...known,
      audience: audience(random, fact, fact.turn.isPrivate),
      ...(contact && !isOneCustomer ? { contact } : {}),
    },
  ];
}

type Wanted = One & { kind: QuestionKind; nearness: Nearness; language: Language };

function one(random: Seeded, of: Wanted): Draft[] {
  const { fact, kind, language, nearness } = of;
  const named = naming(random, of);
  const forms = wordingsOf(fact.name, language)?.[nearness];
  if (!named || !forms?.length) return [];
  const text = named.prefix + ask(random.pick(forms), fact, { subject: named.name, language, who: whoOf(fact, of) });
  const { contact } = named;
  const asker = audience(random, fact, fact.turn.isPrivate);
  const evidence = fact.name === "slot" ? [...offerOf(fact, of.facts), fact.turn.key] : [fact.turn.key];
  const known = { language, kind, text, evidence, answerIncludes: answerOf(fact), audience: asker };
  return [{ ...known, ...(contact ? { contact } : {}) }];
}

type All = { facts: readonly Fact[]; scope: Scope; isOneCustomer: boolean };

/** Two facts of one job, machine or place: the first names the subject, the second is asked for. */
function hops(random: Seeded, of: All): Draft[] {
  const { facts, scope, isOneCustomer } = of;
  const ofCustomer = Map.groupBy(facts, ({ turn }) => turn.contact);
  return facts.flatMap((fact) => {
    const subject: Subject = subjectOf(fact.name);
    const { language, contact } = fact.turn;
    const clues = (ofCustomer.get(contact) ?? []).filter(
      (clue) => isClue(clue, fact) && viaOf(clue, subject, language),
    );
    if (clues.length === 0 || random.chance(0.5)) return [];
    const clue = random.pick(clues);
    const filter = isOneCustomer || random.chance(0.5) ? contact : undefined;
    if (scope.fits(clue, valueName(clue), filter) !== 1) return [];
    const template = random.pick(wordingsOf(fact.name, language)?.close ?? []);
    const who = whoOf(fact, { isOneCustomer, language });
    const text = ask(template, fact, { subject: viaOf(clue, subject, language) ?? "", language, who });
    const isPrivate = fact.turn.isPrivate || clue.turn.isPrivate;
    const evidence = [clue.turn.key, fact.turn.key];
    const known = { language, kind: "multi-hop" as const, text, evidence, answerIncludes: answerOf(fact) };
    return [
      { ...known, audience: audience(random, fact, isPrivate), ...(filter && !isOneCustomer ? { contact } : {}) },
    ];
  });
}

function isClue(clue: Fact, fact: Fact): boolean {
  if (clue.turn.key === fact.turn.key || classOf(clue.name) === classOf(fact.name) || clue.turn.deletedAt) return false;
  const [a, b] = [clue.about, fact.about];
  switch (subjectOf(fact.name)) {
    case "job":
      return a.job !== undefined && a.job.id === b.job?.id;
    case "machine":
      return a.owned !== undefined && a.owned.id === b.owned?.id;
    case "place":
      return a.site !== undefined && a.site.id === b.site?.id;
    case "person":
      return false;
  }
}

/** What a job or machine never had, and what stands in a private note when the customer asks. */
function inVain(random: Seeded, of: All & { asked: readonly Fact[] }): Draft[] {
  return of.asked.flatMap((fact): Draft[] => {
    const { language, contact } = fact.turn;
    const none = { language, kind: "unanswerable" as const, evidence: [], answerIncludes: [] };
    if (fact.turn.isPrivate) {
      const [draft] = one(random, { ...of, fact, kind: "unanswerable", nearness: "close", language });
      return draft ? [{ ...draft, ...none, audience: { kind: "contact" as const, contact } }] : [];
    }
    if (fact.name !== "cause" || random.chance(0.5)) return [];
    const missing = { ...fact, name: random.pick(OFTEN_MISSING) };
    const names = namesOf(missing, language, "close");
    const name = names.find((known) => of.scope.fits(missing, known, contact) === 0);
    const template = random.pick(wordingsOf(missing.name, language)?.close ?? []);
    if (name === undefined || !template) return [];
    const who = whoOf(fact, { ...of, language });
    const text = ask(template, missing, { subject: name, language, who });
    return [{ ...none, text, audience: audience(random, fact, false), ...(of.isOneCustomer ? {} : { contact }) }];
  });
}
