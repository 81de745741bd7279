// What an owner does who takes his project along: he fetches all parts, and brings the lines to another installation.
import { randomUUID } from "node:crypto";
import { neonConfig } from "@neondatabase/serverless";
import { expect } from "vitest";
import { install } from "#db/bootstrap.ts";
import { APP_ROLE } from "#db/migrate.ts";
import { startNeon } from "#local/neon.ts";
import type { TestDatabase } from "#test/kit/database.ts";
import { APP_PASSWORD, ensureSnapshot } from "#test/kit/snapshot.ts";
import { type Tenant, testSecrets, type World } from "#test/kit/world.ts";

export type Who = Pick<Tenant, "project" | "accountScope" | "apiKey" | "user">;
// biome-ignore lint/suspicious/noExplicitAny: answers are read by what a test expects of them
export type Told = { status: number; body: any };

/** The driver knows one place for all its databases. */
export const at = (w: World): World => {
  neonConfig.fetchEndpoint = w.neon.url;
  return w;
};

export async function ask(w: World, who: Who, path: string, json?: unknown): Promise<Told> {
  const headers = json === undefined ? {} : { "idempotency-key": randomUUID() };
  const answer = await at(w).fetch(`/v1/${path}`, {
    key: who.apiKey,
    headers,
    ...(json === undefined ? {} : { json }),
  });
  return { status: answer.status, body: await answer.json() };
}

export async function made(w: World, who: Who, json: unknown, path = "shared/exports"): Promise<string[]> {
  const { status, body } = await ask(w, who, path, json);
  expect([status, body]).toEqual([201, expect.any(Object)]);
  const lines: string[] = [];
  for (let n = 1; n <= body.parts; n++) {
    const part = await ask(w, who, `${path}/${body.id}/parts/${n}`);
    expect([part.status, part.body]).toEqual([200, expect.objectContaining({ part: n, parts: body.parts })]);
    lines.push(...part.body.lines);
  }
  return lines;
}

export const hashKeyOf = async (w: World, who: Who): Promise<string> =>
  (await ask(w, who, "shared/hash-key")).body.hash_key;

/** Lines in pieces of `size`, as long as they are taken; the last answer. */
export async function brought(
  w: World,
  who: Who,
  { lines, key, size = 200 }: { lines: string[]; key: string; size?: number },
): Promise<Told> {
  const [manifest, ...rows] = lines;
  const begun = await ask(w, who, "shared/imports", { manifest, hash_key: key });
  if (begun.status !== 201) return begun;
  const at = `shared/imports/${begun.body.id}`;
  for (let after = 0; after < rows.length; after += size) {
    const answer = await ask(w, who, `${at}/lines`, { after, lines: rows.slice(after, after + size) });
    if (answer.status !== 200) return answer;
  }
  for (;;) {
    const end = await ask(w, who, `${at}/finish`, {});
    if (end.status !== 200 || end.body.state === "done") return end;
  }
}

/** Another installation's database. */
export async function elsewhere(): Promise<TestDatabase> {
  const neon = await startNeon({ backend: { kind: "pglite", snapshot: await ensureSnapshot() } });
  return { ...neon, appUrl: neon.connectionString(APP_ROLE, APP_PASSWORD) };
}

let count = 0;

/** A project as its owner makes it: nothing in it. */
export async function emptyProject(w: World): Promise<Who> {
  count += 1;
  const name = `empty-${process.pid}-${count}`;
  const made = await install(w.neon, testSecrets, {
    scopeKey: name,
    projectName: "Empty",
    owner: { username: name, passwordHash: "none" },
    chatwoot: { accountId: `9${process.pid}${count}` },
  });
  await w.neon.query("delete from identity.project_sources where project_id = $1", [made.project]);
  return made;
}

export type Line = { table: string; sum: string; row: Record<string, unknown> };
export const rowsOf = (lines: string[]): Line[] =>
  lines
    .slice(1)
    .map((line) => JSON.parse(line) as Line)
    .filter(({ table }) => table !== undefined);
