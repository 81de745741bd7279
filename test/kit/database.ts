// One database per worker process, shared by its test files, which keep apart by projects of their own.
import { neonConfig } from "@neondatabase/serverless";
import { APP_ROLE, ensureAppRole, migrate } from "#db/migrate.ts";
import { type LocalNeon, startNeon } from "#local/neon.ts";
import { startPostgres } from "#local/postgres.ts";
import { APP_PASSWORD, ensureSnapshot } from "./snapshot.ts";

/** `appUrl` is the connection string that the driver, and the Worker, log in with. */
export type TestDatabase = LocalNeon & { appUrl: string };

/** `direct` are the server's own URLs, for tests that need a session of their own. */
export type RaceDatabase = TestDatabase & { direct: { ownerUrl: string; appUrl: string } };

let story: Promise<TestDatabase> | undefined;
let race: Promise<RaceDatabase> | undefined;

/** PGlite in memory with all migrations applied, behind the endpoint. */
export function database(): Promise<TestDatabase> {
  story ??= restore();
  return story;
}

/** Requests to a database of this process take the short way: the same bytes, without a socket. */
export function shorten(neon: TestDatabase): void {
  const { fetchFunction: byNet } = neonConfig;
  neonConfig.fetchFunction = (url: string, init: RequestInit) =>
    url === neon.url ? neon.fetch(init) : byNet(url, init);
}

/** A real Postgres, migrated by an owner that is no superuser, behind the same endpoint. It ends with this process. */
export function raceDatabase(): Promise<RaceDatabase> {
  race ??= startRace();
  return race;
}

/** One of a file's own, to be closed by it: for what leaves so much behind that everything after it would be slow. */
export async function restore(): Promise<TestDatabase> {
  const neon = await startNeon({ backend: { kind: "pglite", snapshot: await ensureSnapshot(), inThread: true } });
  return { ...neon, appUrl: neon.connectionString(APP_ROLE, APP_PASSWORD) };
}

async function startRace(): Promise<RaceDatabase> {
  const { ownerUrl, appUrl, close } = await startPostgres();
  const neon = await startNeon({ backend: { kind: "postgres", url: ownerUrl } });
  await ensureAppRole(neon, { password: APP_PASSWORD });
  await migrate(neon);
  return {
    ...neon,
    appUrl: neon.connectionString(APP_ROLE, APP_PASSWORD),
    direct: { ownerUrl, appUrl },
    async close() {
      await neon.close();
      await close();
    },
  };
}
