/** REST routes of memory; searching and asking are at the top. */
import { search } from "#brain/memory/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [route({ verb: search, method: "get", path: "/v1/search" })] as unknown as Route[];
