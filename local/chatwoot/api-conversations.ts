/** Conversations in the API: lists of 25 that shift while they are read, single ones, and new ones. */
import {
  ApiError,
  type Call,
  type Fields,
  idAt,
  invalid,
  jsonBody,
  numberField,
  objectField,
  pageOf,
  type Route,
  textField,
} from "./api-call.ts";
import { changeRoutes } from "./api-changes.ts";
import { conversationInApi } from "./conversation-shapes.ts";
import { makeConversation } from "./conversations.ts";
import { addMessage } from "./messages.ts";
import type { Office } from "./office.ts";
import { type Contact, type Conversation, STATUSES, type Status } from "./records.ts";

const PER_PAGE = 25;

export const conversationRoutes: Route[] = [
  { method: "GET", path: /^\/conversations$/, run: list },
  { method: "GET", path: /^\/conversations\/(\d+)$/, run: one },
  { method: "POST", path: /^\/conversations\/filter$/, run: filter },
  { method: "POST", path: /^\/conversations$/, run: create },
  ...changeRoutes,
];

function one(office: Office, call: Call): unknown {
  return conversationInApi(office.account, office.account.conversation(idAt(call, 0)));
}

/** Open ones unless told otherwise; the counts are of all that match, the page is not. */
function list(office: Office, call: Call): unknown {
  const status = call.query.get("status") ?? "open";
  const inbox = call.query.get("inbox_id");
  const matching = [...office.account.conversations.values()].filter(
    (c) => (status === "all" || c.status === status) && (inbox === null || c.inboxId === Number(inbox)),
  );
  const assigned = call.query.get("assignee_type");
  const shown = matching.filter(
    (c) => assigned === null || assigned === "all" || (c.assigneeId !== null) === (assigned !== "unassigned"),
  );
  return { data: { meta: counts(office, matching), payload: page(office, { call, conversations: shown }) } };
}

function filter(office: Office, call: Call): unknown {
  const { payload } = jsonBody(call);
  if (!Array.isArray(payload)) throw new ApiError(422, { error: "payload is missing" });
  const matching = [...office.account.conversations.values()].filter((c) => matches(c, payload as Fields[]));
  return { meta: counts(office, matching), payload: page(office, { call, conversations: matching }) };
}

/** Newest activity first, so a conversation that wakes up moves to the first page while a reader is on the second. */
function page(office: Office, of: { call: Call; conversations: Conversation[] }): unknown[] {
  const start = (pageOf(of.call) - 1) * PER_PAGE;
  return of.conversations
    .toSorted((a, b) => b.lastActivityAt.getTime() - a.lastActivityAt.getTime() || b.id - a.id)
    .slice(start, start + PER_PAGE)
    .map((conversation) => conversationInApi(office.account, conversation));
}

/** The token is the first agent's. */
function counts(office: Office, conversations: Conversation[]) {
  const [me] = office.account.agents.keys();
  const assigned = conversations.filter((c) => c.assigneeId !== null);
  return {
    mine_count: assigned.filter((c) => c.assigneeId === me).length,
    assigned_count: assigned.length,
    unassigned_count: conversations.length - assigned.length,
    all_count: conversations.length,
  };
}

const READERS: Record<string, (c: Conversation) => unknown> = {
  status: (c) => c.status,
  inbox_id: (c) => c.inboxId,
  display_id: (c) => c.id,
  assignee_id: (c) => c.assigneeId,
  priority: (c) => c.priority,
  created_at: (c) => c.createdAt,
  last_activity_at: (c) => c.lastActivityAt,
};

/** Joined from the left by each condition's own and / or, as Chatwoot strings them into its query. */
function matches(conversation: Conversation, conditions: Fields[]): boolean {
  let result = true;
  let join = "and";
  for (const condition of conditions) {
    const holds = meets(conversation, condition);
    result = join === "or" ? result || holds : result && holds;
    join = String(condition["query_operator"] ?? "and").toLowerCase();
  }
  return result;
}

function meets(conversation: Conversation, condition: Fields): boolean {
  const key = String(condition["attribute_key"]);
  const read = READERS[key];
  if (read === undefined) throw new ApiError(422, { error: `Invalid attribute key - [${key}]` });
  const values = [condition["values"]].flat().map(String);
  const actual = read(conversation);
  const operator = String(condition["filter_operator"]);
  if (actual instanceof Date) return dateMeets(actual, { operator, value: values[0] ?? "" });
  if (operator === "equal_to") return values.includes("all") || values.includes(String(actual));
  if (operator === "not_equal_to") return !values.includes(String(actual));
  if (operator === "is_present") return actual !== null;
  if (operator === "is_not_present") return actual === null;
  throw new ApiError(422, { error: `Invalid operator - [${operator}]` });
}

function dateMeets(actual: Date, than: { operator: string; value: string }): boolean {
  const wanted = Date.parse(than.value);
  if (Number.isNaN(wanted)) throw new ApiError(422, { error: `Invalid value - [${than.value}]` });
  if (than.operator === "is_greater_than") return actual.getTime() > wanted;
  if (than.operator === "is_less_than") return actual.getTime() < wanted;
  throw new ApiError(422, { error: `Invalid operator - [${than.operator}]` });
}

function create(office: Office, call: Call): unknown {
  const { account } = office;
  const fields = jsonBody(call);
  const { contact, inboxId } = party(office, fields);
  const status = textField(fields, "status") ?? "open";
  if (!isStatus(status)) throw invalid("Status", "is not included in the list");
  const at = office.clock.now();
  const sourceId = textField(fields, "source_id");
  const conversation = makeConversation(office, {
    contact,
    inboxId,
    at,
    status,
    customAttributes: objectField(fields, "custom_attributes") ?? {},
    additionalAttributes: objectField(fields, "additional_attributes") ?? {},
    ...(sourceId === undefined ? {} : { sourceId }),
  });
  const first = objectField(fields, "message");
  const content = first === undefined ? undefined : textField(first, "content");
  const [agent] = account.agents.keys();
  if (content !== undefined) {
    const sender = agent === undefined ? null : ({ kind: "agent", id: agent } as const);
    addMessage(office, { conversation, type: "outgoing", content, at, sender });
  }
  return conversationInApi(account, conversation);
}

/** The contact and inbox are named, or follow from the source id of a contact that already writes there. */
function party(office: Office, fields: Fields): { contact: Contact; inboxId: number } {
  const { account } = office;
  const sourceId = textField(fields, "source_id");
  const link = [...account.contactInboxes.values()].find((known) => known.sourceId === sourceId);
  const contactId = numberField(fields, "contact_id") ?? link?.contactId;
  const inboxId = numberField(fields, "inbox_id") ?? link?.inboxId;
  if (contactId === undefined) throw invalid("Contact", "must exist");
  if (inboxId === undefined) throw invalid("Inbox", "must exist");
  return { contact: account.contact(contactId), inboxId: account.inbox(inboxId).id };
}

function isStatus(text: string): text is Status {
  return (STATUSES as readonly string[]).includes(text);
}
