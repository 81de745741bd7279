/** A question made ready for recall: cleaned, its language told, its meaning as a vector where one can be had. */
import * as z from "zod/v4";
import type { Ctx } from "../kernel/ctx.ts";
import { type Embedder, ProviderFailure } from "../kernel/ports.ts";
import { type Language, languageOf } from "./language.ts";
import { withPlaceholders } from "./placeholders.ts";

export const maximumQuestion = 1000;

export const questionText = () =>
  z
    .string()
    .trim()
    .min(1)
    .max(maximumQuestion)
    .refine((text) => !text.includes("\0"), "must not contain the null character")
    .transform((text) => text.toWellFormed().normalize("NFC"));

export type Question = {
  text: string;
  language: Language | undefined;
  /** Absent when there is no embedder or it did not answer in time: then words alone decide. */
  vector?: { model: string; embedding: number[] };
};

/** A reader waits for this; a batch job would not mind. */
const patienceMs = 2500;

/** Call it only for somebody whose credentials were checked: an embedding costs money. */
export async function meant(ctx: Ctx, text: string): Promise<Question> {
  const question = { text, language: languageOf(text) };
  const { embedder } = ctx.ports;
  if (!embedder) return question;
  try {
    const [embedding] = await soon(embedder, withPlaceholders(text));
    return embedding ? { ...question, vector: { model: embedder.model, embedding } } : question;
  } catch (thrown) {
    if (!(thrown instanceof ProviderFailure)) throw thrown;
    ctx.log({ level: "warn", request: ctx.requestId, embedding: thrown.code });
    return question;
  }
}

async function soon(embedder: Embedder, text: string): Promise<number[][]> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ProviderFailure("embedding_late", { retryable: true })), patienceMs);
  });
  try {
    return await Promise.race([embedder.embed([text]), late]);
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}

/** Models that know English only; what they say of other languages is noise. */
const englishOnly = /^use-lite|universal-sentence-encoder|-en\b|english/;
/** Models made for retrieval, by the names under which providers serve them. */
const strong =
  /text-embedding-|embed-(?:v\d|english|multilingual)|voyage|bge-|\be5-|gte-|nomic-embed|mistral-embed|gemini-embedding/;

/** How much a vector counts against words, from 0 to 1, by model and language of the question (docs/recall.md has the figures). */
export function meaningShare(question: Question): number {
  if (!question.vector) return 0;
  const { model } = question.vector;
  if (englishOnly.test(model) && question.language === "danish") return 0.05;
  return strong.test(model) ? 0.5 : 0.3;
}
