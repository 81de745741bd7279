/** What only workerd can show: the real Worker starts there, and the cryptography it leans on exists there. */
import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { hashPassword, passwordMatches } from "#brain/identity/password.ts";
import { chatwootKey, verifyChatwoot } from "#gateway/signatures/chatwoot.ts";
import { secretsFrom } from "#providers/secrets.ts";

const at = (path: string, init?: RequestInit): Promise<Response> =>
  exports.default.fetch(`http://omneuro.test${path}`, init);

test("the Worker answers without asking its database", async () => {
  const response = await at("/healthz");
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "ok" });
});

test("an unknown path is a problem with a name, not a page", async () => {
  const response = await at("/nothing/here");
  expect(response.status).toBe(404);
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  expect(await response.json()).toMatchObject({ status: 404, code: "route_unknown", request_id: expect.any(String) });
});

test("a database out of reach makes it not ready, and says no more than that", async () => {
  const response = await at("/readyz");
  expect(response.status).toBe(503);
  const text = await response.text();
  expect(text).not.toMatch(/omneuro_app|127\.0\.0\.1|\bat \w+ \(/);
});

test("a delivery signed by nobody is turned away before anything else is asked", async () => {
  expect((await at("/jobs/memory.embed", { method: "POST", body: "{}" })).status).toBe(401);
});

test("a password is hashed and checked by scrypt", async () => {
  const stored = await hashPassword("blåbærgrød på torsdag", new Uint8Array(16).fill(3));
  expect(stored).toMatch(/^scrypt\$v=1\$16384,8,5\$/);
  expect(await passwordMatches("blåbærgrød på torsdag", stored)).toBe(true);
  expect(await passwordMatches("blåbærgrød på fredag", stored)).toBe(false);
});

test("a secret is sealed for its place and opens nowhere else", async () => {
  const secrets = secretsFrom(env["SECRETS_KEYS"] ?? "");
  const place = { table: "identity.project_sources", column: "secret_sealed", row: "src_1", project: "p1" };
  const sealed = await secrets.seal("the webhook's secret", place);
  expect(sealed).not.toContain("webhook");
  expect(await secrets.open(sealed, place)).toBe("the webhook's secret");
  await expect(secrets.open(sealed, { ...place, project: "p2" })).rejects.toThrow();
});

test("Chatwoot's signature is verified over the very bytes", async () => {
  const key = await chatwootKey("whsec");
  const now = new Date("2026-11-15T08:00:00Z");
  const timestamp = String(now.getTime() / 1000);
  const body = new TextEncoder().encode('{"event":"message_created","content":"æøå"}');
  const signature = `sha256=${await hmac("whsec", `${timestamp}.`, body)}`;
  await expect(verifyChatwoot({ body, timestamp, signature }, { key, now })).resolves.toEqual(now);
  const other = body.slice(0, -1);
  await expect(verifyChatwoot({ body: other, timestamp, signature }, { key, now })).rejects.toThrow();
});

async function hmac(secret: string, prefix: string, body: Uint8Array): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), algorithm, false, ["sign"]);
  const start = new TextEncoder().encode(prefix);
  const message = new Uint8Array(start.length + body.length);
  message.set(start);
  message.set(body, start.length);
  const mac = await crypto.subtle.sign("HMAC", key, message);
  return Array.from(new Uint8Array(mac), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
