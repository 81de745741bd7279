/** The field's public door: its verbs, and what others may use of it. */
import type { Verb } from "../kernel/verb.ts";
import { fetchMail } from "./fetch.ts";
import { hear } from "./hear.ts";
import { getMessage, listMessages } from "./messages.ts";
import { suggestReply } from "./suggest.ts";

export { hear } from "./hear.ts";
export type { Incoming, Told } from "./incoming.ts";
export { type Header, incomingOf, longestMail, type Mail } from "./mail.ts";
export { getMessage, listMessages } from "./messages.ts";
export { retained } from "./retained.ts";
export { suggestReply } from "./suggest.ts";

export const verbs = [hear, fetchMail, listMessages, getMessage, suggestReply] as unknown as Verb[];
