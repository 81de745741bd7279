/** Binding a place that documents come from, with what opens it sealed. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { verb } from "../kernel/verb.ts";
import { accountKind, audiences, kinds, Source, type SourceRow, sourceView, visibilityOf } from "./source.ts";

/** The names may become parts of an address: nothing in them can lead elsewhere. */
const names = {
  github: /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/,
  notion: /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u,
  gdrive: /^[A-Za-z0-9_-]{4,100}$/,
};

const input = () =>
  z
    .object({
      source: z.enum(kinds),
      repository: z
        .string()
        .max(200)
        .describe("GitHub: owner/name. Notion: a name of your own for the workspace. Google Drive: the folder's id"),
      branch: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/)
        .optional()
        .describe("GitHub only; left out, the default branch"),
      folder: z
        .string()
        .regex(/^[^/\\\p{Cc}][^\\\p{Cc}]{0,498}$/u)
        .optional()
        .describe("GitHub only: what is below this path"),
      name: z.string().trim().max(200).default(""),
      visibility: z
        .enum(audiences)
        .default("internal")
        .describe(
          "public: clients may be answered from these documents; choose it only for what may be told to anybody",
        ),
      secret: z.string().min(8).max(200).optional().describe("GitHub only: the webhook's secret"),
      api_token: z
        .string()
        .min(8)
        .max(5000)
        .optional()
        .describe("A token that may read; for Google Drive also a service account's key file as JSON"),
    })
    .superRefine((given, issues) => {
      if (!names[given.source].test(given.repository))
        issues.addIssue({ code: "custom", path: ["repository"], message: `names no place of ${given.source}` });
      const isOdd = (field: "branch" | "folder" | "secret") => given.source !== "github" && given[field] !== undefined;
      for (const field of ["branch", "folder", "secret"] as const)
        if (isOdd(field)) issues.addIssue({ code: "custom", path: [field], message: "is for GitHub only" });
      if (given.source !== "github" && given.api_token === undefined)
        issues.addIssue({ code: "custom", path: ["api_token"], message: "is needed for this source" });
      if (given.folder?.split("/").includes(".."))
        issues.addIssue({ code: "custom", path: ["folder"], message: "must not lead upwards" });
    });

async function sealed(ctx: Ctx, id: string, given: { column: string; plain: string | undefined }) {
  const { column, plain } = given;
  const place = { table: "identity.project_sources", column, row: id, project: ctx.who?.project ?? "" };
  return plain === undefined ? null : ctx.ports.secrets.seal(plain, place);
}

export const bindSource = verb(
  {
    name: "vault.sources.bind",
    summary: "Read documents from a GitHub repository, a Notion workspace or a Google Drive folder, from now on",
    needs: "vault:write",
    // A secret has no place in a conversation with a model.
    doors: ["rest"],
    audits: "vault.source.bound",
    effect: "write",
    // A seal is bound to the project, which only entering tells.
    steps: 2,
    faults: ["source_already_bound"],
    input,
    output: Source,
    example: () => ({ source: "github" as const, repository: "nordvarme/handbook", visibility: "internal" as const }),
  },
  async (ctx, given) => {
    const id = ctx.ids.next("source");
    await send(ctx, []);
    const secret = await sealed(ctx, id, { column: "secret_sealed", plain: given.secret });
    const token = await sealed(ctx, id, { column: "api_token_sealed", plain: given.api_token });
    const { source, repository } = given;
    const payload = { source_kind: accountKind[source], visibility: given.visibility };
    const scope = sql`change.project_id, change.account_scope_id, change.id`;
    return commit(ctx, {
      status: 201,
      change: sql`insert into identity.project_sources (project_id, id, source_kind, external_id, name, signed, secret_sealed, api_token_sealed)
        values (shared.scope(), ${id}, ${accountKind[source]}, ${repository}, ${given.name}, ${secret !== null}, ${secret}, ${token})
        returning project_id, account_scope_id, id, name, signed, created_at, ${source}::text as source, ${repository}::text as repository,
          ${given.branch ?? null}::text as branch, ${given.folder ?? null}::text as folder, ${visibilityOf[given.visibility]}::smallint as visibility,
          'pending'::text as status, null::text as phase, 0 as document_count, 0 as changed, 0 as removed, null::text as last_sync_at,
          null::text as error_message, null::text as not_before`,
      also: [
        sql`insert into vault.sources (project_id, account_scope_id, id, source, repository, branch, folder, visibility)
          select ${scope}, change.source, change.repository, change.branch, change.folder, change.visibility from change`,
        sql`insert into vault.sync_status (project_id, account_scope_id, id, source, repository)
          select ${scope}, change.source, change.repository from change`,
      ],
      event: { kind: "vault.source.bound", ref: ["source", id], payload },
      audit: { action: "vault.source.bound", ref: ["source", id], evidence: "none", payload },
      stage: [{ kind: "vault.sync", dedupe: `vault.sync:${id}`, payload: { source: id } }],
    });
  },
  (row, ctx) => sourceView(row as SourceRow, ctx.settings.publicUrl),
);
