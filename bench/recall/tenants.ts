/** The benchmark's data sets as tenants of a database: one project a set, its turns remembered as ingest and embedding leave them. */

import { languageOf } from "#brain/memory/language.ts";
import { type Row, rows } from "#local/business/model.ts";
import type { Embedder } from "#local/embeddings/embedder.ts";
import type { LocalNeon } from "#local/neon.ts";
import { contactId, type Place, type Remembered, remember, type Said } from "#test/memory/remember.ts";
import type { RecallSet } from "./sets.ts";

/** Where a set settles; without an embedder its turns have no vectors. */
export type Ground = { neon: Pick<LocalNeon, "query">; place: Place; embedder?: Embedder };

/** `keyOf` turns a passage's evidence into the benchmark's key of that turn. */
export type Settled = { set: RecallSet; project: string; keyOf: Map<string, string>; contactOf: Map<string, string> };

const batch = 400;

export async function settle({ neon, place, embedder }: Ground, set: RecallSet): Promise<Settled> {
  const people = new Map(set.business.people.map((person, i) => [person.key, { ...person, number: i + 1 }]));
  const conversations = new Map(set.business.conversations.map(({ id }, i) => [id, i + 1]));
  const said = (row: Row): Said => ({
    text: row.text,
    conversation: conversations.get(row.conversation) ?? 0,
    contact: people.get(row.contact)?.number ?? 0,
    name: people.get(row.contact)?.name ?? "",
    visibility: row.isPrivate ? 2 : 1,
    at: row.at.toISOString(),
    language: languageOf(row.text) ?? (row.language === "da" ? "danish" : "english"),
    ...(embedder ? {} : { vector: "none" as const }),
  });
  const all = rows(set.business);
  const done: Remembered[] = [];
  for (let at = 0; at < all.length; at += batch) {
    done.push(...(await remember(neon, place, all.slice(at, at + batch).map(said), embedder)));
  }
  const keyOf = new Map(done.map((turn, i) => [turn.evidence, all[i]?.key ?? ""]));
  const contactOf = new Map([...people].map(([key, { number }]) => [key, contactId(place, number)]));
  return { set, project: place.project, keyOf, contactOf };
}
