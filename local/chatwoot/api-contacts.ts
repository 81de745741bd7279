/** Contacts in the API: only those one could reach, fifteen to a page. */
import {
  ApiError,
  type Call,
  idAt,
  jsonBody,
  numberField,
  objectField,
  pageOf,
  type Route,
  textField,
} from "./api-call.ts";
import { contactInApi } from "./contact-shapes.ts";
import { makeContact } from "./contacts.ts";
import type { Office } from "./office.ts";
import type { Contact, ContactInbox } from "./records.ts";

const PER_PAGE = 15;

export const contactRoutes: Route[] = [
  { method: "GET", path: /^\/contacts$/, run: list },
  { method: "GET", path: /^\/contacts\/(\d+)$/, run: one },
  { method: "POST", path: /^\/contacts$/, run: create },
];

const SORTS: Record<string, (a: Contact, b: Contact) => number> = {
  name: (a, b) => a.name.localeCompare(b.name),
  email: (a, b) => (a.email ?? "").localeCompare(b.email ?? ""),
  phone_number: (a, b) => (a.phoneNumber ?? "").localeCompare(b.phoneNumber ?? ""),
  created_at: (a, b) => a.createdAt.getTime() - b.createdAt.getTime(),
  last_activity_at: (a, b) => (a.lastActivityAt?.getTime() ?? 0) - (b.lastActivityAt?.getTime() ?? 0),
};

/** Visitors who left neither e-mail, phone nor identifier are not in the list at all. */
function list(office: Office, call: Call): unknown {
  const reachable = [...office.account.contacts.values()].filter((c) => c.email || c.phoneNumber || c.identifier);
  const sort = call.query.get("sort") ?? "name";
  const order = SORTS[sort.replace(/^-/, "")] ?? SORTS["name"];
  const down = sort.startsWith("-") ? -1 : 1;
  const page = pageOf(call);
  const shown = reachable
    .toSorted((a, b) => down * (order?.(a, b) ?? 0) || a.id - b.id)
    .slice((page - 1) * PER_PAGE, page * PER_PAGE);
  return {
    meta: { count: reachable.length, current_page: page },
    payload: shown.map((contact) => ({ ...contactInApi(contact), contact_inboxes: links(office, contact) })),
  };
}

function one(office: Office, call: Call): unknown {
  const contact = office.account.contact(idAt(call, 0));
  return { payload: { ...contactInApi(contact), contact_inboxes: links(office, contact) } };
}

function create(office: Office, call: Call): unknown {
  const { account } = office;
  const fields = jsonBody(call);
  const inboxId = numberField(fields, "inbox_id");
  if (inboxId !== undefined) account.inbox(inboxId);
  const given = {
    email: textField(fields, "email") ?? null,
    phone: textField(fields, "phone_number") ?? null,
    identifier: textField(fields, "identifier") ?? null,
  };
  assertNew(office, given);
  const now = office.clock.now();
  const contact = makeContact(office, {
    name: textField(fields, "name") ?? "",
    ...given,
    customAttributes: objectField(fields, "custom_attributes") ?? {},
    additionalAttributes: objectField(fields, "additional_attributes") ?? {},
    at: now,
  });
  const sourceId = textField(fields, "source_id");
  const address = sourceId === undefined ? {} : { sourceId };
  const link = inboxId === undefined ? null : account.contactInbox(contact, { inboxId, now, ...address });
  const shown = { ...contactInApi(contact), contact_inboxes: links(office, contact) };
  return { payload: { contact: shown, contact_inbox: link === null ? {} : linkShape(office, link) } };
}

/** E-mail, phone and identifier each belong to one contact of the account. */
function assertNew(
  office: Office,
  given: { email: string | null; phone: string | null; identifier: string | null },
): void {
  if (given.phone !== null && !/^\+[1-9]\d{1,14}$/.test(given.phone)) {
    throw new ApiError(422, { message: "Phone number should be in e164 format", attributes: ["phone_number"] });
  }
  for (const known of office.account.contacts.values()) {
    const taken = [
      given.email !== null && known.email === given.email ? "email" : "",
      given.phone !== null && known.phoneNumber === given.phone ? "phone_number" : "",
      given.identifier !== null && known.identifier === given.identifier ? "identifier" : "",
    ].filter((name) => name !== "");
    if (taken.length === 0) continue;
    const message = taken.map((name) => `${name.replace("_", " ")} has already been taken`).join(", ");
    throw new ApiError(422, { message, attributes: taken });
  }
}

function links(office: Office, contact: Contact): unknown[] {
  return [...office.account.contactInboxes.values()]
    .filter((link) => link.contactId === contact.id)
    .map((link) => linkShape(office, link));
}

function linkShape(office: Office, link: ContactInbox) {
  const inbox = office.account.inbox(link.inboxId);
  return { source_id: link.sourceId, inbox: { id: inbox.id, name: inbox.name, channel_type: inbox.channel } };
}
