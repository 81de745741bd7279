/** REST routes of the inbox. */
import {
  cancelSync,
  getConversation,
  listCitedMessages,
  listConversationEvents,
  listConversations,
  listMessages,
  listPassages,
  listSyncs,
  startSync,
  syncStatus,
} from "#brain/inbox/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: listConversations, method: "get", path: "/v1/inbox/conversations", list: true }),
  route({ verb: getConversation, method: "get", path: "/v1/inbox/conversations/{id}" }),
  route({ verb: listPassages, method: "get", path: "/v1/inbox/conversations/{id}/passages", list: true }),
  route({ verb: listConversationEvents, method: "get", path: "/v1/inbox/conversations/{id}/events", list: true }),
  route({ verb: listCitedMessages, method: "get", path: "/v1/inbox/answers/{answer}/messages", list: true }),
  route({ verb: listMessages, method: "get", path: "/v1/inbox/messages", list: true }),
  route({ verb: listSyncs, method: "get", path: "/v1/inbox/syncs", list: true }),
  route({ verb: syncStatus, method: "get", path: "/v1/inbox/sources/{id}/sync" }),
  route({ verb: startSync, method: "post", path: "/v1/inbox/sources/{id}/sync", status: 202 }),
  route({ verb: cancelSync, method: "post", path: "/v1/inbox/sources/{id}/sync/cancel" }),
] as unknown as Route[];
