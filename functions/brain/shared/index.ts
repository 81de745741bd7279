/** The spine's public door. */
import type { Verb } from "../kernel/verb.ts";
import { listAudit, sealAudit, verifyAudit } from "./audit.ts";
import { anchorAudit } from "./audit-anchor.ts";
import { listEvents } from "./events.ts";
import { listJobRuns } from "./job-runs.ts";
import { discardLetter, retryLetter, retryLetters } from "./letter-acts.ts";
import { receiveLetter } from "./letter-receive.ts";
import { getLetter, listLetters, listStuck } from "./letters.ts";
import { readMetrics } from "./metrics.ts";

export { auditSweep, listAudit, verifyAudit } from "./audit.ts";
export { anchorSweep } from "./audit-anchor.ts";
export { Event, type EventRow, eventColumns, eventView, listEvents } from "./events.ts";
export { listJobRuns, recordJobRun } from "./job-runs.ts";
export { letterStates } from "./letter.ts";
export { discardLetter, retryLetter, retryLetters } from "./letter-acts.ts";
export { resolveLetter } from "./letter-receive.ts";
export { getLetter, listLetters, listStuck } from "./letters.ts";
export { readMetrics } from "./metrics.ts";
export { sweepVerbs } from "./sweep.ts";

export const verbs = [
  listEvents,
  listAudit,
  verifyAudit,
  sealAudit,
  anchorAudit,
  listJobRuns,
  readMetrics,
  receiveLetter,
  listLetters,
  getLetter,
  retryLetter,
  retryLetters,
  discardLetter,
  listStuck,
] as unknown as Verb[];
