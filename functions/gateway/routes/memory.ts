/** REST routes of memory. */
import { retry, status } from "#brain/memory/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: status, method: "get", path: "/v1/memory/status" }),
  route({ verb: retry, method: "post", path: "/v1/memory/retry" }),
] as unknown as Route[];
