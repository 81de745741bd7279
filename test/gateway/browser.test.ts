// What a browser is told about every answer, and what it needs to prove before its cookie changes anything.
import { beforeAll, describe, expect, test } from "vitest";
import { password, type World, world } from "#test/kit/world.ts";

let w: World;
let cookie: string;
let csrf: string;

const signIn = async () => {
  const answer = await w.fetch("/v1/identity/login", { json: { username: w.a.username, password } });
  const { csrf_token } = (await answer.json()) as { csrf_token: string };
  return { cookie: (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "", csrf: csrf_token };
};

beforeAll(async () => {
  w = await world();
  ({ cookie, csrf } = await signIn());
});

const choose = async (headers: Record<string, string>) => {
  w.neon.resetStats();
  const answer = await w.fetch("/v1/identity/project", { json: { project: w.a.project }, headers });
  const { code } = (await answer.json()) as { code?: string };
  return [answer.status, code, w.neon.stats().requests];
};

describe("an unsafe request with a cookie", () => {
  test("needs the session's own token", async () => {
    expect(await choose({ cookie })).toEqual([403, "csrf_mismatch", 1]);
    expect(await choose({ cookie, "x-csrf-token": `${csrf}x` })).toEqual([403, "csrf_mismatch", 1]);
    const other = await signIn();
    expect(other.cookie).not.toBe(cookie);
    expect(await choose({ cookie, "x-csrf-token": other.csrf })).toEqual([403, "csrf_mismatch", 1]);
    expect((await choose({ cookie, "x-csrf-token": csrf }))[0]).toBe(200);
  });

  test.each([
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "https://evil.example" },
    { origin: "null" },
  ])("from elsewhere is refused before the session is looked up: %j", async (from) => {
    const headers = { cookie, "x-csrf-token": csrf, ...(from as Record<string, string>) };
    expect(await choose(headers)).toEqual([403, "cross_site", 0]);
  });
});

test("a session of a user who was disabled is worth nothing at once", async () => {
  const { neon } = w;
  const other = await world({ neon });
  const signed = await other.fetch("/v1/identity/login", { json: { username: other.a.username, password } });
  const headers = { cookie: (signed.headers.get("set-cookie") ?? "").split(";")[0] ?? "" };
  const me = async () => (await other.fetch("/v1/identity/me", { headers })).status;
  expect(await me()).toBe(200);
  await neon.query("update shared.users set disabled_at = now() where id = $1", [other.a.user]);
  expect(await me()).toBe(401);
});

test("every answer says that nothing may frame, sniff, keep or read it", async () => {
  const paths = [
    "/v1/identity/me",
    "/v1/inbox/messages",
    "/nowhere",
    "/openapi.json",
    "/healthz",
    "/v1/hooks/chatwoot/none",
  ];
  w.runtime.settings.publicUrl = "https://omneuro.test";
  try {
    for (const path of paths) {
      const { headers } = await w.fetch(path, { key: w.a.apiKey, headers: { origin: "https://evil.example" } });
      expect([path, Object.fromEntries(headers)]).toEqual([
        path,
        expect.objectContaining({
          "strict-transport-security": "max-age=63072000; includeSubDomains",
          "x-content-type-options": "nosniff",
          "referrer-policy": "no-referrer",
          "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
          "cross-origin-resource-policy": "same-origin",
          "cache-control": "no-store",
        }),
      ]);
      // No origin but our own reads anything: there is no CORS to misconfigure.
      expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  } finally {
    w.runtime.settings.publicUrl = "http://omneuro.test";
  }
});

test("a GET changes nothing: every GET of the document is a reading verb", async () => {
  const { routes } = await import("#gateway/routes/index.ts");
  const gets = routes.filter(({ method }) => method === "get").map(({ verb }) => [verb.name, verb.effect]);
  expect(gets.length).toBeGreaterThan(15);
  // Searching embeds the question outside, and writes nothing.
  const allowed = (name: unknown, effect: unknown) =>
    effect === "read" || name === "memory.search" || name === "vault.search";
  expect(gets.filter(([name, effect]) => !allowed(name, effect))).toEqual([]);
});
