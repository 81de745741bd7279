/** A new API key in the place of one that is in use: both work for a while, so that nobody has to be quick. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type Audit, auditFrom } from "../kernel/events.ts";
import { Fault } from "../kernel/fault.ts";
import { verb } from "../kernel/verb.ts";
import { ApiKey, apiKeyColumns, newKeyHash, shownOnce } from "./api-key.ts";
import { madeWith, notShownAgain } from "./derived.ts";

const longestOverlapHours = 24 * 30;

/** Whoever rotates a key is shown the new one: he must hold what it may. A key that has ended or was replaced stays so. */
const guards = (ctx: Ctx, id: string) => [
  raw(
    ctx,
    sql`select shared.fail('conflict', 'api_key_ended') from (
      select * from identity.api_keys where project_id = shared.scope() and id = ${id} for update) k
      where k.revoked_at is not null or k.expires_at <= shared.clock() or k.replaced_by is not null`,
  ),
  raw(
    ctx,
    sql`select identity.assert_grantable(to_jsonb(k.permissions)) from identity.api_keys k
      where k.project_id = shared.scope() and k.id = ${id}`,
  ),
];

/** The heir's life is as long as the old one's was, from now. */
const heir = (ctx: Ctx, given: { id: string; next: string; hash: string }) =>
  sql`insert into identity.api_keys (project_id, id, name, secret_hash, permissions, user_id, rate_limit, expires_at)
    select shared.scope(), ${given.next}, o.name, ${given.hash}, o.permissions, nullif(current_setting('app.user_id', true), '')::uuid,
      o.rate_limit, shared.clock() + (o.expires_at - o.created_at)
    from identity.api_keys o where o.project_id = shared.scope() and o.id = ${given.id}
    returning ${apiKeyColumns}, ${madeWith(ctx)}`;

/** Reads the relation `change`, which is the heir. */
const ending = (given: { id: string; hours: number }) =>
  sql`update identity.api_keys k set replaced_by = change.id, updated_at = shared.clock(), version = k.version + 1,
      expires_at = least(k.expires_at, shared.clock() + make_interval(hours => ${given.hours}::int))
    from change where k.project_id = shared.scope() and k.id = ${given.id}`;

export const rotateApiKey = verb(
  {
    name: "identity.api_keys.rotate",
    summary:
      "Replace an API key; the old one goes on working for some hours, the new one's text is shown in this answer only",
    needs: "identity:write",
    // A secret has no place in a conversation with a model.
    doors: ["rest"],
    effect: "write",
    faults: ["api_key_unknown", "api_key_ended", "permission_missing", notShownAgain],
    proof: "recent",
    input: () =>
      z.object({
        id: z.string().max(64),
        overlap_hours: z.int().min(0).max(longestOverlapHours).default(24).describe("0: the old one dies at once"),
      }),
    output: () => ApiKey().extend({ key: z.string() }),
  },
  async (ctx, { id, overlap_hours: hours }) => {
    const next = ctx.ids.next("key");
    const hash = await newKeyHash(ctx, next);
    const created: Audit = {
      action: "identity.api_key.created",
      ref: ["api_key", next],
      evidence: "none",
      payload: { replaces: id },
    };
    return commit(ctx, {
      status: 201,
      before: guards(ctx, id),
      change: heir(ctx, { id, next, hash }),
      also: [ending({ id, hours }), auditFrom(ctx, created, sql`change`)],
      event: { kind: "identity.api_key.rotated", ref: ["api_key", next], payload: { replaces: id } },
      audit: {
        action: "identity.api_key.rotated",
        ref: ["api_key", id],
        evidence: "none",
        payload: { replaced_by: next, overlap_hours: hours },
      },
      lost: () => new Fault("not_found", "api_key_unknown"),
    });
  },
  shownOnce,
);
