/** The life of an entry: put before a reviewer, sent back, made live, revised, taken out of use. Nothing is ever deleted. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit, replayCheck } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { version } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { Entry, entryColumns, entryFrom } from "./entry.ts";
import { refusal, type Where, whyNotEntry } from "./entry-drafts.ts";
import { body, citing, reason, remembered, rewording, storedWords, title } from "./entry-words.ts";

const named = () => z.string().min(1).max(64);
const seen = () => z.object({ id: named(), version: version() });
const faults = ["entry_unknown", "entry_changed", "knowledge_invalid_state"];
const example = () => ({ id: "kbe_0", version: 1 });

export const submitEntry = verb(
  {
    name: "memory.knowledge.submit",
    summary: "Put a draft under review; until it is decided nobody changes it",
    needs: "knowledge:review",
    effect: "write",
    faults: [...faults, "knowledge_without_words"],
    input: seen,
    output: Entry,
    example,
  },
  async (ctx, { id, version }) =>
    commit(ctx, {
      change: sql`update memory.kb_entries e set status = 'review', returned_reason = null, submitted_at = shared.clock(),
          submitted_by = current_setting('app.actor'), updated_at = shared.clock()
        where e.project_id = shared.scope() and e.id = ${id} and e.version = ${version}::int and e.status = 'draft'
          and case when e.body = '' then shared.fail('unprocessable', 'knowledge_without_words',
            jsonb_build_object('detail', 'Write what it says first: a title alone answers nobody.')) else true end
        returning ${entryColumns}`,
      event: { kind: "memory.entry.submitted", ref: ["entry", id], payload: { version } },
      lost: () => whyNotEntry(ctx, id, "draft"),
    }),
  entryFrom,
);

export const returnEntry = verb(
  {
    name: "memory.knowledge.return",
    summary: "Send an entry under review back to its writer, with the reason",
    needs: "knowledge:review",
    effect: "write",
    faults,
    input: () => seen().extend({ reason: reason().describe("What should be different") }),
    output: Entry,
    example: () => ({ ...example(), reason: "Say which pump." }),
  },
  async (ctx, { id, version, reason }) =>
    commit(ctx, {
      change: sql`update memory.kb_entries e set status = 'draft', returned_reason = ${reason}, updated_at = shared.clock()
        where e.project_id = shared.scope() and e.id = ${id} and e.version = ${version}::int and e.status = 'review'
        returning ${entryColumns}`,
      event: { kind: "memory.entry.returned", ref: ["entry", id], payload: { version } },
      lost: () => whyNotEntry(ctx, id, "review"),
    }),
  entryFrom,
);

export const dismissEntry = verb(
  {
    name: "memory.knowledge.dismiss",
    summary: "Put a draft away for good; what proposed it does not propose it again",
    needs: "knowledge:review",
    effect: "write",
    faults,
    input: () => seen().extend({ reason: reason().optional() }),
    output: Entry,
    example,
  },
  async (ctx, { id, version, reason }) =>
    commit(ctx, {
      change: sql`update memory.kb_entries e set status = 'deprecated', deprecated_reason = ${reason ?? null}, deprecated_at = shared.clock(),
          deprecated_by = current_setting('app.actor'), updated_at = shared.clock()
        where e.project_id = shared.scope() and e.id = ${id} and e.version = ${version}::int and e.status = 'draft'
        returning ${entryColumns}`,
      event: { kind: "memory.entry.dismissed", ref: ["entry", id] },
      lost: () => whyNotEntry(ctx, id, "draft"),
    }),
  entryFrom,
);

/** What a verb's words become in recall is worked out in code: they are read, cut, and put live if they are still those. */
async function wordsUnderReview(ctx: Ctx, { id, version }: { id: string; version: number }) {
  const [...answers] = await send(ctx, [
    ...replayCheck(ctx),
    raw<Where & { title: string; body: string }>(
      ctx,
      sql`select e.status, e.version, e.title, e.body, memory.kb_allowed(e.status) as allowed from memory.kb_entries e
        where e.project_id = shared.scope() and e.id = ${id}`,
    ),
  ]);
  const found = (answers.at(-1) as { rows: (Where & { title: string; body: string })[] }).rows[0];
  if (found?.status !== "review" || found.version !== version) throw refusal(found, "review");
  return found;
}

export const publishEntry = verb(
  {
    name: "memory.knowledge.publish",
    summary: "Make an entry live exactly as you read it; what it replaces goes out of use with it",
    needs: "knowledge:publish",
    // What people are answered from is a person's choice, not a model's.
    doors: ["rest"],
    audits: "memory.entry.published",
    effect: "write",
    steps: 2,
    faults: [...faults, "knowledge_replaced_already"],
    input: seen,
    output: Entry,
    example,
  },
  async (ctx, { id, version }) => {
    const told = { id, version, ...remembered(ctx, await wordsUnderReview(ctx, { id, version })) };
    return commit(ctx, {
      change: sql`select ${entryColumns} from memory.publish_entry(${JSON.stringify(told)}::jsonb) e`,
      event: { kind: "memory.entry.published", ref: ["entry", id], payload: { version } },
      audit: { action: "memory.entry.published", ref: ["entry", id], evidence: "none", payload: { version } },
      wake: sql`memory.entry_wake(change.id, ${ctx.ids.next("outbox")})`,
      lost: () => whyNotEntry(ctx, id, "review"),
    });
  },
  entryFrom,
);

export const reviseEntry = verb(
  {
    name: "memory.knowledge.revise",
    summary: "Change what a live entry says, at once; its former words are kept",
    needs: "knowledge:publish",
    doors: ["rest"],
    audits: "memory.entry.revised",
    effect: "write",
    faults: [...faults, "knowledge_without_words", ...citing],
    input: () => seen().extend({ ...rewording(), title: title(), body: body() }),
    output: Entry,
    example: () => ({ ...example(), title: "How long is the warranty?", body: "Five years." }),
  },
  async (ctx, { id, version, ...said }) => {
    if (said.body === "")
      throw new Fault("unprocessable", "knowledge_without_words", { detail: "A live entry says something." });
    const told = { id, version, ...storedWords(said), ...remembered(ctx, said) };
    return commit(ctx, {
      change: sql`select ${entryColumns} from memory.revise_entry(${JSON.stringify(told)}::jsonb) e`,
      event: { kind: "memory.entry.revised", ref: ["entry", id], payload: { from_version: version } },
      audit: {
        action: "memory.entry.revised",
        ref: ["entry", id],
        evidence: "none",
        payload: { from_version: version },
      },
      wake: sql`memory.entry_wake(change.id, ${ctx.ids.next("outbox")})`,
      lost: () => whyNotEntry(ctx, id, "live"),
    });
  },
  entryFrom,
);

export const deprecateEntry = verb(
  {
    name: "memory.knowledge.deprecate",
    summary: "Take a live entry out of use, with the live one that replaces it if there is one",
    needs: "knowledge:publish",
    doors: ["rest"],
    audits: "memory.entry.deprecated",
    effect: "write",
    faults: [...faults, "knowledge_replacement_not_live"],
    input: () =>
      z.object({
        id: named(),
        reason: reason().optional(),
        replaced_by: named().optional().describe("Another live entry"),
      }),
    output: Entry,
    example: () => ({ id: "kbe_0", reason: "The pump is not sold any more." }),
  },
  async (ctx, { id, reason, replaced_by }) => {
    const told = { id, reason: reason ?? null, replaced_by: replaced_by ?? null };
    const payload = replaced_by === undefined ? {} : { replaced_by };
    return commit(ctx, {
      change: sql`select ${entryColumns} from memory.deprecate_entry(${JSON.stringify(told)}::jsonb) e`,
      event: { kind: "memory.entry.deprecated", ref: ["entry", id], payload },
      audit: { action: "memory.entry.deprecated", ref: ["entry", id], evidence: "none", payload },
      lost: () => whyNotEntry(ctx, id, "live"),
    });
  },
  entryFrom,
);
