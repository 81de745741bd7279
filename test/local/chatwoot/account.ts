/** The account the fixtures were taken from, and readers for what it sends. */
import { type ChatwootOptions, type Delivery, type LocalChatwoot, startChatwoot } from "#local/chatwoot.ts";

export type Body = Record<string, unknown> & { event: string };

export const METTE = {
  name: "Mette Holm",
  email: "mette@example.dk",
  phone: "+4520304050",
  customAttributes: { plan: "gold" },
};
export const SECRET = "cw-secret-1";
export const HOOK = "http://127.0.0.1:9/v1/hooks/chatwoot/nordvarme";

/** Numbers as in the fixtures; webhooks are kept, not sent. */
export async function fixtureAccount(options: ChatwootOptions = {}): Promise<LocalChatwoot> {
  const chatwoot = await startChatwoot({
    accountId: 7,
    token: "token-of-lars",
    inboxes: [
      { id: 14, name: "SMS", channel: "Channel::Api" },
      { id: 3, name: "Website", channel: "Channel::WebWidget" },
    ],
    agents: [{ id: 33, name: "Lars T", availableName: "Lars", email: "lars@nordvarme.example" }],
    firstIds: { contact: 5012, contactInbox: 311, conversation: 482, message: 90_117, attachment: 771 },
    ...options,
  });
  chatwoot.webhooks.mode = "capture";
  chatwoot.subscribe({ url: HOOK, secret: SECRET });
  return chatwoot;
}

export function bodyOf(delivery: Delivery): Body {
  return JSON.parse(Buffer.from(delivery.body).toString("utf8")) as Body;
}

export function drained(chatwoot: LocalChatwoot): Body[] {
  return chatwoot.webhooks.drain().map(bodyOf);
}

export function only(bodies: Body[], event: string): Body {
  const [found, ...more] = bodies.filter((body) => body.event === event);
  if (found === undefined || more.length > 0) throw new Error(`expected one ${event}, got ${1 + more.length}`);
  return found;
}
