/**
 * What a webhook says, as facts with the keys that order them. Pure: the same payload and send time give the same facts,
 * in whatever order deliveries arrive (docs/ingest.md).
 */
import { fromMicros, toMicros } from "./instant.ts";
import type { Payload, WireMessage } from "./payload.ts";
import { isContact, type WireContact, type WireConversation } from "./wire.ts";

export type ContactFact = {
  contact_id: number;
  /** Orders snapshots of one contact. */
  heard_at: string;
  /** Only what the payload spoke of: a key it lacks is not a key it cleared. */
  data: Record<string, unknown>;
  phone: string | null;
  email: string | null;
};

export type ConversationFact = {
  conversation_id: number;
  contact_id: number | null;
  inbox_id: number | null;
  channel: string | null;
  status: string | null;
  assignee_id: number | null;
  /** What a ledger entry is worth when it changes; `data` holds it together with counters that change all the time. */
  matter: Record<string, unknown>;
  data: Record<string, unknown>;
  created_at: string | null;
  /** Chatwoot's own version, then the send time. */
  updated_at: string | null;
  heard_at: string;
};

export type MessageFact = {
  message_id: number;
  conversation_id: number;
  contact_id: number | null;
  sender_type: string | null;
  sender_id: number | null;
  private: boolean;
  message_type: string | null;
  content_type: string | null;
  content: string | null;
  attachments: unknown[];
  data: Record<string, unknown>;
  created_at: string;
  heard_at: string;
  /** Null for a created message, which only ever inserts. */
  version_at: string | null;
  deleted: boolean;
};

export type Facts = {
  /** What the event is about, for its content key. */
  object: string;
  contacts: ContactFact[];
  conversation: ConversationFact | null;
  message: MessageFact | null;
};

/**
 * Send times have whole seconds, so one second's deliveries need an order of their own: who reports a change of the contact
 * knows it best, the report of his creation least. The rank goes into the microseconds.
 */
const contactRank = (event: string): number => (event === "contact_updated" ? 2 : event === "contact_created" ? 0 : 1);

/** E.164, which is what Chatwoot stores; other spellings stay in the contact's data only. */
function phoneNorm(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const bare = value.replaceAll(/[\s().-]/g, "").replace(/^00/, "+");
  return /^\+[1-9]\d{6,14}$/.test(bare) ? bare : null;
}

function emailNorm(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const bare = value.trim().toLowerCase();
  return bare.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(bare) ? bare : null;
}

export const contactFact = (contact: WireContact, at: { sentAt: string; rank: number }): ContactFact => ({
  contact_id: contact.id,
  heard_at: fromMicros(toMicros(at.sentAt) + at.rank),
  data: contact.told,
  phone: phoneNorm(contact.told["phone_number"]),
  email: emailNorm(contact.told["email"]),
});

export const conversationFact = (conversation: WireConversation, sentAt: string): ConversationFact => ({
  conversation_id: conversation.id,
  contact_id: conversation.customer?.id ?? null,
  inbox_id: conversation.inbox_id,
  channel: conversation.channel,
  status: conversation.status,
  assignee_id: conversation.assignee?.id ?? null,
  matter: conversation.matter,
  data: { ...conversation.matter, ...conversation.rest },
  created_at: conversation.created_at,
  updated_at: conversation.updated_at,
  heard_at: sentAt,
});

/** The nested message is the conversation's newest, which may be another one: only its own version counts. */
const versionOf = (message: WireMessage, sentAt: string): string =>
  message.conversation.newest.find((nested) => nested.id === message.id)?.updated_at ?? sentAt;

export function messageFact(event: string, message: WireMessage, sentAt: string): MessageFact {
  const { sender, deleted, conversation } = message;
  const contact = sender && isContact(sender) ? sender : null;
  return {
    message_id: message.id,
    conversation_id: conversation.id,
    contact_id: conversation.customer?.id ?? contact?.id ?? null,
    sender_type: contact ? "contact" : (sender?.type ?? null),
    sender_id: sender?.id ?? null,
    private: message.private,
    message_type: message.message_type,
    content_type: message.content_type,
    content: deleted ? null : message.content,
    attachments: deleted ? [] : message.attachments,
    data: deleted ? {} : message.rest,
    created_at: message.created_at ?? sentAt,
    heard_at: sentAt,
    version_at: event === "message_created" && !deleted ? null : versionOf(message, sentAt),
    deleted,
  };
}

/** `sentAt` is the signed send time, or the time of receipt where the sender does not sign. */
export function project(payload: Payload, sentAt: string): Facts {
  const at = { sentAt, rank: contactRank(payload.event) };
  const facts = (object: string, found: Partial<Facts>): Facts => ({
    object,
    contacts: [],
    conversation: null,
    message: null,
    ...found,
  });
  switch (payload.kind) {
    case "message": {
      const { message } = payload;
      const sender = message.sender && isContact(message.sender) ? message.sender : null;
      const customer = message.conversation.customer;
      // One contact told twice: the sender's copy is the fuller one.
      const told = [sender, customer?.id === sender?.id ? null : customer].filter((one) => one !== null);
      return facts(`message:${message.id}`, {
        contacts: told.map((one) => contactFact(one, at)),
        conversation: conversationFact(message.conversation, sentAt),
        message: messageFact(payload.event, message, sentAt),
      });
    }
    case "conversation": {
      const { customer } = payload.conversation;
      return facts(`conversation:${payload.conversation.id}`, {
        contacts: customer ? [contactFact(customer, at)] : [],
        conversation: conversationFact(payload.conversation, sentAt),
      });
    }
    case "contact":
      return facts(`contact:${payload.contact.id}`, {
        contacts: [contactFact(payload.contact, at)],
        conversation: payload.conversation ? conversationFact(payload.conversation, sentAt) : null,
      });
    case "ignored":
      return facts("none", {});
  }
}
