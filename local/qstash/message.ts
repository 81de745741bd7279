/** A message as it is kept, and how the headers of a publish become one. */
import { createHash, randomUUID } from "node:crypto";
import { durationMs } from "./durations.ts";
import { type Flow, flowFrom } from "./flow-control.ts";
import { retryDelayFrom } from "./retry-delay.ts";

/** What the caller must correct (400), or what this server does not do (501). */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Where an outcome is reported: `headers` are the `Upstash-Callback-*` of the publish, as a publish of its own. */
export type Callback = { url: string; headers: Record<string, string> };

export type Message = {
  messageId: string;
  url: string;
  method: string;
  /** Sent along: the content type, and each `Upstash-Forward-X` as `X`. */
  forward: Record<string, string>;
  bodyBase64: string;
  maxRetries: number;
  /** A formula in milliseconds over `retried`. */
  retryDelay: string | null;
  timeoutMs: number;
  /** Milliseconds since 1970, as everything QStash shows. */
  notBefore: number;
  createdAt: number;
  retried: number;
  labels: string[];
  callback: Callback | null;
  failureCallback: Callback | null;
  scheduleId: string | null;
  queueName: string | null;
  flow: Flow | null;
};

export type Publish = {
  url: string;
  headers: Record<string, string>;
  body: Buffer;
  scheduleId?: string;
  queueName?: string;
};

const DEFAULT_RETRIES = 3;
/** The longest a delivery may take on the smallest plan. */
const MAX_RESPONSE_MS = 15 * 60_000;
const METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"];

export function messageFrom(publish: Publish, now: Date): Message {
  const { headers, url } = publish;
  assertDestination(url);
  const method = (headers["upstash-method"] ?? "POST").toUpperCase();
  if (!METHODS.includes(method)) throw new Refused(400, `invalid method: ${method}`);
  return {
    messageId: newMessageId(),
    url,
    method,
    forward: forwarded(headers),
    bodyBase64: publish.body.toString("base64"),
    maxRetries: wholeNumber(headers, "upstash-retries") ?? DEFAULT_RETRIES,
    retryDelay: retryDelay(headers["upstash-retry-delay"]),
    timeoutMs: span(headers, "upstash-timeout") ?? MAX_RESPONSE_MS,
    notBefore: dueAt(headers, now),
    createdAt: now.getTime(),
    retried: 0,
    labels: (headers["upstash-label"] ?? "").split(",").filter((label) => label !== ""),
    callback: callbackFrom(headers, "upstash-callback"),
    failureCallback: callbackFrom(headers, "upstash-failure-callback"),
    scheduleId: publish.scheduleId ?? null,
    queueName: queueName(publish),
    flow: flow(headers),
  };
}

export function newMessageId(): string {
  return `msg_${randomUUID().replaceAll("-", "")}`;
}

export function assertDestination(url: string): void {
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return;
  if (/^[\w.-]+$/.test(url)) throw new Refused(501, "URL groups are not supported by the local QStash server");
  throw new Refused(
    400,
    "invalid destination url: endpoint has invalid scheme, add http:// or https:// in front of your url",
  );
}

/** What makes two publishes the same: an id of the caller's choice, or destination, body and forwarded headers. */
export function deduplicationKey(publish: Publish): string | undefined {
  const { headers } = publish;
  const id = headers["upstash-deduplication-id"];
  if (id !== undefined) return `id:${id}`;
  if (headers["upstash-content-based-deduplication"] !== "true") return undefined;
  const sent = JSON.stringify([
    publish.url,
    headers["upstash-method"] ?? "POST",
    Object.entries(forwarded(headers)).sort(),
  ]);
  return `content:${createHash("sha256").update(sent).update("\0").update(publish.body).digest("hex")}`;
}

function forwarded(headers: Record<string, string>): Record<string, string> {
  const prefix = "upstash-forward-";
  const sent: Record<string, string> = {};
  if (headers["content-type"] !== undefined) sent["content-type"] = headers["content-type"];
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(prefix)) sent[name.slice(prefix.length)] = value;
  }
  return sent;
}

/** `Upstash-Callback-Retries` of a publish is the `Upstash-Retries` of its callback; so for each setting. */
function callbackFrom(headers: Record<string, string>, name: string): Callback | null {
  const url = headers[name];
  if (url === undefined) return null;
  assertDestination(url);
  const own: Record<string, string> = {};
  for (const [key, value] of Object.entries(headers)) {
    if (key.startsWith(`${name}-`)) own[`upstash-${key.slice(name.length + 1)}`] = value;
  }
  return { url, headers: own };
}

function dueAt(headers: Record<string, string>, now: Date): number {
  const notBefore = wholeNumber(headers, "upstash-not-before");
  if (notBefore !== undefined) return notBefore * 1_000;
  return now.getTime() + (span(headers, "upstash-delay") ?? 0);
}

function wholeNumber(headers: Record<string, string>, name: string): number | undefined {
  const text = headers[name];
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Refused(400, `invalid ${name}: ${text}`);
  return Number(text);
}

function span(headers: Record<string, string>, name: string): number | undefined {
  const text = headers[name];
  if (text === undefined) return undefined;
  const ms = durationMs(text);
  if (ms === undefined) throw new Refused(400, `invalid ${name}: ${text}`);
  return ms;
}

function retryDelay(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (retryDelayFrom(text) === undefined) throw new Refused(400, `invalid upstash-retry-delay: ${text}`);
  return text;
}

/** Named in the path, or by a schedule in a header. */
function queueName({ queueName, headers }: Publish): string | null {
  const name = queueName ?? headers["upstash-queue-name"] ?? null;
  if (name !== null && !/^[\w.-]{1,256}$/.test(name)) throw new Refused(400, `invalid queue name: ${name}`);
  return name;
}

function flow(headers: Record<string, string>): Flow | null {
  const { "upstash-flow-control-key": key, "upstash-flow-control-value": value } = headers;
  if (key === undefined && value === undefined) return null;
  const asked = key === undefined || value === undefined ? undefined : flowFrom(key, value);
  if (asked === undefined) throw new Refused(400, `invalid flow control: key ${key}, value ${value}`);
  return asked;
}
