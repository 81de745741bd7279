/** An account webhook comes into being, with a secret that Chatwoot makes itself unless a test names one. */
import { randomBytes } from "node:crypto";
import type { Office } from "./office.ts";
import { EVENTS, type EventName } from "./records.ts";
import type { Subscription } from "./webhooks.ts";

export function subscribe(
  office: Office,
  given: { url: string; secret?: string | null; events?: EventName[]; name?: string | null },
): Subscription {
  const made: Subscription = {
    id: office.account.number("webhook"),
    url: given.url,
    name: given.name ?? null,
    secret: given.secret === undefined ? randomBytes(24).toString("base64url") : given.secret,
    events: given.events ?? [...EVENTS],
  };
  office.webhooks.subscriptions.set(made.id, made);
  office.webhooks.onEvent();
  return made;
}
