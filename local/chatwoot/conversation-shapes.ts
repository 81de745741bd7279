/** How a conversation looks in a webhook and in the API; the two differ in more than their key order. */
import type { Account } from "./account.ts";
import { agentNested, contactInApi, contactInboxShape, contactNested, seconds } from "./contact-shapes.ts";
import { messageNested } from "./message-shapes.ts";
import type { Conversation } from "./records.ts";

type Shape = Record<string, unknown>;

/** Inside a message or a typing event. `messages` holds the newest chat message of now, whatever the event is about. */
export function conversationInWebhook(account: Account, conversation: Conversation): Shape {
  const newest = account.newestChat(conversation.id);
  const link = account.contactInboxes.get(conversation.contactInboxId);
  return {
    additional_attributes: conversation.additionalAttributes,
    can_reply: true,
    channel: account.inbox(conversation.inboxId).channel,
    contact_inbox: link === undefined ? null : contactInboxShape(link),
    id: conversation.id,
    inbox_id: conversation.inboxId,
    messages: newest === undefined ? [] : [messageNested(account, newest)],
    labels: conversation.labels,
    meta: webhookMeta(account, conversation),
    status: conversation.status,
    custom_attributes: conversation.customAttributes,
    snoozed_until: conversation.snoozedUntil?.toISOString() ?? null,
    unread_count: account.unreadCount(conversation),
    first_reply_created_at: conversation.firstReplyAt?.toISOString() ?? null,
    priority: conversation.priority,
    waiting_since: seconds(conversation.waitingSince),
    agent_last_seen_at: seconds(conversation.agentLastSeenAt),
    contact_last_seen_at: seconds(conversation.contactLastSeenAt),
    last_activity_at: seconds(conversation.lastActivityAt),
    timestamp: seconds(conversation.lastActivityAt),
    created_at: seconds(conversation.createdAt),
    updated_at: conversation.updatedAt.getTime() / 1000,
  };
}

function webhookMeta(account: Account, conversation: Conversation): Shape {
  const { assigneeId, teamId } = conversation;
  return {
    sender: contactNested(account.contact(conversation.contactId)),
    assignee: assigneeId === null ? null : agentNested(account.agent(assigneeId)),
    assignee_type: assigneeId === null ? null : "User",
    team: teamId === null ? null : (account.teams.get(teamId) ?? null),
    hmac_verified: account.contactInboxes.get(conversation.contactInboxId)?.hmacVerified ?? false,
  };
}

/** A conversation as the API lists it: absent where a webhook says null, Unix seconds where it says ISO. */
export function conversationInApi(account: Account, conversation: Conversation): Shape {
  const newest = account.messagesOf(conversation.id).at(-1);
  const chat = account.newestChat(conversation.id);
  return {
    meta: apiMeta(account, conversation),
    id: conversation.id,
    messages: newest === undefined ? [] : [messageNested(account, newest)],
    account_id: account.id,
    uuid: conversation.uuid,
    additional_attributes: conversation.additionalAttributes,
    agent_last_seen_at: seconds(conversation.agentLastSeenAt),
    assignee_last_seen_at: seconds(conversation.agentLastSeenAt),
    can_reply: true,
    contact_last_seen_at: seconds(conversation.contactLastSeenAt),
    custom_attributes: conversation.customAttributes,
    inbox_id: conversation.inboxId,
    labels: conversation.labels,
    muted: false,
    snoozed_until: conversation.snoozedUntil?.toISOString() ?? null,
    status: conversation.status,
    created_at: seconds(conversation.createdAt),
    updated_at: conversation.updatedAt.getTime() / 1000,
    timestamp: seconds(conversation.lastActivityAt),
    first_reply_created_at: seconds(conversation.firstReplyAt),
    unread_count: account.unreadCount(conversation),
    last_non_activity_message: chat === undefined ? null : messageNested(account, chat),
    last_activity_at: seconds(conversation.lastActivityAt),
    priority: conversation.priority,
    waiting_since: seconds(conversation.waitingSince),
    sla_policy_id: null,
  };
}

function apiMeta(account: Account, conversation: Conversation): Shape {
  const { assigneeId, teamId } = conversation;
  const agent = assigneeId === null ? undefined : account.agent(assigneeId);
  const team = teamId === null ? undefined : account.teams.get(teamId);
  return {
    sender: contactInApi(account.contact(conversation.contactId)),
    channel: account.inbox(conversation.inboxId).channel,
    ...(agent === undefined ? {} : { assignee: { ...agentNested(agent), email: agent.email, role: "agent" } }),
    ...(team === undefined ? {} : { team }),
    hmac_verified: account.contactInboxes.get(conversation.contactInboxId)?.hmacVerified ?? false,
  };
}
