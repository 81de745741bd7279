/** The inbox's public door. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { getConversation, listConversations } from "./conversations.ts";
import { ingest } from "./ingest.ts";
import { listCitedMessages, listMessages } from "./messages.ts";
import { listConversationEvents, listPassages } from "./passages.ts";
import { detectGaps, reconcile } from "./reconcile.ts";
import { cancelSync, listSyncs, startSync, syncStatus } from "./sync.ts";

export type { Binding, Delivery } from "./events.ts";
export { ingestDeliveries } from "./ingest.ts";
export { fromMicros } from "./instant.ts";
export { housekeeping, retained } from "./retained.ts";
export {
  cancelSync,
  getConversation,
  ingest,
  listCitedMessages,
  listConversationEvents,
  listConversations,
  listMessages,
  listPassages,
  listSyncs,
  startSync,
  syncStatus,
};

export const schedules: readonly Schedule[] = [
  { kind: "inbox.reconcile", everySeconds: 900, missed: "skip" },
  { kind: "inbox.gaps", everySeconds: 3600, missed: "skip" },
];

export const verbs = [
  listConversations,
  getConversation,
  listMessages,
  listCitedMessages,
  listPassages,
  listConversationEvents,
  ingest,
  reconcile,
  detectGaps,
  startSync,
  syncStatus,
  cancelSync,
  listSyncs,
] as unknown as Verb[];
