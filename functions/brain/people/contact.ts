/** A person's record as it is shown. */
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";
import { isTimezone } from "../kernel/wall-time.ts";

export const preferredChannels = ["chat", "sms", "email", "phone", "telegram"] as const;

/** channel: he writes from it. office: a colleague entered it. told: typed somewhere, and proves nothing. */
export const proofs = ["told", "channel", "office"] as const;

const Point = () =>
  z.object({
    id: z.string(),
    contact: z.string().describe("The record that has it: this one, or one that was merged into it"),
    kind: z.string(),
    value: z.string(),
    proof: z.enum(proofs).describe("channel: written from. office: entered by a colleague. told: only typed somewhere"),
  });

export const Contact = () =>
  z.object({
    id: z.string(),
    name: z.string().nullable(),
    preferred_channel: z.string().nullable(),
    language: z.string().nullable(),
    timezone: z.string().nullable(),
    notes: z.string().nullable().describe("For staff only"),
    origin: z.enum(["heard", "office"]),
    merged_into: z.string().nullable(),
    points: z.array(Point()),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  });

export type Card = z.output<ReturnType<typeof Contact>>;

export const cardView = (card: Card): Card => ({
  ...card,
  created_at: instant(card.created_at),
  updated_at: instant(card.updated_at),
});

/** The stored answer of a change. */
export const changed = (row: Record<string, unknown>): Card => cardView(row["card"] as Card);

/** What a colleague may say about a person. */
export const told = () => ({
  name: z.string().trim().min(1).max(200).nullable().optional(),
  preferred_channel: z.enum(preferredChannels).nullable().optional(),
  language: z
    .string()
    .regex(/^[a-z]{2}$/, "two letters of ISO 639-1")
    .nullable()
    .optional(),
  timezone: z.string().max(64).refine(isTimezone, "an IANA time zone").nullable().optional(),
  notes: z.string().trim().max(4000).nullable().optional().describe("For staff only"),
});

export const typedPoint = () => ({
  kind: z.enum(["phone", "email"]),
  value: z
    .string()
    .trim()
    .min(3)
    .max(254)
    .describe("A number may be without its country: it is one of the project's then"),
});

export const contactId = () => z.string().min(1).max(64);
