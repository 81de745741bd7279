/** A message on its way out, as its verbs show it. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";
import { cheaper, segmentsOf } from "./segments.ts";

export const channels = ["chat", "sms", "email", "telegram"] as const;
export const Channel = () => z.enum(channels);

export const states = [
  "draft",
  "pending",
  "approved",
  "queued",
  "submitting",
  "submitted",
  "sent",
  "delivered",
  "read",
  "failed",
  "cancelled",
  "blocked_opt_out",
  "unknown",
] as const;
export const State = () => z.enum(states);

export const MessageClass = () => z.enum(["marketing", "transactional", "reply"]);

export const Message = () =>
  z.object({
    id: z.string(),
    contact: z.string(),
    person: z.string().nullable().describe("The contact's name"),
    channel: Channel(),
    sender: z.string(),
    brand: z.string(),
    class: MessageClass(),
    recipient: z.string(),
    language: z.string(),
    subject: z.string().nullable(),
    text: z.string(),
    sms: z
      .object({
        alphabet: z.string(),
        parts: z.int(),
        culprits: z.array(z.string()),
        warning: z
          .string()
          .nullable()
          .describe("Said where a few characters make it dearer than the same without them"),
        cheaper: z
          .object({ text: z.string(), parts: z.int() })
          .nullable()
          .describe("The same in fewer parts, as a suggestion"),
      })
      .nullable()
      .describe("What an SMS of this text costs, and which characters make it dearer"),
    evidence: z.array(z.string()),
    stop_on_reply: z.boolean(),
    through_quiet: z.boolean(),
    campaign: z.string().nullable(),
    reference: z.string(),
    state: State(),
    reason: z.string().nullable().describe("Why it is where it is: a stable code"),
    note: z.string().nullable().describe("What whoever returned it wants to be different"),
    written_by: z.string(),
    approved_by: z.string().nullable(),
    approved_at: z.string().nullable(),
    due_at: z.string(),
    attempts: z.int(),
    provider_message_id: z.string().nullable(),
    sent_at: z.string().nullable(),
    delivered_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  });

export type MessageView = z.output<ReturnType<typeof Message>>;
export type MessageRow = Omit<MessageView, "sms">;

/** Of a relation called `m`. */
export const messageColumns: SQL = sql`m.id, m.contact_id as contact,
  (select p.name from people.contacts p where p.project_id = m.project_id and p.id = m.contact_id) as person, m.channel, m.sender_id as sender, m.brand, m.class, m.recipient, m.language,
  m.subject, m.body as text, m.evidence_refs as evidence, m.stop_on_reply, m.through_quiet, m.campaign_id as campaign,
  m.idempotency_key as reference, m.state, m.code as reason, m.note, m.written_by, m.approved_by, m.approved_at, m.due_at, m.attempts,
  m.provider_message_id, coalesce(m.sent_at, m.submitted_at) as sent_at, m.delivered_at, m.created_at, m.updated_at, m.version`;

/** What an SMS of this text costs. */
export function smsOf(text: string): NonNullable<MessageView["sms"]> {
  const { alphabet, parts, culprits } = segmentsOf(text);
  const advice = cheaper(text);
  const warning = advice && `${culprits.slice(0, 5).join(" ")} makes this ${parts} SMS instead of ${advice.parts}.`;
  return { alphabet, parts, culprits, warning, cheaper: advice };
}

export function messageView(found: MessageRow & { template_id?: unknown }): MessageView {
  const { template_id: _, ...row } = found;
  return {
    ...row,
    sms: row.channel === "sms" ? smsOf(row.text) : null,
    approved_at: instant(row.approved_at),
    due_at: instant(row.due_at),
    sent_at: instant(row.sent_at),
    delivered_at: instant(row.delivered_at),
    created_at: instant(row.created_at),
    updated_at: instant(row.updated_at),
  };
}
