/** What a person has said about being written to on a channel, as its verbs show it. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";
import { Channel } from "./message.ts";

export const Policy = () =>
  z.object({
    id: z.string(),
    contact: z.string(),
    channel: Channel(),
    brand: z.string().describe("Empty: every brand of the project"),
    opted_out_at: z.string().nullable(),
    opted_out_by: z.string().nullable().describe("keyword, link, provider, complaint or operator"),
    evidence: z.string().nullable().describe("The message, link or proof it rests on"),
    held_at: z.string().nullable().describe("Marketing waits until an operator has decided what was meant"),
    held_evidence: z.string().nullable(),
    cleared_at: z.string().nullable().describe("When writing was last allowed again"),
    decided_at: z.string().nullable(),
    decided_by: z.string().nullable(),
    note: z.string().nullable(),
    cap_count: z.int().nullable().describe("Most messages in cap_seconds; null follows the project"),
    cap_seconds: z.int().nullable(),
    updated_at: z.string(),
    version: z.int(),
  });

export type PolicyView = z.output<ReturnType<typeof Policy>>;

/** Of a relation called `c`. */
export const policyColumns: SQL = sql`c.id, c.contact_id as contact, c.channel, c.brand, c.opted_out_at, c.opted_out_by, c.evidence_id as evidence,
  c.held_at, c.held_evidence_id as held_evidence, c.cleared_at, c.decided_at, c.decided_by, c.note, c.cap_count, c.cap_seconds, c.updated_at, c.version`;

export const policyView = (row: PolicyView): PolicyView => ({
  ...row,
  opted_out_at: instant(row.opted_out_at),
  held_at: instant(row.held_at),
  cleared_at: instant(row.cleared_at),
  decided_at: instant(row.decided_at),
  updated_at: instant(row.updated_at),
});

export const Consent = () =>
  z.object({
    id: z.string(),
    contact: z.string(),
    channel: z.string(),
    scope: z.string(),
    granted: z.boolean(),
    shown_text: z.string().nullable().describe("Word for word, as the person saw it"),
    source: z.string().nullable(),
    proof: z.string().nullable(),
    occurred_at: z.string(),
    created_at: z.string(),
  });

export type ConsentView = z.output<ReturnType<typeof Consent>>;

/** Of a relation called `e`. */
export const consentColumns: SQL = sql`e.id, e.contact_id as contact, e.channel, e.scope, e.granted, e.shown_text, e.source, e.proof_ref as proof,
  e.occurred_at, e.created_at`;

export const consentView = (row: ConsentView): ConsentView => ({
  ...row,
  occurred_at: instant(row.occurred_at),
  created_at: instant(row.created_at),
});
