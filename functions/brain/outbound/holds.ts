/** Wishes in free wording: an operator reads what a person wrote, and decides what he meant. Until then marketing waits. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { Policy, type PolicyView, policyColumns, policyView } from "./policy.ts";

const Hold = () =>
  Policy().extend({
    name: z.string().nullable(),
    quote: z.string().nullable().describe("What the person wrote, as far as it is remembered"),
  });

type Row = z.output<ReturnType<typeof Hold>>;

export const listHolds = reading(
  {
    name: "outbound.holds.list",
    summary: "People who seem to want no more messages, to be decided about, newest first",
    needs: "outbound:read",
    input: () => z.object({ ...paging(), contact: z.string().max(200).optional().describe("Of this person only") }),
    output: () => page(Hold()),
  },
  {
    part: (ctx, { limit, after, contact }) =>
      raw<Row>(
        ctx,
        sql`select ${policyColumns}, p.name, (select left(k.text, 500) from shared.evidence_items e
              join memory.chunks k on k.project_id = e.project_id and k.source_table = e.source_table and k.source_pk = e.source_pk
              where e.project_id = c.project_id and e.id = c.held_evidence_id and e.withdrawn_at is null order by k.chunk_index limit 1) as quote
          from outbound.contact_channel_policies c join people.contacts p on p.project_id = c.project_id and p.id = c.contact_id
          where c.project_id = shared.scope() and c.held_at is not null
            and ${contact ? sql`c.contact_id = any(people.same_person(array[${contact}]))` : sql`true`}
            and ${after ? sql`(c.held_at, c.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by c.held_at desc, c.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view: (row) => ({ ...policyView(row), name: row.name, quote: row.quote }),
        position: (row) => ({ at: row.held_at ?? "", id: row.id }),
      }),
  },
);

export const decideHold = verb(
  {
    name: "outbound.holds.decide",
    summary: "Say what a person meant: opt him out on every channel he wrote it on, or let marketing go on",
    needs: "outbound:operate",
    // Whether somebody wants to be left alone is not for a model to say.
    doors: ["rest"],
    effect: "write",
    faults: ["hold_unknown"],
    audits: "outbound.hold_decided",
    input: () =>
      z.object({
        id: z.string().max(64),
        decision: z.enum(["opt_out", "release"]),
        reason: z
          .string()
          .trim()
          .min(1)
          .max(500)
          .optional()
          .describe("Kept with the person's record, and gone with it"),
      }),
    output: Policy,
    example: () => ({ id: "pol_0", decision: "release" as const }),
  },
  async (ctx, { id, decision, reason }) =>
    commit(ctx, {
      change: sql`select ${policyColumns} from outbound.decide_hold(${JSON.stringify({
        id,
        decision,
        reason,
        seed: ctx.ids.next("policy"),
      })}::jsonb) c`,
      event: { kind: "outbound.hold_decided", ref: ["outbound_policy", id], payload: { decision } },
      audit: {
        action: "outbound.hold_decided",
        ref: ["outbound_policy", id],
        evidence: sql`array_remove(array[coalesce(change.held_evidence, change.evidence)], null)`,
        payload: { decision },
      },
      lost: () =>
        new Fault("not_found", "hold_unknown", {
          detail: "Nothing waits for a decision here, or somebody has made it.",
        }),
    }),
  (row) => policyView(row as unknown as PolicyView),
);
