// Canaries in every store and two thousand questions after them: no reader's candidates, prompt, answer or citations hold one that is not his.

import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { raw, send } from "#brain/kernel/batch.ts";
import type { Ctx } from "#brain/kernel/ctx.ts";
import type { LanguageModel } from "#brain/kernel/ports.ts";
import { answer } from "#brain/memory/answer.ts";
import { soughtIn } from "#brain/memory/asked.ts";
import type { Audience } from "#brain/memory/audience.ts";
import { cited } from "#brain/memory/citations.ts";
import { type Evidence, evidenceFor } from "#brain/memory/recall.ts";
import { worded } from "#brain/memory/worded.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { type World, world } from "#test/kit/world.ts";
import { contactId, remember, type Said } from "#test/memory/remember.ts";
import { call } from "#test/people/office.ts";

const readers = ["staff", "ann", "bob", "public"] as const;
type Reader = (typeof readers)[number];
const things = ["boiler", "roof", "window", "garden", "lift", "alarm", "drain", "stove"];
const sides = ["price", "opening hours", "gate number", "warranty", "deposit"];
const questions = 500;

let w: World;
/** Who may meet a canary. */
const allowed = new Map<string, readonly Reader[]>();
const canary = (store: string, thing: string, may: readonly Reader[]): string => {
  const mark = `zq${store}${thing}${allowed.size}x`;
  allowed.set(mark, may);
  return mark;
};

/** Rolls the same for everybody (mulberry32). */
function dice(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % most;
  };
}

const everybody = readers;
const chunksOf = (thing: string): Said[] =>
  sides.slice(0, 2).flatMap((side): Said[] => {
    const say = (store: string, may: readonly Reader[]) =>
      `The ${side} of the ${thing} is ${canary(store, thing, may)}.`;
    return [
      { text: say("open", everybody), visibility: 0 },
      { text: say("anns", ["staff", "ann"]), contact: 1, conversation: 1 },
      { text: say("bobs", ["staff", "bob"]), contact: 2, conversation: 2 },
      { text: say("note", ["staff"]), contact: 1, conversation: 1, visibility: 2 },
      { text: say("inner", ["staff"]), visibility: 2, contact: 3, conversation: 3, source: "memory.kb_entries" },
    ];
  });

type Planted = {
  id: string;
  key: string;
  said: string;
  visibility: number;
  contact: string | null;
  session: string | null;
  state: string;
};
type Edge = { id: string; fact: string; contact: string; status: string; believed: string | null };

function factsOf(thing: string, edges: Edge[]): Planted[] {
  const [ann, bob] = [contactId(w.a, 1), contactId(w.a, 2)];
  const fact = (store: string, may: readonly Reader[], more: Partial<Planted> = {}): Planted => {
    const said = canary(store, thing, may);
    const key = `${thing}.${sides[allowed.size % sides.length]?.replace(" ", "_")}`;
    return { id: `fct_${said}`, key, said, visibility: 2, contact: null, session: null, state: "kept", ...more };
  };
  const edge = (of: Planted, contact: string, status: string, believed: string | null = null) => {
    edges.push({ id: `edg_${of.id}_${edges.length}`, fact: of.id, contact, status, believed });
    return of;
  };
  return [
    fact("factopen", everybody, { visibility: 0 }),
    fact("factann", ["staff", "ann"], { visibility: 1, contact: ann }),
    fact("factbob", ["staff", "bob"], { visibility: 1, contact: bob }),
    fact("factin", ["staff"]),
    edge(fact("told", ["staff", "bob"]), bob, "assumed"),
    edge(fact("denied", ["staff", "ann", "public"], { visibility: 0 }), bob, "unknown"),
    edge(
      fact("truth", ["staff", "bob", "public"], { visibility: 0 }),
      ann,
      "false_belief",
      canary("belief", thing, []),
    ),
    edge(fact("session", [], { session: "ses_canary", state: "session" }), ann, "confirmed"),
    fact("proposed", [], { visibility: 0, state: "proposed" }),
  ];
}

async function plantFacts(): Promise<void> {
  const place = [w.a.project, w.a.accountScope];
  const edges: Edge[] = [];
  const facts = things.flatMap((thing) => factsOf(thing, edges));
  await w.neon.query(
    "insert into world.entities (project_id, account_scope_id, id, type, name) values ($1, $2, 'ent_house', 'Property', 'The house')",
    place,
  );
  await w.neon.query(
    "insert into world.sessions (project_id, account_scope_id, user_id, id) values ($1, $2, $3, 'ses_canary')",
    [...place, w.a.user],
  );
  await w.neon.query(
    `insert into world.facts (project_id, account_scope_id, user_id, id, subject_entity_id, key, value, value_type, session_id, review_state, visibility,
       contact_id, origin, source_type, source_ref)
     select $1::uuid, $2::uuid, $3::uuid, r.id, 'ent_house', r.key, to_jsonb(r.said), 'string', r.session, r.state, r.visibility, r.contact, 'canary:' || r.id,
       'user_entered', 'canary' from jsonb_to_recordset($4::jsonb) r (id text, key text, said text, session text, state text, visibility smallint, contact text)`,
    [...place, w.a.user, JSON.stringify(facts)],
  );
  await w.neon.query(
    `insert into world.knowledge_edges (project_id, account_scope_id, id, knower, knower_contact_id, fact_id, status, believed_value, source, set_by_user)
     select $1::uuid, $2::uuid, r.id, 'contact:' || r.contact, r.contact, r.fact, r.status, to_jsonb(r.believed), 'user_told', true
     from jsonb_to_recordset($3::jsonb) r (id text, contact text, fact text, status text, believed text)`,
    [...place, JSON.stringify(edges)],
  );
}

const prompts: string[] = [];
/** Says all that it is given. */
const parrot: LanguageModel = {
  provider: "stand-in",
  model: "parrot",
  complete: async ({ user }) => {
    prompts.push(user);
    const given = [...user.matchAll(/^\[(E\d+)\][^:]*: (.*)$/gm)].slice(0, 3);
    return { text: JSON.stringify({ sentences: given.map(([, label, text]) => ({ text, citations: [label] })) }) };
  },
};

beforeAll(async () => {
  w = await world({ now: "2099-01-01T08:00:00.000Z" });
  await remember(w.neon, w.a, things.flatMap(chunksOf));
  await plantFacts();
  for (const thing of things) {
    const text = `Remember that the price of the ${thing} is ${canary("assistant", thing, [])}`;
    const noted = await call(w, w.a, ["POST", "/assistant/capture"], { text });
    expect(noted.status).toBeLessThan(300);
  }
});

const audiences = (): Record<Reader, Audience> => ({
  staff: { kind: "staff" },
  ann: { kind: "contact", id: contactId(w.a, 1) },
  bob: { kind: "contact", id: contactId(w.a, 2) },
  public: { kind: "public" },
});

function asked(): string[] {
  const roll = dice(20261122);
  const one = <T>(of: readonly T[]): T => of[roll(of.length)] as T;
  const marks = [...allowed.keys()];
  const forms = [
    () => `What is the ${one(sides)} of the ${one(things)}?`,
    () => `What is the ${one(things)} ${one(sides)} of the house?`,
    () => `Hvad er prisen på ${one(things)}?`,
    () => `Is it ${one(marks)}?`,
    () => `Tell me about ${one(things)} and ${one(things)}, ${one(marks)}`,
    () => `What was noted on the ${one(things)}?`,
  ];
  return Array.from({ length: questions }, () => one(forms)());
}

const found = (text: string): string[] => text.match(/zq[a-z0-9]+x/g) ?? [];

const isHis = (mark: string, reader: Reader): boolean => allowed.get(mark)?.includes(reader) === true;

/** Facts that come into question, for many questions in one request; the same question finds the same twice. */
async function factsFor(ctx: Ctx, some: string[], audience: Audience): Promise<string> {
  const knower = audience.kind === "contact" ? `contact:${audience.id}` : audience.kind;
  const words = JSON.stringify([...new Set(some)].map((text) => soughtIn(text).map((word) => word.join("|"))));
  const [told] = await send(ctx, [
    raw<{ facts: unknown }>(
      ctx,
      sql`select jsonb_agg(to_jsonb(t)) as facts from jsonb_array_elements(${words}::jsonb) q,
        world.told(${knower}, array(select jsonb_array_elements_text(q.value)), null, null, null, 8) t`,
    ),
  ]);
  return JSON.stringify(told.rows);
}

/** All that one question gives: candidates, extract, prompt and what a model that repeats everything may say. */
async function allOf(ctx: Ctx, question: string, audience: Audience): Promise<{ parts: string[]; answered: boolean }> {
  const text = { text: question, language: undefined };
  const [told] = await send(ctx, [evidenceFor(ctx, { question: text, audience, narrowing: {}, k: 40 })]);
  const evidence = told.rows[0] as Evidence;
  prompts.length = 0;
  const extract = cited(answer(question, evidence));
  const { sentences } = await worded(ctx, { model: parrot, question, evidence });
  const shown = prompts.map((prompt) => prompt.split("\n\nQuestion:")[0] ?? "");
  // How rare the question's own words are tells nothing of anybody.
  const { words: _, ...given } = evidence;
  const parts = [given, extract, cited(sentences)].map((part) => JSON.stringify(part)).concat(shown);
  return { parts, answered: extract.sentences.length > 0 };
}

test("two thousand questions, four readers: nobody meets what is not his", async () => {
  const ctx = ctxOf(w, systemOf(w.a), { permission: "memory:ask" });
  const met: Record<Reader, Set<string>> = { staff: new Set(), ann: new Set(), bob: new Set(), public: new Set() };
  const all = asked();
  let answered = 0;
  for (const reader of readers) {
    const audience = audiences()[reader];
    const parts = [await factsFor(ctx, all, audience)];
    // Every twentieth goes the whole way.
    for (const question of all.filter((_, i) => i % 25 === 0)) {
      const whole = await allOf(ctx, question, audience);
      answered += whole.answered ? 1 : 0;
      parts.push(...whole.parts);
    }
    for (const mark of parts.flatMap(found)) met[reader].add(mark);
  }
  for (const reader of readers) expect([...met[reader]].filter((mark) => !isHis(mark, reader))).toEqual([]);
  // It would find them: each reader met what is his, and of that most.
  expect(answered).toBeGreaterThan(15);
  for (const reader of readers) {
    const his = [...allowed].filter(([, may]) => may.includes(reader)).map(([mark]) => mark);
    expect([reader, his.filter((mark) => met[reader].has(mark)).length / his.length > 0.8]).toEqual([reader, true]);
  }
});
