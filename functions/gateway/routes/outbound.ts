/** REST routes of outbound. */
import {
  approveMessage,
  cancelMessage,
  countMessages,
  createMessage,
  editMessage,
  getMessage,
  listMessages,
  listWaiting,
  listWays,
  returnMessage,
  reviewEvidence,
  reviewMessage,
  sendMessage,
  submitMessage,
} from "#brain/outbound/index.ts";
import { type Route, route } from "../route.ts";

export const routes = [
  route({ verb: listMessages, method: "get", path: "/v1/outbound/messages", list: true }),
  route({ verb: createMessage, method: "post", path: "/v1/outbound/messages", status: 201 }),
  route({ verb: getMessage, method: "get", path: "/v1/outbound/messages/{id}" }),
  route({ verb: editMessage, method: "post", path: "/v1/outbound/messages/{id}/edit" }),
  route({ verb: submitMessage, method: "post", path: "/v1/outbound/messages/{id}/submit" }),
  route({ verb: approveMessage, method: "post", path: "/v1/outbound/messages/{id}/approve" }),
  route({ verb: returnMessage, method: "post", path: "/v1/outbound/messages/{id}/return" }),
  route({ verb: sendMessage, method: "post", path: "/v1/outbound/messages/{id}/send" }),
  route({ verb: cancelMessage, method: "post", path: "/v1/outbound/messages/{id}/cancel" }),
  route({ verb: reviewMessage, method: "get", path: "/v1/outbound/review" }),
  route({ verb: reviewEvidence, method: "get", path: "/v1/outbound/review/evidence" }),
  route({ verb: listWaiting, method: "get", path: "/v1/outbound/waiting" }),
  route({ verb: countMessages, method: "get", path: "/v1/outbound/counts" }),
  route({ verb: listWays, method: "get", path: "/v1/outbound/people/{id}/ways" }),
] as unknown as Route[];
