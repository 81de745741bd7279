// What the agents' door says to whoever is not let in, and to messages that are not what they claim to be.
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { policyOf } from "#gateway/limit-policies.ts";
import { limitedWorld } from "#test/kit/redis.ts";
import { publicUrl, type World, world } from "#test/kit/world.ts";
import { call, post, problemOf } from "./agent.ts";

let w: World;
beforeAll(async () => {
  w = await world();
});
afterEach(() => {
  delete w.runtime.settings.authorizationServer;
});

const list = { method: "tools/list" };
const asked = async (work: () => Promise<unknown>) => {
  w.neon.resetStats();
  await work();
  return w.neon.stats().requests;
};

describe("who may come in", () => {
  test("nobody without a key: 401 that says how; a cookie is no key", async () => {
    for (const headers of [{}, { cookie: "omneuro_session=abc" }, { authorization: "Basic abc" }]) {
      const reply = await post(w, list, { headers });
      expect([reply.status, reply.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="omneuro"']);
      expect(reply.body).toMatchObject({ code: "credentials_required" });
    }
  });

  test("a key of the right form that nobody was given is refused by the database, whatever is asked", async () => {
    const gone = await addKey(w.neon, { ...w.a, permissions: ["inbox:read"], name: "soon gone" });
    await w.neon.query("delete from identity.api_keys where name = 'soon gone'");
    const messages = [
      list,
      { method: "server/discover" },
      { method: "tools/call", params: { name: "identity_me", arguments: {} } },
      { method: "resources/list" },
      { method: "resources/read", params: { uri: "omneuro://evidence/x" } },
    ];
    for (const message of messages) {
      const reply = await post(w, message, { key: gone });
      expect([message.method, reply.status]).toEqual([message.method, 401]);
      expect(reply.headers.get("www-authenticate")).toContain('error="invalid_token"');
    }
  });

  test("too little of a key: 403 that names the permission; no result beside it", async () => {
    const reply = await call(w, "inbox_conversations_list", {}, { key: w.a.readKey });
    expect(reply.status).toBe(403);
    expect(reply.headers.get("www-authenticate")).toBe(
      'Bearer realm="omneuro", error="insufficient_scope", scope="inbox:read"',
    );
    expect(reply.body).toMatchObject({ code: "permission_missing", permission: "inbox:read" });
  });

  test("another origin and another host are turned away before the key is looked at", async () => {
    const strange = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: publicUrl.replace("http:", "https:") },
      { host: "evil.example" },
      { host: "omneuro.test.evil.example" },
      { host: "a b" },
    ];
    for (const headers of strange) {
      expect(await asked(() => post(w, list, { key: w.a.apiKey, headers }))).toBe(0);
      expect((await post(w, list, { key: w.a.apiKey, headers })).status).toBe(403);
    }
    expect((await post(w, list, { key: w.a.apiKey, headers: { origin: publicUrl } })).status).toBe(200);
  });

  test("a laptop may be called by any of its names, on its own port only", async () => {
    const { settings } = w.runtime;
    settings.publicUrl = "http://127.0.0.1:8787";
    const status = async (host: string) =>
      (await post(w, list, { key: w.a.apiKey, headers: { host, origin: `http://${host}` } })).status;
    expect([await status("localhost:8787"), await status("[::1]:8787"), await status("localhost:1")]).toEqual([
      200, 200, 403,
    ]);
    settings.publicUrl = publicUrl;
  });

  test("with an authorization server, refusals and metadata lead to it; without, there is no metadata", async () => {
    const paths = ["/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"];
    for (const path of paths) expect((await w.fetch(path)).status).toBe(404);
    w.runtime.settings.authorizationServer = "https://login.example";
    for (const path of paths) {
      const found = await w.fetch(path);
      expect([found.status, await found.json()]).toEqual([
        200,
        expect.objectContaining({
          resource: `${publicUrl}/mcp`,
          authorization_servers: ["https://login.example"],
          scopes_supported: expect.arrayContaining(["inbox:read", "memory:ask"]),
        }),
      ]);
    }
    const refused = await post(w, list);
    expect(refused.headers.get("www-authenticate")).toBe(
      `Bearer realm="omneuro", resource_metadata="${publicUrl}/.well-known/oauth-protected-resource/mcp"`,
    );
  });
});

describe("messages", () => {
  const send = async (body: string, headers: Record<string, string> = {}) => {
    const type = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    const answer = await w.fetch("/mcp", { method: "POST", key: w.a.apiKey, body, headers: { ...type, ...headers } });
    const text = await answer.text();
    expect(text).not.toMatch(/node_modules|\bat [A-Za-z.]+ \(/);
    return { status: answer.status, body: JSON.parse(text) as { code?: string; error?: { code: number } } };
  };

  test("GET and DELETE are 405: there is no stream and no session", async () => {
    for (const method of ["GET", "DELETE", "PUT"]) {
      const answer = await w.fetch("/mcp", { method, key: w.a.apiKey });
      expect([method, answer.status, answer.headers.get("allow")]).toEqual([method, 405, "POST"]);
    }
  });

  test("what is no JSON, a batch, too large, or of another type", async () => {
    expect(await send("{")).toMatchObject({ status: 400, body: { error: { code: -32700 } } });
    expect(await send('{"a":"\\u0000"}')).toMatchObject({ status: 400, body: { error: { code: -32700 } } });
    expect(await send("[]")).toMatchObject({ status: 400, body: { error: { code: -32600 } } });
    expect(await send('"tools/list"')).toMatchObject({ status: 400, body: { error: { code: -32600 } } });
    expect(await send(`{"a":"${"x".repeat(300_000)}"}`)).toMatchObject({ status: 413 });
    expect(await send("{}", { "content-type": "text/plain" })).toMatchObject({ status: 415 });
  });

  test("headers that say something else than the body: 400 and -32020", async () => {
    const spoiled: Record<string, string>[] = [{ "mcp-method": "tools/list" }, { "mcp-name": "memory_ask" }];
    for (const headers of spoiled) {
      const params = { name: "identity_me", arguments: {} };
      const reply = await post(w, { method: "tools/call", params }, { key: w.a.apiKey, headers });
      expect([reply.status, reply.body.error?.code]).toEqual([400, -32020]);
    }
  });

  test("an unknown revision: 400 and -32022; an unknown method: 404 and -32601", async () => {
    const revision = "2031-01-01";
    const reply = await post(w, list, {
      key: w.a.apiKey,
      headers: { "mcp-protocol-version": revision },
      meta: { "io.modelcontextprotocol/protocolVersion": revision },
    });
    expect([reply.status, reply.body.error]).toEqual([400, expect.objectContaining({ code: -32022 })]);
    for (const method of ["no/such", "prompts/list", "subscriptions/listen"]) {
      const unknown = await post(w, { method }, { key: w.a.apiKey });
      expect([method, unknown.status, unknown.body.error?.code]).toEqual([method, 404, -32601]);
    }
  });

  test("nobody in between may keep what a tenant was told", async () => {
    const listed = await post(w, list, { key: w.a.apiKey });
    expect(listed.body.result).toMatchObject({ resultType: "complete", cacheScope: "private", ttlMs: 0 });
    expect(listed.headers.get("cache-control")).toContain("no-");
  });
});

describe("what a tool may cost and do", () => {
  test("each call of a one-step verb is one request to the database, and so is each list", async () => {
    await call(w, "identity_me", {}, { key: w.a.apiKey });
    const cost = {
      call: await asked(() => call(w, "inbox_conversations_list", {}, { key: w.a.apiKey })),
      refused: await asked(() => call(w, "inbox_conversations_list", {}, { key: w.a.readKey })),
      tools: await asked(() => post(w, list, { key: w.a.apiKey })),
      resources: await asked(() => post(w, { method: "resources/list" }, { key: w.a.apiKey })),
      discover: await asked(() => post(w, { method: "server/discover" }, { key: w.a.apiKey })),
    };
    expect(cost).toEqual({ call: 1, refused: 1, tools: 1, resources: 1, discover: 1 });
  });

  test("hints are what the verb's effect says", async () => {
    type Shown = { name: string; annotations: Record<string, boolean> };
    const { tools } = (await post(w, list, { key: w.a.apiKey })).body.result as { tools: Shown[] };
    const hints = (name: string) => tools.find((tool) => tool.name === name)?.annotations;
    const none = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false };
    expect(hints("inbox_messages_list")).toEqual({ ...none, readOnlyHint: true, idempotentHint: true });
    expect(hints("memory_ask")).toEqual({ ...none, openWorldHint: true });
    expect(hints("identity_api_keys_revoke")).toEqual({ ...none, destructiveHint: true, idempotentHint: true });
  });

  test("a write wants a key of its own and has one effect with it", async () => {
    await addKey(w.neon, { ...w.a, permissions: ["inbox:read"], name: "to revoke" });
    const [row] = await w.neon.query("select id from identity.api_keys where name = 'to revoke'");
    const revoke = (more: object) =>
      call(w, "identity_api_keys_revoke", { id: row?.["id"], ...more }, { key: w.a.apiKey });
    expect(problemOf(await revoke({}))).toMatchObject({ code: "idempotency_key_required" });
    expect(problemOf(await revoke({ idempotency_key: "" }))).toMatchObject({ code: "idempotency_key_invalid" });
    expect(problemOf(await revoke({ idempotency_key: 7 }))).toMatchObject({ code: "invalid_input" });
    const first = await revoke({ idempotency_key: "agent-1" });
    const second = await revoke({ idempotency_key: "agent-1" });
    expect(first.body.result).toMatchObject({ structuredContent: { id: row?.["id"], revoked_at: expect.any(String) } });
    expect(second.body.result).toEqual(first.body.result);
    const audit = "select actor from shared.audit_events where ref_id = $1";
    const written = await w.neon.query(audit, [row?.["id"]]);
    expect(written).toEqual([{ actor: expect.stringMatching(/^key:key_/) }]);
    const other = await call(
      w,
      "identity_api_keys_revoke",
      { id: "key_x", idempotency_key: "agent-1" },
      { key: w.a.apiKey },
    );
    expect(problemOf(other)).toMatchObject({ code: "idempotency_key_reused" });
  });

  test("it is counted as any request is, and asking on its own as well", async () => {
    const limited = await limitedWorld();
    try {
      const ask = () => call(limited, "memory_ask", { question: "Who is Mette?" }, { key: limited.a.apiKey });
      expect((await ask()).headers.get("ratelimit-policy")).toBe('"ask";q=30;w=60');
      await limited.use(policyOf({}, "ask"), 30);
      const refused = await ask();
      expect([refused.status, refused.body["code"]]).toEqual([429, "rate_limited"]);
      expect((await call(limited, "identity_me", {}, { key: limited.a.apiKey })).status).toBe(200);
      await limited.use(policyOf({}, "caller"), 600);
      expect((await call(limited, "identity_me", {}, { key: limited.a.apiKey })).status).toBe(429);
    } finally {
      await limited.redis.close();
    }
  });
});
