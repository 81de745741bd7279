/** Webhooks in the API: registering one, and reading back the secret Chatwoot made for it. */
import { type Call, type Fields, invalid, jsonBody, objectField, type Route, textField } from "./api-call.ts";
import type { Office } from "./office.ts";
import { EVENTS, type EventName } from "./records.ts";
import { subscribe } from "./subscribe.ts";
import type { Subscription } from "./webhooks.ts";

export const webhookRoutes: Route[] = [
  { method: "GET", path: /^\/webhooks$/, run: list },
  { method: "POST", path: /^\/webhooks$/, run: create },
];

function list(office: Office): unknown {
  const webhooks = [...office.webhooks.subscriptions.values()].map((known) => shape(office, known));
  return { payload: { webhooks } };
}

function create(office: Office, call: Call): unknown {
  const body = jsonBody(call);
  const fields: Fields = objectField(body, "webhook") ?? body;
  const url = textField(fields, "url");
  if (url === undefined || !URL.canParse(url) || !/^https?:/.test(url)) throw invalid("Url", "is invalid");
  if ([...office.webhooks.subscriptions.values()].some((known) => known.url === url)) {
    throw invalid("Url", "has already been taken");
  }
  const wanted = fields["subscriptions"] ?? [...EVENTS];
  if (!Array.isArray(wanted) || !wanted.every(isEvent)) throw invalid("Subscriptions", "Invalid events");
  const name = textField(fields, "name") ?? null;
  return { payload: { webhook: shape(office, subscribe(office, { url, events: wanted, name })) } };
}

function shape(office: Office, known: Subscription) {
  const { id, name, url, events, secret } = known;
  return { id, name, url, account_id: office.account.id, subscriptions: events, secret };
}

function isEvent(text: unknown): text is EventName {
  return (EVENTS as readonly unknown[]).includes(text);
}
