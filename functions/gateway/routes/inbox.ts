/** REST routes of the inbox. */
import {
  getConversation,
  listCitedMessages,
  listConversationEvents,
  listConversations,
  listMessages,
  listPassages,
  replyInConversation,
} from "#brain/inbox/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: listConversations, method: "get", path: "/v1/inbox/conversations", list: true }),
  route({ verb: getConversation, method: "get", path: "/v1/inbox/conversations/{id}" }),
  route({ verb: listPassages, method: "get", path: "/v1/inbox/conversations/{id}/passages", list: true }),
  route({ verb: listConversationEvents, method: "get", path: "/v1/inbox/conversations/{id}/events", list: true }),
  route({ verb: listCitedMessages, method: "get", path: "/v1/inbox/answers/{answer}/messages", list: true }),
  route({ verb: listMessages, method: "get", path: "/v1/inbox/messages", list: true }),
  route({ verb: replyInConversation, method: "post", path: "/v1/inbox/conversations/{id}/replies", status: 201 }),
] as unknown as Route[];
