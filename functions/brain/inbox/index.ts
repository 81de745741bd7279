/** The inbox's public door. */
import type { Verb } from "../kernel/verb.ts";
import { getConversation, listConversations } from "./conversations.ts";
import { ingest } from "./ingest.ts";
import { listCitedMessages, listMessages } from "./messages.ts";
import { listConversationEvents, listPassages } from "./passages.ts";
import { replyInConversation } from "./reply.ts";

export type { Binding, Delivery } from "./events.ts";
export { ingestDeliveries } from "./ingest.ts";
export { fromMicros } from "./instant.ts";
export { housekeeping, retained } from "./retained.ts";
export {
  getConversation,
  ingest,
  listCitedMessages,
  listConversationEvents,
  listConversations,
  listMessages,
  listPassages,
  replyInConversation,
};

export const verbs = [
  listConversations,
  getConversation,
  listMessages,
  listCitedMessages,
  listPassages,
  listConversationEvents,
  ingest,
  replyInConversation,
] as unknown as Verb[];
