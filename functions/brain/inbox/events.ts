/** A verified delivery as the row that inbox.ingest() takes: facts with our ids, passages, and the keys that make a repeat harmless. */
import type { Ctx } from "../kernel/ctx.ts";
import { sha256 } from "../kernel/digest.ts";
import { chunk, type Language, languageOf } from "../memory/index.ts";
import { clean } from "./clean.ts";
import { toMicros } from "./instant.ts";
import { type Payload, readPayload } from "./payload.ts";
import { type ContactFact, type ConversationFact, type Facts, type MessageFact, project } from "./project.ts";

export type Delivery = {
  /** The sender's id of this delivery; null from senders too old to have one. */
  delivery: string | null;
  /** In the form of instant.ts: signed send time, or time of receipt. */
  sentAt: string;
  /** As sent, its `event` a text. */
  body: Record<string, unknown> & { event: string };
};

/** Where the deliveries came in: every global id is made of project and account. */
export type Binding = { source: string; project: string; account: string };

export type IngestEvent = {
  id: string;
  source: string;
  delivery: string;
  body_hash: string;
  content_key: string | null;
  event: string;
  account: number;
  sent_at: string;
  outcome: "stored" | "ignored";
  raw: unknown;
  ledger: string;
  outbox: string;
  /** Global ids of the conversation and the contacts it speaks of. */
  about: string[];
  contacts: Record<string, unknown>[];
  conversation: Record<string, unknown> | null;
  message: Record<string, unknown> | null;
};

/** An edit may go back to earlier words, so equal content is one event only within this time. */
const sameEditSeconds = 300;
const longestName = 80;
const visible = /^[\x21-\x7e]{1,100}$/;

const bucket = (sentAt: string): number => Math.floor(toMicros(sentAt) / (sameEditSeconds * 1_000_000));

/** Creations happen once; everything else may be said again later and mean it. */
function contentKey(payload: Payload, facts: Facts, said: { account: number; hash: string; sentAt: string }): string {
  const when = payload.event.endsWith("_created") ? "" : `:${bucket(said.sentAt)}`;
  return `${payload.event.slice(0, longestName)}:${said.account}:${facts.object}:${said.hash}${when}`;
}

const codes: Record<Language, string> = { english: "en", danish: "da" };

/** What the widget or a staff member noted about the language, where the words do not say. */
function notedLanguage(conversation: ConversationFact): Language | undefined {
  const extra = conversation.data["additional_attributes"] as Record<string, unknown> | undefined;
  const browser = extra?.["browser"] as Record<string, unknown> | undefined;
  const noted = String(extra?.["conversation_language"] ?? browser?.["browser_language"] ?? "").toLowerCase();
  return noted.startsWith("da") ? "danish" : noted.startsWith("en") ? "english" : undefined;
}

export const namesOf = (binding: Binding, account: number) => {
  const prefix = `${binding.project}:${account}`;
  return {
    contact: (id: number) => `cwc:${prefix}:${id}`,
    conversation: (id: number) => `cw:${prefix}:${id}`,
    message: (id: number) => `cwmsg:${prefix}:${id}`,
  };
};

export type Making = { ctx: Ctx; account: number; names: ReturnType<typeof namesOf> };

export function contactRow(fact: ContactFact, { ctx, account, names }: Making, language: Language | undefined) {
  const { phone, email, ...told } = fact;
  const points = [
    { kind: "phone", value: fact.data["phone_number"], norm: phone },
    { kind: "email", value: fact.data["email"], norm: email },
  ].filter((point) => point.norm !== null);
  return {
    ...told,
    id: names.contact(fact.contact_id),
    account_id: account,
    person: ctx.ids.next("contact"),
    ledger: ctx.ids.next("event"),
    language: language ? codes[language] : null,
    points: points.map((point) => ({ ...point, id: ctx.ids.next("contactPoint") })),
  };
}

export const conversationRow = (fact: ConversationFact, { ctx, account, names }: Making) => ({
  ...fact,
  id: names.conversation(fact.conversation_id),
  account_id: account,
  contact: fact.contact_id === null ? null : names.contact(fact.contact_id),
  ledger: ctx.ids.next("event"),
});

/** Activity lines ("assigned to …") are Chatwoot's words about the conversation, not anybody's in it. */
const speaks = (fact: MessageFact): boolean => fact.message_type !== "activity" && fact.content !== null;

export async function messageRow(
  fact: MessageFact,
  { ctx, account, names }: Making,
  about: { delivery: string; lang: Language | undefined },
) {
  const files = (fact.attachments as { id?: unknown; file_type?: unknown }[]).map((file) => [file.id, file.file_type]);
  const words = JSON.stringify([fact.content, fact.private, fact.deleted, files]);
  return {
    ...fact,
    id: names.message(fact.message_id),
    account_id: account,
    delivery: about.delivery,
    conversation: names.conversation(fact.conversation_id),
    contact: fact.contact_id === null ? null : names.contact(fact.contact_id),
    content_hash: (await sha256(words)).slice(0, 32),
    lang: about.lang ?? null,
    chunks: speaks(fact) ? chunk(fact.content ?? "").map((text) => ({ id: ctx.ids.uuid(), text })) : [],
    evidence: ctx.ids.next("evidence"),
    ledger: ctx.ids.next("event"),
    ...(fact.deleted ? { tombstone: ctx.ids.next("tombstone") } : {}),
  };
}

/** Never throws for what a payload holds: what cannot be read is kept as it is. */
export async function eventOf(ctx: Ctx, told: Delivery, binding: Binding): Promise<IngestEvent> {
  const body = clean(told.body) as Delivery["body"];
  const payload = readPayload(body);
  const facts = project(payload, told.sentAt);
  const account = payload.account ?? Number(binding.account);
  const hash = await sha256(JSON.stringify(body));
  const id = ctx.ids.next("delivery");
  const making: Making = { ctx, account, names: namesOf(binding, account) };
  const words = facts.message?.content ? languageOf(facts.message.content) : undefined;
  const lang = words ?? (facts.conversation ? notedLanguage(facts.conversation) : undefined);
  const spoken = facts.message?.sender_type === "contact" ? words : undefined;
  const foreign = String(account) !== binding.account;
  const unheard = payload.kind === "ignored" && payload.reason !== "typing";
  const contacts = facts.contacts.map((fact) =>
    contactRow(fact, making, fact.contact_id === facts.message?.sender_id ? spoken : undefined),
  );
  const conversation = facts.conversation ? conversationRow(facts.conversation, making) : null;
  return {
    id,
    source: binding.source,
    delivery:
      told.delivery && visible.test(told.delivery) ? told.delivery : `body:${hash.slice(0, 32)}:${bucket(told.sentAt)}`,
    body_hash: hash,
    content_key: contentKey(payload, facts, { account, hash: hash.slice(0, 32), sentAt: told.sentAt }),
    event: payload.event.slice(0, longestName),
    account,
    sent_at: told.sentAt,
    outcome: payload.kind === "ignored" ? "ignored" : "stored",
    raw: foreign || unheard ? body : null,
    ledger: ctx.ids.next("event"),
    outbox: ctx.ids.next("outbox"),
    about: [...(conversation ? [conversation.id] : []), ...contacts.map((contact) => contact.id)],
    contacts,
    conversation,
    message: facts.message ? await messageRow(facts.message, making, { delivery: id, lang }) : null,
  };
}
