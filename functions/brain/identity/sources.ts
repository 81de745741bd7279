/** Outside accounts bound to the project: where webhooks arrive and with which secret they are proven. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { Source, type SourceRow, sourceColumns, sourceView } from "./source.ts";
import { sourceUrl } from "./source-api.ts";
import { boundAs, MailProvider, SourceKind } from "./source-kinds.ts";

export const bindSource = verb(
  {
    name: "identity.sources.bind",
    summary: "Bind an outside account to this project; an account feeds one project only",
    needs: "identity:write",
    // A secret has no place in a conversation with a model.
    doors: ["rest"],
    effect: "write",
    steps: 2,
    audits: "identity.source.bound",
    proof: "recent",
    faults: ["source_already_bound", "source_kind_taken", "source_url_refused"],
    input: () =>
      boundAs(
        z.object({
          kind: SourceKind(),
          external_id: z
            .string()
            .min(1)
            .max(200)
            .describe("The account's number, the telephone number, the bot's number, or the domain"),
          provider: MailProvider().optional().describe("Of an e-mail domain: who receives its mail"),
          name: z.string().trim().max(200).default(""),
          secret: z
            .string()
            .min(8)
            .max(200)
            .optional()
            .describe("The webhook's signing secret; leave out only for senders that cannot sign"),
          api_url: z
            .url({ protocol: /^https?$/ })
            .max(300)
            .optional(),
          api_token: z.string().min(8).max(200).optional(),
        }),
      ),
    output: Source,
    example: () => ({
      kind: "chatwoot_account" as const,
      external_id: "7",
      name: "Nordvarme",
      secret: "a-long-signing-secret",
    }),
  },
  async (ctx, input) => {
    const id = ctx.ids.next("source");
    // A seal is bound to the project, which only entering tells.
    await send(ctx, []);
    const project = ctx.who?.project ?? "";
    const url = input.api_url ? sourceUrl(ctx, input.api_url) : null;
    const place = (column: string) => ({ table: "identity.project_sources", column, row: id, project });
    const sealed = input.secret ? await ctx.ports.secrets.seal(input.secret, place("secret_sealed")) : null;
    const token = input.api_token ? await ctx.ports.secrets.seal(input.api_token, place("api_token_sealed")) : null;
    return commit(ctx, {
      status: 201,
      change: sql`insert into identity.project_sources (project_id, id, source_kind, external_id, name, signed, secret_sealed, api_url, api_token_sealed, provider)
        values (shared.scope(), ${id}, ${input.kind}, ${input.external_id}, ${input.name}, ${sealed !== null}, ${sealed}, ${url}, ${token}, ${input.provider ?? null})
        returning ${sourceColumns}`,
      event: { kind: "identity.source.bound", ref: ["source", id], payload: { source_kind: input.kind } },
      audit: {
        action: "identity.source.bound",
        ref: ["source", id],
        evidence: "none",
        payload: { source_kind: input.kind },
      },
    });
  },
  (row, ctx) => sourceView(row as SourceRow, ctx.settings.publicUrl),
);

export const listSources = reading(
  {
    name: "identity.sources.list",
    summary: "The outside accounts bound to this project",
    needs: "identity:read",
    input: () => z.object(paging()),
    output: () => page(Source()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<SourceRow>(
        ctx,
        sql`select ${sourceColumns} from identity.project_sources
          where ${after ? sql`(created_at, id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by created_at desc, id desc limit ${limit + 1}`,
      ),
    view: (found, input, ctx) =>
      paged((found as { rows: SourceRow[] }).rows, input, {
        view: (row) => sourceView(row, ctx.settings.publicUrl),
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);
