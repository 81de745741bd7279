/** Records that may be one person and wait for a colleague's word. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { instant, page, paged, paging, version } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { type Card, Contact, cardView, contactId } from "./contact.ts";
import { note } from "./merging.ts";

const Proposal = () =>
  z.object({
    id: z.string(),
    kind: z.string().describe("By what they were found"),
    why: z
      .enum(["several", "unproven", "taken_apart"])
      .describe("several: others have the address too. unproven: it was only typed somewhere"),
    state: z.enum(["open", "accepted", "dismissed"]),
    people: z.array(Contact()).describe("Both persons as they are now"),
    common: z.array(z.string()).describe("The addresses that both have"),
    decided_by: z.string().nullable(),
    decided_at: z.string().nullable(),
    created_at: z.string(),
    version: z.int(),
  });

type View = z.output<ReturnType<typeof Proposal>>;
type Row = { proposal: View; at: string; id: string };

const view = (row: View): View => ({
  ...row,
  people: row.people.map((card: Card) => cardView(card)),
  decided_at: instant(row.decided_at),
  created_at: instant(row.created_at),
});

export const listProposals = reading(
  {
    name: "people.proposals.list",
    summary: "Records that may be one person, newest first",
    needs: "people:read",
    input: () =>
      z.object({
        ...paging(),
        state: z.enum(["open", "accepted", "dismissed"]).default("open"),
        contact: contactId().optional(),
      }),
    output: () => page(Proposal()),
  },
  {
    part: (ctx, { limit, after, state, contact }) => {
      const ids = sql`any((select people.ids_of(${contact ?? null}))::text[])`;
      return raw<Row>(
        ctx,
        sql`select people.proposal(x) as proposal, x.created_at as at, x.id from (
            select r.* from people.merge_proposals r
              where r.project_id = shared.scope() and r.state = ${state}
                and ${contact ? sql`(r.contact_id = ${ids} or r.other_contact_id = ${ids})` : sql`true`}
                and ${after ? sql`(r.created_at, r.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
              order by r.created_at desc, r.id desc limit ${limit + 1}) x
          order by x.created_at desc, x.id desc`,
      );
    },
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view: ({ proposal }) => view(proposal),
        position: ({ at, id }) => ({ at, id }),
      }),
  },
);

type Decision = { id: string; version: number; note?: string | undefined; into?: string | undefined };

async function decide(ctx: Ctx, decision: "accept" | "dismiss", asked: Decision) {
  const row = { ...asked, decision, merge: ctx.ids.next("merge"), event: ctx.ids.next("event") };
  return commit(ctx, {
    change: sql`select people.decide_proposal(${JSON.stringify(row)}::jsonb) as proposal`,
    audit: {
      action: decision === "accept" ? "people.proposal.accepted" : "people.proposal.dismissed",
      ref: ["merge_proposal", asked.id],
      evidence: "none",
      ...(decision === "accept" ? { payload: { merge: row.merge } } : {}),
    },
  });
}

const decided = (row: Record<string, unknown>): View => view(row["proposal"] as View);

const declared = {
  needs: "people:write",
  effect: "write" as const,
  output: Proposal,
  example: () => ({ id: "mpr_0", version: 1 }),
};

const asked = () => ({ id: z.string().min(1).max(64), version: version(), note: note() });

export const acceptProposal = verb(
  {
    ...declared,
    name: "people.proposals.accept",
    summary: "They are one person: the two records are merged",
    doors: ["rest"],
    faults: [
      "proposal_unknown",
      "proposal_decided",
      "proposal_changed",
      "proposal_not_about",
      "same_person",
      "person_erased",
    ],
    input: () =>
      z.object({
        ...asked(),
        into: contactId()
          .optional()
          .describe("Who speaks for both; left out, one that a colleague made, has a name, or is older"),
      }),
  },
  async (ctx, input) => decide(ctx, "accept", input),
  decided,
);

export const dismissProposal = verb(
  {
    ...declared,
    name: "people.proposals.dismiss",
    summary: "They are two persons: not asked again, and never linked by the rule",
    faults: ["proposal_unknown", "proposal_decided", "proposal_changed"],
    input: () => z.object(asked()),
  },
  async (ctx, input) => decide(ctx, "dismiss", input),
  decided,
);
