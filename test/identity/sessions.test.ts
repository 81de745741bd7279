// Signing in and out, and API keys, as a person and a machine meet them.
import { describe, expect, test } from "vitest";
import { password, publicUrl, world } from "#test/kit/world.ts";

const cookieOf = (answer: Response) => (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";

describe("signing in", () => {
  test("a session opens with the right password, works, and ends for good at logout", async () => {
    const w = await world();
    const answer = await w.fetch("/v1/identity/login", { json: { username: w.a.username, password } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("set-cookie")).toMatch(/^omneuro_session=.*HttpOnly; SameSite=Lax$/);
    const cookie = cookieOf(answer);
    const { csrf_token } = (await answer.json()) as { csrf_token: string };

    const me = await w.fetch("/v1/identity/me", { headers: { cookie } });
    expect(await me.json()).toMatchObject({
      username: w.a.username,
      project: w.a.project,
      projects: [{ id: w.a.project, role: "owner" }],
    });

    const without = await w.fetch("/v1/identity/logout", { json: {}, headers: { cookie } });
    expect([without.status, ((await without.json()) as { code: string }).code]).toEqual([403, "csrf_mismatch"]);
    const foreign = { cookie, "x-csrf-token": csrf_token, origin: "https://evil.example" };
    expect((await w.fetch("/v1/identity/logout", { json: {}, headers: foreign })).status).toBe(403);

    const ended = await w.fetch("/v1/identity/logout", {
      json: {},
      headers: { cookie, "x-csrf-token": csrf_token, origin: publicUrl },
    });
    expect(await ended.json()).toEqual({ ended: true });
    expect((await w.fetch("/v1/identity/me", { headers: { cookie } })).status).toBe(401);
  });

  test("a wrong password and an unknown user get the same words, and the eleventh try waits", async () => {
    const w = await world();
    const attempt = (username: string) => w.fetch("/v1/identity/login", { json: { username, password: "wrong" } });
    const known = await attempt(w.a.username);
    const unknown = await attempt("nobody-here");
    expect(known.status).toBe(401);
    expect(unknown.status).toBe(401);
    const strip = (body: unknown) => ({ ...(body as object), request_id: "" });
    expect(strip(await known.json())).toEqual(strip(await unknown.json()));
    for (let i = 2; i <= 10; i++) expect((await attempt(w.a.username)).status).toBe(401);
    const eleventh = await attempt(w.a.username);
    expect(eleventh.status).toBe(429);
    expect(Number(eleventh.headers.get("retry-after"))).toBeGreaterThan(0);
    w.clock.advance(15 * 60_000);
    const later = await w.fetch("/v1/identity/login", { json: { username: w.a.username, password } });
    expect(later.status).toBe(200);
  });

  test("a session ends by absence and by age", async () => {
    const w = await world();
    const cookie = cookieOf(await w.fetch("/v1/identity/login", { json: { username: w.a.username, password } }));
    for (let day = 0; day < 6; day++) {
      w.clock.advance(2 * 86_400_000);
      expect((await w.fetch("/v1/identity/me", { headers: { cookie } })).status).toBe(200);
    }
    w.clock.advance(2 * 86_400_000 + 1000);
    expect((await w.fetch("/v1/identity/me", { headers: { cookie } })).status).toBe(401);
  });

  test("another's project cannot be chosen", async () => {
    const w = await world();
    const answer = await w.fetch("/v1/identity/login", { json: { username: w.a.username, password } });
    const { csrf_token } = (await answer.json()) as { csrf_token: string };
    const headers = { cookie: cookieOf(answer), "x-csrf-token": csrf_token };
    const chosen = await w.fetch("/v1/identity/project", { json: { project: w.b.project }, headers });
    expect([chosen.status, ((await chosen.json()) as { code: string }).code]).toEqual([404, "project_unknown"]);
    expect((await w.fetch("/v1/identity/project", { json: { project: w.a.project }, headers })).status).toBe(200);
  });
});

describe("API keys", () => {
  test("a key is shown once, works in its project with its permissions, and dies when revoked", async () => {
    const w = await world();
    const json = { name: "Van tablet", permissions: ["identity:read"] };
    const make = (key: string) =>
      w.fetch("/v1/identity/api-keys", { json, key: w.a.apiKey, headers: { "idempotency-key": key } });
    const made = await make('"first"');
    expect(made.status).toBe(201);
    const bytes = await made.text();
    const { id, key } = JSON.parse(bytes) as { id: string; key: string };
    expect(key).toMatch(/^omn_live_/);

    const again = await make("first");
    expect([again.status, await again.text()]).toEqual([200 + 1, bytes]);
    expect(
      await w.neon.query(
        "select count(*)::int as n from identity.api_keys where name = 'Van tablet' and project_id = $1",
        [w.a.project],
      ),
    ).toEqual([{ n: 1 }]);
    const other = await w.fetch("/v1/identity/api-keys", {
      json: { ...json, name: "Other" },
      key: w.a.apiKey,
      headers: { "idempotency-key": "first" },
    });
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([422, "idempotency_key_reused"]);

    const listed = await w.fetch("/v1/identity/api-keys", { key });
    expect(JSON.stringify(await listed.json())).not.toContain(key.slice(-30));
    expect(
      (
        await w.fetch("/v1/identity/sources", {
          json: { kind: "chatwoot_account", external_id: "12" },
          key,
          headers: { "idempotency-key": "x" },
        })
      ).status,
    ).toBe(403);
    const stored = await w.neon.query("select to_jsonb(k) as row from identity.api_keys k where id = $1", [id]);
    expect(JSON.stringify(stored)).not.toContain(key.slice(-30));

    const revoke = await w.fetch(`/v1/identity/api-keys/${id}/revoke`, {
      json: {},
      key: w.a.apiKey,
      headers: { "idempotency-key": "r1" },
    });
    expect(revoke.status).toBe(200);
    expect((await w.fetch("/v1/identity/api-keys", { key })).status).toBe(401);
  });

  test("nobody hands out more than he holds", async () => {
    const w = await world();
    const json = { name: "Small", permissions: ["identity:write"] };
    const small = (await (
      await w.fetch("/v1/identity/api-keys", { json, key: w.a.apiKey, headers: { "idempotency-key": "s" } })
    ).json()) as { key: string };
    const grab = { name: "Large", permissions: ["identity:write", "memory:ask"] };
    const refused = await w.fetch("/v1/identity/api-keys", {
      json: grab,
      key: small.key,
      headers: { "idempotency-key": "g" },
    });
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([403, "permission_missing"]);
  });

  test("a mistyped key is refused before the database is asked", async () => {
    const w = await world();
    w.neon.resetStats();
    const typo = `${w.a.apiKey.slice(0, -1)}${w.a.apiKey.endsWith("0") ? "1" : "0"}`;
    expect((await w.fetch("/v1/identity/me", { key: typo })).status).toBe(401);
    expect(w.neon.stats().requests).toBe(0);
  });

  test("an account that feeds another project cannot be bound again", async () => {
    const w = await world();
    const json = { kind: "chatwoot_account", external_id: String(w.b.accountId), secret: "some-long-secret" };
    const bound = await w.fetch("/v1/identity/sources", { json, key: w.a.apiKey, headers: { "idempotency-key": "b" } });
    expect(bound.status).toBe(409);
    expect(["source_already_bound", "source_kind_taken"]).toContain(((await bound.json()) as { code: string }).code);
  });
});
