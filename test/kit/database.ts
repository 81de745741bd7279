// One database per worker process, shared by its test files, which keep apart by projects of their own.
import { APP_ROLE } from "#db/migrate.ts";
import { type LocalNeon, startNeon } from "#local/neon.ts";
import { APP_PASSWORD, ensureSnapshot } from "./snapshot.ts";

/** `appUrl` is the connection string that the driver, and the Worker, log in with. */
export type TestDatabase = LocalNeon & { appUrl: string };

let story: Promise<TestDatabase> | undefined;

/** PGlite in memory with all migrations applied, behind the endpoint. */
export function database(): Promise<TestDatabase> {
  story ??= restore();
  return story;
}

async function restore(): Promise<TestDatabase> {
  const neon = await startNeon({ backend: { kind: "pglite", snapshot: await ensureSnapshot() } });
  return { ...neon, appUrl: neon.connectionString(APP_ROLE, APP_PASSWORD) };
}
