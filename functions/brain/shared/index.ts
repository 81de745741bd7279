/** The spine's public door. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { listAudit, sealAudit, verifyAudit } from "./audit.ts";
import { anchorAudit, anchorSchedule } from "./audit-anchor.ts";
import { listEvents } from "./events.ts";
import { listJobRuns } from "./job-runs.ts";
import { readMetrics } from "./metrics.ts";

export { auditSweep, listAudit, verifyAudit } from "./audit.ts";
export { Event, type EventRow, eventColumns, eventView, listEvents } from "./events.ts";
export { listJobRuns, recordJobRun } from "./job-runs.ts";
export { readMetrics } from "./metrics.ts";
export { runVerb } from "./schedule-run.ts";
export { sweepVerbs } from "./sweep.ts";

export const verbs = [
  listEvents,
  listAudit,
  verifyAudit,
  sealAudit,
  anchorAudit,
  listJobRuns,
  readMetrics,
] as unknown as Verb[];

export const schedules: readonly Schedule[] = [anchorSchedule];
