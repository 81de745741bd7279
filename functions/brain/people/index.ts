/** People's public door. */
import type { Verb } from "../kernel/verb.ts";
import { getContact, listContacts, preferredChannels, updateContact } from "./contacts.ts";

export { getContact, listContacts, preferredChannels, updateContact };

export const verbs = [listContacts, getContact, updateContact] as unknown as Verb[];
