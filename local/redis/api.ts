/** Upstash's REST form of Redis: a command in the body or in the path, pipelines, transactions, answers in base64 if asked. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Answer, Asked } from "../loopback.ts";
import type { Engine } from "./engine.ts";
import { RedisError, type Reply, Status, toBase64, toBytes, toText } from "./reply.ts";

export type Requests = { served: number; denied: number; dropped: number; failed: number };
export const noRequests = (): Requests => ({ served: 0, denied: 0, dropped: 0, failed: 0 });

export type Api = {
  token: string;
  engine: Engine;
  /** Requests by what became of them; `failed` are commands. */
  requests: Requests;
};

/** Of one request, on Upstash's free and pay-as-you-go plans. */
const MOST_BYTES = 10 * 1024 * 1024;

class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Wire = null | number | string | Wire[];
type Result = { result: Wire } | { error: string };

export function answerApi(api: Api, asked: Asked): Answer {
  if (asked.target === "/stats" && asked.method === "GET") return { status: 200, json: statsOf(api) };
  if (asked.target === "/stats/reset" && asked.method === "POST") {
    resetStats(api);
    return { status: 200, json: statsOf(api) };
  }
  try {
    const { path, query } = split(asked.target);
    requireAccess(api, { asked, query });
    api.requests.served += 1;
    const answer = route(api, { path, query, asked });
    // Read-your-writes: the client sends back what it was last given.
    return { ...answer, headers: { "upstash-sync-token": `local=${api.engine.changes}` } };
  } catch (error) {
    if (error instanceof Refused) return { status: error.status, json: { error: error.message } };
    throw error;
  }
}

export const statsOf = ({ engine, requests }: Api) => ({
  ...requests,
  ...engine.counts,
  keys: engine.keys.names().length,
});

export function resetStats(api: Api): void {
  api.requests = noRequests();
  api.engine.counts = { commands: 0, byCommand: {} };
}

function split(target: string): { path: string; query: URLSearchParams } {
  const at = target.indexOf("?");
  return at < 0
    ? { path: target, query: new URLSearchParams() }
    : { path: target.slice(0, at), query: new URLSearchParams(target.slice(at + 1)) };
}

function requireAccess(api: Api, { asked, query }: { asked: Asked; query: URLSearchParams }): void {
  if (!["GET", "HEAD", "POST", "PUT"].includes(asked.method)) throw new Refused(405, "Method Not Allowed");
  const given = query.get("_token") ?? /^Bearer (.+)$/i.exec(asked.headers["authorization"] ?? "")?.[1] ?? "";
  if (!isSame(given, api.token)) {
    api.requests.denied += 1;
    throw new Refused(401, "WRONGPASS invalid or missing auth token");
  }
  if (asked.body.byteLength > MOST_BYTES) {
    throw new Refused(
      400,
      `ERR max request size exceeded. Limit: ${MOST_BYTES} bytes, Actual: ${asked.body.byteLength} bytes`,
    );
  }
  const format = asked.headers["upstash-response-format"] ?? "json";
  if (format !== "json")
    throw new Refused(400, `ERR response format ${format} is not supported by the local Redis server`);
}

function route(
  api: Api,
  at: { path: string; query: URLSearchParams; asked: Asked },
): { status: number; json: unknown } {
  const { path, asked } = at;
  const isBase64 = asked.headers["upstash-encoding"] === "base64";
  const one = (args: string[]): Result => result(api, { args, isBase64 });
  if (path === "/pipeline") return { status: 200, json: commandsIn(asked.body).map(one) };
  if (path === "/multi-exec") {
    const commands = commandsIn(asked.body);
    for (const args of commands) refuseUnknown(api.engine, args);
    return { status: 200, json: commands.map(one) };
  }
  const answer = one(path === "/" ? command(json(asked.body)) : pathCommand(at));
  return { status: "error" in answer ? 400 : 200, json: answer };
}

function result(api: Api, given: { args: string[]; isBase64: boolean }): Result {
  try {
    const reply = api.engine.call(given.args);
    // The one answer that is never encoded.
    if (reply instanceof Status && reply.text === "OK") return { result: "OK" };
    return { result: wire(reply, given.isBase64 ? toBase64 : toText) };
  } catch (error) {
    if (!(error instanceof RedisError)) throw error;
    api.requests.failed += 1;
    return { error: toText(error.message) };
  }
}

function wire(reply: Reply, encode: (bytes: string) => string): Wire {
  if (reply === null || typeof reply === "number") return reply;
  if (typeof reply === "string") return encode(reply);
  if (reply instanceof Status) return encode(reply.text);
  return reply.map((item) => wire(item, encode));
}

/** A transaction with a command that cannot be queued does nothing at all. */
function refuseUnknown(engine: Engine, args: string[]): void {
  try {
    engine.find(args);
  } catch (error) {
    if (error instanceof RedisError) throw new Refused(400, toText(error.message));
    throw error;
  }
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new Refused(400, "ERR failed to parse command: the body is not JSON");
  }
}

function commandsIn(body: Buffer): string[][] {
  const commands = json(body);
  if (!Array.isArray(commands)) throw new Refused(400, "ERR failed to parse pipeline request: expected an array");
  if (commands.length === 0) throw new Refused(400, "ERR empty pipeline request");
  return commands.map(command);
}

function command(words: unknown): string[] {
  if (!Array.isArray(words)) throw new Refused(400, "ERR failed to parse command: expected an array");
  if (words.length === 0) throw new Refused(400, "ERR empty command");
  return words.map((word: unknown) => {
    if (typeof word === "string") return toBytes(word);
    if (typeof word === "number" || typeof word === "boolean") return String(word);
    throw new Refused(400, "ERR failed to parse command: words are strings, numbers or booleans");
  });
}

/** `/set/key` with the value as body and `?EX=100` after it is SET key value EX 100. */
function pathCommand({ path, query, asked }: { path: string; query: URLSearchParams; asked: Asked }): string[] {
  const words = path
    .slice(1)
    .split("/")
    .map((word) => toBytes(decoded(word)));
  if (asked.body.byteLength > 0) words.push(asked.body.toString("latin1"));
  for (const [name, value] of query) {
    if (name !== "_token") words.push(toBytes(name), ...(value === "" ? [] : [toBytes(value)]));
  }
  return words;
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
