/** Documents as they were copied: listed, one with its words, and the passages it is remembered as. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { Passage, type PassageRow, passageColumns, passageFrom, passageView } from "../memory/index.ts";
import { audiences, type Kind, kinds, visibilityOf } from "./source.ts";

const Document = () =>
  z.object({
    id: z.string(),
    source_id: z.string(),
    source: z.enum(kinds),
    repository: z.string(),
    path: z.string(),
    title: z.string().nullable(),
    url: z.string().nullable(),
    visibility: z.enum(audiences),
    sha: z.string().nullable(),
    passages: z.int(),
    waiting: z.int().describe("Passages that have no vector yet"),
    version: z.int().describe("Rises with every change"),
    updated_at: z.string(),
  });

type Row = {
  id: string;
  source_id: string;
  source: Kind;
  repository: string;
  path: string;
  title: string | null;
  url: string | null;
  visibility: number;
  sha: string | null;
  passages: number;
  waiting: number;
  version: number;
  updated_at: string;
  content?: string;
};

const columns = sql`d.id, d.source_id, d.source, d.repository, d.path, d.metadata->>'title' as title, d.metadata->>'url' as url,
  v.visibility, d.sha, d.version, d.updated_at, k.passages, k.waiting`;

const from = sql`vault.documents d
  join vault.sources v on v.project_id = d.project_id and v.id = d.source_id
  cross join lateral (select count(*)::int as passages, count(q.chunk_id)::int as waiting from memory.chunks c
    left join memory.pending q on q.project_id = c.project_id and q.chunk_id = c.id
    where c.project_id = d.project_id and c.source_table = 'vault.documents' and c.source_pk = d.id) k`;

const view = (row: Row): z.output<ReturnType<typeof Document>> => ({
  id: row.id,
  source_id: row.source_id,
  source: row.source,
  repository: row.repository,
  path: row.path,
  title: row.title,
  url: row.url,
  visibility: row.visibility === visibilityOf.public ? "public" : "internal",
  sha: row.sha,
  passages: row.passages,
  waiting: row.waiting,
  version: row.version,
  updated_at: instant(row.updated_at),
});

export const listDocuments = reading(
  {
    name: "vault.documents.list",
    summary: "Documents, the one changed last first",
    needs: "vault:read",
    input: () => z.object({ ...paging(), source: z.string().max(64).optional().describe("The source's id") }),
    output: () => page(Document()),
  },
  {
    part: (ctx, { limit, after, source }) =>
      raw<Row>(
        ctx,
        sql`select ${columns} from ${from}
          where ${source ? sql`d.source_id = ${source}` : sql`true`}
            and ${after ? sql`(d.updated_at, d.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by d.updated_at desc, d.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, { view, position: (row) => ({ at: row.updated_at, id: row.id }) }),
  },
);

const named = () => z.object({ id: z.string().min(1).max(64) });

export const getDocument = reading(
  {
    name: "vault.documents.get",
    summary: "One document with its words",
    needs: "vault:read",
    faults: ["document_unknown"],
    input: named,
    output: () => Document().extend({ content: z.string() }),
  },
  {
    part: (ctx, { id }) => raw<Row>(ctx, sql`select ${columns}, d.content from ${from} where d.id = ${id}`),
    view: (found) => {
      const row = (found as { rows: Row[] }).rows[0];
      if (!row) throw new Fault("not_found", "document_unknown");
      return { ...view(row), content: row.content ?? "" };
    },
  },
);

export const listDocumentPassages = reading(
  {
    name: "vault.documents.passages",
    summary: "The passages that a document is remembered as, in order, with their embedding state",
    needs: "memory:read",
    faults: ["document_unknown"],
    input: named,
    output: () => z.object({ data: z.array(Passage()) }),
  },
  {
    // One row of nulls for a document without words, none for one that is nowhere.
    part: (ctx, { id }) =>
      raw<PassageRow>(
        ctx,
        sql`select p.* from vault.documents d left join lateral (
            select ${passageColumns} from ${passageFrom}
            where k.source_table = 'vault.documents' and k.source_pk = d.id order by k.chunk_index limit 1000) p on true
          where d.id = ${id} order by p.chunk_index`,
      ),
    view: (found) => {
      const { rows } = found as { rows: PassageRow[] };
      if (rows.length === 0) throw new Fault("not_found", "document_unknown");
      return { data: rows.filter((row) => row.id !== null).map(passageView) };
    },
  },
);
