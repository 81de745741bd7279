/** Messages, dead letters and schedules as the API shows them. */
import { durationMs } from "./durations.ts";
import { type Flow, flowFrom } from "./flow-control.ts";
import type { Message } from "./message.ts";
import type { DeadMessage, Schedule } from "./store.ts";

type Shape = Record<string, unknown>;

export function messageView(message: Message): Shape {
  const [label] = message.labels;
  return {
    messageId: message.messageId,
    url: message.url,
    method: message.method,
    header: headerLists(message.forward),
    ...bodyOf(message.bodyBase64),
    maxRetries: message.maxRetries,
    ...(message.retryDelay === null ? {} : { retryDelayExpression: message.retryDelay }),
    notBefore: message.notBefore,
    createdAt: message.createdAt,
    ...(message.callback === null ? {} : { callback: message.callback.url }),
    ...(message.failureCallback === null ? {} : { failureCallback: message.failureCallback.url }),
    ...(message.scheduleId === null ? {} : { scheduleId: message.scheduleId }),
    ...(message.queueName === null ? {} : { queueName: message.queueName }),
    ...flowOf(message.flow),
    ...(label === undefined ? {} : { label, labels: message.labels }),
    callerIP: "127.0.0.1",
  };
}

export function deadView(message: DeadMessage): Shape {
  return {
    ...messageView(message),
    dlqId: message.dlqId,
    responseStatus: message.responseStatus,
    responseHeader: message.responseHeader,
    responseBody: message.responseBody,
  };
}

export function scheduleView(schedule: Schedule, nextScheduleTime: number | undefined): Shape {
  const { headers } = schedule;
  const forward = Object.entries(headers).filter(([name]) => name.startsWith("upstash-forward-"));
  return {
    scheduleId: schedule.scheduleId,
    cron: schedule.cron,
    createdAt: schedule.createdAt,
    destination: schedule.destination,
    method: headers["upstash-method"] ?? "POST",
    header: headerLists({
      ...(headers["content-type"] === undefined ? {} : { "content-type": headers["content-type"] }),
      ...Object.fromEntries(forward.map(([name, value]) => [name.slice("upstash-forward-".length), value])),
    }),
    ...bodyOf(schedule.bodyBase64),
    retries: Number(headers["upstash-retries"] ?? 3),
    ...settingsOf(headers),
    isPaused: schedule.isPaused,
    ...(schedule.lastScheduleTime === null ? {} : { lastScheduleTime: schedule.lastScheduleTime }),
    ...(nextScheduleTime === undefined ? {} : { nextScheduleTime }),
  };
}

/** Of a schedule: the settings of each of its messages, where they are given. */
function settingsOf(headers: Record<string, string>): Shape {
  const labels = (headers["upstash-label"] ?? "").split(",").filter((label) => label !== "");
  const { "upstash-flow-control-key": key, "upstash-flow-control-value": value } = headers;
  const shown: Shape = {
    delay: headers["upstash-delay"] === undefined ? undefined : (durationMs(headers["upstash-delay"]) ?? 0) / 1_000,
    callback: headers["upstash-callback"],
    failureCallback: headers["upstash-failure-callback"],
    queueName: headers["upstash-queue-name"],
    retryDelayExpression: headers["upstash-retry-delay"],
    ...(labels.length === 0 ? {} : { label: labels[0], labels }),
    ...(key === undefined || value === undefined ? {} : flowOf(flowFrom(key, value) ?? null)),
  };
  return Object.fromEntries(Object.entries(shown).filter(([, setting]) => setting !== undefined));
}

function flowOf(flow: Flow | null): Shape {
  if (flow === null) return {};
  const { key, parallelism, rate, periodSeconds } = flow;
  return {
    flowControlKey: key,
    ...(parallelism === undefined ? {} : { parallelism }),
    ...(rate === undefined ? {} : { rate, period: periodSeconds ?? 1 }),
  };
}

function headerLists(headers: Record<string, string>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
}

/** Text where the bytes are UTF-8, base64 under another name where not. */
function bodyOf(bodyBase64: string): Shape {
  const bytes = Buffer.from(bodyBase64, "base64");
  const text = bytes.toString("utf8");
  return Buffer.from(text).equals(bytes) ? { body: text } : { bodyBase64 };
}
