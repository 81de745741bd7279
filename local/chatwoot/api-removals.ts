/** Deleting and merging in the API: a message stays and says so, everything else is gone without a word. */
import { type Call, idAt, invalid, jsonBody, numberField, type Route } from "./api-call.ts";
import { contactInApi } from "./contact-shapes.ts";
import { messageInApi } from "./message-shapes.ts";
import { deleteMessage } from "./messages.ts";
import type { Office } from "./office.ts";
import { removalsOf } from "./removals.ts";

export const removalRoutes: Route[] = [
  { method: "DELETE", path: /^\/conversations\/(\d+)\/messages\/(\d+)$/, run: message },
  {
    method: "DELETE",
    path: /^\/conversations\/(\d+)$/,
    run: (office, call) => removalsOf(office).conversation(idAt(call, 0)) ?? {},
  },
  {
    method: "DELETE",
    path: /^\/contacts\/(\d+)$/,
    run: (office, call) => removalsOf(office).contact(idAt(call, 0)) ?? {},
  },
  { method: "POST", path: /^\/actions\/contact_merge$/, run: merge },
];

function message(office: Office, call: Call): unknown {
  office.account.conversation(idAt(call, 0));
  return messageInApi(office.account, deleteMessage(office, { messageId: idAt(call, 1) }));
}

function merge(office: Office, call: Call): unknown {
  const fields = jsonBody(call);
  const into = numberField(fields, "base_contact_id");
  const from = numberField(fields, "mergee_contact_id");
  if (into === undefined || from === undefined || into === from) throw invalid("Contact", "is invalid");
  return contactInApi(removalsOf(office).merge({ into, from }));
}
