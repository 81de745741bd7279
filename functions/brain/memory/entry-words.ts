/** What an entry says as it is typed, as it is stored, and as the passages it is found by. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { chunk } from "./chunk.ts";
import { entryReaders, entryTypes, readerNumber } from "./entry.ts";
import { languageOf } from "./language.ts";

const longestTitle = 300;
const longestBody = 20_000;

const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((said) => !said.includes("\0"), "must not contain the null character")
    .transform((said) => said.toWellFormed().normalize("NFC").trim());

export const title = () => text(longestTitle).refine((said) => said !== "", "must say something");
export const body = () => text(longestBody);
const tag = () => z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u, "up to 40 letters, digits and ._-");

const type = () => z.enum(entryTypes);
const tags = () => z.array(tag()).max(20);
const evidence = () => z.array(z.string().min(1).max(120)).max(20).describe("What it is written from");
const visibility = () => z.enum(entryReaders).describe("client: once it is live, any client may be answered from it");

/** The words of a new entry. */
export const wordsInput = () => ({
  type: type(),
  title: title(),
  body: body().describe("Plain text or Markdown; a draft may still be without"),
  tags: tags().default([]),
  visibility: visibility().default("internal"),
  evidence: evidence().default([]),
});

/** What is left out stays as it was. */
export const rewording = () => ({
  type: type().optional(),
  title: title().optional(),
  body: body().optional(),
  tags: tags().optional(),
  visibility: visibility().optional(),
  evidence: evidence().optional(),
});

type Words = { [K in keyof ReturnType<typeof rewording>]?: z.output<ReturnType<typeof rewording>[K]> };

export const reason = () => text(500).refine((said) => said !== "", "must say why");

/** For SQL: the words with their audience as a number; null is what was left out. */
export const storedWords = ({ type, title, body, tags, visibility, evidence }: Words) => ({
  type: type ?? null,
  title: title ?? null,
  body: body ?? null,
  tags: tags === undefined ? null : [...new Set(tags)],
  visibility: visibility === undefined ? null : readerNumber[visibility],
  refs: evidence === undefined ? null : [...new Set(evidence)],
});

export const citing = ["evidence_unknown", "evidence_withdrawn"];
export const listOf = (given: readonly string[]): SQL =>
  sql`array(select jsonb_array_elements_text(${JSON.stringify(given)}::jsonb))`;

/** The same words set on the relation `e`. */
export const reworded = (words: ReturnType<typeof storedWords>): SQL =>
  sql`type = coalesce(${words.type}, e.type), title = coalesce(${words.title}, e.title), body = coalesce(${words.body}, e.body),
    tags = ${words.tags ? listOf(words.tags) : sql`e.tags`}, evidence_refs = ${words.refs ? listOf(words.refs) : sql`e.evidence_refs`},
    visibility = coalesce(${words.visibility}::smallint, e.visibility)`;

/** Every passage begins with the title: its words and its meaning say what it is about, and a title alone is no sentence. */
export function passagesOf(said: { title: string; body: string }): string[] {
  const heading = /[?؟？]$/.test(said.title) ? said.title : `${said.title.replace(/[\s.:;,!…-]+$/u, "")}:`;
  return chunk(said.body).map((piece) => `${heading} ${piece}`);
}

export const remembered = (ctx: Ctx, said: { title: string; body: string }) => ({
  evidence: ctx.ids.next("evidence"),
  lang: languageOf(`${said.title}\n${said.body}`) ?? "simple",
  passages: passagesOf(said).map((text) => ({ id: ctx.ids.uuid(), text })),
});

/** The same place has one address: no fragment, no default port, the host in small letters. */
export function canonicalUrl(given: string): string {
  const url = URL.parse(given);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw new Fault("invalid", "invalid_input", {
      errors: [{ pointer: "/source_url", detail: "must be an address on the web without credentials" }],
    });
  }
  url.hash = "";
  return url.href;
}
