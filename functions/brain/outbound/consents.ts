/** Consents with their proof: who agreed to what, on which channel, to which words. The newest of a scope counts. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { Channel } from "./message.ts";
import { Consent, type ConsentView, consentColumns, consentView } from "./policy.ts";

export const recordConsent = verb(
  {
    name: "outbound.consents.record",
    summary: "Write down that a person agreed, or withdrew: the words he was shown, where, when, and the proof",
    needs: "outbound:operate",
    // Nothing a model reads may count as somebody's consent.
    doors: ["rest"],
    effect: "write",
    faults: ["contact_unknown"],
    audits: "outbound.consent_recorded",
    input: () =>
      z
        .object({
          contact: z.string().min(1).max(200),
          channel: Channel(),
          scope: z.enum(["marketing", "transactional"]).default("marketing"),
          granted: z.boolean(),
          shown_text: z.string().trim().min(1).max(4000).optional().describe("Word for word, as the person saw it"),
          source: z.string().trim().min(1).max(60).describe("A form's name, paper, a call, a message"),
          proof: z.string().min(1).max(200).optional().describe("Evidence id, or where the paper lies"),
          occurred_at: z.iso.datetime({ offset: true }).optional(),
        })
        .refine((told) => !told.granted || (told.shown_text !== undefined && told.proof !== undefined), {
          path: ["proof"],
          message: "a consent needs the words that were shown, and a proof",
        }),
    output: Consent,
    example: () => ({
      contact: "con_example",
      channel: "sms" as const,
      granted: true,
      shown_text: "Yes, send me offers by SMS.",
      source: "website form",
      proof: "form-2026-1",
    }),
  },
  async (ctx, told) => {
    const at = told.occurred_at ?? ctx.clock.now().toISOString();
    if (Date.parse(at) > ctx.clock.now().getTime() + 60_000) {
      const errors = [{ pointer: "/occurred_at", detail: "lies in the future" }];
      throw new Fault("invalid", "invalid_input", { detail: "Nobody has agreed to anything tomorrow.", errors });
    }
    return commit(ctx, {
      status: 201,
      before: [raw(ctx, sql`select outbound.hold_policy(${told.channel}, array[${told.contact}], '{}')`)],
      change: sql`insert into people.consents as e (project_id, id, contact_id, channel, scope, granted, shown_text, source, proof_ref, occurred_at)
        select shared.scope(), ${ctx.ids.next("consent")}, p.id, ${told.channel}, ${told.scope}, ${told.granted}::boolean,
          ${told.shown_text ?? null}, ${told.source}, ${told.proof ?? null}, ${at}::timestamptz
        from people.contacts p where p.project_id = shared.scope() and p.id = ${told.contact} and p.erased_at is null
        returning ${consentColumns}`,
      event: {
        kind: told.granted ? "outbound.consent_given" : "outbound.consent_withdrawn",
        ref: ["contact", told.contact],
        payload: { channel: told.channel, scope: told.scope },
      },
      audit: {
        action: "outbound.consent_recorded",
        ref: ["contact", told.contact],
        evidence: sql`array[change.id]`,
        payload: { channel: told.channel, scope: told.scope, granted: told.granted },
      },
      lost: () => new Fault("not_found", "contact_unknown"),
    });
  },
  (row) => consentView(row as unknown as ConsentView),
);

export const listConsents = reading(
  {
    name: "outbound.consents.list",
    summary: "Consents given and withdrawn, newest first",
    needs: "outbound:read",
    input: () => z.object({ ...paging(), contact: z.string().max(200).optional(), channel: Channel().optional() }),
    output: () => page(Consent()),
  },
  {
    part: (ctx, { limit, after, contact, channel }) =>
      raw<ConsentView>(
        ctx,
        sql`select ${consentColumns} from people.consents e where e.project_id = shared.scope() and e.scope in ('marketing', 'transactional')
            and ${contact ? sql`e.contact_id = any(people.same_person(array[${contact}]))` : sql`true`}
            and ${channel ? sql`e.channel = ${channel}` : sql`true`}
            and ${after ? sql`(e.occurred_at, e.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by e.occurred_at desc, e.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: ConsentView[] }).rows, input, {
        view: consentView,
        position: (row) => ({ at: row.occurred_at, id: row.id }),
      }),
  },
);
