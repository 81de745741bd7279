/** API keys of mobile clients and machines: made, listed, revoked. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { ApiKey, type ApiKeyRow, apiKeyColumns, apiKeyView, mostRequests, newKeyHash, shownOnce } from "./api-key.ts";
import { madeWith, notShownAgain } from "./derived.ts";

export const createApiKey = verb(
  {
    name: "identity.api_keys.create",
    summary: "Make an API key; its text is shown in this answer only",
    needs: "identity:write",
    // A secret has no place in a conversation with a model.
    doors: ["rest"],
    effect: "write",
    faults: ["permission_missing", notShownAgain],
    proof: "recent",
    input: () =>
      z.object({
        name: z.string().trim().min(1).max(100),
        permissions: z
          .array(z.string().regex(/^[a-z_]+:[a-z_]+$/))
          .min(1)
          .max(64),
        expires_at: z.iso.datetime({ offset: true }).optional(),
        rate_limit: z.int().min(1).max(mostRequests).optional().describe("Requests a minute"),
      }),
    output: () => ApiKey().extend({ key: z.string() }),
    example: () => ({ name: "Van tablet", permissions: ["inbox:read", "memory:read", "memory:ask"] }),
  },
  async (ctx, input) => {
    if (input.expires_at && Date.parse(input.expires_at) <= ctx.clock.now().getTime()) {
      const errors = [{ pointer: "/expires_at", detail: "must be in the future" }];
      throw new Fault("invalid", "invalid_input", { errors });
    }
    const id = ctx.ids.next("key");
    const hash = await newKeyHash(ctx, id);
    return commit(ctx, {
      status: 201,
      // Nobody hands out more than he holds: the granted permissions are those enter() found, compared in SQL.
      before: [raw(ctx, sql`select identity.assert_grantable(${JSON.stringify(input.permissions)}::jsonb)`)],
      change: sql`insert into identity.api_keys (project_id, id, name, secret_hash, permissions, user_id, expires_at, rate_limit)
        values (shared.scope(), ${id}, ${input.name}, ${hash}, array(select jsonb_array_elements_text(${JSON.stringify(input.permissions)}::jsonb)),
          nullif(current_setting('app.user_id', true), '')::uuid, ${input.expires_at ?? null}::timestamptz, ${input.rate_limit ?? null}::int)
        returning ${apiKeyColumns}, ${madeWith(ctx)}`,
      event: { kind: "identity.api_key.created", ref: ["api_key", id], payload: { permissions: input.permissions } },
      audit: {
        action: "identity.api_key.created",
        ref: ["api_key", id],
        evidence: "none",
        payload: { permissions: input.permissions },
      },
    });
  },
  shownOnce,
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
      raw<ApiKeyRow>(
        ctx,
        sql`select ${apiKeyColumns} from identity.api_keys
          where ${after ? sql`(created_at, id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by created_at desc, id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: ApiKeyRow[] }).rows, input, {
        view: apiKeyView,
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
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
        returning ${apiKeyColumns}`,
      event: { kind: "identity.api_key.revoked", ref: ["api_key", id] },
      audit: { action: "identity.api_key.revoked", ref: ["api_key", id], evidence: "none" },
      lost: () => new Fault("not_found", "api_key_unknown"),
    }),
  (row) => apiKeyView(row as ApiKeyRow),
);
