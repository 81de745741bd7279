/** REST routes of memory; searching and asking are at the top. */
import { listFailedPassages } from "#brain/memory/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: listFailedPassages, method: "get", path: "/v1/memory/passages/failed", list: true }),
] as unknown as Route[];
