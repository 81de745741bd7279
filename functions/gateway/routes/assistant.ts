/** REST routes of the assistant. */
import { capture, listCaptures, undoCapture } from "#brain/assistant/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: capture, method: "post", path: "/v1/assistant/capture" }),
  route({ verb: listCaptures, method: "get", path: "/v1/assistant/captures", list: true }),
  route({ verb: undoCapture, method: "post", path: "/v1/assistant/captures/{id}/undo" }),
] as unknown as Route[];
