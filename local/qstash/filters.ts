/** Which rows a list, or a bulk act, means: ids, filters, and a page of them. */
import type { Message } from "./message.ts";
import { Refused } from "./message.ts";
import type { DeadMessage, Event } from "./store.ts";

/** A hundred a page and a call, unless asked otherwise. */
const PAGE = 100;

/** What filters look at, of a message, a dead letter or an event. */
export type Seen = {
  id: string;
  messageId: string;
  url: string;
  time: number;
  labels: string[];
  scheduleId: string | undefined;
  queueName: string | undefined;
  flowControlKey: string | undefined;
  state?: string;
  responseStatus?: number | undefined;
};

const part = (url: string, name: "host" | "pathname") => (URL.canParse(url) ? new URL(url)[name] : "");

/** Given twice, either will do; https://upstash.com/docs/qstash/api names them. */
const FILTERS: Record<string, (seen: Seen, wanted: string[]) => boolean> = {
  fromDate: (seen, [from]) => seen.time >= Number(from),
  toDate: (seen, [to]) => seen.time <= Number(to),
  callerIp: (_, wanted) => wanted.includes("127.0.0.1"),
  label: (seen, wanted) => seen.labels.some((label) => wanted.includes(label)),
  flowControlKey: (seen, wanted) => wanted.includes(seen.flowControlKey ?? ""),
  messageId: (seen, wanted) => wanted.includes(seen.messageId),
  messageIds: (seen, wanted) => wanted.includes(seen.messageId),
  dlqIds: (seen, wanted) => wanted.includes(seen.id),
  url: (seen, wanted) => wanted.includes(seen.url),
  host: (seen, wanted) => wanted.includes(part(seen.url, "host")),
  path: (seen, wanted) => wanted.includes(part(seen.url, "pathname")),
  scheduleId: (seen, wanted) => wanted.includes(seen.scheduleId ?? ""),
  queueName: (seen, wanted) => wanted.includes(seen.queueName ?? ""),
  responseStatus: (seen, wanted) => wanted.includes(String(seen.responseStatus)),
  state: (seen, wanted) => wanted.includes(seen.state ?? ""),
};

/** Rows in their order that fit, from the cursor on; the cursor of the next page is the id of the last row of this one. */
export function pageOf<T>(
  rows: Iterable<T>,
  how: { query: URLSearchParams; see: (row: T) => Seen },
): { rows: T[]; cursor?: string } {
  const { query, see } = how;
  const names = [...new Set(query.keys())].filter((name) => name !== "count" && name !== "cursor");
  const strange = names.find((name) => !Object.hasOwn(FILTERS, name));
  if (strange !== undefined) throw new Refused(501, `filter ${strange} is not supported by the local QStash server`);
  const count = Number(query.get("count") ?? PAGE);
  if (!Number.isInteger(count) || count < 1) throw new Refused(400, `invalid count: ${query.get("count")}`);
  const cursor = query.get("cursor") || undefined;
  const found: T[] = [];
  for (const row of rows) {
    const seen = see(row);
    if (cursor !== undefined && !isAfter(seen.id, cursor)) continue;
    if (!names.every((name) => FILTERS[name]?.(seen, query.getAll(name)))) continue;
    if (found.length === count) {
      const last = found.at(-1);
      return last === undefined ? { rows: found } : { rows: found, cursor: see(last).id };
    }
    found.push(row);
  }
  return { rows: found };
}

/** Ids of lists begin with numbers and end with them, and lists begin with the newest. */
function isAfter(id: string, cursor: string): boolean {
  const [a, b] = [id.split("-").map(Number), cursor.split("-").map(Number)];
  for (const [i, number] of a.entries()) if (number !== (b[i] ?? 0)) return number < (b[i] ?? 0);
  return false;
}

const common = (message: Message) => ({
  messageId: message.messageId,
  url: message.url,
  labels: message.labels,
  scheduleId: message.scheduleId ?? undefined,
  queueName: message.queueName ?? undefined,
  flowControlKey: message.flow?.key,
});

export const seenMessage = (message: Message): Seen => ({
  ...common(message),
  id: message.messageId,
  time: message.createdAt,
});

export const seenDead = (letter: DeadMessage): Seen => ({
  ...common(letter),
  id: letter.dlqId,
  // When it was given up, which its id tells.
  time: Number(letter.dlqId.split("-")[0]),
  responseStatus: letter.responseStatus,
});

export const seenEvent = (event: Event): Seen => ({
  id: String(event.sequence),
  messageId: event.messageId,
  url: event.url,
  time: event.time,
  labels: event.labels ?? [],
  scheduleId: event.scheduleId,
  queueName: event.queueName,
  flowControlKey: event.flowControlKey,
  state: event.state,
});
