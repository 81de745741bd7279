/** The inbox's public door. */
import type { Verb } from "../kernel/verb.ts";
import { getConversation, listConversations } from "./conversations.ts";
import { listMessages } from "./messages.ts";

export { getConversation, listConversations, listMessages };

export const verbs = [listConversations, getConversation, listMessages] as unknown as Verb[];
