/** REST routes of the field. */
import { attachMessage, getMessage, listMessages, suggestReply } from "#brain/field/index.ts";
import { type Route, route } from "../route.ts";
import { jobRoutes } from "./field-jobs.ts";

export const routes = [
  route({ verb: listMessages, method: "get", path: "/v1/field/messages", list: true }),
  route({ verb: getMessage, method: "get", path: "/v1/field/messages/{id}" }),
  route({ verb: suggestReply, method: "post", path: "/v1/field/messages/{id}/suggest-reply", status: 201 }),
  route({ verb: attachMessage, method: "post", path: "/v1/field/messages/{id}/attach" }),
  ...jobRoutes,
] as unknown as Route[];
