/** One account in memory: its rows, their numbering, and the few look-ups the screens and the API need. */
import { randomUUID } from "node:crypto";
import type { Agent, Contact, ContactInbox, Conversation, Inbox, Message, Team } from "./records.ts";

export type Numbered = "contact" | "contactInbox" | "conversation" | "message" | "attachment" | "webhook";

/** Unlike each other on purpose: code that mixes up two kinds of id must not work by luck. */
const FIRST_IDS: Record<Numbered, number> = {
  contact: 5001,
  contactInbox: 301,
  conversation: 1,
  message: 90_001,
  attachment: 701,
  webhook: 1,
};

/** All rows, for keeping them between two runs. */
export type AccountRows = {
  next: Record<Numbered, number>;
  inboxes: Inbox[];
  agents: Agent[];
  teams: Team[];
  contacts: Contact[];
  contactInboxes: ContactInbox[];
  conversations: Conversation[];
  messages: Message[];
};

/** After a kill the last few rows may be unkept though others have heard of them: their numbers are not given out again. */
const SKIPPED_IDS = 1_000;

export class Missing extends Error {}

export class Account {
  readonly id: number;
  readonly name: string;
  /** Where attachment links point to; set once the server listens. */
  url = "https://chat.example";
  readonly inboxes = new Map<number, Inbox>();
  readonly agents = new Map<number, Agent>();
  readonly teams = new Map<number, Team>();
  readonly contacts = new Map<number, Contact>();
  readonly contactInboxes = new Map<number, ContactInbox>();
  readonly conversations = new Map<number, Conversation>();
  readonly messages = new Map<number, Message>();
  readonly #next: Record<Numbered, number>;
  readonly #uuid: () => string;
  readonly #byPair = new Map<string, ContactInbox>();
  readonly #byConversation = new Map<number, Message[]>();

  /** `uuid` makes the random names; an account that is told again to the letter brings its own. */
  constructor(given: {
    id: number;
    name: string;
    firstIds?: Partial<Record<Numbered, number>>;
    uuid?: () => string;
  }) {
    this.id = given.id;
    this.name = given.name;
    this.#next = { ...FIRST_IDS, ...given.firstIds };
    this.#uuid = given.uuid ?? randomUUID;
  }

  uuid(): string {
    return this.#uuid();
  }

  number(kind: Numbered): number {
    const id = this.#next[kind];
    this.#next[kind] = id + 1;
    return id;
  }

  rows(): AccountRows {
    return {
      next: { ...this.#next },
      inboxes: [...this.inboxes.values()],
      agents: [...this.agents.values()],
      teams: [...this.teams.values()],
      contacts: [...this.contacts.values()],
      contactInboxes: [...this.contactInboxes.values()],
      conversations: [...this.conversations.values()],
      messages: [...this.messages.values()],
    };
  }

  restore(rows: AccountRows): void {
    for (const row of rows.inboxes) this.inboxes.set(row.id, row);
    for (const row of rows.agents) this.agents.set(row.id, row);
    for (const row of rows.teams) this.teams.set(row.id, row);
    for (const row of rows.contacts) this.contacts.set(row.id, row);
    for (const row of rows.contactInboxes) this.#addContactInbox(row);
    for (const row of rows.conversations) this.conversations.set(row.id, row);
    for (const row of rows.messages) this.addMessage(row);
    for (const kind of Object.keys(rows.next) as Numbered[]) {
      this.#next[kind] = Math.max(this.#next[kind], rows.next[kind] + SKIPPED_IDS);
    }
  }

  contact(id: number): Contact {
    return found(this.contacts.get(id), `contact ${id}`);
  }

  inbox(id: number): Inbox {
    return found(this.inboxes.get(id), `inbox ${id}`);
  }

  agent(id: number): Agent {
    return found(this.agents.get(id), `agent ${id}`);
  }

  conversation(displayId: number): Conversation {
    return found(this.conversations.get(displayId), `conversation ${displayId}`);
  }

  message(id: number): Message {
    return found(this.messages.get(id), `message ${id}`);
  }

  addMessage(message: Message): void {
    this.messages.set(message.id, message);
    const list = this.#byConversation.get(message.conversationId) ?? [];
    list.push(message);
    this.#byConversation.set(message.conversationId, list);
  }

  removeMessage(message: Message): void {
    this.messages.delete(message.id);
    const list = this.#byConversation.get(message.conversationId) ?? [];
    this.#byConversation.set(
      message.conversationId,
      list.filter((one) => one !== message),
    );
  }

  /** Every message of a conversation, activity and private notes too, in order of id. */
  messagesOf(conversationId: number): readonly Message[] {
    return this.#byConversation.get(conversationId) ?? [];
  }

  /** The newest message that is neither an activity nor a private note; an import may have given it a lower id. */
  newestChat(conversationId: number): Message | undefined {
    let newest: Message | undefined;
    for (const message of this.messagesOf(conversationId)) {
      if (message.private || message.type === "activity") continue;
      if (newest === undefined || message.createdAt >= newest.createdAt) newest = message;
    }
    return newest;
  }

  unreadCount(conversation: Conversation): number {
    const seen = conversation.agentLastSeenAt?.getTime() ?? 0;
    return this.messagesOf(conversation.id).filter((m) => m.type === "incoming" && m.createdAt.getTime() > seen).length;
  }

  /** The contact's address in an inbox: its phone number where there is one, or a made-up id as the web widget uses. */
  contactInbox(contact: Contact, at: { inboxId: number; now: Date; sourceId?: string }): ContactInbox {
    const known = this.#byPair.get(`${contact.id}/${at.inboxId}`);
    if (known !== undefined) return known;
    const made: ContactInbox = {
      id: this.number("contactInbox"),
      contactId: contact.id,
      inboxId: at.inboxId,
      sourceId: at.sourceId ?? this.#addressOf(contact, at.inboxId),
      createdAt: at.now,
      updatedAt: at.now,
      hmacVerified: false,
      pubsubToken: this.uuid().replaceAll("-", ""),
    };
    this.#addContactInbox(made);
    return made;
  }

  #addContactInbox(link: ContactInbox): void {
    this.contactInboxes.set(link.id, link);
    this.#byPair.set(`${link.contactId}/${link.inboxId}`, link);
  }

  #addressOf(contact: Contact, inboxId: number): string {
    const channel = this.inbox(inboxId).channel;
    if (channel === "Channel::WebWidget") return this.uuid();
    if (channel === "Channel::Email") return contact.email ?? this.uuid();
    return contact.phoneNumber ?? this.uuid();
  }
}

function found<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new Missing(`no such ${what}`);
  return row;
}
