/** In workerd the SDK comes with the first message, and what needs no database is answered. */
import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { writeApiKey } from "#brain/identity/credentials.ts";

async function post(message: object, headers: Record<string, string>): Promise<Response> {
  const { text } = await writeApiKey("key_01m80akdpne00809byf6evqgdw", new Uint8Array(32).fill(7));
  return exports.default.fetch("http://omneuro.test/mcp", {
    method: "POST",
    headers: {
      authorization: `Bearer ${text}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...message }),
  });
}

const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};
const call = (name: string) => ({ method: "tools/call", params: { name, arguments: {}, _meta: meta } });
const modern = (name: string) => ({
  "mcp-protocol-version": "2026-07-28",
  "mcp-method": "tools/call",
  "mcp-name": name,
});

test("the newer era: an unknown tool is -32602", async () => {
  const answer = await post(call("no_such_tool"), modern("no_such_tool"));
  expect(await answer.json()).toMatchObject({ id: 1, error: { code: -32602 } });
});

test("the older era: a ping is answered", async () => {
  const answer = await post({ method: "ping" }, { "mcp-protocol-version": "2025-11-25" });
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('"result":{}')]);
});

test("a tool whose database is out of reach fails as a result, without our insides", async () => {
  const answer = await post(call("identity_me"), modern("identity_me"));
  const text = await answer.text();
  expect([answer.status, text]).toEqual([200, expect.stringContaining("database_unavailable")]);
  expect(text).not.toMatch(/127\.0\.0\.1|omneuro_app|\bat \w+ \(/);
});

test("without a key: 401; from another site: 403; with GET: 405", async () => {
  const at = (init?: RequestInit) => exports.default.fetch("http://omneuro.test/mcp", init);
  expect((await at({ method: "POST", body: "{}" })).status).toBe(401);
  expect((await at({ method: "POST", body: "{}", headers: { origin: "https://evil.example" } })).status).toBe(403);
  expect((await at()).status).toBe(405);
});
