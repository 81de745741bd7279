/** The people of a story: a customer who writes, an agent who answers, notes, edits and deletes. */
import { type ContactPatch, type ContactRef, changeContact, findOrMakeContact } from "./contacts.ts";
import { changeConversation, conversationFor, touch } from "./conversations.ts";
import { typingBody, widgetBody } from "./event-bodies.ts";
import { addMessage, deleteMessage, editMessage, type NewAttachment } from "./messages.ts";
import { type Office, timeOf, type When } from "./office.ts";
import type { Attributes, Contact, Conversation, Message, Sender } from "./records.ts";

export type Written = { message: Message; conversation: Conversation; contact: Contact };

export type CustomerMessage = {
  contact: ContactRef;
  text: string | null;
  at?: When;
  /** An inbox id; the account's first inbox unless given. */
  inbox?: number;
  /** A display id, to write into an older conversation; a resolved one opens again. */
  conversation?: number;
  attachments?: NewAttachment[];
  contentAttributes?: Attributes;
  sourceId?: string;
};

export type AgentMessage = {
  conversation: number;
  text: string | null;
  at?: When;
  /** An agent id; the account's first agent unless given. */
  agent?: number;
  attachments?: NewAttachment[];
  contentAttributes?: Attributes;
  sourceId?: string;
};

export type Customer = ReturnType<typeof customerOf>;
export type AgentActs = ReturnType<typeof agentOf>;

export function customerOf(office: Office) {
  return {
    writes: (given: CustomerMessage): Written => customerWrites(office, given),
    types: (given: { conversation: number; on: "on" | "off" }): void => {
      const conversation = office.account.conversation(given.conversation);
      types(office, { conversation, sender: { kind: "contact", id: conversation.contactId }, on: given.on });
    },
    /** Opening the website's widget; there may be no conversation yet. */
    opensWidget: (given: { contact: ContactRef; inbox: number; referer: string; at?: When }): Contact => {
      const at = timeOf(office, given.at);
      const contact = findOrMakeContact(office, { contact: given.contact, at });
      const link = office.account.contactInbox(contact, { inboxId: given.inbox, now: at });
      const { account } = office;
      office.webhooks.emit({
        event: "webwidget_triggered",
        render: () => widgetBody(account, { link, referer: given.referer, at }),
      });
      return contact;
    },
  };
}

function customerWrites(office: Office, given: CustomerMessage): Written {
  const { account } = office;
  const at = timeOf(office, given.at);
  const contact = findOrMakeContact(office, { contact: given.contact, at });
  const conversation =
    given.conversation === undefined
      ? conversationFor(office, { contact, inboxId: given.inbox ?? firstKey(account.inboxes), at })
      : account.conversation(given.conversation);
  return { message: receive(office, { ...given, conversation, at }), conversation, contact };
}

/** An incoming message starts the wait for an answer and reopens what was closed. */
export function receive(
  office: Office,
  given: Omit<CustomerMessage, "contact" | "conversation" | "at" | "inbox"> & { conversation: Conversation; at: Date },
): Message {
  const { conversation, at } = given;
  const message = addMessage(office, {
    conversation,
    type: "incoming",
    content: given.text,
    at,
    sender: { kind: "contact", id: conversation.contactId },
    ...optional(given),
  });
  touch(conversation, at);
  const asleep = conversation.status === "resolved" || conversation.status === "snoozed";
  changeConversation(office, {
    conversationId: conversation.id,
    patch: {
      ...(asleep ? { status: "open", snoozedUntil: null } : {}),
      ...(conversation.waitingSince === null ? { waitingSince: at } : {}),
    },
    at,
  });
  return message;
}

export function agentOf(office: Office) {
  return {
    replies: (given: AgentMessage): Message => send(office, { ...given, private: "no" }),
    notes: (given: AgentMessage): Message => send(office, { ...given, private: "yes" }),
    edits: (messageId: number, text: string, at?: When): Message => editMessage(office, { messageId, text, at }),
    deletes: (messageId: number, at?: When): Message => deleteMessage(office, { messageId, at }),
    types: (given: { conversation: number; agent?: number; on: "on" | "off"; private?: "yes" | "no" }): void => {
      const conversation = office.account.conversation(given.conversation);
      const sender: Sender = { kind: "agent", id: given.agent ?? firstKey(office.account.agents) };
      types(office, { conversation, sender, on: given.on, private: given.private ?? "no" });
    },
    resolves: (conversation: number, at?: When): Conversation =>
      changeConversation(office, { conversationId: conversation, patch: { status: "resolved" }, at }),
    reopens: (conversation: number, at?: When): Conversation =>
      changeConversation(office, { conversationId: conversation, patch: { status: "open" }, at }),
    assigns: (given: { conversation: number; agent: number | null; at?: When }): Conversation =>
      changeConversation(office, {
        conversationId: given.conversation,
        patch: { assigneeId: given.agent },
        at: given.at,
      }),
    labels: (given: { conversation: number; labels: string[]; at?: When }): Conversation =>
      changeConversation(office, { conversationId: given.conversation, patch: { labels: given.labels }, at: given.at }),
    prioritizes: (given: { conversation: number; priority: Conversation["priority"]; at?: When }): Conversation =>
      changeConversation(office, {
        conversationId: given.conversation,
        patch: { priority: given.priority },
        at: given.at,
      }),
  };
}

/** An answer ends the wait; the first one is remembered. A private note does neither. */
export function send(office: Office, given: AgentMessage & { private: "yes" | "no" }): Message {
  const at = timeOf(office, given.at);
  const conversation = office.account.conversation(given.conversation);
  const message = addMessage(office, {
    conversation,
    type: "outgoing",
    content: given.text,
    at,
    sender: { kind: "agent", id: given.agent ?? firstKey(office.account.agents) },
    private: given.private === "yes",
    ...optional(given),
  });
  conversation.agentLastSeenAt = at;
  touch(conversation, at);
  if (message.private) return message;
  changeConversation(office, {
    conversationId: conversation.id,
    patch: { waitingSince: null, ...(conversation.firstReplyAt === null ? { firstReplyAt: at } : {}) },
    at,
  });
  return message;
}

/** Greetings, office hours, surveys: sent by no one, and no answer to a waiting customer. */
export function automationOf(office: Office) {
  return {
    sends: (given: { conversation: number; text: string; at?: When }): Message => {
      const conversation = office.account.conversation(given.conversation);
      const at = timeOf(office, given.at);
      const message = addMessage(office, { conversation, type: "template", content: given.text, at, sender: null });
      touch(conversation, at);
      return message;
    },
  };
}

export function contactActs(office: Office) {
  return {
    changes: (contactId: number, patch: ContactPatch, at?: When): Contact =>
      changeContact(office, { contactId, patch, at }),
  };
}

type Typing = { conversation: Conversation; sender: Sender; on: "on" | "off"; private?: "yes" | "no" };

function types(office: Office, typing: Typing): void {
  const { conversation, sender } = typing;
  office.webhooks.emit({
    event: typing.on === "on" ? "conversation_typing_on" : "conversation_typing_off",
    render: () => typingBody(office.account, { conversation, sender, private: typing.private === "yes" }),
  });
}

function optional(given: Pick<CustomerMessage, "attachments" | "contentAttributes" | "sourceId">) {
  return {
    ...(given.attachments === undefined ? {} : { attachments: given.attachments }),
    ...(given.contentAttributes === undefined ? {} : { contentAttributes: given.contentAttributes }),
    ...(given.sourceId === undefined ? {} : { sourceId: given.sourceId }),
  };
}

function firstKey(rows: Map<number, unknown>): number {
  const [first] = rows.keys();
  if (first === undefined) throw new Error("the account has none of these");
  return first;
}
