/** The world's public door: its verbs, and what a knower knows as statements for others. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { getBehind } from "./behind.ts";
import { listConflicts } from "./conflicts.ts";
import { listKnowers, listKnows, putEdge } from "./edges.ts";
import { archiveEntity, createEntity, getEntity, listEntities, restoreEntity, updateEntity } from "./entities.ts";
import { extractSchedule, runExtraction } from "./extract/run.ts";
import { explainFact, getFact } from "./fact-history.ts";
import { closeFact, createFact, listFacts } from "./facts.ts";
import { getOwnConsents, setOwnConsents } from "./own-consents.ts";
import { replayTurn } from "./rehearsal/replay.ts";
import { styles } from "./rehearsal/session.ts";
import { createSession, endSession, getSession, listSessions } from "./rehearsal/sessions.ts";
import { templateNames } from "./rehearsal/templates.ts";
import { say } from "./rehearsal/turns.ts";
import { closeRelationship, createRelationship, listRelationships } from "./relationships.ts";
import { listFactProposals, reviewFact } from "./review.ts";

export { entityTypes } from "./entity.ts";
export { erased } from "./erased.ts";
export { type Attribute, byAttribute, type FactRow, type FactView, factView, rankOf } from "./fact.ts";
export { namedDa, namedEn, valueDa } from "./plain-words.ts";
export { factsTold } from "./told.ts";
export { type Knowing, knownOf, seenBy, visibleOf, visibleTo } from "./visible.ts";
export {
  archiveEntity,
  closeFact,
  closeRelationship,
  createEntity,
  createFact,
  createRelationship,
  createSession,
  endSession,
  explainFact,
  getBehind,
  getEntity,
  getFact,
  getOwnConsents,
  getSession,
  listConflicts,
  listEntities,
  listFactProposals,
  listFacts,
  listKnowers,
  listKnows,
  listRelationships,
  listSessions,
  putEdge,
  replayTurn,
  restoreEntity,
  reviewFact,
  say,
  setOwnConsents,
  styles,
  templateNames,
  updateEntity,
};

export const schedules: readonly Schedule[] = [extractSchedule];

export const verbs = [
  listEntities,
  createEntity,
  getEntity,
  getBehind,
  updateEntity,
  archiveEntity,
  restoreEntity,
  listKnows,
  listFacts,
  createFact,
  getFact,
  explainFact,
  closeFact,
  listKnowers,
  putEdge,
  listRelationships,
  createRelationship,
  closeRelationship,
  listConflicts,
  getOwnConsents,
  setOwnConsents,
  listFactProposals,
  reviewFact,
  listSessions,
  createSession,
  getSession,
  endSession,
  say,
  replayTurn,
  runExtraction,
] as unknown as Verb[];
