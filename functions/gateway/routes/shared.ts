/** REST routes of the spine. */
import {
  getSchedule,
  listAudit,
  listEvents,
  listJobRuns,
  listRuns,
  listSchedules,
  readMetrics,
  runNow,
  updateSchedule,
  verifyAudit,
} from "#brain/shared/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: listEvents, method: "get", path: "/v1/shared/events", list: true }),
  route({ verb: listAudit, method: "get", path: "/v1/shared/audit", list: true }),
  route({ verb: verifyAudit, method: "get", path: "/v1/shared/audit/verify" }),
  route({ verb: listJobRuns, method: "get", path: "/v1/shared/job-runs", list: true }),
  route({ verb: listSchedules, method: "get", path: "/v1/shared/schedules", list: true }),
  route({ verb: getSchedule, method: "get", path: "/v1/shared/schedules/{id}" }),
  route({ verb: updateSchedule, method: "patch", path: "/v1/shared/schedules/{id}" }),
  route({ verb: runNow, method: "post", path: "/v1/shared/schedules/{id}/run", status: 202 }),
  route({ verb: listRuns, method: "get", path: "/v1/shared/runs", list: true }),
  route({ verb: readMetrics, method: "get", path: "/v1/metrics" }),
] as unknown as Route[];
