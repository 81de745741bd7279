/** REST routes of the spine. */
import { listEvents } from "#brain/shared/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: listEvents, method: "get", path: "/v1/shared/events", list: true }),
] as unknown as Route[];
