/** The spine's public door. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { listAudit, sealAudit, verifyAudit } from "./audit.ts";
import { anchorAudit, anchorSchedule } from "./audit-anchor.ts";
import { listEvents } from "./events.ts";
import { beginImport, bringLines, getImport } from "./imports.ts";
import { listJobRuns } from "./job-runs.ts";
import { discardLetter, retryLetter, retryLetters } from "./letter-acts.ts";
import { receiveLetter } from "./letter-receive.ts";
import { getLetter, listLetters, listStuck } from "./letters.ts";
import { readMetrics } from "./metrics.ts";
import { retentionSchedule } from "./retention-run.ts";
import { getSchedule, listSchedules, runNow, updateSchedule } from "./schedules.ts";
import { listRuns } from "./worker-runs.ts";

export { auditSweep, listAudit, verifyAudit } from "./audit.ts";
export { erased } from "./erased.ts";
export { erasureVerbs } from "./erasures.ts";
export { Event, type EventRow, eventColumns, eventView, listEvents } from "./events.ts";
export { type Dataset, exportVerbs } from "./exports.ts";
export { beginImport, bringLines, finishImport, getImport, largestImport } from "./imports.ts";
export { type JobRunRecord, listJobRuns, recordJobRun } from "./job-runs.ts";
export { letterStates } from "./letter.ts";
export { discardLetter, retryLetter, retryLetters } from "./letter-acts.ts";
export { resolveLetter } from "./letter-receive.ts";
export { getLetter, listLetters, listStuck } from "./letters.ts";
export { readMetrics } from "./metrics.ts";
export { retained } from "./retained.ts";
export { retentionVerbs } from "./retention.ts";
export type { ScheduleView } from "./schedule.ts";
export { runVerb } from "./schedule-run.ts";
export { getSchedule, listSchedules, runNow, updateSchedule } from "./schedules.ts";
export { sweepVerbs } from "./sweep.ts";
export { listRuns, type RunView } from "./worker-runs.ts";

export const verbs = [
  listEvents,
  listAudit,
  verifyAudit,
  sealAudit,
  anchorAudit,
  listJobRuns,
  readMetrics,
  listSchedules,
  getSchedule,
  updateSchedule,
  runNow,
  listRuns,

  receiveLetter,
  listLetters,
  getLetter,
  retryLetter,
  retryLetters,
  discardLetter,
  listStuck,

  beginImport,
  bringLines,
  getImport,
] as unknown as Verb[];

export const schedules: readonly Schedule[] = [anchorSchedule, retentionSchedule];
