/** Contacts and conversations inside a webhook, read tolerantly: only their own number must be there. */
import { boolOf, type Fields, fieldsOf, idOf, listOf, recordOf, textOf, whenOf, wholeOf, wordOf } from "./fields.ts";

export type WireContact = {
  id: number;
  /** Null or `contact` for contacts; agents and bots count in sequences of their own. */
  type: string | null;
  /** What the payload says of him: a key it lacks is not a key it cleared. */
  told: Fields;
};

export type WireConversation = {
  id: number;
  inbox_id: number | null;
  channel: string | null;
  status: string | null;
  /** The customer it is held with, as far as the payload knows him. */
  customer: WireContact | null;
  assignee: { id: number; name: string | null } | null;
  /** What changes seldom and is worth a ledger entry when it does. */
  matter: Fields;
  rest: Fields;
  created_at: string | null;
  /** Chatwoot's own version, a float of Unix seconds. */
  updated_at: string | null;
  /** The newest chat message when the webhook's job ran, which need not be the one an event is about. */
  newest: { id: number | null; updated_at: string | null }[];
};

export const named = (value: unknown): { id: number; name: string | null } | null => {
  const id = idOf(fieldsOf(value)?.["id"]);
  return id === null ? null : { id, name: textOf(fieldsOf(value)?.["name"]) };
};

const contactFields: Readonly<Record<string, (value: unknown) => unknown>> = {
  name: textOf,
  email: textOf,
  phone_number: textOf,
  identifier: textOf,
  blocked: boolOf,
  custom_attributes: recordOf,
  additional_attributes: recordOf,
};

export function contactOf(value: unknown): WireContact | null {
  const fields = fieldsOf(value);
  const id = idOf(fields?.["id"]);
  if (!fields || id === null) return null;
  const told: Fields = {};
  for (const [key, read] of Object.entries(contactFields)) {
    if (fields[key] !== undefined) told[key] = read(fields[key]);
  }
  return { id, type: wordOf(fields["type"]), told };
}

export const isContact = (sender: WireContact): boolean =>
  sender.type === null || sender.type.toLowerCase() === "contact";

function customerOf(meta: Fields, link: Fields): WireContact | null {
  const sender = contactOf(meta["sender"]);
  if (sender && isContact(sender)) return sender;
  const id = idOf(link["contact_id"]);
  return id === null ? null : { id, type: null, told: {} };
}

export function conversationOf(value: unknown): WireConversation | null {
  const fields = fieldsOf(value);
  const id = idOf(fields?.["id"]);
  if (!fields || id === null) return null;
  const meta = recordOf(fields["meta"]);
  const link = recordOf(fields["contact_inbox"]);
  const assignee = named(meta["assignee"]);
  return {
    id,
    inbox_id: idOf(fields["inbox_id"]),
    channel: textOf(fields["channel"]),
    status: wordOf(fields["status"]),
    customer: customerOf(meta, link),
    assignee,
    matter: {
      priority: wordOf(fields["priority"]),
      labels: listOf(fields["labels"]).filter((label) => typeof label === "string"),
      snoozed_until: whenOf(fields["snoozed_until"]),
      assignee,
      team: named(meta["team"]),
      custom_attributes: recordOf(fields["custom_attributes"]),
    },
    rest: {
      can_reply: boolOf(fields["can_reply"]),
      unread_count: wholeOf(fields["unread_count"]),
      first_reply_created_at: whenOf(fields["first_reply_created_at"]),
      waiting_since: whenOf(fields["waiting_since"]),
      last_activity_at: whenOf(fields["last_activity_at"]),
      agent_last_seen_at: whenOf(fields["agent_last_seen_at"]),
      contact_last_seen_at: whenOf(fields["contact_last_seen_at"]),
      source_id: textOf(link["source_id"]),
      additional_attributes: recordOf(fields["additional_attributes"]),
    },
    created_at: whenOf(fields["created_at"]),
    updated_at: whenOf(fields["updated_at"]),
    newest: listOf(fields["messages"]).map((message) => {
      const nested = recordOf(message);
      return { id: idOf(nested["id"]), updated_at: whenOf(nested["updated_at"]) };
    }),
  };
}
