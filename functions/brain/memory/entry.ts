/** An entry of knowledge as everybody sees it: its words, its state, who may read it, and where it is from. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";
import { visibilities } from "./audience.ts";

export const entryTypes = ["faq", "howto", "diag", "part", "note"] as const;
export const entryStates = ["draft", "review", "live", "deprecated"] as const;
export const entryOrigins = ["people", "job", "questions", "import"] as const;
export const entryReaders = ["internal", "client"] as const;

export type EntryState = (typeof entryStates)[number];
export type EntryReader = (typeof entryReaders)[number];

/** As passages have it: what clients may read is public, and the rest is for staff. */
export const readerNumber: Record<EntryReader, number> = {
  client: visibilities.public,
  internal: visibilities.internal,
};
export const readerOf = (visibility: number): EntryReader =>
  visibility === visibilities.public ? "client" : "internal";

const move = () => z.object({ at: z.string(), by: z.string() }).nullable();

export const Entry = () =>
  z.object({
    id: z.string(),
    type: z.enum(entryTypes),
    status: z.enum(entryStates),
    title: z.string(),
    body: z.string(),
    tags: z.array(z.string()),
    visibility: z.enum(entryReaders).describe("client: any client may be answered from it while it is live"),
    version: z.int().describe("Of the words; moves between states do not raise it"),
    allowed: z.array(z.enum(entryStates)).describe("The states that may follow"),
    origin: z.enum(entryOrigins),
    source_event_id: z.string().nullable().describe("The event it follows from"),
    source: z
      .object({ id: z.string(), url: z.string().nullable(), fingerprint: z.string() })
      .nullable()
      .describe("Where it was imported from"),
    replaces: z.string().nullable().describe("The live entry whose place it takes when it goes live"),
    replaced_by: z.string().nullable(),
    evidence: z.array(z.string()).describe("What it was written from"),
    needs_review: z.string().nullable().describe("Why, when that is another by now"),
    returned_reason: z.string().nullable(),
    deprecated_reason: z.string().nullable(),
    submitted: move(),
    published: move(),
    deprecated: move(),
    created_at: z.string(),
    updated_at: z.string(),
  });

export type EntryView = z.output<ReturnType<typeof Entry>>;

export type EntryRow = Pick<
  EntryView,
  | "id"
  | "type"
  | "status"
  | "title"
  | "tags"
  | "version"
  | "allowed"
  | "origin"
  | "source_event_id"
  | "replaces"
  | "replaced_by"
  | "evidence"
  | "needs_review"
  | "returned_reason"
  | "deprecated_reason"
  | "created_at"
  | "updated_at"
> & {
  body: string;
  visibility: number;
  source_id: string | null;
  source_url: string | null;
  source_fingerprint: string;
  submitted_at: string | null;
  submitted_by: string | null;
  published_at: string | null;
  published_by: string | null;
  deprecated_at: string | null;
  deprecated_by: string | null;
};

/** Of the relation `e`; what it says is left to whoever needs it. */
export const lineColumns = sql`e.id, e.type, e.status, e.title, e.tags, e.visibility, e.version, memory.kb_allowed(e.status) as allowed, e.origin,
  e.source_event_id, e.source_id, e.source_url, e.source_fingerprint, e.replaces, e.replaced_by, e.evidence_refs as evidence,
  e.stale_reason as needs_review, e.returned_reason, e.deprecated_reason,
  e.submitted_at, e.submitted_by, e.published_at, e.published_by, e.deprecated_at, e.deprecated_by, e.created_at, e.updated_at`;

export const entryColumns = sql`${lineColumns}, e.body`;

const moved = (at: string | null, by: string | null) => (at === null ? null : { at: instant(at), by: by ?? "system" });

export function lineView(row: Omit<EntryRow, "body">): Omit<EntryView, "body"> {
  const { id, type, status, title, tags, version, allowed, origin, source_event_id, replaces, replaced_by } = row;
  return {
    ...{ id, type, status, title, tags, visibility: readerOf(row.visibility), version, allowed, origin },
    source_event_id,
    source:
      row.source_id === null ? null : { id: row.source_id, url: row.source_url, fingerprint: row.source_fingerprint },
    replaces,
    replaced_by,
    evidence: row.evidence,
    needs_review: row.needs_review,
    returned_reason: row.returned_reason,
    deprecated_reason: row.deprecated_reason,
    submitted: moved(row.submitted_at, row.submitted_by),
    published: moved(row.published_at, row.published_by),
    deprecated: moved(row.deprecated_at, row.deprecated_by),
    created_at: instant(row.created_at),
    updated_at: instant(row.updated_at),
  };
}

export const entryView = (row: EntryRow): EntryView => ({ ...lineView(row), body: row.body });

/** As a change returns it. */
export const entryFrom = (row: Record<string, unknown>): EntryView => entryView(row as unknown as EntryRow);
