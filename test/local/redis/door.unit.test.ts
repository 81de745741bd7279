// The REST door itself: who may in, the forms a command may come in, what is counted, what may break.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "@upstash/redis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { settableClock } from "#brain/kernel/clock.ts";
import { type LocalRedis, startRedis } from "#local/redis.ts";

let server: LocalRedis;

beforeEach(async () => {
  server = await startRedis({ token: "local-token" });
});

afterEach(() => server.close());

const authorization = "Bearer local-token";
const ask = (path: string, init: RequestInit = {}) =>
  fetch(server.url + path, { ...init, headers: { authorization, ...(init.headers as Record<string, string>) } });
const told = async (answer: Response) => [answer.status, await answer.json()];

describe("access", () => {
  test("a missing or wrong token is 401, counted, and does nothing", async () => {
    for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: "Basic local-token" }]) {
      const answer = await fetch(`${server.url}/set/a/1`, { headers });
      expect(await told(answer)).toEqual([401, { error: "WRONGPASS invalid or missing auth token" }]);
    }
    expect(server.stats()).toMatchObject({ served: 0, denied: 3, commands: 0, keys: 0 });
  });

  test("the token may stand in the query, and other methods are 405", async () => {
    expect(await told(await fetch(`${server.url}/ping?_token=local-token`))).toEqual([200, { result: "PONG" }]);
    expect((await ask("/get/a", { method: "DELETE" })).status).toBe(405);
  });
});

describe("forms of a command", () => {
  test("in the path, with the value as body and options after it", async () => {
    expect(await told(await ask("/set/caf%C3%A9/na%2Fme"))).toEqual([200, { result: "OK" }]);
    expect(await told(await ask("/get/caf%C3%A9"))).toEqual([200, { result: "na/me" }]);
    await ask("/set/json?EX=100", { method: "POST", body: '{"a":"ø"}' });
    expect(await told(await ask("/get/json"))).toEqual([200, { result: '{"a":"ø"}' }]);
    expect(await told(await ask("/ttl/json"))).toEqual([200, { result: 100 }]);
  });

  test("in the body; what is no command is 400 with a sentence", async () => {
    const post = (body: string, path = "/") => ask(path, { method: "POST", body });
    expect(await told(await post('["SET","n",5]'))).toEqual([200, { result: "OK" }]);
    expect(await told(await post('["HGET","n","x"]'))).toEqual([
      400,
      { error: "WRONGTYPE Operation against a key holding the wrong kind of value" },
    ]);
    for (const body of ["", "{", "[]", "{}", '["SET","a",{}]', '["SET","a",null]']) {
      expect(await told(await post(body))).toEqual([400, { error: expect.stringMatching(/^ERR /) }]);
    }
    for (const body of ["[]", '["GET","a"]', "{}"]) {
      expect(await told(await post(body, "/pipeline"))).toEqual([400, { error: expect.stringMatching(/^ERR /) }]);
    }
    expect(await told(await ask("/xadd/s/*/a/1"))).toEqual([
      400,
      { error: expect.stringContaining("unknown command 'xadd'") },
    ]);
  });

  test("answers are base64 when asked for, except the bare OK and numbers", async () => {
    const body = JSON.stringify([
      ["SET", "a", "ø"],
      ["GET", "a"],
      ["STRLEN", "a"],
      ["GET", "none"],
      ["MGET", "a", "none"],
      ["PING"],
    ]);
    const answer = await ask("/pipeline", { method: "POST", body, headers: { "upstash-encoding": "base64" } });
    expect(await answer.json()).toEqual([
      { result: "OK" },
      { result: "w7g=" },
      { result: 2 },
      { result: null },
      { result: ["w7g=", null] },
      { result: "UE9ORw==" },
    ]);
  });

  test("a sync token comes with every answer and changes with every write", async () => {
    const token = async (path: string) => (await ask(path)).headers.get("upstash-sync-token");
    const first = await token("/set/a/1");
    expect(await token("/get/a")).toBe(first);
    expect(await token("/incr/a")).not.toBe(first);
  });
});

test("GET /stats counts commands as they are billed, those of scripts among them", async () => {
  const redis = new Redis({ url: server.url, token: "local-token" });
  await redis.multi().incr("a").pexpire("a", 1000, "NX").pttl("a").exec();
  await redis.eval("redis.call('INCR', KEYS[1]) return redis.call('GET', KEYS[1])", ["a"], []);
  const stats = await (await fetch(`${server.url}/stats`)).json();
  expect(stats).toMatchObject({
    served: 2,
    commands: 6,
    byCommand: { incr: 2, pexpire: 1, pttl: 1, eval: 1, get: 1 },
    keys: 1,
  });
  await fetch(`${server.url}/stats/reset`, { method: "POST" });
  expect(server.stats()).toMatchObject({ served: 0, commands: 0, byCommand: {} });
});

test("down cuts connections, slow holds answers back, ok mends both", async () => {
  server.faults.down();
  await expect(ask("/ping")).rejects.toThrow();
  server.faults.slow(200);
  await expect(ask("/ping", { signal: AbortSignal.timeout(20) })).rejects.toThrow(/timeout/i);
  server.faults.ok();
  expect((await ask("/ping")).status).toBe(200);
});

test("with a file, keys outlive the process and their time of expiry goes on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "omneuro-redis-"));
  const clock = settableClock("2026-11-15T08:00:00.000Z");
  const options = { token: "t", clock, file: join(folder, "keys") };
  const first = await startRedis(options);
  const client = (url: string) => new Redis({ url, token: "t" });
  const before = client(first.url);
  await before.set("text", "hej, Åse", { px: 60_000 });
  await before.set("short", "1", { px: 1_000 });
  await before.rpush("list", "a", "b");
  await before.zadd("scores", { score: 1.5, member: "x" });
  await before.hset("hash", { field: "v" });
  await before.sadd("set", "m");
  await first.close();

  clock.advance(2_000);
  const second = await startRedis(options);
  const after = client(second.url);
  expect(await after.get("text")).toBe("hej, Åse");
  expect(await after.pttl("text")).toBe(58_000);
  expect(await after.exists("short")).toBe(0);
  expect(await after.lrange("list", 0, -1)).toEqual(["a", "b"]);
  expect(await after.zscore("scores", "x")).toBe(1.5);
  expect([await after.hget("hash", "field"), await after.sismember("set", "m")]).toEqual(["v", 1]);
  await second.close();
  rmSync(folder, { recursive: true });
});
