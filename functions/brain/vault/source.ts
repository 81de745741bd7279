/** A source of documents as its verbs show it: where it is, who may be answered from it, how its copy stands; never a secret. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";

export const kinds = ["github", "notion", "gdrive"] as const;
export type Kind = (typeof kinds)[number];

/** What identity calls an outside account of this kind. */
export const accountKind = {
  github: "github_repository",
  notion: "notion_workspace",
  gdrive: "gdrive_folder",
} as const satisfies Record<Kind, string>;

export const states = ["pending", "in_progress", "success", "error"] as const;
export const audiences = ["public", "internal"] as const;

/** 1 is a contact's own, which a document never is. */
export const visibilityOf = { public: 0, internal: 2 } as const;

export const SyncStatus = () =>
  z.object({
    status: z.enum(states),
    phase: z.enum(["list", "fetch", "remove"]).nullable().describe("Of the run that is under way"),
    document_count: z.int().describe("After the last run that succeeded"),
    changed: z.int().describe("Documents stored anew or again by the latest run"),
    removed: z.int(),
    last_sync_at: z.string().nullable().describe("End of the last run that succeeded"),
    error_message: z.string().nullable(),
    next_try_at: z.string().nullable().describe("When a run that rests goes on"),
  });

export const Source = () =>
  z.object({
    id: z.string(),
    source: z.enum(kinds),
    repository: z.string(),
    branch: z.string().nullable(),
    folder: z.string().nullable(),
    name: z.string(),
    visibility: z.enum(audiences),
    hook: z.string().nullable().describe("Where GitHub's push webhook goes; null without a secret"),
    sync: SyncStatus(),
    created_at: z.string(),
  });

export type SyncRow = {
  status: (typeof states)[number];
  phase: "list" | "fetch" | "remove" | null;
  document_count: number;
  changed: number;
  removed: number;
  last_sync_at: string | null;
  error_message: string | null;
  not_before: string | null;
};

export type SourceRow = SyncRow & {
  id: string;
  source: Kind;
  repository: string;
  branch: string | null;
  folder: string | null;
  name: string;
  signed: boolean;
  visibility: number;
  created_at: string;
};

export const sourceColumns = sql`v.id, v.source, v.repository, v.branch, v.folder, v.visibility, v.created_at, i.name, i.signed,
  s.status, s.phase, s.document_count, s.changed, s.removed, s.last_sync_at, s.error_message, s.not_before`;

export const sourceFrom = sql`vault.sources v
  join identity.project_sources i on i.project_id = v.project_id and i.id = v.id
  join vault.sync_status s on s.project_id = v.project_id and s.id = v.id`;

export const syncView = (row: SyncRow): z.output<ReturnType<typeof SyncStatus>> => ({
  status: row.status,
  phase: row.phase,
  document_count: row.document_count,
  changed: row.changed,
  removed: row.removed,
  last_sync_at: instant(row.last_sync_at),
  error_message: row.error_message,
  next_try_at: instant(row.not_before),
});

export const sourceView = (row: SourceRow, publicUrl: string): z.output<ReturnType<typeof Source>> => ({
  id: row.id,
  source: row.source,
  repository: row.repository,
  branch: row.branch,
  folder: row.folder,
  name: row.name,
  visibility: row.visibility === visibilityOf.public ? "public" : "internal",
  hook: row.source === "github" && row.signed ? `${publicUrl}/v1/hooks/github/${row.id}` : null,
  sync: syncView(row),
  created_at: instant(row.created_at),
});
