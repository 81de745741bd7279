/** What Chatwoot's API told, as the rows that inbox.put_snapshot() takes: the facts a webhook would have told, no more than it said. */
import type { Ctx } from "../kernel/ctx.ts";
import type { ChatwootRow } from "../kernel/ports.ts";
import { languageOf } from "../memory/index.ts";
import { clean } from "./clean.ts";
import { type Binding, contactRow, conversationRow, type Making, messageRow, namesOf } from "./events.ts";
import { type Fields, fieldsOf, recordOf } from "./fields.ts";
import { fromMicros } from "./instant.ts";
import { messageOf } from "./payload.ts";
import { contactFact, conversationFact, messageFact } from "./project.ts";
import { contactOf, conversationOf, type WireContact } from "./wire.ts";

export type Snapshot = {
  /** In the form of instant.ts: a second at which all of this was not yet older than it is told. */
  sent_at: string;
  contacts: Record<string, unknown>[];
  conversations: Record<string, unknown>[];
  messages: Record<string, unknown>[];
};

/** Between the report of a contact's change in the same second, which knows better, and that of his creation. */
const contactRank = 1;

export const secondOf = (at: Date): string => fromMicros(Math.floor(at.getTime() / 1000) * 1_000_000);

const making = (ctx: Ctx, binding: Binding): Making => {
  const account = Number(binding.account);
  return { ctx, account, names: namesOf(binding, account) };
};

type Asked = { binding: Binding; asOf: Date };

export const empty = (asOf: Date): Snapshot => ({
  sent_at: secondOf(asOf),
  contacts: [],
  conversations: [],
  messages: [],
});

/** Later parts are asked later, so the first one's time holds for all. */
export const joined = (parts: Snapshot[], asOf: Date): Snapshot => ({
  sent_at: parts.map((part) => part.sent_at).sort()[0] ?? secondOf(asOf),
  contacts: parts.flatMap((part) => part.contacts),
  conversations: parts.flatMap((part) => part.conversations),
  messages: parts.flatMap((part) => part.messages),
});

/** A page that shifted while it was read may hold somebody twice. */
const once = <T extends { id: number }>(rows: readonly T[]): T[] => [
  ...new Map(rows.map((row) => [row.id, row])).values(),
];

const oneContact = (contact: WireContact, made: Making, sentAt: string) =>
  contactRow(contactFact(contact, { sentAt, rank: contactRank }), made, undefined);

export function ofContacts(ctx: Ctx, asked: Asked, rows: readonly ChatwootRow[]): Snapshot {
  const told = empty(asked.asOf);
  const found = rows.map((row) => contactOf(clean(row))).filter((contact) => contact !== null);
  const made = making(ctx, asked.binding);
  return { ...told, contacts: once(found).map((contact) => oneContact(contact, made, told.sent_at)) };
}

/** Told elsewhere in the object, or told by its absence. */
const always = new Set(["assignee", "team"]);

/** A webhook's conversation names its channel and its address at the top; the API has the one in `meta` and not the other. */
function conversationIn(row: ChatwootRow, sentAt: string) {
  const raw = clean(row) as Fields;
  const read = conversationOf({ ...raw, channel: raw["channel"] ?? recordOf(raw["meta"])["channel"] });
  if (!read) return null;
  const spoken = (told: Fields) =>
    Object.fromEntries(Object.entries(told).filter(([key]) => raw[key] !== undefined || always.has(key)));
  const fact = conversationFact(read, sentAt);
  return { customer: read.customer, fact: { ...fact, matter: spoken(fact.matter), data: spoken(fact.data) } };
}

export function ofConversations(ctx: Ctx, asked: Asked, rows: readonly ChatwootRow[]): Snapshot {
  const told = empty(asked.asOf);
  const made = making(ctx, asked.binding);
  const read = once(rows)
    .map((row) => conversationIn(row, told.sent_at))
    .filter((one) => one !== null);
  const customers = read.map(({ customer }) => customer).filter((contact) => contact !== null);
  return {
    ...told,
    contacts: once(customers).map((contact) => oneContact(contact, made, told.sent_at)),
    conversations: read.map(({ fact }) => conversationRow(fact, made)),
  };
}

/** Whose it is, where the sender's own object does not say. */
function senderIn(raw: Fields): unknown {
  const sender = fieldsOf(raw["sender"]);
  if (!sender || sender["type"] !== undefined || typeof raw["sender_type"] !== "string") return raw["sender"];
  return { ...sender, type: raw["sender_type"].toLowerCase() };
}

/** Activity lines reach no webhook and are nobody's words: the mirror has none. */
const isActivity = (row: ChatwootRow) => row["message_type"] === 2 || row["message_type"] === "activity";

export async function ofMessages(
  ctx: Ctx,
  asked: Asked & { conversation: number },
  rows: readonly ChatwootRow[],
): Promise<Snapshot> {
  const told = empty(asked.asOf);
  const made = making(ctx, asked.binding);
  const messages = once(rows.filter((row) => !isActivity(row))).map(async (row) => {
    const raw = clean(row) as Fields;
    const inbox = raw["inbox_id"] === undefined ? raw["inbox"] : { id: raw["inbox_id"] };
    const read = messageOf({ ...raw, sender: senderIn(raw), inbox, conversation: { id: asked.conversation } });
    if (!read) return null;
    // Every row of the API is a version: the one of the time it was asked.
    const fact = messageFact("message_updated", read, told.sent_at);
    const data = Object.fromEntries(
      Object.entries(fact.data).filter(([key]) => key === "inbox" || raw[key] !== undefined),
    );
    const lang = fact.content ? languageOf(fact.content) : undefined;
    return messageRow({ ...fact, data }, made, { delivery: "", lang });
  });
  const written = await Promise.all(messages);
  return { ...told, messages: written.filter((message) => message !== null) };
}
