// Limits as callers meet them: what is told, what is refused, who is never refused, and what happens without Redis.
import { afterEach, describe, expect, test } from "vitest";
import { writeApiKey } from "#brain/identity/credentials.ts";
import { policyOf } from "#gateway/limit-policies.ts";
import { type LimitedWorld, limitedWorld } from "#test/kit/redis.ts";
import { password, world } from "#test/kit/world.ts";

let w: LimitedWorld;
afterEach(() => w.redis.close());

const me = (key: string, ip = "203.0.113.7") =>
  w.fetch("/v1/identity/me", { key, headers: { "cf-connecting-ip": ip } });
const anonymous = (ip: string, path = "/v1/identity/me") => w.fetch(path, { headers: { "cf-connecting-ip": ip } });
const limits = (answer: Response) => [answer.headers.get("ratelimit-policy"), answer.headers.get("ratelimit")];

let forgeries = 0;
/** The id of another's key and a right checksum, but a secret that nobody was given: only the database can tell. */
async function forged(key: string): Promise<string> {
  forgeries += 1;
  const secret = new Uint8Array(32).fill(forgeries);
  return (await writeApiKey(`key_${key.split("_")[2]}`, secret)).text;
}

describe("a window", () => {
  test("every answer tells policy, rest and time; when it is used up, 429 says when to come again", async () => {
    w = await limitedWorld();
    expect(limits(await me(w.a.apiKey))).toEqual(['"caller";q=600;w=60', '"caller";r=599;t=60']);
    w.clock.advance(20_500);
    await w.use(policyOf({}, "caller"), 598);
    expect(limits(await me(w.a.apiKey))).toEqual(['"caller";q=600;w=60', '"caller";r=0;t=40']);

    const refused = await me(w.a.apiKey);
    expect([refused.status, refused.headers.get("retry-after"), ...limits(refused)]).toEqual([
      429,
      "40",
      '"caller";q=600;w=60',
      '"caller";r=0;t=40',
    ]);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(await refused.json()).toMatchObject({
      status: 429,
      code: "rate_limited",
      retry_after: 40,
      "violated-policies": ["caller"],
      request_id: refused.headers.get("x-request-id"),
    });

    w.clock.advance(39_500);
    const again = await me(w.a.apiKey);
    expect([again.status, ...limits(again)]).toEqual([200, '"caller";q=600;w=60', '"caller";r=599;t=60']);
  });

  test("a refused request reads no body and asks no database, and a flood of them not even Redis", async () => {
    w = await limitedWorld();
    await me(w.a.apiKey);
    await w.use(policyOf({}, "caller"), 600);
    await me(w.a.apiKey);
    w.neon.resetStats();
    w.redis.resetStats();
    const body = JSON.stringify({ name: "x".repeat(1000), permissions: ["identity:read"] });
    for (let i = 0; i < 50; i++) {
      const request = new Request("http://omneuro.test/v1/identity/api-keys", {
        method: "POST",
        headers: { authorization: `Bearer ${w.a.apiKey}`, "content-type": "application/json" },
        body,
      });
      const answer = await w.app.fetch(
        request,
        {},
        { waitUntil: () => {}, passThroughOnException: () => {}, props: {} },
      );
      expect([answer.status, request.bodyUsed]).toEqual([429, false]);
    }
    expect([w.neon.stats().requests, w.redis.stats().commands]).toEqual([0, 0]);
    expect(w.limiter.counts.denied).toBe(51);
  });

  test("asking has a quota of its own", async () => {
    w = await limitedWorld();
    const ask = await w.fetch("/v1/ask", { key: w.a.apiKey, json: { question: "Hvem er Mette?" } });
    expect(limits(ask)).toEqual(['"ask";q=30;w=60', '"ask";r=29;t=60']);
    await w.use(policyOf({}, "ask"), 30);
    expect((await w.fetch("/v1/ask", { key: w.a.apiKey, json: {} })).status).toBe(429);
    expect((await me(w.a.apiKey)).status).toBe(200);
  });
});

describe("who is counted together", () => {
  test("one tenant's flood leaves another's quota whole, though both come from one address", async () => {
    w = await limitedWorld();
    await me(w.a.apiKey);
    await w.use(policyOf({}, "caller"), 600);
    expect((await me(w.a.apiKey)).status).toBe(429);
    expect(limits(await me(w.b.apiKey))).toEqual(['"caller";q=600;w=60', '"caller";r=599;t=60']);
  });

  test("a made-up secret behind another's key id uses up nothing of theirs", async () => {
    w = await limitedWorld();
    for (let i = 0; i < 5; i++) expect((await me(await forged(w.a.apiKey))).status).toBe(401);
    expect(limits(await me(w.a.apiKey))).toEqual(['"caller";q=600;w=60', '"caller";r=599;t=60']);
  });

  test("without credentials by address; an IPv6 household is one, two IPv4 addresses are two", async () => {
    w = await limitedWorld();
    expect(limits(await anonymous("203.0.113.7"))).toEqual(['"anonymous";q=120;w=60', '"anonymous";r=119;t=60']);
    await w.use(policyOf({}, "anonymous"), 120);
    expect((await anonymous("203.0.113.7")).status).toBe(429);
    expect((await anonymous("203.0.113.8")).status).toBe(401);
    const rest = async (ip: string) => (await anonymous(ip)).headers.get("ratelimit");
    expect(await rest("2001:db8:1:2::1")).toBe('"anonymous";r=119;t=60');
    expect(await rest("2001:0db8:0001:0002:aaaa:bbbb:cccc:dddd")).toBe('"anonymous";r=118;t=60');
    expect(await rest("2001:db8:1:3::1")).toBe('"anonymous";r=119;t=60');
  });

  test("neither credentials nor addresses stand in Redis or in the log", async () => {
    w = await limitedWorld();
    await me(w.a.apiKey, "203.0.113.7");
    await anonymous("203.0.113.7");
    await w.use(policyOf({}, "caller"), 600);
    await me(w.a.apiKey);
    const answer = await fetch(`${w.redis.url}/keys/*?_token=redis-of-a-test`);
    const { result } = (await answer.json()) as { result: string[] };
    expect(result.toSorted()).toEqual([
      expect.stringMatching(/^limit:anonymous:[\w-]{22}$/),
      expect.stringMatching(/^limit:caller:[\w-]{22}$/),
    ]);
    const kept = JSON.stringify([result, w.lines]);
    for (const secret of [w.a.apiKey, w.a.apiKey.split("_")[3] ?? "", "203.0.113.7"])
      expect(kept).not.toContain(secret);
  });
});

describe("made-up credentials", () => {
  test("count against their address, and a good key from there goes on", async () => {
    w = await limitedWorld();
    const ip = "198.51.100.9";
    expect((await me(w.a.apiKey, ip)).status).toBe(200);
    expect((await me(await forged(w.b.apiKey), ip)).status).toBe(401);
    await w.settled();
    await w.use(policyOf({}, "anonymous"), 120);
    expect((await me(await forged(w.b.apiKey), ip)).status).toBe(401);
    await w.settled();

    w.neon.resetStats();
    const refused = await me(await forged(w.b.apiKey), ip);
    expect([refused.status, ...limits(refused)]).toEqual([429, '"anonymous";q=120;w=60', '"anonymous";r=0;t=60']);
    expect(w.neon.stats().requests).toBe(0);
    expect((await me(w.a.apiKey, ip)).status).toBe(200);
    expect((await me(w.b.apiKey, "198.51.100.10")).status).toBe(200);
    w.clock.advance(60_000);
    expect((await me(w.b.apiKey, ip)).status).toBe(200);
  });
});

describe("signing in", () => {
  test("is filtered by address before anything is hashed or looked up", async () => {
    w = await limitedWorld();
    const login = (secret: string) =>
      w.fetch("/v1/identity/login", { json: { username: w.a.username, password: secret } });
    const first = await login(password);
    expect([first.status, ...limits(first)]).toEqual([200, '"login";q=30;w=60', '"login";r=29;t=60']);
    await w.use(policyOf({}, "login"), 29);
    w.neon.resetStats();
    expect(await (await login(password)).json()).toMatchObject({ status: 429, code: "rate_limited" });
    expect(w.neon.stats().requests).toBe(0);
  });
});

describe("the console", () => {
  test("refuses with a page; its styles and scripts are not counted", async () => {
    w = await limitedWorld();
    const open = () => w.fetch("/console/login", { headers: { "cf-connecting-ip": "203.0.113.7" } });
    const page = await open();
    expect([page.status, ...limits(page)]).toEqual([200, '"anonymous";q=120;w=60', '"anonymous";r=119;t=60']);
    const asset = /\/console\/assets\/[\w.-]+\.css/.exec(await page.text())?.[0] ?? "";
    await w.use(policyOf({}, "anonymous"), 120);
    const refused = await open();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    expect(refused.headers.get("content-type")).toContain("text/html");
    expect(await refused.text()).toContain("rate_limited");
    const style = await w.fetch(asset, { headers: { "cf-connecting-ip": "203.0.113.7" } });
    expect([style.status, ...limits(style)]).toEqual([200, null, null]);
  });
});

describe("never limited", () => {
  test("webhooks, jobs and probes: not counted, not told, not refused", async () => {
    w = await limitedWorld();
    const ip = "203.0.113.7";
    await anonymous(ip);
    await w.use(policyOf({}, "anonymous"), 120);
    expect((await anonymous(ip)).status).toBe(429);
    w.redis.resetStats();
    for (const [path, status] of [
      ["/v1/hooks/chatwoot/src_unknown", 401],
      ["/jobs/memory.embed", 401],
      ["/healthz", 200],
      ["/readyz", 200],
    ] as const) {
      const method = status === 200 ? "GET" : "POST";
      const body = method === "POST" ? "{}" : null;
      const answer = await w.fetch(path, { method, body, headers: { "cf-connecting-ip": ip } });
      expect([path, answer.status < 500 && answer.status !== 429, ...limits(answer)]).toEqual([path, true, null, null]);
    }
    expect(w.redis.stats().commands).toBe(0);
  });
});

describe("without Redis", () => {
  test("all may pass; it is said once and counted, and Redis is left alone until it may be back", async () => {
    w = await limitedWorld();
    w.redis.faults.down();
    for (let i = 0; i < 4; i++) {
      const answer = await me(w.a.apiKey);
      expect([answer.status, ...limits(answer)]).toEqual([200, null, null]);
    }
    expect(w.limiter.counts).toEqual({ allowed: 0, denied: 0, uncounted: 4 });
    expect(w.lines.filter((line) => line["limiter"])).toEqual([
      { level: "warn", limiter: "unavailable", reason: expect.any(String) },
    ]);
    w.redis.faults.ok();
    expect(limits(await me(w.a.apiKey))).toEqual([null, null]);
    w.clock.advance(5_000);
    expect(limits(await me(w.a.apiKey))).toEqual(['"caller";q=600;w=60', '"caller";r=599;t=60']);
    expect(w.lines.at(-2)).toEqual({ level: "info", limiter: "available", uncounted: 5 });
  });

  test("signing in is still counted, in Postgres", async () => {
    w = await limitedWorld();
    w.redis.faults.down();
    const json = { username: w.b.username, password: "wrong" };
    for (let i = 0; i < 10; i++) expect((await w.fetch("/v1/identity/login", { json })).status).toBe(401);
    const eleventh = await w.fetch("/v1/identity/login", { json });
    expect(await eleventh.json()).toMatchObject({ status: 429, code: "too_many_attempts" });
  });

  test("none configured: no limits and no headers", async () => {
    w = await limitedWorld();
    const plain = await world();
    const answer = await plain.fetch("/v1/identity/me", { key: plain.a.apiKey });
    expect([answer.status, ...limits(answer)]).toEqual([200, null, null]);
  });

  test("killed while it runs: answers stay what they are, and the metrics say so", async () => {
    w = await limitedWorld();
    const gone = await limitedWorld();
    const metrics = async () => {
      const answer = await gone.fetch("/v1/metrics", { key: gone.a.apiKey });
      return [answer.status, ((await answer.json()) as { limiter: unknown }).limiter];
    };
    expect(await metrics()).toEqual([200, { allowed: 1, denied: 0, uncounted: 0, degraded: false }]);
    await gone.redis.close();
    expect(await metrics()).toEqual([200, { allowed: 1, denied: 0, uncounted: 1, degraded: true }]);
    expect((await gone.fetch("/v1/identity/me", { key: gone.a.apiKey })).status).toBe(200);
    expect(await metrics()).toEqual([200, { allowed: 1, denied: 0, uncounted: 3, degraded: true }]);
  });
});

describe("configured quotas", () => {
  test("take the place of the usual ones, for those that are named", async () => {
    w = await limitedWorld();
    w.runtime.quotas = { caller: 2, ask: 5 };
    expect(limits(await me(w.a.apiKey))).toEqual(['"caller";q=2;w=60', '"caller";r=1;t=60']);
    expect([(await me(w.a.apiKey)).status, (await me(w.a.apiKey)).status]).toEqual([200, 429]);
    const asked = await w.fetch("/v1/ask", { key: w.a.apiKey, json: { question: "Who is Mette?" } });
    expect(asked.headers.get("ratelimit-policy")).toBe('"ask";q=5;w=60');
    expect(limits(await anonymous("203.0.113.9"))[0]).toBe('"anonymous";q=120;w=60');
  });
});
