/** Messages in the API: windows cut by id but ordered by time, sending with its echo, and delivery states. */
import {
  ApiError,
  type Call,
  formBody,
  idAt,
  invalid,
  jsonBody,
  objectField,
  type Route,
  textField,
} from "./api-call.ts";
import { agentNested, contactInApi, seconds } from "./contact-shapes.ts";
import { messageInApi } from "./message-shapes.ts";
import { changeStatus } from "./messages.ts";
import type { Office } from "./office.ts";
import { receive, send } from "./people.ts";
import { type Conversation, MESSAGE_STATUSES, type Message, type MessageStatus } from "./records.ts";

const NEWEST = 20;
const AFTER = 100;
const BETWEEN = 1_000;
/** Chatwoot's limit on a message's text. */
const MAX_CONTENT = 150_000;

export const messageRoutes: Route[] = [
  { method: "GET", path: /^\/conversations\/(\d+)\/messages$/, run: list },
  { method: "POST", path: /^\/conversations\/(\d+)\/messages$/, run: create },
  { method: "PATCH", path: /^\/conversations\/(\d+)\/messages\/(\d+)$/, run: update },
];

function list(office: Office, call: Call): unknown {
  const { account } = office;
  const conversation = account.conversation(idAt(call, 0));
  const { assigneeId } = conversation;
  const seen = seconds(conversation.agentLastSeenAt);
  const meta = {
    labels: conversation.labels,
    additional_attributes: conversation.additionalAttributes,
    contact: contactInApi(account.contact(conversation.contactId)),
    ...(assigneeId === null ? {} : { assignee: agentNested(account.agent(assigneeId)) }),
    agent_last_seen_at: seen,
    assignee_last_seen_at: seen,
  };
  const messages = windowOf(account.messagesOf(conversation.id), call.query);
  return { meta, payload: messages.map((message) => messageInApi(account, message)) };
}

/** The limits take the newest or the oldest by time of creation, which an import may order unlike the ids. */
function windowOf(messages: readonly Message[], query: URLSearchParams): Message[] {
  const before = numberIn(query, "before");
  const after = numberIn(query, "after");
  const byTime = messages.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || a.id - b.id);
  if (before !== undefined && after !== undefined) {
    return byTime.filter((m) => m.id >= after && m.id < before).slice(0, BETWEEN);
  }
  if (before !== undefined) return byTime.filter((m) => m.id < before).slice(-NEWEST);
  if (after !== undefined) return byTime.filter((m) => m.id > after).slice(0, AFTER);
  return byTime.slice(-NEWEST);
}

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text === null || text === "" ? undefined : Number.parseInt(text, 10) || 0;
}

async function create(office: Office, call: Call): Promise<unknown> {
  const conversation = office.account.conversation(idAt(call, 0));
  const { fields, attachments } = await formBody(call);
  const text = textField(fields, "content") ?? null;
  if ((text?.length ?? 0) > MAX_CONTENT) throw invalid("Content", `is too long (maximum is ${MAX_CONTENT} characters)`);
  const type = textField(fields, "message_type") ?? "outgoing";
  const sourceId = textField(fields, "source_id");
  const written = {
    text,
    at: externalTime(office, fields["external_created_at"]),
    contentAttributes: objectField(fields, "content_attributes") ?? {},
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(sourceId === undefined ? {} : { sourceId }),
  };
  if (type === "incoming") {
    if (!inApiInbox(office, conversation)) {
      throw new ApiError(422, { error: "Incoming messages are only allowed in Api inboxes" });
    }
    return messageInApi(office.account, receive(office, { ...written, conversation }));
  }
  if (type !== "outgoing") throw invalid("Message_type", "is not included in the list");
  const asNote = fields["private"] === true || fields["private"] === "true";
  const message = send(office, { ...written, conversation: conversation.id, private: asNote ? "yes" : "no" });
  return messageInApi(office.account, message);
}

/** An import may say when a message was written, in Unix seconds or as a date. */
function externalTime(office: Office, given: unknown): Date {
  if (given === undefined || given === null || given === "") return office.clock.now();
  const unix = Number(given);
  const at = new Date(Number.isNaN(unix) ? String(given) : unix * 1_000);
  if (Number.isNaN(at.getTime())) throw invalid("External_created_at", "is invalid");
  return at;
}

function inApiInbox(office: Office, conversation: Conversation): boolean {
  return office.account.inbox(conversation.inboxId).channel === "Channel::Api";
}

/** A step backwards is ignored, as Chatwoot does, and the message answered as it stands. */
function update(office: Office, call: Call): unknown {
  const conversation = office.account.conversation(idAt(call, 0));
  const message = office.account.message(idAt(call, 1));
  if (message.conversationId !== conversation.id) throw new ApiError(404, { error: "Resource could not be found" });
  if (!inApiInbox(office, conversation)) {
    throw new ApiError(403, { error: "Message status update is only allowed for API inboxes" });
  }
  const fields = jsonBody(call);
  const status = textField(fields, "status") ?? "";
  if (!isMessageStatus(status)) throw invalid("Status", "is not included in the list");
  const externalError = textField(fields, "external_error");
  const changed = changeStatus(office, {
    messageId: message.id,
    status,
    ...(externalError === undefined ? {} : { externalError }),
  });
  return messageInApi(office.account, changed);
}

function isMessageStatus(text: string): text is MessageStatus {
  return (MESSAGE_STATUSES as readonly string[]).includes(text);
}
