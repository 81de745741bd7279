/** QStash's HTTP API: token first, then its routes; the few that are missing say that they are not here. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Answer, Asked } from "../loopback.ts";
import { flowControl, queues } from "./api-lanes.ts";
import { deadLetters, events, messages } from "./api-lists.ts";
import type { Accepted, Courier } from "./courier.ts";
import { Refused } from "./message.ts";
import type { Schedules } from "./schedules.ts";
import type { Store } from "./store.ts";
import { scheduleView } from "./views.ts";

export type Api = {
  token: string;
  keys: { current: string; next: string };
  store: Store;
  courier: Courier;
  schedules: Schedules;
  /** Publishes still to be lost, and how: a 500, or a connection cut. */
  faults: { lost: number; how: "500" | "drop" };
  /** Deliveries under way at once, over all keys and queues. */
  concurrency: number;
};

export type Route = {
  method: string;
  resource: string;
  /** What follows the resource, decoded, for routes that take an id rather than a destination. */
  rest: string;
  query: URLSearchParams;
  body: Buffer;
};

const ELSEWHERE = ["topics", "workflows", "llm"];

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
  const { method, body } = asked;
  const at: Route = { method, resource, rest: decode(plain), query: new URLSearchParams(search), body };
  const call = `${method} ${resource}`;
  if (call === "POST publish") return publish(api, { url: path, asked });
  if (call === "POST enqueue") return enqueue(api, { path, asked });
  if (call === "POST batch") return batch(api, asked);
  if (call === "POST schedules" && /^https?:/.test(path)) return schedule(api, { url: path, asked });
  if (resource === "schedules") return schedules(api, at);
  if (resource === "messages") return messages(api, at);
  if (resource === "dlq") return deadLetters(api, at);
  if (resource === "queues") return queues(api, at);
  if (resource === "flowControl") return flowControl(api, at);
  if (call === "GET events" || call === "GET logs") return events(api, at);
  if (call === "GET keys" && plain === "") return { status: 200, json: api.keys };
  if (call === "GET globalParallelism") {
    return { status: 200, json: { parallelismMax: api.concurrency, parallelismCount: api.courier.busy } };
  }
  if (ELSEWHERE.includes(resource))
    throw new Refused(501, `/v2/${resource} is not supported by the local QStash server`);
  throw new Refused(404, `not found: ${asked.method} ${asked.target}`);
}

function publish(api: Api, given: { url: string; asked: Asked; queueName?: string }): Answer {
  if (api.faults.lost > 0) return lose(api);
  const { url, asked, queueName } = given;
  const lane = queueName === undefined ? {} : { queueName };
  const accepted = api.courier.accept({ url, headers: asked.headers, body: asked.body, ...lane });
  return { status: accepted.deduplicated ? 202 : 201, json: accepted };
}

function enqueue(api: Api, { path, asked }: { path: string; asked: Asked }): Answer {
  const [, queueName = "", url = ""] = /^([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return publish(api, { url, asked, queueName: decode(queueName) });
}

/** Each item has a result of its own; one refused does not stop the others. */
function batch(api: Api, asked: Asked): Answer {
  if (api.faults.lost > 0) return lose(api);
  const items = jsonArray(asked.body);
  const results = items.map((item): Accepted | { error: string } => {
    try {
      return api.courier.accept(batchItem(item));
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
    url: destination,
    headers: Object.fromEntries(lower),
    body: Buffer.from(typeof body === "string" ? body : ""),
    ...(typeof queue === "string" ? { queueName: queue } : {}),
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
