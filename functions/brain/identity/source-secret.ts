/** A new webhook secret for a source: the old one is refused from then on, in every isolate. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { verb } from "../kernel/verb.ts";
import { derivedAgain, madeWith, notShownAgain } from "./derived.ts";
import { forgetSource } from "./hook-source.ts";
import { Source, type SourceRow, sourceColumns, sourceView } from "./source.ts";

/** Of row and version; what is stored is sealed. */
const nameOf = (of: { id: string; version: number }) => `webhook secret ${of.id} ${of.version}`;

type Made = SourceRow & { secret_version: number; made: boolean; made_with: string };

async function versionOf(ctx: Ctx, id: string): Promise<number> {
  const query = sql`select s.secret_version from identity.project_sources s where s.project_id = shared.scope() and s.id = ${id}`;
  const [found] = await send(ctx, [raw<{ secret_version: number }>(ctx, query)]);
  const version = found.rows[0]?.secret_version;
  if (version === undefined) throw new Fault("not_found", "source_unknown");
  return version;
}

export const rotateSourceSecret = verb(
  {
    name: "identity.sources.rotate_secret",
    summary: "Change a source's webhook secret to one given or made here; a made one is shown in this answer only",
    needs: "identity:write",
    // A secret has no place in a conversation with a model.
    doors: ["rest"],
    effect: "write",
    // The seal is bound to the project, and the secret to the version that follows.
    steps: 2,
    audits: "identity.source.secret_rotated",
    faults: ["source_unknown", "source_changed", notShownAgain],
    proof: "recent",
    input: () =>
      z.object({
        id: z.string().max(64),
        secret: z.string().min(8).max(200).optional().describe("The one the sender shows; left out, one is made"),
        api_token: z.string().min(8).max(5000).optional().describe("Replaces the token for calls to the sender too"),
      }),
    output: () => Source().extend({ secret: z.string().nullable() }),
  },
  async (ctx, input) => {
    const { id } = input;
    const version = await versionOf(ctx, id);
    const place = (column: string) => ({
      table: "identity.project_sources",
      column,
      row: id,
      project: ctx.who?.project ?? "",
    });
    const secret = input.secret ?? (await ctx.ports.secrets.mac(nameOf({ id, version: version + 1 })));
    const sealed = await ctx.ports.secrets.seal(secret, place("secret_sealed"));
    const token = input.api_token ? await ctx.ports.secrets.seal(input.api_token, place("api_token_sealed")) : null;
    const row = await commit(ctx, {
      change: sql`update identity.project_sources set secret_sealed = ${sealed}, signed = true, disabled_at = null, secret_version = ${version + 1}::int,
          api_token_sealed = coalesce(${token}, api_token_sealed), updated_at = shared.clock(), version = version + 1
        where project_id = shared.scope() and id = ${id} and secret_version = ${version}::int
        returning ${sourceColumns}, secret_version, ${input.secret === undefined}::boolean as made, ${madeWith(ctx)}`,
      event: { kind: "identity.source.secret_rotated", ref: ["source", id], payload: { secret_version: version + 1 } },
      audit: {
        action: "identity.source.secret_rotated",
        ref: ["source", id],
        evidence: "none",
        payload: { secret_version: version + 1, token_replaced: token !== null },
      },
      lost: () => new Fault("conflict", "source_changed", { detail: "Somebody else changed this source just now." }),
    });
    // Other isolates are told by ingest, which refuses an older version.
    forgetSource(ctx, id);
    return row;
  },
  async (stored, ctx) => {
    const row = stored as Made;
    const secret = row.made ? await derivedAgain(ctx, row, nameOf({ id: row.id, version: row.secret_version })) : null;
    return { ...sourceView(row, ctx.settings.publicUrl), secret };
  },
);
