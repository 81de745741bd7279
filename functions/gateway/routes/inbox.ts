/** REST routes of the inbox. */
import { getConversation, listConversations, listMessages } from "#brain/inbox/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: listConversations, method: "get", path: "/v1/inbox/conversations", list: true }),
  route({ verb: getConversation, method: "get", path: "/v1/inbox/conversations/{id}" }),
  route({ verb: listMessages, method: "get", path: "/v1/inbox/messages", list: true }),
] as unknown as Route[];
