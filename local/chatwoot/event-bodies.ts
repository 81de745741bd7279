/** The bodies of the webhooks, without the `event` key: message bodies speak in words and ISO dates. */
import type { Account } from "./account.ts";
import { accountShape, agentInWebhook, contactInWebhook, senderInWebhook } from "./contact-shapes.ts";
import { conversationInWebhook } from "./conversation-shapes.ts";
import { attachmentsOf } from "./message-shapes.ts";
import type { Contact, ContactInbox, Conversation, Message, Sender } from "./records.ts";

type Shape = Record<string, unknown>;

/** `message_created` and `message_updated`: neither `status` nor `updated_at`, so two updates have no order of their own. */
export function messageBody(account: Account, message: Message): Shape {
  const inbox = account.inbox(message.inboxId);
  return {
    account: accountShape(account),
    additional_attributes: message.additionalAttributes,
    content_attributes: message.contentAttributes,
    content_type: message.contentType,
    content: message.content,
    conversation: conversationInWebhook(account, account.conversation(message.conversationId)),
    created_at: message.createdAt.toISOString(),
    id: message.id,
    inbox: { id: inbox.id, name: inbox.name },
    message_type: message.type,
    private: message.private,
    sender: senderInWebhook(account, message.sender),
    source_id: message.sourceId,
    ...attachmentsOf(account, message),
  };
}

/** Conversation events; versions since the middle of 2026 name the account in them. */
export function conversationBody(account: Account, conversation: Conversation): Shape {
  return { ...conversationInWebhook(account, conversation), account: accountShape(account) };
}

export function contactBody(account: Account, contact: Contact): Shape {
  return contactInWebhook(account, contact);
}

/** A typing event names who types but holds no message: there is nothing in it to keep. */
export function typingBody(
  account: Account,
  typing: { sender: Sender; conversation: Conversation; private: boolean },
): Shape {
  return {
    user:
      typing.sender?.kind === "agent"
        ? agentInWebhook(account.agent(typing.sender.id))
        : senderInWebhook(account, typing.sender),
    conversation: conversationInWebhook(account, typing.conversation),
    is_private: typing.private,
  };
}

/** The website's widget was opened; usually there is no conversation yet. */
export function widgetBody(account: Account, opened: { link: ContactInbox; referer: string; at: Date }): Shape {
  const inbox = account.inbox(opened.link.inboxId);
  const open = [...account.conversations.values()].findLast((c) => c.contactInboxId === opened.link.id);
  return {
    id: opened.link.id,
    contact: contactInWebhook(account, account.contact(opened.link.contactId)),
    inbox: { id: inbox.id, name: inbox.name },
    account: accountShape(account),
    current_conversation: open === undefined ? null : conversationInWebhook(account, open),
    source_id: opened.link.sourceId,
    event_info: { initiated_at: { timestamp: browserTime(opened.at) }, referer: opened.referer, browser: {} },
  };
}

/** The widget sends JavaScript's own `Date.toString()`, here as a browser in UTC would. */
function browserTime(at: Date): string {
  const [weekday, day, month, year, time] = at.toUTCString().replace(",", "").split(" ");
  return `${weekday} ${month} ${day} ${year} ${time} GMT+0000`;
}
