/** How a contact and an agent look from outside: in webhooks, nested in a message, and in the API. */
import type { Account } from "./account.ts";
import type { Agent, Contact, ContactInbox, Sender } from "./records.ts";

type Shape = Record<string, unknown>;

/** Whole Unix seconds; Chatwoot writes 0 where there is no time. */
export function seconds(at: Date | null): number {
  return at === null ? 0 : Math.floor(at.getTime() / 1000);
}

export function accountShape(account: Account): Shape {
  return { id: account.id, name: account.name };
}

/** The sender of a webhook and the body of a contact event: no `type` key tells that this is a contact. */
export function contactInWebhook(account: Account, contact: Contact): Shape {
  return {
    account: accountShape(account),
    additional_attributes: contact.additionalAttributes,
    avatar: "",
    custom_attributes: contact.customAttributes,
    email: contact.email,
    id: contact.id,
    identifier: contact.identifier,
    name: contact.name,
    phone_number: contact.phoneNumber,
    thumbnail: "",
    blocked: contact.blocked,
  };
}

/** The same person where a conversation or a nested message names its sender. */
export function contactNested(contact: Contact): Shape {
  return {
    additional_attributes: contact.additionalAttributes,
    custom_attributes: contact.customAttributes,
    email: contact.email,
    id: contact.id,
    identifier: contact.identifier,
    name: contact.name,
    phone_number: contact.phoneNumber,
    thumbnail: "",
    blocked: contact.blocked,
    type: "contact",
  };
}

export function agentInWebhook(agent: Agent): Shape {
  return { id: agent.id, name: agent.name, email: agent.email, type: "user" };
}

export function agentNested(agent: Agent): Shape {
  return {
    id: agent.id,
    name: agent.name,
    available_name: agent.availableName,
    avatar_url: "",
    type: "user",
    availability_status: "online",
    thumbnail: "",
  };
}

export function senderInWebhook(account: Account, sender: Sender): Shape | null {
  if (sender === null) return null;
  if (sender.kind === "agent") return agentInWebhook(account.agent(sender.id));
  return contactInWebhook(account, account.contact(sender.id));
}

export function senderNested(account: Account, sender: Sender): Shape | null {
  if (sender === null) return null;
  return sender.kind === "agent" ? agentNested(account.agent(sender.id)) : contactNested(account.contact(sender.id));
}

export function contactInboxShape(link: ContactInbox): Shape {
  return {
    id: link.id,
    contact_id: link.contactId,
    inbox_id: link.inboxId,
    source_id: link.sourceId,
    created_at: link.createdAt.toISOString(),
    updated_at: link.updatedAt.toISOString(),
    hmac_verified: link.hmacVerified,
    pubsub_token: link.pubsubToken,
  };
}

/** A contact as `GET /contacts` answers it. */
export function contactInApi(contact: Contact): Shape {
  return {
    additional_attributes: contact.additionalAttributes,
    availability_status: "offline",
    email: contact.email,
    id: contact.id,
    name: contact.name,
    phone_number: contact.phoneNumber,
    blocked: contact.blocked,
    identifier: contact.identifier,
    thumbnail: "",
    custom_attributes: contact.customAttributes,
    ...(contact.lastActivityAt === null ? {} : { last_activity_at: seconds(contact.lastActivityAt) }),
    created_at: seconds(contact.createdAt),
  };
}
