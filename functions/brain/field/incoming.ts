/** What a provider told of, in one form for all of them; and as the row that field.hear() takes. */
import * as z from "zod/v4";
import type { Ctx } from "../kernel/ctx.ts";
import { sha256 } from "../kernel/digest.ts";
import { chunk, languageOf } from "../memory/index.ts";
import { saidIn } from "../outbound/index.ts";
import { storable, storableText } from "./storable.ts";

export const providers = ["twilio", "telnyx", "telegram", "resend", "postmark"] as const;
export const channels = ["sms", "telegram", "email"] as const;

const Attachment = () =>
  z.object({
    name: z.string().nullable(),
    type: z.string().nullable(),
    bytes: z.number().nullable(),
    url: z.string().nullable(),
  });

/** A message of a customer. */
export const Incoming = () =>
  z.object({
    channel: z.enum(channels),
    address: z.string().describe("The sender's, as he wrote it"),
    name: z.string().nullable(),
    /** Which of our accounts it came to. */
    to: z.object({ kind: z.string(), account: z.string() }).nullable(),
    providerMessageId: z.string(),
    subject: z.string().nullable(),
    body: z.string(),
    cutAt: z.number().nullable(),
    attachments: z.array(Attachment()),
    mailId: z.string().nullable(),
    refs: z.array(z.string()),
    tag: z.string().nullable(),
    automatic: z.boolean(),
    ts: z.string(),
    editedAt: z.string().nullable(),
    meta: z.record(z.string(), z.unknown()),
  });
export type Incoming = z.output<ReturnType<typeof Incoming>>;

/** One delivery: a message, the news that one is waiting to be fetched, or something to keep as it came. */
export const Told = () =>
  z.object({
    delivery: z.string().nullable().describe("The provider's id of it; null where it has none"),
    event: z.string(),
    message: Incoming().nullable(),
    awaits: z.boolean().default(false),
    raw: z.unknown(),
  });
export type Told = z.input<ReturnType<typeof Told>>;

const longestText = 150_000;
const longestName = 200;
const mostAttachments = 50;

const kinds = { sms: "phone", telegram: "telegram", email: "email" } as const;
const codes = { english: "en", danish: "da" } as const;

const e164 = /^\+[1-9]\d{6,14}$/;
const mailbox = /^[^\s@<>"]{1,64}@[^\s@<>"]{1,255}$/;

/** As addresses are compared; null for what no person can be answered at: a sender's name, a short number, no mailbox. */
export function reachable(channel: Incoming["channel"], address: string): string | null {
  const bare = address.trim().toLowerCase();
  if (channel === "telegram") return /^[1-9][0-9]{0,19}$/.test(bare) ? bare : null;
  if (channel === "email") return mailbox.test(bare) ? bare : null;
  const number = bare.replaceAll(/[\s().-]/g, "").replace(/^00/, "+");
  return e164.test(number) ? number : null;
}

const text = (value: string, longest: number) => storableText(value).slice(0, longest).toWellFormed();
const maybe = (value: string | null, longest = longestName) => (value === null ? null : text(value, longest) || null);

const optOutTypes = new Map([
  ["STOP", "stop"],
  ["START", "start"],
  ["HELP", "help"],
]);

/** What it asks of us; a word that the provider took for one of command is one, in whatever language it was set up. */
function heardIn(told: Incoming, own: string) {
  const { said, language } = saidIn(own);
  const word = optOutTypes.get(String(told.meta["opt_out_type"] ?? "").toUpperCase()) ?? said;
  return { said: word, ...(language ? { language } : {}) };
}

async function messageRow(ctx: Ctx, told: Incoming, provider: string) {
  const norm = reachable(told.channel, told.address);
  const automatic = told.automatic || norm === null;
  const body = text(told.body, longestText);
  const cutAt = told.cutAt !== null && told.cutAt > 0 && told.cutAt < body.length ? told.cutAt : null;
  const own = body.slice(0, cutAt ?? body.length).trim();
  const spoken = languageOf(own);
  return {
    id: ctx.ids.next("message"),
    channel: told.channel,
    kind: kinds[told.channel],
    address: norm ?? (text(told.address, 320).trim().toLowerCase() || "unknown"),
    value: text(told.address, 320),
    name: maybe(told.name),
    lang: spoken ?? null,
    language: spoken ? codes[spoken] : null,
    provider,
    provider_message_id: text(told.providerMessageId, 300),
    subject: maybe(told.subject, 998),
    body,
    cut_at: cutAt,
    attachments: storable(told.attachments.slice(0, mostAttachments)),
    mail_id: maybe(told.mailId, 998),
    refs: told.refs.slice(0, mostAttachments).map((ref) => text(ref, 998)),
    tag: told.tag,
    automatic,
    ts: told.ts,
    edited_at: told.editedAt,
    meta: storable(told.meta),
    content_hash: (await sha256(JSON.stringify([told.subject, body, told.attachments.map(({ name }) => name)]))).slice(
      0,
      32,
    ),
    // A machine's mail commands nothing and is no reply.
    heard: automatic ? null : heardIn(told, own),
    chunks: automatic || own === "" ? [] : chunk(own).map((piece) => ({ id: ctx.ids.uuid(), text: piece })),
  };
}

const visible = /^[\x21-\x7e]{1,200}$/;

export type From = { source: string; provider: string; resumes?: string };

/** `resumes`: the delivery whose words were fetched only now. */
export async function rowOf(ctx: Ctx, told: Told, { source, provider, resumes }: From) {
  const message = told.message ? await messageRow(ctx, told.message, provider) : null;
  const said = message
    ? [
        message.provider_message_id,
        message.address,
        message.subject,
        message.body,
        message.edited_at,
        message.attachments,
      ]
    : storable(told.raw);
  const hash = await sha256(JSON.stringify(said) ?? "");
  return {
    id: resumes ?? ctx.ids.next("delivery"),
    source,
    delivery: told.delivery && visible.test(told.delivery) ? told.delivery : `body:${hash.slice(0, 40)}`,
    hash,
    event: text(told.event, 80) || "unnamed",
    outcome: message ? "heard" : told.awaits ? "awaiting" : "ignored",
    resumes: resumes !== undefined,
    raw: message ? null : (storable(told.raw) ?? null),
    to: told.message?.to ?? null,
    message,
    ids: {
      contact: ctx.ids.next("contact"),
      point: ctx.ids.next("contactPoint"),
      event: ctx.ids.next("event"),
      evidence: ctx.ids.next("evidence"),
      outbox: ctx.ids.next("outbox"),
      fetch: ctx.ids.next("outbox"),
    },
  };
}
