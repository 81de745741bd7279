/** People's public door. */
import type { Verb } from "../kernel/verb.ts";
import { getContact, listContacts } from "./contacts.ts";

export { getContact, listContacts };

export const verbs = [listContacts, getContact] as unknown as Verb[];
