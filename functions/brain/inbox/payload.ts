/**
 * A webhook of Chatwoot read tolerantly: a number may be text, a time ISO or Unix, an empty object `[]`, anything but
 * the ids missing. What an event is about must be readable; the rest falls back to nothing.
 */
import { type Fields, fieldsOf, idOf, listOf, recordOf, textOf, unlessNo, whenOf, wordOf } from "./fields.ts";
import { contactOf, conversationOf, named, type WireContact, type WireConversation } from "./wire.ts";

export type WireMessage = {
  id: number;
  content: string | null;
  content_type: string | null;
  message_type: string | null;
  private: boolean;
  deleted: boolean;
  created_at: string | null;
  sender: WireContact | null;
  attachments: Fields[];
  rest: Fields;
  conversation: WireConversation;
};

const messageTypes = ["incoming", "outgoing", "activity", "template"];

/** The webhook's word, or the number that REST and nested messages use. */
const messageTypeOf = (value: unknown): string | null =>
  typeof value === "string" && messageTypes.includes(value) ? value : (messageTypes[Number(value ?? -1)] ?? null);

/** Its two numbers repeat what is known, and differ between a webhook and the API. */
function attachmentOf(value: unknown): Fields | null {
  const fields = fieldsOf(value);
  if (!fields) return null;
  const { account_id: _account, message_id: _message, ...rest } = fields;
  return { ...rest, id: idOf(rest["id"]), file_type: wordOf(rest["file_type"]) };
}

export function messageOf(fields: Fields): WireMessage | null {
  const id = idOf(fields["id"]);
  const conversation = conversationOf(fields["conversation"]);
  const { content } = fields;
  const readable = content === undefined || content === null || textOf(content) !== null;
  if (id === null || !conversation || !readable) return null;
  const attributes = recordOf(fields["content_attributes"]);
  const sender = contactOf(fields["sender"]);
  return {
    id,
    content: textOf(content),
    content_type: wordOf(fields["content_type"]),
    message_type: messageTypeOf(fields["message_type"]),
    private: unlessNo(fields["private"]),
    deleted: attributes["deleted"] === true || attributes["deleted"] === "true",
    created_at: whenOf(fields["created_at"]),
    sender,
    attachments: listOf(fields["attachments"])
      .map(attachmentOf)
      .filter((file) => file !== null),
    rest: {
      content_attributes: attributes,
      additional_attributes: recordOf(fields["additional_attributes"]),
      source_id: textOf(fields["source_id"]),
      inbox: named(fields["inbox"]),
      sender: sender ? { name: sender.told["name"] ?? null } : null,
    },
    conversation,
  };
}

/** Why an event was acknowledged and nothing else: nobody keeps typing, nothing here holds inboxes, the rest is unknown. */
export type Unheard = "typing" | "inbox" | "unknown" | "unreadable";

export type Payload = { event: string; account: number | null } & (
  | { kind: "message"; message: WireMessage }
  | { kind: "conversation"; conversation: WireConversation }
  | { kind: "contact"; contact: WireContact; conversation: WireConversation | null }
  | { kind: "ignored"; reason: Unheard }
);

type Kind = "message" | "conversation" | "contact" | "widget" | "typing" | "inbox";

/** The account's twelve subscriptions and the two more an agent bot is sent. */
const kinds: ReadonlyMap<string, Kind> = new Map([
  ["message_created", "message"],
  ["message_updated", "message"],
  ["conversation_created", "conversation"],
  ["conversation_updated", "conversation"],
  ["conversation_status_changed", "conversation"],
  ["conversation_opened", "conversation"],
  ["conversation_resolved", "conversation"],
  ["contact_created", "contact"],
  ["contact_updated", "contact"],
  ["webwidget_triggered", "widget"],
  ["inbox_created", "inbox"],
  ["inbox_updated", "inbox"],
  ["conversation_typing_on", "typing"],
  ["conversation_typing_off", "typing"],
]);

/** Older versions name the account only inside; conversation events may not name it at all. */
function accountOf(body: Fields): number | null {
  for (const place of [body, body["conversation"], body["contact"], body["current_conversation"]]) {
    const found = idOf(fieldsOf(fieldsOf(place)?.["account"])?.["id"]);
    if (found !== null) return found;
  }
  const messages = fieldsOf(body["conversation"])?.["messages"] ?? body["messages"];
  return idOf(fieldsOf(listOf(messages)[0])?.["account_id"]);
}

function subjectOf(kind: Kind | undefined, body: Fields) {
  switch (kind) {
    case "message": {
      const message = messageOf(body);
      return message && { kind, message };
    }
    case "conversation": {
      const conversation = conversationOf(body);
      return conversation && { kind, conversation };
    }
    case "contact":
    case "widget": {
      const contact = contactOf(kind === "widget" ? body["contact"] : body);
      return (
        contact && { kind: "contact" as const, contact, conversation: conversationOf(body["current_conversation"]) }
      );
    }
    case "typing":
    case "inbox":
      return { kind: "ignored" as const, reason: kind };
    default:
      return { kind: "ignored" as const, reason: "unknown" as const };
  }
}

/** `body` has been cleaned. Never throws: what cannot be read is said to be so. */
export function readPayload(body: Fields & { event: string }): Payload {
  const subject = subjectOf(kinds.get(body.event), body) ?? { kind: "ignored" as const, reason: "unreadable" as const };
  return { event: body.event, account: accountOf(body), ...subject };
}
