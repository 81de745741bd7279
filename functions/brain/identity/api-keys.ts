/** API keys of mobile clients and machines: made, listed, revoked. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { writeApiKey } from "./api-key-text.ts";

const ApiKey = () =>
  z.object({
    id: z.string(),
    name: z.string(),
    permissions: z.array(z.string()),
    created_at: z.string(),
    expires_at: z.string().nullable(),
    revoked_at: z.string().nullable(),
    last_used_at: z.string().nullable(),
  });

type Row = z.output<ReturnType<typeof ApiKey>>;

const view = (row: Row): Row => ({
  id: row.id,
  name: row.name,
  permissions: row.permissions,
  created_at: instant(row.created_at),
  expires_at: instant(row.expires_at),
  revoked_at: instant(row.revoked_at),
  last_used_at: instant(row.last_used_at),
});

/** The secret is derived from the row's id, so that a repeated request can show it again and no table holds it. */
async function keyText(ctx: Ctx, id: string) {
  const mac = await ctx.ports.secrets.mac(`api key ${id}`);
  const bytes = Uint8Array.from(atob(mac.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  return writeApiKey(id, bytes);
}

export const createApiKey = verb(
  {
    name: "identity.api_keys.create",
    summary: "Make an API key; its text is shown in this answer only",
    needs: "identity:write",
    // A secret has no place in a conversation with a model.
    doors: ["rest"],
    effect: "write",
    faults: ["permission_missing"],
    input: () =>
      z.object({
        name: z.string().trim().min(1).max(100),
        permissions: z
          .array(z.string().regex(/^[a-z_]+:[a-z_]+$/))
          .min(1)
          .max(64),
        expires_at: z.iso.datetime({ offset: true }).optional(),
      }),
    output: () => ApiKey().extend({ key: z.string() }),
    example: () => ({ name: "Van tablet", permissions: ["inbox:read", "memory:read", "memory:ask"] }),
  },
  async (ctx, input) => {
    const id = ctx.ids.next("key");
    const { hash } = await keyText(ctx, id);
    return commit(ctx, {
      status: 201,
      // Nobody hands out more than he holds: the granted permissions are those enter() found, compared in SQL.
      before: [raw(ctx, sql`select identity.assert_grantable(${JSON.stringify(input.permissions)}::jsonb)`)],
      change: sql`insert into identity.api_keys (project_id, id, name, secret_hash, permissions, user_id, expires_at)
        values (shared.scope(), ${id}, ${input.name}, ${hash}, array(select jsonb_array_elements_text(${JSON.stringify(input.permissions)}::jsonb)),
          nullif(current_setting('app.user_id', true), '')::uuid, ${input.expires_at ?? null}::timestamptz)
        returning id, name, permissions, created_at, expires_at, revoked_at, last_used_at`,
      event: { kind: "identity.api_key.created", ref: ["api_key", id], payload: { permissions: input.permissions } },
      audit: {
        action: "identity.api_key.created",
        ref: ["api_key", id],
        evidence: "none",
        payload: { permissions: input.permissions },
      },
    });
  },
  async (row, ctx) => ({ ...view(row as Row), key: (await keyText(ctx, String(row["id"]))).text }),
);

export const listApiKeys = reading(
  {
    name: "identity.api_keys.list",
    summary: "The project's API keys, newest first, without their texts",
    needs: "identity:read",
    input: () => z.object(paging()),
    output: () => page(ApiKey()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<Row>(
        ctx,
        sql`select id, name, permissions, created_at, expires_at, revoked_at, last_used_at from identity.api_keys
          where ${after ? sql`(created_at, id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by created_at desc, id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, { view, position: (row) => ({ at: row.created_at, id: row.id }) }),
  },
);

export const revokeApiKey = verb(
  {
    name: "identity.api_keys.revoke",
    summary: "Revoke an API key; the next request with it is refused",
    needs: "identity:write",
    effect: "write",
    faults: ["api_key_unknown"],
    input: () => z.object({ id: z.string().max(64) }),
    output: ApiKey,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      change: sql`update identity.api_keys set revoked_at = coalesce(revoked_at, shared.clock()), updated_at = shared.clock(), version = version + 1
        where project_id = shared.scope() and id = ${id}
        returning id, name, permissions, created_at, expires_at, revoked_at, last_used_at`,
      event: { kind: "identity.api_key.revoked", ref: ["api_key", id] },
      audit: { action: "identity.api_key.revoked", ref: ["api_key", id], evidence: "none" },
      lost: () => new Fault("not_found", "api_key_unknown"),
    }),
  (row) => view(row as Row),
);
