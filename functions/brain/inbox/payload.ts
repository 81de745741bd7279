/**
 * A webhook of Chatwoot read tolerantly: a number may be text, a time ISO or Unix, an empty object `[]`, anything but
 * the ids missing. What an event is about must be readable; the rest falls back to nothing.
 */
import { z } from "zod";
import { instant } from "./instant.ts";

/** Sequence numbers; text in some proxies' output. */
const id = () =>
  z.union([
    z.int().positive(),
    z
      .string()
      .regex(/^0*[1-9][0-9]{0,14}$/)
      .transform(Number),
  ]);
const maybeId = () => id().nullish().catch(null);
const when = () => z.unknown().transform(instant);
const text = () =>
  z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .catch(null);
/** An enumeration we do not own: a short lower-case word, or nothing. */
const word = () =>
  z
    .string()
    .regex(/^[a-zA-Z][a-zA-Z0-9_:]{0,59}$/)
    .nullish()
    .catch(null);
/** Only a clear no is a no: in doubt a note stays inside the house. */
const guarded = () =>
  z.unknown().transform((value) => ![undefined, null, false, 0, "", "0", "false"].includes(value as string));
const record = () => z.record(z.string(), z.unknown()).catch({});
const optionalRecord = () =>
  z
    .union([z.record(z.string(), z.unknown()), z.array(z.unknown()).transform(() => ({}))])
    .optional()
    .catch(undefined);
const list = <T extends z.ZodType>(item: T) => z.array(item.or(z.unknown().transform(() => null))).catch([]);

const messageTypes = ["incoming", "outgoing", "activity", "template"] as const;
/** The webhook's word, or the number that REST and nested messages use. */
const messageType = () =>
  z
    .union([
      z.enum(messageTypes),
      z.int().transform((n) => messageTypes[n] ?? null),
      z
        .string()
        .regex(/^[0-3]$/)
        .transform((n) => messageTypes[Number(n)] ?? null),
    ])
    .nullish()
    .catch(null);

const account = () => z.object({ id: id() }).nullish().catch(null);

const contact = () =>
  z.object({
    id: id(),
    name: text(),
    email: text(),
    phone_number: text(),
    identifier: text(),
    blocked: z.boolean().optional().catch(undefined),
    custom_attributes: optionalRecord(),
    additional_attributes: optionalRecord(),
    account: account(),
    type: word(),
  });

const named = () => z.object({ id: id(), name: text() }).nullish().catch(null);

const nested = () => z.object({ id: id(), updated_at: when(), account_id: maybeId() });

const conversation = () =>
  z.object({
    id: id(),
    account: account(),
    inbox_id: maybeId(),
    channel: text(),
    status: word(),
    priority: word(),
    labels: list(z.string()),
    can_reply: z.boolean().nullish().catch(null),
    unread_count: z.int().nullish().catch(null),
    snoozed_until: when(),
    first_reply_created_at: when(),
    waiting_since: when(),
    last_activity_at: when(),
    agent_last_seen_at: when(),
    contact_last_seen_at: when(),
    created_at: when(),
    updated_at: when(),
    meta: z
      .object({ sender: contact().nullish().catch(null), assignee: named(), team: named() })
      .nullish()
      .catch(null),
    contact_inbox: z.object({ contact_id: maybeId(), source_id: text() }).nullish().catch(null),
    messages: list(nested()),
    custom_attributes: record(),
    additional_attributes: record(),
  });

const attachment = () =>
  z.looseObject({ id: maybeId(), file_type: word() }).transform(({ account_id: _a, message_id: _m, ...rest }) => rest);

const message = () =>
  z.object({
    id: id(),
    account: account(),
    content: z.union([z.string(), z.number().transform(String)]).nullish(),
    content_type: word(),
    message_type: messageType(),
    private: guarded(),
    created_at: when(),
    content_attributes: record(),
    additional_attributes: record(),
    source_id: text(),
    inbox: named(),
    sender: contact().nullish().catch(null),
    attachments: list(attachment()),
    conversation: conversation(),
  });

const widget = () =>
  z.object({ account: account(), contact: contact(), current_conversation: conversation().nullish().catch(null) });

export type WireContact = z.output<ReturnType<typeof contact>>;
export type WireConversation = z.output<ReturnType<typeof conversation>>;
export type WireMessage = z.output<ReturnType<typeof message>>;

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
const kinds: Readonly<Record<string, Kind>> = {
  message_created: "message",
  message_updated: "message",
  conversation_created: "conversation",
  conversation_updated: "conversation",
  conversation_status_changed: "conversation",
  conversation_opened: "conversation",
  conversation_resolved: "conversation",
  contact_created: "contact",
  contact_updated: "contact",
  webwidget_triggered: "widget",
  inbox_created: "inbox",
  inbox_updated: "inbox",
  conversation_typing_on: "typing",
  conversation_typing_off: "typing",
};

const schemas = { message, conversation, contact, widget, account, id } as const;
/** Building a schema costs as much as reading a whole webhook with it: each is built once. */
const built = new Map<string, z.ZodType>();

function read<K extends keyof typeof schemas>(
  kind: K,
  value: unknown,
): z.output<ReturnType<(typeof schemas)[K]>> | undefined {
  const schema = built.get(kind) ?? schemas[kind]();
  built.set(kind, schema);
  const found = schema.safeParse(value);
  return found.success ? (found.data as z.output<ReturnType<(typeof schemas)[K]>>) : undefined;
}

/** Older versions name the account only inside; conversation events may not name it at all. */
function accountOf(body: Record<string, unknown>): number | null {
  const inner = (key: string) =>
    body[key] as { account?: unknown; messages?: { account_id?: unknown }[] } | null | undefined;
  const places = [body, inner("conversation"), inner("contact"), inner("current_conversation")];
  for (const place of places) {
    const found = read("account", place?.account);
    if (found) return found.id;
  }
  const messages = inner("conversation")?.messages ?? (body["messages"] as { account_id?: unknown }[] | undefined);
  return read("id", Array.isArray(messages) ? messages[0]?.account_id : undefined) ?? null;
}

/** `body` is a JSON object with a text `event`, already cleaned. Never throws: what cannot be read is said to be so. */
export function readPayload(body: Record<string, unknown> & { event: string }): Payload {
  const head = { event: body.event, account: accountOf(body) };
  const kind = Object.hasOwn(kinds, body.event) ? kinds[body.event] : undefined;
  const unreadable = { ...head, kind: "ignored", reason: "unreadable" } as const;
  switch (kind) {
    case "message": {
      const found = read("message", body);
      return found ? { ...head, kind: "message", message: found } : unreadable;
    }
    case "conversation": {
      const found = read("conversation", body);
      return found ? { ...head, kind: "conversation", conversation: found } : unreadable;
    }
    case "contact": {
      const found = read("contact", body);
      return found ? { ...head, kind: "contact", contact: found, conversation: null } : unreadable;
    }
    case "widget": {
      const found = read("widget", body);
      return found
        ? { ...head, kind: "contact", contact: found.contact, conversation: found.current_conversation ?? null }
        : unreadable;
    }
    case "typing":
    case "inbox":
      return { ...head, kind: "ignored", reason: kind };
    default:
      return { ...head, kind: "ignored", reason: "unknown" };
  }
}
