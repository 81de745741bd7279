/** REST routes of outbound. */
import {
  approveMessage,
  cancelMessage,
  createMessage,
  createSender,
  disableSender,
  editMessage,
  getMessage,
  listMessages,
  listSenders,
  resumeSender,
  returnMessage,
  rotateSenderCredentials,
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
  route({ verb: listSenders, method: "get", path: "/v1/outbound/senders", list: true }),
  route({ verb: createSender, method: "post", path: "/v1/outbound/senders", status: 201 }),
  route({ verb: disableSender, method: "post", path: "/v1/outbound/senders/{id}/disable" }),
  route({ verb: resumeSender, method: "post", path: "/v1/outbound/senders/{id}/resume" }),
  route({
    verb: rotateSenderCredentials,
    method: "post",
    path: "/v1/outbound/senders/{id}/rotate-credentials",
  }),
] as unknown as Route[];
