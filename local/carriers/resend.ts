/** Resend's `POST /emails`, with keys that make a repeat the same e-mail. */
import { createHash, randomUUID } from "node:crypto";
import type { Answer, Asked } from "../loopback.ts";
import { type Desk, jsonIn, type Taken } from "./desk.ts";

const DAY_MS = 24 * 3_600_000;

const refuse = (statusCode: number, name: string, message: string): Answer => ({
  status: statusCode,
  json: { statusCode, name, message },
});

/** By key: which request it was, and what it became. */
type Known = { hash: string; id: string; at: number };

export function resendDesk(desk: Desk): (given: { asked: Asked; url: URL }) => Answer {
  const known = new Map<string, Known>();
  return ({ asked, url }) => {
    if (asked.headers["authorization"] !== `Bearer ${desk.accounts.resend.key}`)
      return refuse(401, "invalid_api_key", "API key is invalid");
    if (asked.method === "GET") return looked(desk, url);
    if (asked.method !== "POST" || url.pathname !== "/emails")
      return refuse(404, "not_found", "The requested endpoint does not exist");
    const key = asked.headers["idempotency-key"];
    const hash = createHash("sha256").update(asked.body).digest("hex");
    const before = key === undefined ? undefined : known.get(key);
    const now = desk.now().getTime();
    if (before && now - before.at < DAY_MS) {
      if (before.hash === hash) return { status: 200, json: { id: before.id } };
      return refuse(409, "invalid_idempotent_request", "Same idempotency key used with a different request payload");
    }
    const answer = create(desk, jsonIn(asked.body));
    if (typeof answer === "string") {
      if (key !== undefined) known.set(key, { hash, id: answer, at: now });
      return { status: 200, json: { id: answer } };
    }
    return answer;
  };
}

/** The list, newest first, which shows no tags; or one e-mail with them. */
function looked(desk: Desk, url: URL): Answer {
  const all = desk.taken.filter((m) => m.provider === "resend").toReversed();
  const id = /^\/emails\/([^/]+)$/.exec(url.pathname)?.[1];
  if (id !== undefined) {
    const one = all.find((m) => m.id === id);
    if (!one) return refuse(404, "not_found", "Email not found");
    const { tags } = one.asked as { tags?: unknown };
    return { status: 200, json: { object: "email", ...rowOf(one), text: one.text, html: null, tags: tags ?? [] } };
  }
  if (url.pathname !== "/emails") return refuse(404, "not_found", "The requested endpoint does not exist");
  const limit = Number(url.searchParams.get("limit") ?? 20);
  const after = all.findIndex((m) => m.id === url.searchParams.get("after"));
  const rest = all.slice(after + 1);
  return {
    status: 200,
    json: { object: "list", has_more: rest.length > limit, data: rest.slice(0, limit).map(rowOf) },
  };
}

const rowOf = (m: Taken) => ({
  id: m.id,
  to: [m.to],
  from: m.from,
  created_at: new Date(m.at).toISOString().replace("Z", "000+00:00"),
  subject: m.subject,
  bcc: null,
  cc: null,
  reply_to: null,
  last_event: m.status,
  scheduled_at: null,
});

/** The new e-mail's id. */
function create(desk: Desk, body: Record<string, unknown>): string | Answer {
  const { from, to, subject, text, html, tags } = body;
  const [first] = Array.isArray(to) ? to : [to];
  for (const [name, given] of Object.entries({ from, to: first, subject }))
    if (typeof given !== "string" || given === "")
      return refuse(422, "missing_required_field", `Missing \`${name}\` field.`);
  if (!String(from).includes("@")) return refuse(422, "invalid_from_address", "Invalid `from` field.");
  if (typeof text !== "string" && typeof html !== "string")
    return refuse(422, "missing_required_field", "Missing `html` or `text` field.");
  const ref = (Array.isArray(tags) ? tags : []).find((tag: { name?: unknown }) => tag?.name === "omneuro_ref") as
    | { value?: string }
    | undefined;
  const made = desk.take({
    provider: "resend",
    id: randomUUID(),
    from: String(from),
    to: String(first),
    subject: String(subject),
    text: String(text ?? html),
    status: "sent",
    ...(ref?.value === undefined ? {} : { ref: ref.value }),
    asked: body,
  });
  return made.id;
}
