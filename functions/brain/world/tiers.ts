/** What colleagues may do in the world beyond their roles: premium hears a coach and says who knows what. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { ref } from "./said.ts";

const tiers = ["standard", "premium"] as const;

const Tiered = () => z.object({ user: z.uuid(), tier: z.enum(tiers) });
type View = z.output<ReturnType<typeof Tiered>>;

export const listTiers = reading(
  {
    name: "world.tiers.list",
    summary: "Which tier each colleague has",
    needs: "identity:read",
    doors: ["rest"],
    input: () => z.object(paging()),
    output: () => page(Tiered()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<View & { at: string }>(
        ctx,
        sql`select m.user_id as "user", coalesce(u.tier, 'standard') as tier, m.created_at as at from identity.memberships m
          left join world.users u on u.project_id = m.project_id and u.user_id = m.user_id
          where m.project_id = shared.scope() and m.ended_at is null
            and ${after ? sql`(m.created_at, m.user_id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql`true`}
          order by m.created_at desc, m.user_id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: (View & { at: string })[] }).rows, input, {
        view: ({ user, tier }) => ({ user, tier }),
        position: (row) => ({ at: row.at, id: row.user }),
      }),
  },
);

export const setTier = verb(
  {
    name: "world.tiers.set",
    summary: "Give a colleague another tier",
    needs: "identity:write",
    doors: ["rest"],
    effect: "write",
    faults: ["member_unknown"],
    input: () => z.object({ id: ref().describe("The colleague's account"), tier: z.enum(tiers) }),
    output: Tiered,
    example: () => ({ id: "0195f3c0-0000-7000-8000-0000000000aa", tier: "premium" as const }),
  },
  (ctx, { id, tier }) =>
    commit(ctx, {
      change: sql`insert into world.users as u (project_id, user_id, tier)
        select m.project_id, m.user_id, ${tier} from identity.memberships m
          where m.project_id = shared.scope() and m.user_id::text = ${id} and m.ended_at is null
        on conflict (project_id, user_id) do update set tier = excluded.tier, updated_at = shared.clock(), version = u.version + 1
        returning u.user_id as "user", u.tier`,
      event: { kind: "world.tier_set", ref: ["user", id], payload: { tier } },
      audit: { action: "world.tier_set", ref: ["user", id], evidence: "none", payload: { tier } },
      lost: () => new Fault("not_found", "member_unknown"),
    }),
  (row) => row as View,
);
