// The life of an API key: it expires, is replaced while both work, is held to a quota of its own, and says when it was last used.
import { afterEach, describe, expect, test } from "vitest";
import { type LimitedWorld, limitedWorld } from "#test/kit/redis.ts";
import { type World, world } from "#test/kit/world.ts";

type Key = {
  id: string;
  key: string;
  expires_at: string | null;
  last_used_at: string | null;
  replaced_by: string | null;
};

let calls = 0;
const post = (w: World, path: string, given: { key: string; json: unknown; once?: string }) => {
  calls += 1;
  const headers = { "idempotency-key": given.once ?? `call-${calls}` };
  return w.fetch(`/v1/identity/api-keys${path}`, { json: given.json, key: given.key, headers });
};
const make = async (w: World, json: Record<string, unknown>) => {
  const made = await post(w, "", { key: w.a.apiKey, json: { name: "Van", permissions: ["identity:read"], ...json } });
  expect(made.status).toBe(201);
  return (await made.json()) as Key;
};
const statusOf = async (w: World, key: string) => (await w.fetch("/v1/identity/api-keys", { key })).status;
const listed = async (w: World, id: string) => {
  const { data } = (await (await w.fetch("/v1/identity/api-keys?limit=100", { key: w.a.apiKey })).json()) as {
    data: Key[];
  };
  return data.find((key) => key.id === id);
};
const problem = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];

describe("an API key", () => {
  test("works until it expires and not a moment longer; one already expired is not made", async () => {
    const w = await world();
    const { key } = await make(w, { expires_at: "2026-11-15T09:00:00Z" });
    w.clock.set("2026-11-15T08:59:59.999Z");
    expect(await statusOf(w, key)).toBe(200);
    w.clock.set("2026-11-15T09:00:00Z");
    expect(await statusOf(w, key)).toBe(401);
    const late = { name: "Late", permissions: ["identity:read"], expires_at: "2026-11-15T09:00:00Z" };
    expect(await problem(await post(w, "", { key: w.a.apiKey, json: late }))).toEqual([400, "invalid_input"]);
  });

  test("says when it was last used, to the minute", async () => {
    const w = await world();
    const { id, key } = await make(w, {});
    expect((await listed(w, id))?.last_used_at).toBeNull();
    await statusOf(w, key);
    w.clock.advance(30_000);
    await statusOf(w, key);
    expect((await listed(w, id))?.last_used_at).toBe("2026-11-15T08:00:00Z");
    w.clock.advance(31_000);
    await statusOf(w, key);
    expect((await listed(w, id))?.last_used_at).toBe("2026-11-15T08:01:01Z");
  });
});

describe("a rotation", () => {
  test("makes a new key of the same kind; the old one works through the overlap and then dies", async () => {
    const w = await world();
    const old = await make(w, { rate_limit: 60, expires_at: "2026-12-15T08:00:00Z" });
    const rotate = () =>
      post(w, `/${old.id}/rotate`, { key: w.a.apiKey, json: { overlap_hours: 2 }, once: "rotate-1" });
    const answer = await rotate();
    expect(answer.status).toBe(201);
    const bytes = await answer.text();
    const next = JSON.parse(bytes) as Key;
    expect(next).toMatchObject({
      name: "Van",
      permissions: ["identity:read"],
      rate_limit: 60,
      expires_at: "2026-12-15T08:00:00Z",
    });
    expect(next.key).not.toBe(old.key);
    expect(await (await rotate()).text()).toBe(bytes);

    expect([await statusOf(w, old.key), await statusOf(w, next.key)]).toEqual([200, 200]);
    expect(await listed(w, old.id)).toMatchObject({ replaced_by: next.id, expires_at: "2026-11-15T10:00:00Z" });
    w.clock.set("2026-11-15T10:00:00Z");
    expect([await statusOf(w, old.key), await statusOf(w, next.key)]).toEqual([401, 200]);

    const trail = await w.neon.query(
      "select action, ref_id from shared.audit_events where project_id = $1 and ref_id in ($2, $3) order by at, action",
      [w.a.project, old.id, next.id],
    );
    expect(trail).toEqual([
      { action: "identity.api_key.created", ref_id: old.id },
      { action: "identity.api_key.created", ref_id: next.id },
      { action: "identity.api_key.rotated", ref_id: old.id },
    ]);
  });

  test("of a key that was replaced, revoked or has expired is refused, and so is one of a key that may do more", async () => {
    const w = await world();
    const again = await make(w, {});
    await post(w, `/${again.id}/rotate`, { key: w.a.apiKey, json: {} });
    const revoked = await make(w, {});
    await post(w, `/${revoked.id}/revoke`, { key: w.a.apiKey, json: {} });
    const expired = await make(w, { expires_at: "2026-11-15T08:30:00Z" });
    w.clock.advance(3_600_000);
    for (const { id } of [again, revoked, expired]) {
      const refused = await post(w, `/${id}/rotate`, { key: w.a.apiKey, json: {} });
      expect(await problem(refused)).toEqual([409, "api_key_ended"]);
    }
    const strong = await make(w, { permissions: ["identity:read", "memory:ask"] });
    const weak = await make(w, { permissions: ["identity:write"] });
    const grab = await post(w, `/${strong.id}/rotate`, { key: weak.key, json: {} });
    expect(await problem(grab)).toEqual([403, "permission_missing"]);
    expect((await listed(w, strong.id))?.replaced_by).toBeNull();
  });

  test("without an overlap ends the old key at once", async () => {
    const w = await world();
    const { id, key } = await make(w, {});
    await post(w, `/${id}/rotate`, { key: w.a.apiKey, json: { overlap_hours: 0 } });
    expect(await statusOf(w, key)).toBe(401);
  });
});

describe("a quota of its own", () => {
  let w: LimitedWorld;
  afterEach(() => w.redis.close());

  test("holds a key from its second request on, also where asking has a wider one; nobody else is held", async () => {
    w = await limitedWorld();
    const { key } = await make(w, { rate_limit: 3 });
    const policyOf = async () => {
      const answer = await w.fetch("/v1/identity/api-keys", { key });
      return [answer.status, answer.headers.get("ratelimit-policy"), answer.headers.get("ratelimit")?.split(";")[1]];
    };
    expect(await policyOf()).toEqual([200, '"caller";q=600;w=60', "r=599"]);
    expect(await policyOf()).toEqual([200, '"caller";q=3;w=60', "r=1"]);
    const refused = await w.fetch("/v1/ask", { key, json: { question: "Hvem?" } });
    expect([refused.status, refused.headers.get("ratelimit-policy")]).toEqual([403, '"ask";q=3;w=60']);
    expect(await policyOf()).toEqual([200, '"caller";q=3;w=60', "r=0"]);
    expect((await policyOf())[0]).toBe(429);
    expect((await w.fetch("/v1/identity/api-keys", { key: w.a.apiKey })).status).toBe(200);
    w.clock.advance(60_000);
    expect(await policyOf()).toEqual([200, '"caller";q=3;w=60', "r=2"]);
  });
});
