/** The vault's public door: its verbs, and when it looks by itself. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { bindSource } from "./binding.ts";
import { getDocument, listDocumentPassages, listDocuments } from "./documents.ts";
import { hear } from "./hear.ts";
import { searchDocuments } from "./search.ts";
import { listSources, showSource } from "./sources.ts";
import { getSync, startSync, syncAll } from "./sync.ts";
import { syncSource } from "./sync-job.ts";

export { erased } from "./erased.ts";
export { retained } from "./retained.ts";
export {
  bindSource,
  getDocument,
  getSync,
  hear,
  listDocumentPassages,
  listDocuments,
  listSources,
  searchDocuments,
  showSource,
  startSync,
};

export const verbs = [
  bindSource,
  listSources,
  showSource,
  startSync,
  getSync,
  syncAll,
  syncSource,
  listDocuments,
  getDocument,
  listDocumentPassages,
  searchDocuments,
  hear,
] as unknown as Verb[];

export const schedules: readonly Schedule[] = [{ kind: "vault.sync.all", everySeconds: 3600, missed: "once" }];
