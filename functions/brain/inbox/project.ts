/**
 * What a webhook says, as facts with the keys that order them. Pure: the same payload and send time give the same facts,
 * in whatever order deliveries arrive (docs/ingest.md).
 */
import { fromMicros, toMicros } from "./instant.ts";
import type { Payload, WireContact, WireConversation, WireMessage } from "./payload.ts";

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
function phoneNorm(value: string | null | undefined): string | null {
  const bare = (value ?? "").replaceAll(/[\s().-]/g, "").replace(/^00/, "+");
  return /^\+[1-9]\d{6,14}$/.test(bare) ? bare : null;
}

function emailNorm(value: string | null | undefined): string | null {
  const bare = (value ?? "").trim().toLowerCase();
  return bare.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(bare) ? bare : null;
}

const kept = [
  "name",
  "email",
  "phone_number",
  "identifier",
  "blocked",
  "custom_attributes",
  "additional_attributes",
] as const;

function contactFact(contact: WireContact, at: { sentAt: string; rank: number }): ContactFact {
  return {
    contact_id: contact.id,
    heard_at: fromMicros(toMicros(at.sentAt) + at.rank),
    data: Object.fromEntries(kept.filter((key) => contact[key] !== undefined).map((key) => [key, contact[key]])),
    phone: phoneNorm(contact.phone_number),
    email: emailNorm(contact.email),
  };
}

const bare = (id: number): WireContact =>
  ({ id, name: undefined, email: undefined, phone_number: undefined, identifier: undefined }) as WireContact;

/** The customer it is held with, as far as the payload knows him. */
function customerOf(conversation: WireConversation): WireContact | null {
  const sender = conversation.meta?.sender;
  if (sender && isContact(sender)) return sender;
  const id = conversation.contact_inbox?.contact_id;
  return id ? bare(id) : null;
}

/** Contacts come without a type or with `contact`; agents and bots count in sequences of their own. */
const isContact = (sender: WireContact): boolean => !sender.type || sender.type.toLowerCase() === "contact";

function conversationFact(conversation: WireConversation, sentAt: string): ConversationFact {
  const { meta } = conversation;
  const matter = {
    priority: conversation.priority ?? null,
    labels: conversation.labels.filter((label) => label !== null),
    snoozed_until: conversation.snoozed_until,
    assignee: meta?.assignee ?? null,
    team: meta?.team ?? null,
    custom_attributes: conversation.custom_attributes,
  };
  return {
    conversation_id: conversation.id,
    contact_id: customerOf(conversation)?.id ?? null,
    inbox_id: conversation.inbox_id ?? null,
    channel: conversation.channel ?? null,
    status: conversation.status ?? null,
    assignee_id: meta?.assignee?.id ?? null,
    matter,
    data: {
      ...matter,
      can_reply: conversation.can_reply ?? null,
      unread_count: conversation.unread_count ?? null,
      first_reply_created_at: conversation.first_reply_created_at,
      waiting_since: conversation.waiting_since,
      last_activity_at: conversation.last_activity_at,
      agent_last_seen_at: conversation.agent_last_seen_at,
      contact_last_seen_at: conversation.contact_last_seen_at,
      source_id: conversation.contact_inbox?.source_id ?? null,
      additional_attributes: conversation.additional_attributes,
    },
    created_at: conversation.created_at,
    updated_at: conversation.updated_at,
    heard_at: sentAt,
  };
}

/** The nested message is the conversation's newest, which may be another one: only its own version counts. */
function versionOf(event: string, message: WireMessage, sentAt: string): string | null {
  if (event === "message_created") return null;
  const own = message.conversation.messages.find((nested) => nested?.id === message.id);
  return own?.updated_at ?? sentAt;
}

function messageFact(event: string, message: WireMessage, sentAt: string): MessageFact {
  const { sender, conversation } = message;
  const deleted = message.content_attributes["deleted"] === true || message.content_attributes["deleted"] === "true";
  const customer = customerOf(conversation)?.id ?? (sender && isContact(sender) ? sender.id : null);
  return {
    message_id: message.id,
    conversation_id: conversation.id,
    contact_id: customer,
    sender_type: sender ? (isContact(sender) ? "contact" : (sender.type ?? null)) : null,
    sender_id: sender?.id ?? null,
    private: message.private,
    message_type: message.message_type ?? null,
    content_type: message.content_type ?? null,
    content: deleted ? null : (message.content ?? null),
    attachments: deleted ? [] : message.attachments.filter((attachment) => attachment !== null),
    data: deleted
      ? {}
      : {
          content_attributes: message.content_attributes,
          additional_attributes: message.additional_attributes,
          source_id: message.source_id ?? null,
          inbox: message.inbox ?? null,
          sender: sender ? { name: sender.name ?? null } : null,
        },
    created_at: message.created_at ?? sentAt,
    heard_at: sentAt,
    version_at: deleted ? (versionOf(event, message, sentAt) ?? sentAt) : versionOf(event, message, sentAt),
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
      const customer = customerOf(message.conversation);
      const sender = message.sender && isContact(message.sender) ? message.sender : null;
      // One contact told twice: the sender's copy is the fuller one.
      const told = [sender, customer].filter((one) => one !== null);
      const contacts = told.filter((one, i) => told.findIndex((other) => other.id === one.id) === i);
      return facts(`message:${message.id}`, {
        contacts: contacts.map((one) => contactFact(one, at)),
        conversation: conversationFact(message.conversation, sentAt),
        message: messageFact(payload.event, message, sentAt),
      });
    }
    case "conversation": {
      const customer = customerOf(payload.conversation);
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
