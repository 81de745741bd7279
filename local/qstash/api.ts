/** QStash's HTTP API: token first, then the few routes the product uses; the others say that they are not here. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Answer, Asked } from "../loopback.ts";
import type { Accepted, Courier } from "./courier.ts";
import { newMessageId, Refused } from "./message.ts";
import type { Schedules } from "./schedules.ts";
import type { DeadMessage, Event, Store } from "./store.ts";
import { deadView, messageView, scheduleView } from "./views.ts";

export type Api = {
  token: string;
  keys: { current: string; next: string };
  store: Store;
  courier: Courier;
  schedules: Schedules;
  /** Publishes still to be lost, and how: a 500, or a connection cut. */
  faults: { lost: number; how: "500" | "drop" };
};

type Route = {
  method: string;
  resource: string;
  /** What follows the resource, decoded, for routes that take an id rather than a destination. */
  rest: string;
  query: URLSearchParams;
};

const ELSEWHERE = ["enqueue", "queues", "topics", "flowControl", "globalParallelism", "workflows", "llm"];

export function answerApi(api: Api, asked: Asked): Answer {
  if (asked.target === "/stats" && asked.method === "GET") return { status: 200, json: statsOf(api.store) };
  if (asked.target === "/stats/reset" && asked.method === "POST") {
    api.store.resetCounts();
    return { status: 200, json: statsOf(api.store) };
  }
  try {
    if (!isBearer(asked.headers["authorization"], api.token)) throw new Refused(401, "unauthorized: invalid token");
    return route(api, asked);
  } catch (error) {
    if (error instanceof Refused) return { status: error.status, json: { error: error.message } };
    throw error;
  }
}

export function statsOf(store: Store) {
  return { ...store.counts, pending: store.messages.size, schedules: store.schedules.size };
}

function route(api: Api, asked: Asked): Answer {
  const [, resource = "", path = ""] = /^\/v2\/([^/?]+)\/?(.*)$/s.exec(asked.target) ?? [];
  const [plain = "", search = ""] = path.split("?");
  const at: Route = { method: asked.method, resource, rest: decode(plain), query: new URLSearchParams(search) };
  const call = `${asked.method} ${resource}`;
  if (call === "POST publish") return publish(api, { url: path, asked });
  if (call === "POST batch") return batch(api, asked);
  if (call === "POST schedules" && /^https?:/.test(path)) return schedule(api, { url: path, asked });
  if (resource === "schedules") return schedules(api, at);
  if (resource === "messages") return messages(api, at);
  if (resource === "dlq") return deadLetters(api, at);
  if (call === "GET events" || call === "GET logs")
    return { status: 200, json: { events: events(api.store, at.query) } };
  if (call === "GET keys" && plain === "") return { status: 200, json: api.keys };
  if (ELSEWHERE.includes(resource))
    throw new Refused(501, `/v2/${resource} is not supported by the local QStash server`);
  throw new Refused(404, `not found: ${asked.method} ${asked.target}`);
}

function publish(api: Api, given: { url: string; asked: Asked }): Answer {
  if (api.faults.lost > 0) return lose(api);
  const accepted = api.courier.accept({ url: given.url, headers: given.asked.headers, body: given.asked.body });
  return { status: accepted.deduplicated ? 202 : 201, json: accepted };
}

/** Each item has a result of its own; one refused does not stop the others. */
function batch(api: Api, asked: Asked): Answer {
  if (api.faults.lost > 0) return lose(api);
  const items = jsonArray(asked.body);
  const results = items.map((item): Accepted | { error: string } => {
    try {
      const { destination, headers, body, queue } = batchItem(item);
      if (queue) throw new Refused(501, "queues are not supported by the local QStash server");
      return api.courier.accept({ url: destination, headers, body });
    } catch (error) {
      if (error instanceof Refused) return { error: error.message };
      throw error;
    }
  });
  return { status: 201, json: results };
}

function batchItem(item: unknown) {
  if (typeof item !== "object" || item === null) throw new Refused(400, "invalid batch item");
  const { destination, headers, body, queue } = item as Record<string, unknown>;
  if (typeof destination !== "string") throw new Refused(400, "batch item without destination");
  const lower = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return {
    destination,
    headers: Object.fromEntries(lower),
    body: Buffer.from(typeof body === "string" ? body : ""),
    queue: queue !== undefined,
  };
}

function jsonArray(body: Buffer): unknown[] {
  try {
    const items: unknown = JSON.parse(body.toString("utf8"));
    if (Array.isArray(items)) return items;
  } catch {
    // Falls through to the same answer as any other body that is not a list.
  }
  throw new Refused(400, "invalid batch: expected a JSON array");
}

function schedule(api: Api, given: { url: string; asked: Asked }): Answer {
  const made = api.schedules.put({ url: given.url, headers: given.asked.headers, body: given.asked.body });
  return { status: 201, json: { scheduleId: made.scheduleId } };
}

function schedules(api: Api, { method, rest }: Route): Answer {
  const [id = "", act] = rest.split("/");
  const view = (scheduleId: string) => scheduleView(api.schedules.get(scheduleId), api.schedules.nextTime(scheduleId));
  if (method === "GET" && id === "") {
    return { status: 200, json: api.schedules.list().map((known) => view(known.scheduleId)) };
  }
  if (method === "GET" && act === undefined) return { status: 200, json: view(id) };
  if (method === "DELETE" && act === undefined) api.schedules.delete(id);
  else if (act === "pause") api.schedules.setPaused(id, "paused");
  else if (act === "resume") api.schedules.setPaused(id, "running");
  else throw new Refused(400, "expected a destination, or the id of a schedule");
  return { status: 200 };
}

function messages(api: Api, { method, rest: id, query }: Route): Answer {
  const pending = api.store.messages;
  if (method === "GET") {
    const message = pending.get(id);
    if (message === undefined) throw new Refused(404, `message ${id} not found`);
    return { status: 200, json: messageView(message) };
  }
  if (method !== "DELETE") throw new Refused(405, "expected GET or DELETE");
  const ids = id === "" ? idsOf(query, { name: "messageIds", all: [...pending.keys()] }) : [id];
  const cancelled = ids.filter((one) => api.courier.cancel(one)).length;
  if (id !== "" && cancelled === 0) throw new Refused(404, `message ${id} not found`);
  return { status: 200, json: { cancelled } };
}

function deadLetters(api: Api, { method, rest, query }: Route): Answer {
  const { dead } = api.store;
  const [first = "", second] = rest.split("/");
  if (method === "POST" && first === "retry") {
    const ids = second === undefined ? idsOf(query, { name: "dlqIds", all: [...dead.keys()] }) : [second];
    const responses = present(dead, ids).map((letter) => retry(api, letter));
    return { status: 200, json: { responses } };
  }
  if (method === "GET" && rest === "") {
    const ids = idsOf(query, { name: "dlqIds", all: [...dead.keys()].reverse() });
    const count = Number(query.get("count") ?? ids.length);
    return { status: 200, json: { messages: present(dead, ids).slice(0, count).map(deadView) } };
  }
  const letter = dead.get(rest);
  if (rest !== "" && letter === undefined) throw new Refused(404, `dlq message ${rest} not found`);
  if (method === "GET" && letter !== undefined) return { status: 200, json: deadView(letter) };
  if (method !== "DELETE") throw new Refused(405, "expected GET, DELETE or POST retry");
  const ids = letter === undefined ? idsOf(query, { name: "dlqIds", all: [...dead.keys()] }) : [letter.dlqId];
  const deleted = present(dead, ids).map((one) => api.store.dropDead(one.dlqId)).length;
  return { status: 200, json: { deleted } };
}

/** A new message with the old one's settings and labels; the dead letter is gone once the new one is kept. */
function retry(api: Api, letter: DeadMessage): { messageId: string } {
  const { dlqId, responseStatus: _status, responseHeader: _header, responseBody: _body, ...message } = letter;
  const again = { ...message, messageId: newMessageId(), retried: 0, notBefore: 0 };
  api.courier.requeue(again);
  api.store.dropDead(dlqId);
  return { messageId: again.messageId };
}

function present<T>(rows: Map<string, T>, ids: string[]): T[] {
  return ids.map((id) => rows.get(id)).filter((row) => row !== undefined);
}

/** Ids are given, or all are meant; filters and cursors are not here. */
function idsOf(query: URLSearchParams, given: { name: string; all: string[] }): string[] {
  const other = [...query.keys()].find((key) => key !== given.name && key !== "count");
  if (other !== undefined) throw new Refused(501, `filter ${other} is not supported by the local QStash server`);
  const named = query.getAll(given.name);
  return named.length > 0 ? named : given.all;
}

/** Newest first, a hundred unless asked for more. */
function events(store: Store, query: URLSearchParams): Event[] {
  const wanted = {
    state: query.getAll("state"),
    messageId: [...query.getAll("messageId"), ...query.getAll("messageIds")],
  };
  const other = [...query.keys()].find((key) => !["count", "state", "messageId", "messageIds"].includes(key));
  if (other !== undefined) throw new Refused(501, `filter ${other} is not supported by the local QStash server`);
  return store
    .newestEvents()
    .filter((event) => wanted.state.length === 0 || wanted.state.includes(event.state))
    .filter((event) => wanted.messageId.length === 0 || wanted.messageId.includes(event.messageId))
    .slice(0, Number(query.get("count") ?? 100));
}

function lose(api: Api): Answer {
  api.faults.lost -= 1;
  return api.faults.how === "drop" ? { drop: true } : { status: 500, json: { error: "internal error" } };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function isBearer(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(header ?? ""), digest(`Bearer ${token}`));
}
