/** Postmark's `POST /email` and the search in what was sent, by metadata and stream. */
import { randomUUID } from "node:crypto";
import type { Answer, Asked } from "../loopback.ts";
import { type Desk, jsonIn, type Taken } from "./desk.ts";

const refuse = (status: number, ErrorCode: number, Message: string): Answer => ({
  status,
  json: { ErrorCode, Message },
});

type Letter = { MessageStream?: string; Metadata?: Record<string, string> };

export function postmarkAnswer(desk: Desk, { asked, url }: { asked: Asked; url: URL }): Answer {
  if (asked.headers["x-postmark-server-token"] !== desk.accounts.postmark.token)
    return refuse(401, 10, "No Account or Server API tokens were supplied, or they were wrong.");
  if (asked.method === "POST" && url.pathname === "/email") return create(desk, jsonIn(asked.body));
  if (asked.method === "GET" && url.pathname === "/messages/outbound") return search(desk, url.searchParams);
  return refuse(404, 404, "Not found");
}

function create(desk: Desk, body: Record<string, unknown>): Answer {
  const { From, To, Subject, TextBody, Metadata } = body;
  if (typeof From !== "string" || !From.includes("@")) return refuse(422, 300, "Invalid 'From' address");
  if (typeof To !== "string" || !To.includes("@")) return refuse(422, 300, "Invalid 'To' address");
  if (desk.blocked.has(`postmark:${To}`))
    return refuse(422, 406, "You tried to send to a recipient that has been marked as inactive.");
  const ref = (Metadata as Record<string, string> | undefined)?.["omneuro_ref"];
  const made = desk.take({
    provider: "postmark",
    id: randomUUID(),
    from: From,
    to: To,
    subject: String(Subject ?? ""),
    text: String(TextBody ?? ""),
    status: "Sent",
    ...(ref === undefined ? {} : { ref }),
    asked: body,
  });
  const SubmittedAt = new Date(made.at).toISOString();
  return { status: 200, json: { To, SubmittedAt, MessageID: made.id, ErrorCode: 0, Message: "OK" } };
}

function search(desk: Desk, query: URLSearchParams): Answer {
  if (!query.has("count") || !query.has("offset")) return refuse(422, 600, "Both 'count' and 'offset' are required.");
  const stream = query.get("messagestream") ?? "outbound";
  const metadata = [...query].find(([name]) => name.startsWith("metadata_"));
  const wanted = (m: Taken) => {
    const letter = m.asked as Letter;
    if ((letter.MessageStream ?? "outbound") !== stream) return false;
    return metadata === undefined || letter.Metadata?.[metadata[0].slice("metadata_".length)] === metadata[1];
  };
  const found = desk.taken.filter((m) => m.provider === "postmark" && wanted(m)).toReversed();
  const from = Number(query.get("offset"));
  const Messages = found.slice(from, from + Number(query.get("count"))).map((m) => ({
    MessageID: m.id,
    MessageStream: stream,
    From: m.from,
    Recipients: [m.to],
    Subject: m.subject,
    Status: m.status,
    Metadata: (m.asked as Letter).Metadata ?? {},
    ReceivedAt: new Date(m.at).toISOString(),
  }));
  return { status: 200, json: { TotalCount: found.length, Messages } };
}
