/** Who may be written to, where, and by what proof: read, and changed by hand. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { Channel } from "./message.ts";
import {
  Consent,
  type ConsentView,
  consentColumns,
  consentView,
  Policy,
  type PolicyView,
  policyColumns,
  policyView,
} from "./policy.ts";

export const listPolicies = reading(
  {
    name: "outbound.policies.list",
    summary: "What people have said about being written to, the last change first",
    needs: "outbound:read",
    input: () =>
      z.object({
        ...paging(),
        channel: Channel().optional(),
        state: z.enum(["opted_out", "held", "capped"]).optional(),
      }),
    output: () => page(Policy()),
  },
  {
    part: (ctx, { limit, after, channel, state }) => {
      const which: Record<string, SQL> = {
        opted_out: sql`c.opted_out_at is not null`,
        held: sql`c.held_at is not null`,
        capped: sql`c.cap_count is not null`,
      };
      return raw<PolicyView>(
        ctx,
        sql`select ${policyColumns} from outbound.contact_channel_policies c where c.project_id = shared.scope()
            and ${channel ? sql`c.channel = ${channel}` : sql`true`} and ${(state && which[state]) ?? sql`true`}
            and ${after ? sql`(c.updated_at, c.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by c.updated_at desc, c.id desc limit ${limit + 1}`,
      );
    },
    view: (found, input) =>
      paged((found as { rows: PolicyView[] }).rows, input, {
        view: policyView,
        position: (row) => ({ at: row.updated_at, id: row.id }),
      }),
  },
);

const Suppression = () =>
  z.object({
    channel: z.string(),
    brand: z.string(),
    reason: z.string(),
    evidence: z.string().nullable(),
    suppressed_at: z.string(),
  });

type Whole = {
  policies: PolicyView[];
  suppressions: z.output<ReturnType<typeof Suppression>>[];
  consents: ConsentView[];
};

export const getPolicies = reading(
  {
    name: "outbound.policies.get",
    summary: "All that stands about writing to one person: policies, shut addresses, consents with their proof",
    needs: "outbound:read",
    faults: ["contact_unknown"],
    input: () => z.object({ id: z.string().min(1).max(200).describe("The person") }),
    output: () =>
      z.object({ policies: z.array(Policy()), suppressions: z.array(Suppression()), consents: z.array(Consent()) }),
  },
  {
    part: (ctx, { id }) =>
      raw<Whole>(
        ctx,
        sql`select
            (select coalesce(jsonb_agg(t order by t.channel, t.brand), '[]') from (select ${policyColumns} from outbound.contact_channel_policies c
              where c.project_id = shared.scope() and c.contact_id = any(w.ids)) t) as policies,
            (select coalesce(jsonb_agg(jsonb_build_object('channel', s.channel, 'brand', s.brand, 'reason', s.reason, 'evidence', s.evidence_id,
                'suppressed_at', s.suppressed_at) order by s.channel, s.brand), '[]')
              from unnest(array['sms', 'email', 'telegram']) k (channel)
                join outbound.suppressions s on s.project_id = shared.scope() and s.channel = k.channel and s.lifted_at is null
                  and s.recipient_hash = any(outbound.addresses_of(w.ids, k.channel))) as suppressions,
            (select coalesce(jsonb_agg(t order by t.occurred_at desc), '[]') from (select ${consentColumns} from people.consents e
              where e.project_id = shared.scope() and e.contact_id = any(w.ids) and e.channel is not null) t) as consents
          from (select people.same_person(array[p.id]) as ids from people.contacts p where p.project_id = shared.scope() and p.id = ${id}) w`,
      ),
    view: (found) => {
      const [row] = (found as { rows: Whole[] }).rows;
      if (!row) throw new Fault("not_found", "contact_unknown");
      return {
        policies: row.policies.map((policy) => policyView(utc(policy))),
        suppressions: row.suppressions.map((shut) => ({
          ...shut,
          suppressed_at: instant(shut.suppressed_at.replace("T", " ")),
        })),
        consents: row.consents.map((consent) => consentView(utc(consent))),
      };
    },
  },
);

/** A time inside jsonb is ISO text with an offset; views read Postgres' own form. */
const utc = <T extends Record<string, unknown>>(row: T): T =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === "string" && name.endsWith("_at") ? value.replace("T", " ") : value,
    ]),
  ) as T;

const place = () => ({
  id: z.string().min(1).max(200).describe("The person"),
  channel: Channel(),
  brand: z.string().max(100).default("").describe("Empty: every brand of the project"),
});

const evidenceId = () => z.string().regex(/^[A-Za-z0-9_.:-]{1,120}$/, "must be an id");
const words = () => z.string().trim().min(1).max(500);

type Place = { id: string; channel: string; brand: string };

/** The policy after an act of a function that takes the locks itself; nothing for an unknown person. */
const after = (of: Place, act: SQL) => sql`select ${policyColumns} from (select ${act} as done from people.contacts p
    where p.project_id = shared.scope() and p.id = ${of.id} offset 0) acted
  cross join lateral outbound.policy_of(${of.id}, ${of.channel}, ${of.brand}, acted.done) c`;

const said = (of: Place, more: Record<string, unknown>): SQL =>
  sql`${JSON.stringify({ channel: of.channel, brand: of.brand, contacts: [of.id], by: "operator", ...more })}::jsonb`;

const unknown = () => new Fault("not_found", "contact_unknown");

export const optOut = verb(
  {
    name: "outbound.policies.opt_out",
    summary: "A person is not written to on a channel any more; what waits for him is blocked at once",
    needs: "outbound:write",
    effect: "write",
    faults: ["contact_unknown"],
    input: () =>
      z.object({
        ...place(),
        by: z.enum(["operator", "complaint"]).default("operator"),
        evidence: evidenceId().optional().describe("What he said it in"),
      }),
    output: Policy,
    example: () => ({ id: "con_example", channel: "sms" as const }),
  },
  async (ctx, { by, evidence, ...of }) =>
    commit(ctx, {
      change: after(of, sql`outbound.opt_out(${said(of, { by, evidence, seed: ctx.ids.next("policy") })})`),
      audit: {
        action: "outbound.opted_out",
        ref: ["contact", of.id],
        evidence: evidence ? [evidence] : "none",
        payload: { channel: of.channel, by },
      },
      lost: unknown,
    }),
  (row) => policyView(row as unknown as PolicyView),
);

export const optIn = verb(
  {
    name: "outbound.policies.opt_in",
    summary: "A person may be written to again, with proof that he wants it; a consent to marketing is recorded apart",
    needs: "outbound:operate",
    // Nothing a model reads may let it open what a person has shut.
    doors: ["rest"],
    effect: "write",
    faults: ["contact_unknown", "evidence_required"],
    audits: "outbound.opted_in",
    input: () =>
      z.object({
        ...place(),
        evidence: z.array(evidenceId()).max(20).default([]).describe("What he said it in, or where the paper lies"),
        reason: words().optional().describe("What he said; kept with the person's record, and gone with it"),
      }),
    output: Policy,
    example: () => ({ id: "con_example", channel: "sms" as const, evidence: ["evi_example"] }),
  },
  async (ctx, { evidence, reason, ...of }) =>
    commit(ctx, {
      change: after(
        of,
        sql`outbound.opt_in(${said(of, { evidence: evidence[0], reason, seed: ctx.ids.next("policy") })})`,
      ),
      audit: { action: "outbound.opted_in", ref: ["contact", of.id], evidence, payload: { channel: of.channel } },
      lost: unknown,
    }),
  (row) => policyView(row as unknown as PolicyView),
);

export const capPolicy = verb(
  {
    name: "outbound.policies.cap",
    summary:
      "How many messages one person gets on a channel, other than the project's rule; what was approved under another goes back",
    needs: "outbound:operate",
    effect: "write",
    faults: ["contact_unknown"],
    input: () =>
      z.object({
        ...place(),
        cap_count: z.int().min(0).max(1000).nullable().describe("Null: as the project has it"),
        cap_seconds: z.int().min(60).max(31_536_000).nullable().default(null),
      }),
    output: Policy,
    example: () => ({ id: "con_example", channel: "sms" as const, cap_count: 1, cap_seconds: 86_400 }),
  },
  async (ctx, { cap_count, cap_seconds, ...of }) =>
    commit(ctx, {
      before: [raw(ctx, sql`select outbound.hold_policy(${of.channel}, array[${of.id}], '{}')`)],
      change: sql`insert into outbound.contact_channel_policies as c (project_id, id, contact_id, channel, brand, cap_count, cap_seconds)
          select shared.scope(), ${ctx.ids.next("policy")}, p.id, ${of.channel}, ${of.brand}, ${cap_count}::int, ${cap_seconds}::int
          from people.contacts p where p.project_id = shared.scope() and p.id = ${of.id}
        on conflict on constraint one_policy do update set cap_count = excluded.cap_count, cap_seconds = excluded.cap_seconds,
          updated_at = shared.clock(), version = c.version + 1
        returning ${policyColumns}`,
      event: {
        kind: "outbound.capped",
        ref: ["contact", of.id],
        payload: { channel: of.channel, cap_count, cap_seconds },
      },
      audit: {
        action: "outbound.capped",
        ref: ["contact", of.id],
        evidence: "none",
        payload: { channel: of.channel, cap_count, cap_seconds },
      },
      lost: unknown,
    }),
  (row) => policyView(row as unknown as PolicyView),
);
