/**
 * Recall as the product does it: the SQL function over the benchmark's tenants, by words, by meaning and by both.
 * `npm run bench -- recall`.
 */

import { send } from "#brain/kernel/batch.ts";
import type { Audience } from "#brain/memory/audience.ts";
import { languageOf } from "#brain/memory/language.ts";
import { type Question as Asked, meaningShare } from "#brain/memory/question.ts";
import { recalled } from "#brain/memory/recall.ts";
import type { Runtime } from "#gateway/runtime.ts";
import { type Question, questionKinds } from "#local/business/model.ts";
import type { Embedder } from "#local/embeddings/embedder.ts";
import { SmallModel } from "#local/embeddings/model.ts";
import { bindings, contextOn, newTenant, openApp } from "../kit/app.ts";
import { banner, quick } from "../kit/options.ts";
import { vectorStages } from "../kit/stage.ts";
import { type Judged, type Scores, scores } from "./metrics.ts";
import { modes, type Purpose, recallSets } from "./sets.ts";
import { type Settled, settle } from "./tenants.ts";

export const legs = ["words", "meaning", "both"] as const;
export type Leg = (typeof legs)[number];
export type Result = { settled: Settled; question: Question; leg: Leg; judged: Judged; ms: number };

export type Ask = { settled: Settled; question: Question; leg: Leg; vector?: NonNullable<Asked["vector"]> };

const k = 20;

export const audienceOf = (settled: Settled, { audience }: Question): Audience =>
  audience.kind === "staff" ? audience : { kind: "contact", id: settled.contactOf.get(audience.contact) ?? "" };

/** `vector` is the question's, from the same model as the tenant's. */
export async function recallOne(runtime: Runtime, ask: Ask): Promise<Result> {
  const { settled, question, leg, vector } = ask;
  const ctx = contextOn(runtime, { kind: "system", project: settled.project, job: "bench" });
  const prepared: Asked = {
    text: leg === "meaning" ? "" : question.text,
    language: languageOf(question.text),
    ...(leg === "words" || !vector ? {} : { vector }),
  };
  const narrowing = question.contact ? { contact: settled.contactOf.get(question.contact) } : {};
  const started = performance.now();
  const [found] = await send(ctx, [
    recalled(ctx, { question: prepared, audience: audienceOf(settled, question), narrowing, k }),
  ]);
  const ms = performance.now() - started;
  const ranked = [...new Set(found.rows.flatMap((row) => settled.keyOf.get(row.evidence_id ?? "") ?? []))];
  return { settled, question, leg, judged: { ranked, evidence: question.evidence }, ms };
}

export async function vectorOf(embedder: Embedder, text: string): Promise<NonNullable<Asked["vector"]>> {
  const [made] = await embedder.embed([text]);
  return { model: embedder.model, embedding: [...Array(1536).keys()].map((i) => made?.[i] ?? 0) };
}

async function runSet(
  { runtime, embedder }: { runtime: Runtime; embedder: Embedder },
  settled: Settled,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const question of settled.set.business.questions.filter(({ evidence }) => evidence.length > 0)) {
    const vector = await vectorOf(embedder, question.text);
    for (const leg of legs) {
      results.push(await recallOne(runtime, { settled, question, leg, vector }));
    }
  }
  return results;
}

const percent = (value: number) => (100 * value).toFixed(1).padStart(5);
const line = (of: Scores) =>
  (["R@5", "R@10", "R@20", "MRR@10"] as const)
    .map((name) => `${name} ${percent(of[name].mean)} [${percent(of[name].low)} ${percent(of[name].high)}]`)
    .join("  ");

function show(title: string, results: Result[]): void {
  for (const leg of legs) {
    const own = results.filter((result) => result.leg === leg);
    if (own.length > 0)
      console.log(
        `${title.padEnd(22)} ${leg.padEnd(8)} ${line(scores(own.map(({ judged }) => judged)))}  n ${own.length}`,
      );
  }
}

function report(results: Result[]): void {
  for (const mode of modes) {
    const own = results.filter(({ settled }) => settled.set.mode === mode);
    show(mode, own);
    for (const language of ["en", "da"] as const)
      show(
        `${mode} ${language}`,
        own.filter(({ question }) => question.language === language),
      );
    for (const kind of questionKinds)
      show(
        `${mode} ${kind}`,
        own.filter(({ question }) => question.kind === kind),
      );
  }
  for (const leg of legs) {
    const times = results
      .filter((result) => result.leg === leg)
      .map(({ ms }) => ms)
      .sort((a, b) => a - b);
    if (times.length > 0) console.log(`${leg.padEnd(8)} p50 ${times[times.length >> 1]?.toFixed(1)} ms`);
  }
}

async function main(): Promise<void> {
  banner("recall: how much of the evidence is among the first hits");
  // A look measures the tuning half, which the product was set by; a measurement takes the half held out.
  const purpose: Purpose = quick ? "tuning" : "held-out";
  const [stage] = await vectorStages();
  if (!stage) throw new Error("no database with vectors");
  const embedder = new SmallModel();
  const app = openApp(bindings({ databaseUrl: stage.appUrl, endpoint: stage.neon.url }));
  const results: Result[] = [];
  for (const set of recallSets(purpose)) {
    const place = await newTenant(stage, app.runtime, "recall");
    const settled = await settle({ neon: stage.neon, place, embedder }, set);
    results.push(...(await runSet({ runtime: app.runtime, embedder }, settled)));
    console.log(`  ${set.name}: ${results.length} answers so far`);
  }
  console.log(`${purpose} seeds on ${stage.label}; embedder ${embedder.model}, its share ${shares(embedder.model)}`);
  report(results);
  await embedder.close();
  await stage.close();
}

const shares = (model: string) =>
  (["english", "danish"] as const)
    .map((language) => `${language} ${meaningShare({ text: "", language, vector: { model, embedding: [] } })}`)
    .join(", ");

if (import.meta.main) await main();
