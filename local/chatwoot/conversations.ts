/** Conversations come into being and change; status changes leave an activity message that no webhook tells of. */
import { conversationBody } from "./event-bodies.ts";
import { addMessage } from "./messages.ts";
import { type Office, timeOf, type When } from "./office.ts";
import type { Attributes, Changes, Contact, Conversation, Status } from "./records.ts";

/** Only these make Chatwoot say `conversation_updated`; the name on the right is the one it reports. */
const WATCHED = {
  status: "status",
  assigneeId: "assignee_id",
  teamId: "team_id",
  labels: "label_list",
  priority: "priority",
  snoozedUntil: "snoozed_until",
  waitingSince: "waiting_since",
  firstReplyAt: "first_reply_created_at",
  customAttributes: "custom_attributes",
} as const satisfies Partial<Record<keyof Conversation, string>>;

export type ConversationPatch = Partial<Pick<Conversation, keyof typeof WATCHED>>;

export type NewConversation = {
  contact: Contact;
  inboxId: number;
  at: Date;
  status?: Status;
  sourceId?: string;
  additionalAttributes?: Attributes;
  customAttributes?: Attributes;
};

export function makeConversation(office: Office, given: NewConversation): Conversation {
  const { account, webhooks } = office;
  const { contact, inboxId, at } = given;
  const address = given.sourceId === undefined ? {} : { sourceId: given.sourceId };
  const link = account.contactInbox(contact, { inboxId, now: at, ...address });
  const conversation: Conversation = {
    id: account.number("conversation"),
    uuid: account.uuid(),
    inboxId,
    contactId: contact.id,
    contactInboxId: link.id,
    status: given.status ?? "open",
    priority: null,
    labels: [],
    assigneeId: null,
    teamId: null,
    snoozedUntil: null,
    firstReplyAt: null,
    waitingSince: null,
    agentLastSeenAt: null,
    contactLastSeenAt: null,
    lastActivityAt: at,
    createdAt: at,
    updatedAt: at,
    additionalAttributes: given.additionalAttributes ?? {},
    customAttributes: given.customAttributes ?? {},
  };
  account.conversations.set(conversation.id, conversation);
  webhooks.emit({ event: "conversation_created", render: () => conversationBody(account, conversation) });
  return conversation;
}

/** The conversation a customer's message lands in: the newest one not resolved in that inbox, or a new one. */
export function conversationFor(office: Office, given: { contact: Contact; inboxId: number; at: Date }): Conversation {
  const open = [...office.account.conversations.values()].findLast(
    (c) => c.contactId === given.contact.id && c.inboxId === given.inboxId && c.status !== "resolved",
  );
  return open ?? makeConversation(office, given);
}

export function changeConversation(
  office: Office,
  given: { conversationId: number; patch: ConversationPatch; at?: When },
): Conversation {
  const { account, webhooks } = office;
  const conversation = account.conversation(given.conversationId);
  const at = timeOf(office, given.at);
  const changes = changesOf(conversation, given.patch);
  if (changes.length === 0) return conversation;
  const status = given.patch.status ?? conversation.status;
  const resolved = status === "resolved" && conversation.status !== "resolved";
  const turned = status !== conversation.status;
  Object.assign(conversation, given.patch);
  if (resolved) conversation.waitingSince = null;
  touch(conversation, at);
  if (turned) {
    const statusOnly = changes.filter((change) => "status" in change);
    webhooks.emit({
      event: "conversation_status_changed",
      render: () => ({ ...conversationBody(account, conversation), changed_attributes: statusOnly }),
    });
    addMessage(office, {
      conversation,
      type: "activity",
      content: `Conversation was marked ${status}`,
      at,
      sender: null,
    });
  }
  webhooks.emit({
    event: "conversation_updated",
    render: () => ({ ...conversationBody(account, conversation), changed_attributes: changes }),
  });
  return conversation;
}

/** `updated_at` is the only version number a conversation has: it grows with each change, whatever time a story claims. */
export function touch(conversation: Conversation, at: Date): void {
  conversation.updatedAt = new Date(Math.max(at.getTime(), conversation.updatedAt.getTime() + 1));
}

function changesOf(conversation: Conversation, patch: ConversationPatch): Changes {
  const changes: Changes = [];
  for (const [key, value] of Object.entries(patch)) {
    const before = conversation[key as keyof ConversationPatch];
    if (value === undefined || JSON.stringify(before) === JSON.stringify(value)) continue;
    changes.push({ [WATCHED[key as keyof typeof WATCHED]]: { previous_value: before, current_value: value } });
  }
  return changes;
}
