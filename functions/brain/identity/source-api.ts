/** Where a source's API is and what opens it: set by a person, sealed at once, shown never. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { outsideUrl } from "../kernel/outside-url.ts";
import { verb } from "../kernel/verb.ts";
import { Source, type SourceRow, sourceColumns, sourceView } from "./source.ts";

/** The address as it is kept; refuses what this installation may not call. */
export function sourceUrl(ctx: Ctx, given: string): string {
  const url = outsideUrl(given, { private: ctx.settings.privateSources === true });
  if (url) return url;
  throw new Fault("invalid", "source_url_refused", {
    detail: "Name the installation's public https address, without a user, a query or a fragment.",
    errors: [{ pointer: "/api_url", detail: "not an address that may be called from here" }],
  });
}

export const connectSource = verb(
  {
    name: "identity.sources.connect",
    summary: "Set where a source's API is and the token that opens it; the token is sealed and never shown again",
    needs: "identity:write",
    // A secret has no place in a conversation with a model.
    doors: ["rest"],
    effect: "write",
    // A seal is bound to the project, which only entering tells.
    steps: 2,
    audits: "identity.source.connected",
    proof: "recent",
    faults: ["source_unknown", "source_url_refused"],
    input: () =>
      z.object({
        id: z.string().max(64),
        api_url: z
          .url({ protocol: /^https?$/ })
          .max(300)
          .describe("The installation, without /api/v1"),
        api_token: z.string().trim().min(8).max(200).describe("A user's access token, from his profile"),
      }),
    output: Source,
    example: () => ({ id: "src_01", api_url: "https://chat.example", api_token: "a-token-of-chatwoot" }),
  },
  async (ctx, { id, api_url, api_token }) => {
    await send(ctx, []);
    const url = sourceUrl(ctx, api_url);
    const project = ctx.who?.project ?? "";
    const place = { table: "identity.project_sources", column: "api_token_sealed", row: id, project };
    const sealed = await ctx.ports.secrets.seal(api_token, place);
    return commit(ctx, {
      change: sql`update identity.project_sources set api_url = ${url}, api_token_sealed = ${sealed}, updated_at = shared.clock(),
          version = version + 1
        where project_id = shared.scope() and id = ${id} returning ${sourceColumns}`,
      event: { kind: "identity.source.connected", ref: ["source", id] },
      audit: { action: "identity.source.connected", ref: ["source", id], evidence: "none" },
      lost: () => new Fault("not_found", "source_unknown"),
    });
  },
  (row, ctx) => sourceView(row as SourceRow, ctx.settings.publicUrl),
);
