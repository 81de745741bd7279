/** The inbox's public door. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { getConversation, listConversations } from "./conversations.ts";
import { ingest } from "./ingest.ts";
import { listCitedMessages, listMessages } from "./messages.ts";
import { assignConversation, createNote, labelConversation, setStatus } from "./own-write.ts";
import { carryWrite } from "./own-write-job.ts";
import { closeBreaker, getWrite, listBreakers, listWrites } from "./own-writing.ts";
import { listConversationEvents, listPassages } from "./passages.ts";
import { detectGaps, reconcile } from "./reconcile.ts";
import { replyInConversation } from "./reply.ts";
import { suggestReply } from "./suggest.ts";
import { cancelSync, listSyncs, startSync, syncStatus } from "./sync.ts";

export { erased } from "./erased.ts";
export type { Binding, Delivery } from "./events.ts";
export { ingestDeliveries } from "./ingest.ts";
export { fromMicros } from "./instant.ts";
export type { OwnWriteView } from "./own-write.ts";
export type { BreakerView } from "./own-writing.ts";
export { housekeeping, retained } from "./retained.ts";
export {
  assignConversation,
  cancelSync,
  closeBreaker,
  createNote,
  getConversation,
  getWrite,
  ingest,
  labelConversation,
  listBreakers,
  listCitedMessages,
  listConversationEvents,
  listConversations,
  listMessages,
  listPassages,
  listSyncs,
  listWrites,
  replyInConversation,
  setStatus,
  startSync,
  suggestReply,
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
  replyInConversation,
  suggestReply,
  reconcile,
  detectGaps,
  startSync,
  syncStatus,
  cancelSync,
  listSyncs,
  createNote,
  setStatus,
  assignConversation,
  labelConversation,
  getWrite,
  listWrites,
  carryWrite,
  listBreakers,
  closeBreaker,
] as unknown as Verb[];
