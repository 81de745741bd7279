/** People's public door. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { getUses, setUses } from "./consents.ts";
import { getContact, listContacts } from "./contacts.ts";
import { addPoint, createContact, removePoint, updateContact } from "./keeping.ts";
import { linkContacts, linkSchedule } from "./link.ts";
import { mergeContacts, unmergeContacts } from "./merging.ts";
import { acceptProposal, dismissProposal, listProposals } from "./proposals.ts";

export { emailNorm, phoneNorm } from "./address.ts";
export { callingCodes } from "./calling-codes.ts";
export { preferredChannels } from "./contact.ts";
export { erased } from "./erased.ts";
export {
  acceptProposal,
  addPoint,
  createContact,
  dismissProposal,
  getContact,
  getUses,
  linkContacts,
  listContacts,
  listProposals,
  mergeContacts,
  removePoint,
  setUses,
  unmergeContacts,
  updateContact,
};

export const schedules: readonly Schedule[] = [linkSchedule];

export const verbs = [
  listContacts,
  getContact,
  createContact,
  updateContact,
  addPoint,
  removePoint,
  mergeContacts,
  unmergeContacts,
  listProposals,
  acceptProposal,
  dismissProposal,
  linkContacts,
  getUses,
  setUses,
] as unknown as Verb[];
