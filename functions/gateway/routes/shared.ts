/** REST routes of the spine. */
import { retention } from "#brain/registry.ts";
import { listAudit, listEvents, listJobRuns, readMetrics, verifyAudit } from "#brain/shared/index.ts";
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
  route({ verb: readMetrics, method: "get", path: "/v1/metrics" }),
] as unknown as Route[];
