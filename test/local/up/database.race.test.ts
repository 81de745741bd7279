/** `npm start` over a Postgres of one's own: migrated by an owner who is no superuser, and shared by several data folders. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalPostgres, startPostgres } from "#local/postgres.ts";
import { databaseName, openLocalDatabase, workerLogin } from "#local/up/database.ts";
import { ensureInstalled } from "#local/up/installation.ts";
import { Refusal } from "#local/up/refusal.ts";
import type { Settings } from "#local/up/settings.ts";
import { openState } from "#local/up/state.ts";

let server: LocalPostgres;
let folder: string;

beforeAll(async () => {
  server = await startPostgres({ server: null });
  folder = await mkdtemp(join(tmpdir(), "omneuro-up-"));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

function settingsFor(name: string, databaseUrl = server.ownerUrl): Settings {
  const ports = { worker: 1, neon: 0, qstash: 1, redis: 1, embeddings: 1, chatwoot: 5005 };
  const data = join(folder, name);
  return { data, ports, url: "http://127.0.0.1:1", demoMessages: 0, databaseUrl };
}

async function startIn(name: string) {
  const settings = settingsFor(name);
  await mkdir(settings.data, { recursive: true });
  const file = openState(settings.data);
  const { neon, summary } = await openLocalDatabase(settings, file);
  try {
    const installed = await ensureInstalled(neon, { settings, file });
    return { installed, summary, login: workerLogin(settings, file.state) };
  } finally {
    await neon.close();
  }
}

test("a second start finds its installation; another folder makes its own beside it, with the same login for the Worker", async () => {
  const first = await startIn("one");
  expect(first.summary).toMatch(/\d+ migrations, \d+ functions/);
  const again = await startIn("one");
  expect(again.installed).toEqual(first.installed);
  expect(again.summary).not.toContain("migrations");
  const other = await startIn("two");
  expect(other.installed.project).not.toBe(first.installed.project);
  expect(other.installed.operator.username).not.toBe(first.installed.operator.username);
  expect(other.installed.chatwoot.accountId).not.toBe(first.installed.chatwoot.accountId);
  // One role for the whole server: whoever starts next must not lock the others out.
  expect(other.login).toBe(first.login);
});

test("an owner who is not let in is told so, without a password in the message", async () => {
  const url = new URL(server.ownerUrl);
  url.password = "open-sesame";
  const settings = settingsFor("three", url.href);
  expect(databaseName(settings)).not.toContain("open-sesame");
  const attempt = openLocalDatabase(settings, { state: openState(folder).state, save: () => {} });
  await expect(attempt).rejects.toThrow(Refusal);
  await expect(attempt).rejects.toThrow(/does not let us in/);
  await expect(attempt).rejects.not.toThrow(/open-sesame/);
});
