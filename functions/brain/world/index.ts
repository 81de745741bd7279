/** The world's public door: its verbs, and what a knower knows as statements for others. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { listConflicts } from "./conflicts.ts";
import { listKnowers, listKnows, putEdge } from "./edges.ts";
import { archiveEntity, createEntity, getEntity, listEntities, restoreEntity, updateEntity } from "./entities.ts";
import { extractSchedule, runExtraction } from "./extract/run.ts";
import { explainFact, getFact } from "./fact-history.ts";
import { closeFact, createFact, listFacts } from "./facts.ts";
import { getOwnConsents, setOwnConsents } from "./own-consents.ts";
import { closeRelationship, createRelationship, listRelationships } from "./relationships.ts";

export { type Attribute, byAttribute, type FactRow, type FactView, factView, rankOf } from "./fact.ts";
export { factsTold } from "./told.ts";
export { type Knowing, knownOf, seenBy, visibleOf, visibleTo } from "./visible.ts";
export {
  archiveEntity,
  closeFact,
  closeRelationship,
  createEntity,
  createFact,
  createRelationship,
  explainFact,
  getEntity,
  getFact,
  getOwnConsents,
  listConflicts,
  listEntities,
  listFacts,
  listKnowers,
  listKnows,
  listRelationships,
  putEdge,
  restoreEntity,
  setOwnConsents,
  updateEntity,
};

export const schedules: readonly Schedule[] = [extractSchedule];

export const verbs = [
  listEntities,
  createEntity,
  getEntity,
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
  runExtraction,
] as unknown as Verb[];
