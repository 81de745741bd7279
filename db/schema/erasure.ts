/** Tables of the schema shared that an erasure is carried out and proved with. */
import { bigint, integer, jsonb, pgSchema, text } from "drizzle-orm/pg-core";
import { bytea, created, id, moment, stamps, tenant } from "../columns.ts";

const shared = pgSchema("shared");

/** Somebody or something that is to be forgotten everywhere, and what became of that. */
export const erasures = shared.table("erasures", {
  ...tenant(),
  id: id(),
  subjectKind: text().notNull(),
  subjectId: text().notNull(),
  reason: text().notNull(),
  state: text().notNull(),
  steps: integer().notNull(),
  taken: bigint({ mode: "number" }).notNull(),
  waits: jsonb().notNull(),
  mentions: jsonb().notNull(),
  wanted: jsonb().notNull(),
  chainBefore: jsonb().notNull(),
  manifest: jsonb(),
  seal: text(),
  actor: text().notNull(),
  finishedAt: moment(),
  ...stamps(),
});

/** What is found to belong to the subject of a running erasure: what is gone is still known to be his. */
export const erasureIds = shared.table("erasure_ids", {
  ...tenant(),
  erasureId: text().notNull(),
  kind: text().notNull(),
  id: id(),
});

/** What a step of an erasure took from one table: a keyed hash of 32 bytes for each row. */
export const erasureSteps = shared.table("erasure_steps", {
  ...tenant(),
  id: bigint({ mode: "bigint" }).notNull(),
  erasureId: text().notNull(),
  part: text().notNull(),
  how: text().notNull(),
  stone: text(),
  hashes: bytea().notNull(),
  ...created(),
});
