/** The API's front door: token, account, route; the errors are worded as Chatwoot words them. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Answer, Asked } from "../loopback.ts";
import { Missing } from "./account.ts";
import { ApiError, type Call, type Route } from "./api-call.ts";
import { contactRoutes } from "./api-contacts.ts";
import { conversationRoutes } from "./api-conversations.ts";
import { messageRoutes } from "./api-messages.ts";
import { removalRoutes } from "./api-removals.ts";
import { webhookRoutes } from "./api-webhooks.ts";
import type { Office } from "./office.ts";

const ROUTES: Route[] = [...conversationRoutes, ...messageRoutes, ...contactRoutes, ...webhookRoutes, ...removalRoutes];

export async function answerApi(office: Office, given: { asked: Asked; token: string }): Promise<Answer> {
  const { asked, token } = given;
  const url = new URL(asked.target, "http://chatwoot.local");
  const file = /^\/rails\/active_storage\/(?:blobs|representations)\/redirect\/(\d+)\//.exec(url.pathname);
  if (file !== null) return { status: 302, headers: { location: `${office.account.url}/storage/${file[1]}` } };
  const stored = /^\/storage\/(\d+)$/.exec(url.pathname);
  if (stored !== null) return storage(office, Number(stored[1]));
  try {
    const path = /^\/api\/v1\/accounts\/(\d+)(\/.*)$/.exec(url.pathname);
    if (path === null) throw new Missing(url.pathname);
    authorize(asked.headers["api_access_token"], token);
    if (Number(path[1]) !== office.account.id)
      throw new ApiError(401, { error: "You are not authorized to access this account" });
    return await route(office, { asked, path: path[2] ?? "", query: url.searchParams });
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, json: error.body };
    if (error instanceof Missing) return { status: 404, json: { error: "Resource could not be found" } };
    throw error;
  }
}

async function route(office: Office, of: { asked: Asked; path: string; query: URLSearchParams }): Promise<Answer> {
  for (const { method, path, run } of ROUTES) {
    const match = method === of.asked.method ? path.exec(of.path) : null;
    if (match === null) continue;
    const call: Call = {
      ids: match.slice(1).map(Number),
      query: of.query,
      headers: of.asked.headers,
      body: of.asked.body,
    };
    const json = await run(office, call);
    return { status: 200, json };
  }
  throw new Missing(of.path);
}

function authorize(header: string | undefined, token: string): void {
  if (header === undefined) {
    throw new ApiError(401, { errors: ["You need to sign in or sign up before continuing."] });
  }
  const digest = (text: string) => createHash("sha256").update(text).digest();
  if (!timingSafeEqual(digest(header), digest(token))) throw new ApiError(401, { error: "Invalid Access Token" });
}

/** What an attachment's link leads to, as long as the message still has it. */
function storage(office: Office, id: number): Answer {
  for (const message of office.account.messages.values()) {
    const file = message.attachments.find((attachment) => attachment.id === id);
    if (file === undefined) continue;
    return { status: 200, bytes: file.bytes ?? new Uint8Array(), headers: { "content-type": file.contentType } };
  }
  return { status: 404, json: { error: "Resource could not be found" } };
}
