/** Contacts come into being and change; each change tells subscribers what it touched. */
import { contactBody } from "./event-bodies.ts";
import { type Office, timeOf, type When } from "./office.ts";
import type { Attributes, Changes, Contact } from "./records.ts";

export type ContactDetails = {
  name: string;
  email?: string | null;
  phone?: string | null;
  identifier?: string | null;
  additionalAttributes?: Attributes;
  customAttributes?: Attributes;
};
/** A contact by its id, or by what is known of it: found by identifier, e-mail, phone or else name, or made. */
export type ContactRef = number | ContactDetails;
export type ContactPatch = Partial<ContactDetails> & { blocked?: boolean };

export function findOrMakeContact(office: Office, given: { contact: ContactRef; at: Date }): Contact {
  if (typeof given.contact === "number") return office.account.contact(given.contact);
  return findContact(office, given.contact) ?? makeContact(office, { ...given.contact, at: given.at });
}

function findContact(office: Office, wanted: ContactDetails): Contact | undefined {
  const all = [...office.account.contacts.values()];
  const named = !wanted.identifier && !wanted.email && !wanted.phone;
  return (
    all.find((c) => wanted.identifier && c.identifier === wanted.identifier) ??
    all.find((c) => wanted.email && c.email === wanted.email) ??
    all.find((c) => wanted.phone && c.phoneNumber === wanted.phone) ??
    all.find((c) => named && c.name === wanted.name)
  );
}

export function makeContact(office: Office, details: ContactDetails & { at: When }): Contact {
  const at = timeOf(office, details.at);
  const contact: Contact = {
    id: office.account.number("contact"),
    name: details.name,
    email: details.email ?? null,
    phoneNumber: details.phone ?? null,
    identifier: details.identifier ?? null,
    additionalAttributes: details.additionalAttributes ?? {},
    customAttributes: details.customAttributes ?? {},
    blocked: false,
    createdAt: at,
    updatedAt: at,
    lastActivityAt: null,
  };
  office.account.contacts.set(contact.id, contact);
  office.webhooks.emit({ event: "contact_created", render: () => contactBody(office.account, contact) });
  return contact;
}

/** Attribute objects are replaced whole, as the dashboard sends them. No change, no event. */
export function changeContact(office: Office, given: { contactId: number; patch: ContactPatch; at?: When }): Contact {
  const { account } = office;
  const contact = account.contact(given.contactId);
  const { phone, ...rest } = given.patch;
  const patch: Partial<Contact> = { ...definedOnly(rest), ...(phone === undefined ? {} : { phoneNumber: phone }) };
  const changes: Changes = [];
  for (const [key, value] of Object.entries(patch)) {
    const before = contact[key as keyof Contact];
    if (JSON.stringify(before) === JSON.stringify(value)) continue;
    changes.push({ [snakeCase(key)]: { previous_value: before, current_value: value } });
  }
  if (changes.length === 0) return contact;
  Object.assign(contact, patch, { updatedAt: timeOf(office, given.at) });
  office.webhooks.emit({
    event: "contact_updated",
    render: () => ({ ...contactBody(account, contact), changed_attributes: changes }),
  });
  return contact;
}

function definedOnly<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
