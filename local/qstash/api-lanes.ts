/** Queues and flow control: read, set, paused, resumed, pinned. */
import type { Answer } from "../loopback.ts";
import type { Api, Route } from "./api.ts";
import { durationMs } from "./durations.ts";
import type { FlowRule } from "./flow-control.ts";
import { Refused } from "./message.ts";

export function queues(api: Api, { method, rest, body }: Route): Answer {
  const { gate } = api.courier;
  const [name = "", act] = rest.split("/");
  const view = (one: string) => ({ ...gate.queue(one), lag: gate.waiting(one).length });
  if (method === "POST" && rest === "") return upsert(api, body);
  if (method === "GET" && rest === "") return { status: 200, json: [...api.store.queues.keys()].map(view) };
  if (method === "GET" && act === undefined) return { status: 200, json: view(name) };
  if (method === "POST" && act === "pause") gate.upsertQueue(gate.queue(name).name, { paused: true });
  else if (method === "POST" && act === "resume") gate.upsertQueue(gate.queue(name).name, { paused: false });
  else if (method === "DELETE" && act === undefined) remove(api, name);
  else throw new Refused(405, "expected GET, POST or DELETE of a queue, or POST pause or resume");
  return { status: 200 };
}

function upsert(api: Api, body: Buffer): Answer {
  let wish: { queueName?: unknown; parallelism?: unknown; paused?: unknown };
  try {
    wish = JSON.parse(body.toString("utf8")) as typeof wish;
  } catch {
    throw new Refused(400, "invalid queue: expected a JSON object");
  }
  const { queueName, parallelism = 1, paused = false } = wish;
  if (typeof queueName !== "string" || !/^[\w.-]{1,256}$/.test(queueName)) throw new Refused(400, "invalid queue name");
  if (typeof parallelism !== "number" || !Number.isInteger(parallelism) || parallelism < 1) {
    throw new Refused(400, "invalid parallelism");
  }
  api.courier.gate.upsertQueue(queueName, { parallelism, paused: paused === true });
  return { status: 200 };
}

/** Its waiting messages go with it. */
function remove(api: Api, name: string): void {
  const { gate } = api.courier;
  // Else each cancelled one would let the next start.
  gate.upsertQueue(gate.queue(name).name, { paused: true });
  for (const id of gate.waiting(name)) api.courier.cancel(id);
  api.store.dropQueue(name);
}

export function flowControl(api: Api, { method, rest, query }: Route): Answer {
  const { gate } = api.courier;
  const [key = "", act] = rest.split("/");
  if (method === "GET" && rest === "") {
    return { status: 200, json: [...api.store.flows.keys()].map((one) => flowView(api, one)) };
  }
  if (key === "" || (method === "GET" && !api.store.flows.has(key))) {
    throw new Refused(404, `flow control key ${key} not found`);
  }
  if (method === "GET" && act === undefined) return { status: 200, json: flowView(api, key) };
  if (method !== "POST") throw new Refused(405, "expected GET or POST");
  const rule = gate.rule(key);
  if (act === "pause" || act === "resume") gate.setRule({ ...rule, isPaused: act === "pause" });
  else if (act === "pin") gate.setRule(pinned(rule, query));
  else if (act === "unpin") gate.setRule(unpinned(rule, query));
  else if (act === "resetRate") gate.resetRate(key);
  else throw new Refused(404, `not found: flow control ${act}`);
  return { status: 200 };
}

function flowView(api: Api, key: string) {
  const rule = api.courier.gate.rule(key);
  const { active, period } = api.courier.gate.flowState(key);
  const waiting = [...api.store.messages.values()].filter((message) => message.flow?.key === key).length - active;
  return {
    flowControlKey: key,
    waitListSize: Math.max(0, waiting),
    parallelismMax: rule.parallelism ?? 0,
    parallelismCount: active,
    rateMax: rule.rate ?? 0,
    rateCount: period.count,
    ratePeriod: rule.periodSeconds,
    ratePeriodStart: Math.floor(period.start / 1_000),
    isPaused: rule.isPaused,
    isPinnedParallelism: rule.isPinnedParallelism,
    isPinnedRate: rule.isPinnedRate,
  };
}

function pinned(rule: FlowRule, query: URLSearchParams): FlowRule {
  const number = (name: string): number | undefined => {
    const text = query.get(name);
    if (text === null) return undefined;
    if (!/^[1-9]\d{0,8}$/.test(text)) throw new Refused(400, `invalid ${name}: ${text}`);
    return Number(text);
  };
  const [parallelism, rate] = [number("parallelism"), number("rate")];
  const period = query.get("period");
  const periodMs = period === null ? undefined : durationMs(period);
  if (period !== null && periodMs === undefined) throw new Refused(400, `invalid period: ${period}`);
  return {
    ...rule,
    ...(parallelism === undefined ? {} : { parallelism, isPinnedParallelism: true }),
    ...(rate === undefined ? {} : { rate, isPinnedRate: true }),
    ...(periodMs === undefined ? {} : { periodSeconds: periodMs / 1_000 }),
  };
}

const unpinned = (rule: FlowRule, query: URLSearchParams): FlowRule => ({
  ...rule,
  ...(query.get("parallelism") === "true" ? { isPinnedParallelism: false } : {}),
  ...(query.get("rate") === "true" ? { isPinnedRate: false } : {}),
});
