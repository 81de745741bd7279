/** Knowledge as it is read: listed, one entry with the words of any version, and all its versions. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import {
  Entry,
  type EntryRow,
  entryColumns,
  entryOrigins,
  entryReaders,
  entryStates,
  entryTypes,
  entryView,
  lineColumns,
  lineView,
  readerNumber,
  readerOf,
} from "./entry.ts";

export const listEntries = reading(
  {
    name: "memory.knowledge.list",
    summary: "Entries of knowledge without their bodies, the one that changed last first",
    needs: "memory:read",
    input: () =>
      z.object({
        ...paging(),
        status: z.enum(entryStates).optional(),
        type: z.enum(entryTypes).optional(),
        visibility: z.enum(entryReaders).optional(),
        origin: z.enum(entryOrigins).optional(),
      }),
    output: () =>
      page(Entry().omit({ body: true })).extend({
        counts: z
          .object({ draft: z.int(), review: z.int(), live: z.int(), deprecated: z.int() })
          .describe("How many there are in each state"),
      }),
  },
  {
    part: (ctx, { limit, after, ...by }) => {
      const rules: SQL[] = [
        by.status ? sql`e.status = ${by.status}` : sql`true`,
        by.type ? sql`e.type = ${by.type}` : sql`true`,
        by.visibility ? sql`e.visibility = ${readerNumber[by.visibility]}` : sql`true`,
        by.origin ? sql`e.origin = ${by.origin}` : sql`true`,
        after ? sql`(e.updated_at, e.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`,
      ];
      // One row of nulls where no entry fits, so that the counts are there all the same.
      return raw<Line>(
        ctx,
        sql`select n.counts, l.* from (select coalesce(jsonb_object_agg(s.status, s.n), '{}') as counts
            from (select e.status, count(*)::int as n from memory.kb_entries e where e.project_id = shared.scope() group by 1) s) n
          left join (select ${lineColumns} from memory.kb_entries e where e.project_id = shared.scope() and ${sql.join(rules, sql` and `)}
            order by e.updated_at desc, e.id desc limit ${limit + 1}) l on true
          order by l.updated_at desc, l.id desc`,
      );
    },
    view: (found, input) => {
      const { rows } = found as { rows: Line[] };
      const counts = { draft: 0, review: 0, live: 0, deprecated: 0, ...rows[0]?.counts };
      const lines = rows.filter((row) => row.id !== null);
      const position = (row: Line) => ({ at: row.updated_at, id: row.id });
      return { ...paged(lines, input, { view: lineView, position }), counts };
    },
  },
);

type Line = Omit<EntryRow, "body"> & { counts: Record<string, number> };

const Words = () =>
  z.object({
    version: z.int(),
    ...Entry().pick({ type: true, title: true, body: true, tags: true, visibility: true }).shape,
    written_by: z.string(),
    evidence_version: z
      .int()
      .nullable()
      .describe("What citations of these words name as their evidence's version; null: never live"),
    created_at: z.string(),
  });

type WordsRow = Omit<z.output<ReturnType<typeof Words>>, "visibility"> & { visibility: number };

const wordsColumns = sql`v.version, v.type, v.title, v.body, v.tags, v.visibility, v.written_by, v.evidence_version, v.created_at`;

const wordsView = (row: WordsRow): z.output<ReturnType<typeof Words>> => ({
  ...row,
  visibility: readerOf(row.visibility),
  created_at: instant(row.created_at),
});

const whole = (most: number) => z.coerce.number().int().min(1).max(most).optional();
const largest = 2_147_483_647;

export const getEntry = reading(
  {
    name: "memory.knowledge.get",
    summary: "One entry, with its words as they are or as they were in another version, and what came of it",
    needs: "memory:read",
    faults: ["entry_unknown", "entry_version_unknown"],
    input: () =>
      z.object({
        id: z.string().min(1).max(64),
        version: whole(largest).describe("These words beside the newest"),
        evidence_version: whole(largest).describe("The words that a citation with this version quotes"),
      }),
    output: () =>
      Entry().extend({
        words: Words().describe("Of the version asked for, else the newest"),
        replacing: z
          .object({ id: z.string(), version: z.int(), title: z.string(), body: z.string() })
          .nullable()
          .describe("What it is to replace, as that is now"),
        citations: z.int().describe("Answers that cite it"),
        passages: z.int().describe("In recall; none unless it is live"),
        waiting: z.int().describe("Passages whose newest words have no vector yet"),
        asked: z
          .array(z.object({ answer: z.string(), question: z.string(), at: z.string() }))
          .describe("Questions without an answer that it was proposed for, newest first, fifty at most"),
      }),
  },
  {
    part: (ctx, { id, version, evidence_version }) => {
      const wanted =
        version !== undefined
          ? sql`v.version = ${version}::int`
          : evidence_version !== undefined
            ? sql`v.evidence_version <= ${evidence_version}::int`
            : sql`true`;
      return raw<Full>(
        ctx,
        sql`select ${entryColumns}, w.words, o.replacing, k.passages, k.waiting, c.citations, q.asked from memory.kb_entries e
          left join lateral (select to_jsonb(x) as words from (select ${wordsColumns} from memory.kb_versions v
            where v.project_id = e.project_id and v.entry_id = e.id and ${wanted} order by v.version desc limit 1) x) w on true
          left join lateral (select jsonb_build_object('id', x.id, 'version', x.version, 'title', x.title, 'body', x.body) as replacing
            from memory.kb_entries x where x.project_id = e.project_id and x.id = e.replaces) o on true
          cross join lateral (select count(*)::int as passages, count(p.chunk_id)::int as waiting from memory.chunks h
            left join memory.pending p on p.project_id = h.project_id and p.chunk_id = h.id
            where h.project_id = e.project_id and h.source_table = 'memory.kb_entries' and h.source_pk = e.id) k
          cross join lateral (select count(distinct t.answer_id)::int as citations from shared.evidence_items i
            join memory.answer_citations t on t.project_id = i.project_id and t.evidence_id = i.id
            where i.project_id = e.project_id and i.source_table = 'memory.kb_entries' and i.source_pk = e.id) c
          cross join lateral (select coalesce(jsonb_agg(to_jsonb(y)), '[]') as asked from (
            select a.id as answer, a.question, a.created_at as at from memory.kb_questions u
              join memory.answers a on a.project_id = u.project_id and a.id = u.answer_id
            where u.project_id = e.project_id and u.entry_id = e.id order by a.created_at desc, a.id desc limit 50) y) q
          where e.project_id = shared.scope() and e.id = ${id}`,
      );
    },
    view: (found) => {
      const row = (found as { rows: Full[] }).rows[0];
      if (!row) throw new Fault("not_found", "entry_unknown");
      if (!row.words) throw new Fault("not_found", "entry_version_unknown");
      const { citations, passages, waiting, asked, replacing } = row;
      const said = asked.map((one) => ({ ...one, at: instant(one.at) }));
      return { ...entryView(row), words: wordsView(row.words), replacing, citations, passages, waiting, asked: said };
    },
  },
);

type Full = EntryRow & {
  words: WordsRow | null;
  replacing: { id: string; version: number; title: string; body: string } | null;
  passages: number;
  waiting: number;
  citations: number;
  asked: { answer: string; question: string; at: string }[];
};

export const listEntryVersions = reading(
  {
    name: "memory.knowledge.versions",
    summary: "The words of an entry in every version it had, newest first",
    needs: "memory:read",
    input: () => z.object({ ...paging(), id: z.string().min(1).max(64) }),
    output: () => page(Words()),
    faults: ["entry_unknown"],
  },
  {
    // One row of nulls for an entry beyond whose first version a cursor has led, none for one that is nowhere.
    part: (ctx, { id, limit, after }) =>
      raw<WordsRow>(
        ctx,
        sql`select v.* from memory.kb_entries e left join lateral (select ${wordsColumns} from memory.kb_versions v
            where v.project_id = e.project_id and v.entry_id = e.id and ${after ? sql`v.version < ${after.id}::int` : sql`true`}
            order by v.version desc limit ${limit + 1}) v on true
          where e.project_id = shared.scope() and e.id = ${id} order by v.version desc`,
      ),
    view: (found, input) => {
      const { rows } = found as { rows: WordsRow[] };
      if (rows.length === 0) throw new Fault("not_found", "entry_unknown");
      return paged(
        rows.filter((row) => row.version !== null),
        input,
        { view: wordsView, position: (row) => ({ at: row.created_at, id: String(row.version) }) },
      );
    },
  },
);
