/** The inbox's public door. */
import type { Verb } from "../kernel/verb.ts";
import { getConversation, listConversations } from "./conversations.ts";
import { listCitedMessages, listMessages } from "./messages.ts";
import { listConversationEvents, listPassages } from "./passages.ts";

export { getConversation, listConversationEvents, listCitedMessages, listConversations, listMessages, listPassages };

export const verbs = [listConversations, getConversation, listMessages, listCitedMessages, listPassages, listConversationEvents] as unknown as Verb[];
