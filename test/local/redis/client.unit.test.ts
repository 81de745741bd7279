// The vendor's own client, unmodified, against the local Redis.
import { Redis } from "@upstash/redis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { settableClock } from "#brain/kernel/clock.ts";
import { type LocalRedis, startRedis } from "#local/redis.ts";

const clock = settableClock("2026-11-15T08:00:00.000Z");
let server: LocalRedis;
let redis: Redis;

beforeEach(async () => {
  server = await startRedis({ token: "local-token", clock });
  redis = new Redis({ url: server.url, token: "local-token", enableTelemetry: false, retry: { retries: 0 } });
});

afterEach(() => server.close());

describe("values", () => {
  test("objects, numbers and texts come back as they went", async () => {
    await redis.set("person", { name: "Åse Øst", tags: ["vvs", "日本"] });
    expect(await redis.get("person")).toEqual({ name: "Åse Øst", tags: ["vvs", "日本"] });
    await redis.set("plain", "OK");
    expect(await redis.get("plain")).toBe("OK");
    await redis.hset("van", { plate: "AB 12 345", km: 81_000 });
    expect(await redis.hgetall("van")).toEqual({ plate: "AB 12 345", km: 81_000 });
    await redis.zadd("queue", { score: 2.5, member: "b" }, { score: 1, member: "a" });
    expect(await redis.zrange("queue", 0, -1, { withScores: true })).toEqual(["a", 1, "b", 2.5]);
    expect(await redis.mget("none", "plain")).toEqual([null, "OK"]);
  });

  test("without deserialization a counter's text stays a text", async () => {
    const raw = new Redis({ url: server.url, token: "local-token", automaticDeserialization: false });
    await raw.set("n", "0042");
    expect(await raw.get("n")).toBe("0042");
  });

  test("bytes that are no UTF-8 survive base64", async () => {
    await redis.eval("return redis.call('SET', KEYS[1], string.char(255, 0, 200))", ["bytes"], []);
    const answer = await fetch(`${server.url}/get/bytes`, {
      headers: { authorization: "Bearer local-token", "upstash-encoding": "base64" },
    });
    expect(await answer.json()).toEqual({ result: Buffer.from([255, 0, 200]).toString("base64") });
    expect(await redis.strlen("bytes")).toBe(3);
  });
});

describe("several at once", () => {
  test("a pipeline answers each in order, and one that fails stops none", async () => {
    const pipeline = redis.pipeline();
    pipeline.set("text", "abc").incr("text").incr("count");
    const told = await pipeline.exec({ keepErrors: true });
    expect(told.map((one) => one.result ?? one.error)).toEqual([
      "OK",
      "ERR value is not an integer or out of range",
      1,
    ]);
  });

  test("a transaction is atomic: with one command unknown, nothing is done", async () => {
    const answer = await fetch(`${server.url}/multi-exec`, {
      method: "POST",
      headers: { authorization: "Bearer local-token" },
      body: JSON.stringify([["SET", "a", "1"], ["NOSUCH"]]),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: expect.stringContaining("unknown command 'NOSUCH'") });
    expect(await redis.exists("a")).toBe(0);
  });

  test("the counter of a fixed window: counted, given an end once, and told how long it lasts", async () => {
    const take = () => redis.multi().incr("window").pexpire("window", 60_000, "NX").pttl("window").exec();
    expect(await take()).toEqual([1, 1, 60_000]);
    clock.advance(20_000);
    expect(await take()).toEqual([2, 0, 40_000]);
    clock.advance(40_000);
    expect(await take()).toEqual([1, 1, 60_000]);
  });

  test("a scan meets every key that stays, even while others are deleted", async () => {
    const names = Array.from({ length: 55 }, (_, i) => `job:${i}`);
    await redis.mset(Object.fromEntries(names.map((name) => [name, 1])));
    const met = new Set<string>();
    let cursor = "0";
    do {
      const [next, found] = await redis.scan(cursor, { match: "job:*", count: 7 });
      for (const name of found) met.add(name);
      await redis.del(...found.slice(1));
      cursor = next;
    } while (cursor !== "0");
    expect(met).toEqual(new Set(names));
  });
});

describe("scripts", () => {
  test("loaded once, called by its hash; an unknown hash says so", async () => {
    const sha = await redis.scriptLoad("return ARGV[1] * 2");
    expect(await redis.evalsha(sha, [], ["21"])).toBe(42);
    await expect(redis.evalsha("0".repeat(40), [], [])).rejects.toThrow("NOSCRIPT");
  });

  test("a script reaches no file, no process and no other code", async () => {
    for (const name of ["io", "os", "require", "package", "dofile", "loadfile", "load", "debug", "js", "fengari"]) {
      await expect(redis.eval(`return ${name}`, [], [])).rejects.toThrow(`nonexistent global variable '${name}'`);
    }
    expect(await redis.eval("return tostring(string.dump)", [], [])).toBe("nil");
  });

  test("what one script leaves behind, the next does not find", async () => {
    await redis.eval("string.left = 'here'; rawset(_G, 'left', 1); return 1", [], []);
    expect(await redis.eval("return tostring(string.left)", [], [])).toBe("nil");
    await expect(redis.eval("return left", [], [])).rejects.toThrow("nonexistent");
  });

  test("an endless script is ended", async () => {
    const strict = await startRedis({ token: "t", scriptMs: 30 });
    const client = new Redis({ url: strict.url, token: "t", retry: { retries: 0 } });
    await expect(client.eval("while true do end", [], [])).rejects.toThrow("script ran for more than 30 ms");
    expect(await client.ping()).toBe("PONG");
    await strict.close();
  });
});
