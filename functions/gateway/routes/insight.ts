/** REST routes of insight. */
import { listTimeline } from "#brain/insight/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: listTimeline, method: "get", path: "/v1/insight/timeline", list: true }),
] as unknown as Route[];
