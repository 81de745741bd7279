/** Recall as a statement for a batch: who reads, what is looked for, and the rows that come back. */
import { type SQL, sql } from "drizzle-orm";
import { raw } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Rarity, soughtIn } from "./asked.ts";
import { type Audience, reachOf, type Visibility, visibilities } from "./audience.ts";
import { type Asking, type Told, toldTo } from "./facts.ts";
import { meaningShare, type Question } from "./question.ts";

/** What a search is narrowed to, before anything is cut off. Contacts and conversations go by Chatwoot's number or our id. */
export type Narrowing = {
  contact?: string | undefined;
  conversation?: string | undefined;
  /** Of the conversation, as Chatwoot has it. */
  status?: string | undefined;
  sources?: string[] | undefined;
  visibility?: Visibility | undefined;
  /** Instants; `until` is exclusive. */
  since?: string | undefined;
  until?: string | undefined;
};

/** One passage as memory.passages gives it. */
export type Passage = {
  id: string;
  text: string;
  score: number;
  vector_score: number | null;
  source_table: string;
  source_pk: string;
  conversation: string | null;
  seq: number | null;
  contact: string | null;
  contact_name: string | null;
  occurred_at: string;
  evidence_id: string | null;
  evidence_version: number | null;
};

/** A turn next to a passage. */
export type Turn = Omit<Passage, "score" | "vector_score" | "contact_name">;

export type Wanted = { question: Question; audience: Audience; narrowing: Narrowing; k: number } & Asking;

/** memory.filter as JSON. Merged contacts and numbers are resolved here, inside the database. */
export function filterOf(audience: Audience, narrowing: Narrowing): SQL {
  const reach = reachOf(audience);
  const only = narrowing.visibility === undefined ? null : visibilities[narrowing.visibility];
  const seen = reach.visibilities.filter((visibility) => only === null || visibility === only);
  return sql`jsonb_build_object(
    'visibilities', ${JSON.stringify(seen)}::jsonb,
    'reader', identity.assert_technician(${audience.kind === "technician" ? audience.id : null})::text,
    'owners', to_jsonb(inbox.person_named(${reach.owner})),
    'contacts', to_jsonb(inbox.people_named(${narrowing.contact ?? null})),
    'conversations', to_jsonb(inbox.conversations_named(${narrowing.conversation ?? null}, ${narrowing.status ?? null})),
    'sources', ${narrowing.sources ? JSON.stringify(narrowing.sources) : null}::jsonb,
    'since', ${narrowing.since ?? null}::timestamptz,
    'until', ${narrowing.until ?? null}::timestamptz)`;
}

/** `memory.passages(…)` over a relation `asked` with the column `filter`. */
function passages({ question, k }: Wanted): SQL {
  const { text, language, vector } = question;
  const embedding = vector ? `[${vector.embedding.join(",")}]` : null;
  return sql`memory.passages(${text}, ${language ?? null}::regconfig, ${embedding}, ${vector?.model ?? null},
    ${meaningShare(question)}::float8, asked.filter, ${k}::int)`;
}

/** The best passages as a query, for who joins their source rows to them. */
export const recallOf = (wanted: Wanted): SQL =>
  sql`with asked as materialized (select ${filterOf(wanted.audience, wanted.narrowing)} as filter)
    select p.* from asked, ${passages(wanted)} p`;

/** The best passages, best first. */
export const recalled = (ctx: Ctx, wanted: Wanted) => raw<Passage>(ctx, recallOf(wanted));

export type Evidence = { passages: Passage[]; around: Turn[]; words: Rarity[]; facts: Told[] };

/** What an answer is made of, in one row: passages, the turns around them, how rare the question's words are, and what is known. */
export const evidenceFor = (ctx: Ctx, wanted: Wanted) =>
  raw<Evidence>(
    ctx,
    sql`with asked as materialized (select ${filterOf(wanted.audience, wanted.narrowing)} as filter),
      hit as materialized (select p.* from asked, ${passages(wanted)} p where p.evidence_id is not null)
      select coalesce((select jsonb_agg(to_jsonb(h) order by h.score desc, h.occurred_at desc, h.id) from hit h), '[]') as passages,
        coalesce((select jsonb_agg(to_jsonb(t) order by t.id)
          from asked, memory.turns_around(array(select h.id from hit h), asked.filter) t), '[]') as around,
        coalesce((select jsonb_agg(to_jsonb(w)) from memory.rarity(${wanted.question.text}) w), '[]') as words,
        ${toldTo({ ...wanted, words: soughtIn(wanted.question.text) })} as facts`,
  );

/** True when the question's meaning had no part in the result, though there was one. */
export const isTextOnly = (question: Question, found: Pick<Passage, "vector_score">[]): boolean =>
  !question.vector || (found.length > 0 && found.every((passage) => passage.vector_score === null));
