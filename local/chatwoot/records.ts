/** What a Chatwoot account keeps: the rows behind its screens, before they take the shape of a webhook or an API answer. */

export type Attributes = Record<string, unknown>;

export type Contact = {
  id: number;
  name: string;
  email: string | null;
  phoneNumber: string | null;
  identifier: string | null;
  additionalAttributes: Attributes;
  customAttributes: Attributes;
  blocked: boolean;
  createdAt: Date;
  updatedAt: Date;
  lastActivityAt: Date | null;
};

export type Agent = { id: number; name: string; availableName: string; email: string };
export type Team = { id: number; name: string };
export type Inbox = { id: number; name: string; channel: `Channel::${string}` };

export type ContactInbox = {
  id: number;
  contactId: number;
  inboxId: number;
  sourceId: string;
  createdAt: Date;
  updatedAt: Date;
  hmacVerified: boolean;
  /** A live credential for the contact's websocket; real payloads leak it, so ours must too. */
  pubsubToken: string;
};

export const STATUSES = ["open", "resolved", "pending", "snoozed"] as const;
export type Status = (typeof STATUSES)[number];
export type Priority = "low" | "medium" | "high" | "urgent";

export type Conversation = {
  /** The display id, counted per account; the only id Chatwoot ever shows of a conversation. */
  id: number;
  uuid: string;
  inboxId: number;
  contactId: number;
  contactInboxId: number;
  status: Status;
  priority: Priority | null;
  labels: string[];
  assigneeId: number | null;
  teamId: number | null;
  snoozedUntil: Date | null;
  firstReplyAt: Date | null;
  waitingSince: Date | null;
  agentLastSeenAt: Date | null;
  contactLastSeenAt: Date | null;
  lastActivityAt: Date;
  createdAt: Date;
  updatedAt: Date;
  additionalAttributes: Attributes;
  customAttributes: Attributes;
};

/** Positions are the integers of the API. */
export const MESSAGE_TYPES = ["incoming", "outgoing", "activity", "template"] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];
export const MESSAGE_STATUSES = ["sent", "delivered", "read", "failed"] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** null is an automation, or the account itself in an activity message. */
export type Sender = { kind: "contact" | "agent"; id: number } | null;

export type Attachment = {
  id: number;
  fileType: "image" | "audio" | "video" | "file";
  fileName: string;
  contentType: string;
  fileSize: number;
  width: number | null;
  height: number | null;
  bytes: Uint8Array | null;
};

export type Message = {
  id: number;
  conversationId: number;
  inboxId: number;
  type: MessageType;
  content: string | null;
  contentType: string;
  contentAttributes: Attributes;
  additionalAttributes: Attributes;
  private: boolean;
  status: MessageStatus;
  sourceId: string | null;
  sender: Sender;
  attachments: Attachment[];
  createdAt: Date;
  updatedAt: Date;
};

export const EVENTS = [
  "conversation_created",
  "conversation_status_changed",
  "conversation_updated",
  "message_created",
  "message_updated",
  "webwidget_triggered",
  "contact_created",
  "contact_updated",
  "inbox_created",
  "inbox_updated",
  "conversation_typing_on",
  "conversation_typing_off",
] as const;
export type EventName = (typeof EVENTS)[number];

/** `[{attribute: {previous_value, current_value}}]`, as Chatwoot reports what an update touched. */
export type Changes = Record<string, { previous_value: unknown; current_value: unknown }>[];
