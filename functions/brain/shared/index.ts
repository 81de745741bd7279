/** The spine's public door. */
import type { Schedule } from "../kernel/schedule.ts";
import type { Verb } from "../kernel/verb.ts";
import { listAudit, sealAudit, verifyAudit } from "./audit.ts";
import { anchorAudit } from "./audit-anchor.ts";
import { listEvents } from "./events.ts";
import { listJobRuns } from "./job-runs.ts";
import { readMetrics } from "./metrics.ts";

export { auditSweep, listAudit, verifyAudit } from "./audit.ts";
export { anchorSweep } from "./audit-anchor.ts";
export { Event, type EventRow, eventColumns, eventView, listEvents } from "./events.ts";
export { type JobRunRecord, listJobRuns, recordJobRun } from "./job-runs.ts";
export { readMetrics } from "./metrics.ts";
export { retained } from "./retained.ts";
export { retentionVerbs } from "./retention.ts";
export { sweepVerbs } from "./sweep.ts";

export const schedules: readonly Schedule[] = [{ kind: "shared.retention.run", cron: "20 3 * * *", missed: "once" }];

export const verbs = [
  listEvents,
  listAudit,
  verifyAudit,
  sealAudit,
  anchorAudit,
  listJobRuns,
  readMetrics,
] as unknown as Verb[];
