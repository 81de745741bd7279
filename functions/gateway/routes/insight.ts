/** REST routes of insight. */
import { dismissRisk, listPromises, listRisks, listTimeline, settlePromise } from "#brain/insight/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: listTimeline, method: "get", path: "/v1/insight/timeline", list: true }),
  route({ verb: listPromises, method: "get", path: "/v1/insight/promises", list: true }),
  route({ verb: settlePromise, method: "post", path: "/v1/insight/promises/{id}/settle" }),
  route({ verb: listRisks, method: "get", path: "/v1/insight/risks", list: true }),
  route({ verb: dismissRisk, method: "post", path: "/v1/insight/risks/{id}/dismiss" }),
] as unknown as Route[];
