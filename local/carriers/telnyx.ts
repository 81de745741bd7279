/** Telnyx's messages: JSON, a bearer key, text codes in `errors`. */
import { randomUUID } from "node:crypto";
import type { Answer, Asked } from "../loopback.ts";
import { type Desk, jsonIn, type Taken } from "./desk.ts";

const refuse = (status: number, code: string, title: string): Answer => ({
  status,
  json: { errors: [{ code, title, detail: title }] },
});

export function telnyxAnswer(desk: Desk, { asked, url }: { asked: Asked; url: URL }): Answer {
  if (asked.headers["authorization"] !== `Bearer ${desk.accounts.telnyx.key}`)
    return refuse(401, "10009", "Authentication failed");
  const one = /^\/v2\/messages\/([^/]+)$/.exec(url.pathname);
  if (asked.method === "GET" && one) {
    const found = desk.taken.find((m) => m.provider === "telnyx" && m.id === one[1]);
    return found ? { status: 200, json: { data: shown(found) } } : refuse(404, "10005", "Resource not found");
  }
  if (asked.method !== "POST" || url.pathname !== "/v2/messages") return refuse(404, "10005", "Resource not found");
  return create(desk, jsonIn(asked.body));
}

function create(desk: Desk, body: Record<string, unknown>): Answer {
  const { to, from, text, webhook_url } = body;
  if (typeof to !== "string" || !/^\+[1-9]\d{6,14}$/.test(to)) return refuse(400, "40310", "Invalid 'to' address");
  if (typeof from !== "string" || from === "") return refuse(400, "40305", "Invalid 'from' address");
  if (typeof text !== "string" || text === "") return refuse(400, "40009", "Invalid message body");
  if (desk.blocked.has(`telnyx:${to}`)) return refuse(400, "40300", "Blocked due to STOP message");
  const made = desk.take({
    provider: "telnyx",
    id: randomUUID(),
    from,
    to,
    text,
    status: "queued",
    ...(typeof webhook_url === "string" ? { callback: webhook_url } : {}),
    asked: body,
  });
  return { status: 200, json: { data: shown(made) } };
}

export const shown = (m: Taken) => ({
  record_type: "message",
  id: m.id,
  direction: "outbound",
  from: { phone_number: m.from, carrier: "Local", line_type: "Wireless" },
  to: [{ phone_number: m.to, status: m.status, carrier: "Local", line_type: "Wireless" }],
  text: m.text,
  type: "SMS",
  parts: 1,
  encoding: "GSM-7",
  errors: [],
  received_at: new Date(m.at).toISOString(),
  webhook_url: m.callback ?? null,
});
