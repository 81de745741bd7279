/** The places documents come from: listed, and shown to clients or not. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { audiences, Source, type SourceRow, sourceColumns, sourceFrom, sourceView, visibilityOf } from "./source.ts";

export const listSources = reading(
  {
    name: "vault.sources.list",
    summary: "Where documents come from, and how each copy stands",
    needs: "vault:read",
    input: () => z.object(paging()),
    output: () => page(Source()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<SourceRow>(
        ctx,
        sql`select ${sourceColumns} from ${sourceFrom}
          where ${after ? sql`(v.created_at, v.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by v.created_at desc, v.id desc limit ${limit + 1}`,
      ),
    view: (found, input, ctx) =>
      paged((found as { rows: SourceRow[] }).rows, input, {
        view: (row) => sourceView(row, ctx.settings.publicUrl),
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);

export const showSource = verb(
  {
    name: "vault.sources.show_to",
    summary: "Choose who may be answered from a source's documents: anybody, or staff only; at once, for all of them",
    needs: "vault:write",
    // What clients are told is a person's choice, not a model's.
    doors: ["rest"],
    audits: "vault.source.shown",
    effect: "write",
    faults: ["source_unknown"],
    input: () => z.object({ id: z.string().min(1).max(64), visibility: z.enum(audiences) }),
    output: () => z.object({ id: z.string(), visibility: z.enum(audiences) }),
    example: () => ({ id: "src_00000000000000000000000000", visibility: "internal" as const }),
  },
  async (ctx, { id, visibility }) => {
    const act = { ref: ["source", id] as [string, string], payload: { visibility } };
    return commit(ctx, {
      change: sql`select v.id, ${visibility}::text as visibility from vault.show(${id}, ${visibilityOf[visibility]}::smallint) v`,
      event: { kind: "vault.source.shown", ...act },
      audit: { action: "vault.source.shown", evidence: "none", ...act },
      lost: () => new Fault("not_found", "source_unknown"),
    });
  },
  (row) => ({ id: String(row["id"]), visibility: row["visibility"] as (typeof audiences)[number] }),
);
