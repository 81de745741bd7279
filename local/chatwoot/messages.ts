/** Messages are written, edited and deleted; what is neither activity nor silent reaches the subscribers. */
import { messageBody } from "./event-bodies.ts";
import { type Office, timeOf, type When } from "./office.ts";
import type { Attachment, Attributes, Conversation, Message, MessageStatus, MessageType, Sender } from "./records.ts";
import { MESSAGE_STATUSES } from "./records.ts";

/** Chatwoot's own replacement text. */
export const DELETED_TEXT = "This message was deleted";

export type NewAttachment = {
  fileType?: Attachment["fileType"];
  fileName: string;
  contentType: string;
  fileSize?: number;
  width?: number;
  height?: number;
  bytes?: Uint8Array;
};

export type NewMessage = {
  conversation: Conversation;
  type: MessageType;
  content: string | null;
  at: Date;
  sender: Sender;
  private?: boolean;
  contentType?: string;
  contentAttributes?: Attributes;
  additionalAttributes?: Attributes;
  sourceId?: string | null;
  attachments?: NewAttachment[];
};

export function addMessage(office: Office, given: NewMessage): Message {
  const { account } = office;
  const { conversation, at } = given;
  const message: Message = {
    id: account.number("message"),
    conversationId: conversation.id,
    inboxId: conversation.inboxId,
    type: given.type,
    content: given.content,
    contentType: given.contentType ?? "text",
    contentAttributes: given.contentAttributes ?? {},
    additionalAttributes: given.additionalAttributes ?? {},
    private: given.private ?? false,
    status: "sent",
    sourceId: given.sourceId ?? null,
    sender: given.sender,
    attachments: (given.attachments ?? []).map((file) => attachment(office, file)),
    createdAt: at,
    updatedAt: at,
  };
  account.addMessage(message);
  if (at > conversation.lastActivityAt) conversation.lastActivityAt = at;
  if (message.type === "incoming") account.contact(conversation.contactId).lastActivityAt = at;
  tell(office, "message_created", message);
  return message;
}

export function editMessage(office: Office, given: { messageId: number; text: string; at?: When }): Message {
  const message = office.account.message(given.messageId);
  return change(office, message, { content: given.text, updatedAt: timeOf(office, given.at) });
}

/** There is no event for a deletion: the message stays, says it was deleted, and loses its attachments. */
export function deleteMessage(office: Office, given: { messageId: number; at?: When }): Message {
  const message = office.account.message(given.messageId);
  return change(office, message, {
    content: DELETED_TEXT,
    contentType: "text",
    contentAttributes: { deleted: true },
    attachments: [],
    updatedAt: timeOf(office, given.at),
  });
}

/** A status only moves forward (sent, delivered, read); a failure may come at any time before it was read. */
export function changeStatus(
  office: Office,
  given: { messageId: number; status: MessageStatus; externalError?: string; at?: When },
): Message {
  const message = office.account.message(given.messageId);
  const { status, externalError } = given;
  const rank = MESSAGE_STATUSES.indexOf(status);
  if (message.status === status || (message.status !== "failed" && rank < MESSAGE_STATUSES.indexOf(message.status))) {
    return message;
  }
  const contentAttributes =
    externalError === undefined
      ? message.contentAttributes
      : { ...message.contentAttributes, external_error: externalError };
  return change(office, message, { status, contentAttributes, updatedAt: timeOf(office, given.at) });
}

function change(office: Office, message: Message, patch: Partial<Message>): Message {
  Object.assign(message, patch);
  tell(office, "message_updated", message);
  return message;
}

function tell(office: Office, event: "message_created" | "message_updated", message: Message): void {
  if (message.type === "activity") return;
  office.webhooks.emit({ event, render: () => messageBody(office.account, message) });
}

function attachment(office: Office, file: NewAttachment): Attachment {
  const kind = file.contentType.split("/")[0];
  const byKind = kind === "image" || kind === "audio" || kind === "video" ? kind : "file";
  return {
    id: office.account.number("attachment"),
    fileType: file.fileType ?? byKind,
    fileName: file.fileName,
    contentType: file.contentType,
    fileSize: file.fileSize ?? file.bytes?.byteLength ?? 0,
    width: file.width ?? null,
    height: file.height ?? null,
    bytes: file.bytes ?? null,
  };
}
