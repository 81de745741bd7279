/** What integrations change in a conversation over the API: status, assignee, labels. Each comes back as a webhook, like anybody's. */
import { ApiError, type Call, idAt, invalid, jsonBody, numberField, type Route, textField } from "./api-call.ts";
import { agentNested } from "./contact-shapes.ts";
import { changeConversation } from "./conversations.ts";
import type { Office } from "./office.ts";
import { STATUSES, type Status } from "./records.ts";

export const changeRoutes: Route[] = [
  { method: "POST", path: /^\/conversations\/(\d+)\/toggle_status$/, run: toggleStatus },
  { method: "POST", path: /^\/conversations\/(\d+)\/assignments$/, run: assign },
  { method: "POST", path: /^\/conversations\/(\d+)\/labels$/, run: label },
];

/** Without a status it turns open into resolved and anything else into open. */
function toggleStatus(office: Office, call: Call): unknown {
  const conversation = office.account.conversation(idAt(call, 0));
  const wanted = textField(jsonBody(call), "status") ?? (conversation.status === "open" ? "resolved" : "open");
  if (!isStatus(wanted)) throw invalid("Status", "is not included in the list");
  const { id, status } = changeConversation(office, { conversationId: conversation.id, patch: { status: wanted } });
  return { meta: {}, payload: { success: true, current_status: status, conversation_id: id } };
}

/** An agent who is not there takes it off everybody, as it does in Chatwoot. */
function assign(office: Office, call: Call): unknown {
  const { account } = office;
  const conversation = account.conversation(idAt(call, 0));
  const fields = jsonBody(call);
  if (!("assignee_id" in fields)) throw new ApiError(422, { error: "assignee_id is missing" });
  const given = numberField(fields, "assignee_id");
  const assigneeId = given !== undefined && account.agents.has(given) ? given : null;
  changeConversation(office, { conversationId: conversation.id, patch: { assigneeId } });
  return assigneeId === null ? null : agentNested(account.agent(assigneeId));
}

function label(office: Office, call: Call): unknown {
  const conversation = office.account.conversation(idAt(call, 0));
  const { labels } = jsonBody(call);
  if (!Array.isArray(labels)) throw invalid("Labels", "must be an array");
  const changed = changeConversation(office, {
    conversationId: conversation.id,
    patch: { labels: [...new Set(labels.map(String))] },
  });
  return { payload: changed.labels };
}

function isStatus(text: string): text is Status {
  return (STATUSES as readonly string[]).includes(text);
}
