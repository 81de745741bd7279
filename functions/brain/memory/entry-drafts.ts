/** Drafts of knowledge: written, rewritten, imported. Nothing of them is in recall. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { version } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { Entry, type EntryState, entryColumns, entryFrom } from "./entry.ts";
import { canonicalUrl, citing, listOf, reworded, rewording, storedWords, wordsInput } from "./entry-words.ts";

const named = () => z.string().regex(/^[A-Za-z0-9_.:-]{1,64}$/);

export const createEntry = verb(
  {
    name: "memory.knowledge.create",
    summary: "Write a draft of something the firm knows",
    needs: "knowledge:write",
    effect: "write",
    faults: ["event_unknown", "entry_unknown", ...citing],
    input: () =>
      z.object({
        ...wordsInput(),
        source_event_id: named().optional().describe("The event it follows from"),
        replaces: named().optional().describe("The live entry whose place it shall take"),
      }),
    output: Entry,
    example: () => ({
      type: "diag" as const,
      title: "The overheat cutout trips",
      body: "Clean the pump's filter before anything else.",
    }),
  },
  async (ctx, { source_event_id, replaces, ...said }) => {
    const id = ctx.ids.next("entry");
    const words = storedWords(said);
    return commit(ctx, {
      status: 201,
      change: sql`insert into memory.kb_entries as e (project_id, id, source_event_id, replaces, type, title, body, tags, evidence_refs, visibility)
        values (shared.scope(), ${id}, ${source_event_id ?? null}, ${replaces ?? null}, ${words.type}, ${words.title}, ${words.body},
          ${listOf(words.tags ?? [])}, ${listOf(words.refs ?? [])}, ${words.visibility}::smallint)
        returning ${entryColumns}`,
      event: { kind: "memory.entry.created", ref: ["entry", id], payload: { type: words.type } },
    });
  },
  entryFrom,
);

export const updateEntry = verb(
  {
    name: "memory.knowledge.update",
    summary: "Rewrite a draft, or part of it; what is live is revised, or replaced by another draft",
    needs: "knowledge:write",
    effect: "write",
    faults: ["entry_unknown", "entry_changed", "knowledge_invalid_state", ...citing],
    input: () =>
      z.object({
        id: z.string().min(1).max(64),
        version: version(),
        ...rewording(),
        replaces: named().nullable().optional(),
      }),
    output: Entry,
    example: () => ({ id: "kbe_0", version: 1, title: "How long is the warranty?" }),
  },
  async (ctx, { id, version, replaces, ...said }) => {
    return commit(ctx, {
      change: sql`update memory.kb_entries e set ${reworded(storedWords(said))}, replaces = ${replaces === undefined ? sql`e.replaces` : replaces}, updated_at = shared.clock()
        where e.project_id = shared.scope() and e.id = ${id} and e.version = ${version}::int and e.status = 'draft'
        returning ${entryColumns}`,
      event: { kind: "memory.entry.changed", ref: ["entry", id] },
      lost: () => whyNotEntry(ctx, id, "draft"),
    });
  },
  entryFrom,
);

const outcomes = ["created", "changed", "unchanged", "under_review", "replacement_drafted"] as const;

export const importEntry = verb(
  {
    name: "memory.knowledge.import",
    summary: "Put an entry from elsewhere by its stable name there; the same words again change nothing",
    needs: "knowledge:write",
    effect: "write",
    faults: ["erased", ...citing],
    input: () =>
      z.object({
        source_id: z.string().trim().min(1).max(200).describe("Its name at the place it is from"),
        source_url: z.string().max(1000).optional(),
        ...wordsInput(),
      }),
    output: () =>
      Entry().extend({
        outcome: z
          .enum(outcomes)
          .describe("A live entry is not changed by an import: a draft is written that is to replace it"),
      }),
    example: () => ({
      source_id: "handbook/warranty",
      source_url: "https://handbook.example/warranty",
      type: "faq" as const,
      title: "How long is the warranty?",
      body: "Five years on parts.",
    }),
  },
  async (ctx, { source_id, source_url, ...said }) => {
    const told = {
      entry: ctx.ids.next("entry"),
      ledger: ctx.ids.next("event"),
      source_id,
      url: source_url === undefined ? null : canonicalUrl(source_url),
      ...storedWords(said),
    };
    return commit(ctx, {
      change: sql`select ${entryColumns}, i.outcome from memory.import_entry(${JSON.stringify(told)}::jsonb) i
        cross join lateral (select (i.entry).*) e`,
    });
  },
  (row) => ({ ...entryFrom(row), outcome: row["outcome"] as (typeof outcomes)[number] }),
);

export type Where = { status: EntryState; version: number; allowed: EntryState[] };

/** Why a guarded change of an entry that had to be in state `from` did not happen. */
export async function whyNotEntry(ctx: Ctx, id: string, from: EntryState): Promise<Fault> {
  const [found] = await send(ctx, [
    raw<Where>(
      ctx,
      sql`select e.status, e.version, memory.kb_allowed(e.status) as allowed from memory.kb_entries e
        where e.project_id = shared.scope() and e.id = ${id}`,
    ),
  ]);
  return refusal(found.rows[0], from);
}

export function refusal(found: Where | undefined, from: EntryState): Fault {
  if (!found) return new Fault("not_found", "entry_unknown");
  const { status, version, allowed } = found;
  if (status !== from)
    return new Fault("conflict", "knowledge_invalid_state", {
      state: status,
      allowed,
      detail: `It is ${status}; from there it can become ${allowed.join(" or ") || "nothing else"}.`,
    });
  return new Fault("stale", "entry_changed", { version, detail: "It has changed since you read it: read it again." });
}
