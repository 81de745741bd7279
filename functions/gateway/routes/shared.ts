/** REST routes of the spine. */
import { retention } from "#brain/registry.ts";
import {
  discardLetter,
  getLetter,
  getSchedule,
  listAudit,
  listEvents,
  listJobRuns,
  listLetters,
  listRuns,
  listSchedules,
  listStuck,
  readMetrics,
  retryLetter,
  retryLetters,
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
  route({ verb: retention.list, method: "get", path: "/v1/shared/retention" }),
  route({ verb: retention.preview, method: "get", path: "/v1/shared/retention-preview" }),
  route({ verb: retention.get, method: "get", path: "/v1/shared/retention/{kind}" }),
  route({ verb: retention.update, method: "post", path: "/v1/shared/retention/{kind}" }),
  route({ verb: listSchedules, method: "get", path: "/v1/shared/schedules", list: true }),
  route({ verb: getSchedule, method: "get", path: "/v1/shared/schedules/{id}" }),
  route({ verb: updateSchedule, method: "patch", path: "/v1/shared/schedules/{id}" }),
  route({ verb: runNow, method: "post", path: "/v1/shared/schedules/{id}/run", status: 202 }),
  route({ verb: listRuns, method: "get", path: "/v1/shared/runs", list: true }),
  route({ verb: readMetrics, method: "get", path: "/v1/metrics" }),
  route({ verb: listLetters, method: "get", path: "/v1/shared/letters", list: true }),
  route({ verb: retryLetters, method: "post", path: "/v1/shared/letters/retry" }),
  route({ verb: getLetter, method: "get", path: "/v1/shared/letters/{id}" }),
  route({ verb: retryLetter, method: "post", path: "/v1/shared/letters/{id}/retry" }),
  route({ verb: discardLetter, method: "post", path: "/v1/shared/letters/{id}/discard" }),
  route({ verb: listStuck, method: "get", path: "/v1/shared/outbox/stuck", list: true }),
] as unknown as Route[];
