/** Pending messages, dead letters and events: read, listed in pages, cancelled, retried, deleted. */
import type { Answer } from "../loopback.ts";
import type { Api, Route } from "./api.ts";
import { pageOf, seenDead, seenEvent, seenMessage } from "./filters.ts";
import { newMessageId, Refused } from "./message.ts";
import type { DeadMessage } from "./store.ts";
import { deadView, messageView } from "./views.ts";

export function messages(api: Api, { method, rest: id, query }: Route): Answer {
  const pending = api.store.messages;
  if (id === "" && method === "DELETE") {
    const { rows } = pageOf([...pending.values()], { query, see: seenMessage });
    return { status: 200, json: { cancelled: rows.filter((one) => api.courier.cancel(one.messageId)).length } };
  }
  const message = pending.get(id);
  if (message === undefined) throw new Refused(404, `message ${id} not found`);
  if (method === "GET") return { status: 200, json: messageView(message) };
  if (method !== "DELETE") throw new Refused(405, "expected GET or DELETE");
  api.courier.cancel(id);
  return { status: 200, json: { cancelled: 1 } };
}

export function deadLetters(api: Api, { method, rest, query }: Route): Answer {
  const call = `${method} ${rest}`;
  const newest = () => pageOf([...api.store.dead.values()].reverse(), { query, see: seenDead });
  if (call === "GET ") {
    const { rows, ...more } = newest();
    return { status: 200, json: { messages: rows.map(deadView), ...more } };
  }
  if (call === "POST retry") {
    const { rows, ...more } = newest();
    return { status: 200, json: { responses: rows.map((letter) => retry(api, letter)), ...more } };
  }
  if (call === "DELETE ") {
    const { rows, ...more } = newest();
    for (const letter of rows) api.store.dropDead(letter.dlqId);
    return { status: 200, json: { deleted: rows.length, ...more } };
  }
  const [first = "", second] = rest.split("/");
  const id = method === "POST" && first === "retry" ? (second ?? "") : rest;
  const letter = api.store.dead.get(id);
  if (letter === undefined) throw new Refused(404, `dlq message ${id} not found`);
  if (method === "GET") return { status: 200, json: deadView(letter) };
  if (method === "POST" && id === second) return { status: 200, json: { responses: [retry(api, letter)] } };
  if (method !== "DELETE") throw new Refused(405, "expected GET, DELETE or POST retry");
  api.store.dropDead(id);
  return { status: 200, json: { deleted: 1 } };
}

export function events(api: Api, { query }: Route): Answer {
  const { rows, ...more } = pageOf(api.store.newestEvents(), { query, see: seenEvent });
  return { status: 200, json: { events: rows.map(({ sequence: _, ...event }) => event), ...more } };
}

/** A new message with the old one's settings and labels; the dead letter is gone once the new one is kept. */
function retry(api: Api, letter: DeadMessage): { messageId: string } {
  const { dlqId, responseStatus: _status, responseHeader: _header, responseBody: _body, ...message } = letter;
  const again = { ...message, messageId: newMessageId(), retried: 0, notBefore: 0 };
  api.courier.requeue(again);
  api.store.dropDead(dlqId);
  return { messageId: again.messageId };
}
