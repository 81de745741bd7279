/** A message in numbers and Unix seconds: nested in a conversation, and as the API lists it. */
import type { Account } from "./account.ts";
import { seconds, senderNested } from "./contact-shapes.ts";
import { type Attachment, MESSAGE_TYPES, type Message, type MessageType } from "./records.ts";

type Shape = Record<string, unknown>;

/** The nested form repeats the text for the dashboard, cut at this length. */
const PROCESSED_CHARS = 150_000;

/** The form inside `conversation.messages`, in a webhook and in the API alike. */
export function messageNested(account: Account, message: Message): Shape {
  const conversation = account.conversation(message.conversationId);
  const link = account.contactInboxes.get(conversation.contactInboxId);
  return {
    id: message.id,
    content: message.content,
    account_id: account.id,
    inbox_id: message.inboxId,
    conversation_id: message.conversationId,
    message_type: typeNumber(message.type),
    created_at: seconds(message.createdAt),
    updated_at: message.updatedAt.toISOString(),
    private: message.private,
    status: message.status,
    source_id: message.sourceId,
    content_type: message.contentType,
    content_attributes: message.contentAttributes,
    sender_type: message.sender === null ? null : message.sender.kind === "agent" ? "User" : "Contact",
    sender_id: message.sender?.id ?? null,
    external_source_ids: {},
    additional_attributes: message.additionalAttributes,
    processed_message_content: message.content?.slice(0, PROCESSED_CHARS) ?? null,
    sentiment: {},
    conversation: {
      assignee_id: conversation.assigneeId,
      unread_count: account.unreadCount(conversation),
      last_activity_at: seconds(conversation.lastActivityAt),
      contact_inbox: { source_id: link?.sourceId ?? null },
    },
    ...attachmentsOf(account, message),
    ...(message.sender === null ? {} : { sender: senderNested(account, message.sender) }),
  };
}

/** A message as the messages endpoint lists it. */
export function messageInApi(account: Account, message: Message): Shape {
  return {
    id: message.id,
    content: message.content,
    inbox_id: message.inboxId,
    conversation_id: message.conversationId,
    message_type: typeNumber(message.type),
    content_type: message.contentType,
    status: message.status,
    content_attributes: message.contentAttributes,
    created_at: seconds(message.createdAt),
    private: message.private,
    source_id: message.sourceId,
    ...(message.sender === null ? {} : { sender: senderNested(account, message.sender) }),
    ...attachmentsOf(account, message),
  };
}

function typeNumber(type: MessageType): number {
  return MESSAGE_TYPES.indexOf(type);
}

/** No attachments, no key. */
export function attachmentsOf(account: Account, message: Message): Shape {
  if (message.attachments.length === 0) return {};
  return { attachments: message.attachments.map((attachment) => attachmentShape(account, { message, attachment })) };
}

function attachmentShape(account: Account, of: { message: Message; attachment: Attachment }): Shape {
  const { message, attachment } = of;
  const file = `${attachment.id}/${encodeURIComponent(attachment.fileName)}`;
  return {
    id: attachment.id,
    message_id: message.id,
    file_type: attachment.fileType,
    account_id: account.id,
    extension: attachment.fileName.split(".").at(-1) ?? null,
    content_type: attachment.contentType,
    data_url: `${account.url}/rails/active_storage/blobs/redirect/${file}`,
    thumb_url:
      attachment.fileType === "image" ? `${account.url}/rails/active_storage/representations/redirect/${file}` : "",
    file_size: attachment.fileSize,
    width: attachment.width,
    height: attachment.height,
    ...(attachment.fileType === "audio" ? { transcribed_text: "" } : {}),
  };
}
