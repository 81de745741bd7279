// After a day's work every secret that passed through is looked for, in every row of every table and in every log line.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { embeddings } from "#providers/embeddings.ts";
import { heard, message, talk } from "#test/inbox/chatwoot.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { password, type World, world } from "#test/kit/world.ts";

/** As it is, and in the dress it might be stored in. */
const forms = (secret: string): string[] => {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString("base64").replace(/=+$/, ""), bytes.toString("base64url"), bytes.toString("hex")];
};

const planted = {
  embeddings: "sk-planted-embeddings-key-7f1c",
  apiToken: "planted-chatwoot-token-55ad",
  hook: "planted-by-the-sender-91be",
};

/** A provider that repeats the key it was shown in its complaint, as some do. */
async function talkative() {
  const shown: string[] = [];
  const server = createServer((request, response) => {
    shown.push(request.headers.authorization ?? "");
    response.writeHead(401, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ error: { message: `Incorrect API key provided: ${request.headers.authorization}` } }),
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, shown, close: () => server.close() };
}

/** What a firm does in a day: signs in, makes, rotates and revokes keys, hears, asks, fails at embedding. */
async function day(w: World): Promise<string[]> {
  let calls = 0;
  const post = async (path: string, json: unknown, key = w.a.apiKey) => {
    calls += 1;
    const answer = await w.fetch(path, { key, json, headers: { "idempotency-key": `day-${calls}` } });
    return (await answer.json()) as Record<string, string>;
  };
  const login = await w.fetch("/v1/identity/login", { json: { username: w.a.username, password } });
  const cookie = (login.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  await w.fetch("/v1/identity/me", { headers: { cookie } });
  await w.fetch("/v1/identity/login", { json: { username: w.a.username, password: `${password}-mistyped` } });
  const made = await post("/v1/identity/api-keys", { name: "Van", permissions: ["shared:read"] });
  const rotated = await post(`/v1/identity/api-keys/${made["id"]}/rotate`, { overlap_hours: 1 });
  await w.fetch("/v1/shared/events", { key: made["key"] ?? "" });
  await w.fetch("/v1/identity/api-keys", { key: rotated["key"] ?? "" });
  const source = `/v1/identity/sources/${w.a.source.id}/rotate-secret`;
  const remade = await post(source, { api_token: planted.apiToken });
  await post(source, { secret: planted.hook });
  await heard(w, w.a, message(talk(w.a)), { secret: planted.hook });
  await w.settled();
  w.clock.advance(10_000);
  await deliverPublished(w);
  await post("/v1/ask", { question: "What was said?" });
  await post(`/v1/identity/api-keys/${rotated["id"]}/revoke`, {});
  await w.settled();
  const value = cookie.split("=")[1] ?? "";
  return [made["key"], rotated["key"], remade["secret"], value].map((secret) => secret ?? "");
}

async function everyRow(w: World): Promise<{ table: string; text: string }[]> {
  const tables = await w.neon.query(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname in ('identity', 'shared', 'people', 'memory', 'inbox') order by 1`,
  );
  const read = tables.map(async ({ name }) => {
    const rows = await w.neon.query(`select to_jsonb(t)::text as row from ${name} t`);
    return { table: String(name), text: rows.map(({ row }) => row).join("\n") };
  });
  return Promise.all(read);
}

test("no table and no log line holds a secret that was planted, in any form", async () => {
  const provider = await talkative();
  const embedder = embeddings({ url: provider.url, model: "text-embedding-3-small", apiKey: planted.embeddings });
  const w = await world({ embedder });
  const seen = await day(w);
  provider.close();
  expect(provider.shown).toContain(`Bearer ${planted.embeddings}`);
  const secrets = [...seen, ...Object.values(planted), password, w.a.apiKey, w.a.source.secret, "REDACT-ME"];
  expect(secrets.filter((secret) => secret.length < 9)).toEqual([]);

  const rows = await everyRow(w);
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.find(({ table }) => table === "inbox.cw_messages")?.text).toContain(w.a.project);
  const lines = w.lines.map((line) => JSON.stringify(line)).join("\n");
  expect(lines).toContain("memory.embed");
  for (const secret of secrets) {
    const found = (text: string) => forms(secret).some((form) => text.includes(form));
    expect([secret.slice(0, 8), rows.filter(({ text }) => found(text)).map(({ table }) => table)]).toEqual([
      secret.slice(0, 8),
      [],
    ]);
    expect([secret.slice(0, 8), found(lines)]).toEqual([secret.slice(0, 8), false]);
  }
});
