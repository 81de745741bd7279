// Databases to measure on: PGlite behind the local endpoint, and a real Postgres with sessions of its own.
import { APP_ROLE, ensureAppRole, migrate } from "#db/migrate.ts";
import { type LocalNeon, startNeon } from "#local/neon.ts";
import { startPostgres } from "#local/postgres.ts";
import { APP_PASSWORD, ensureSnapshot } from "#test/kit/snapshot.ts";

export type Stage = {
  /** What the figures were measured on. */
  label: string;
  /** The endpoint, for owner's queries and counters. */
  neon: LocalNeon;
  /** What the driver logs in with, through the endpoint. */
  appUrl: string;
  /** The server's own URLs; PGlite has none. */
  direct?: { ownerUrl: string; appUrl: string };
  /** Whether pgvector is there. */
  vectors: boolean;
  close(): Promise<void>;
};

export async function pgliteStage(): Promise<Stage> {
  const neon = await startNeon({ backend: { kind: "pglite", snapshot: await ensureSnapshot() } });
  return describe(neon, { kind: "PGlite", close: neon.close });
}

/** A database of our own on the server that DATABASE_URL names, else on the embedded server, which knows no pgvector. */
export async function serverStage(): Promise<Stage> {
  const given = process.env["DATABASE_URL"];
  const server = await startPostgres({ server: given ?? null });
  const neon = await startNeon({ backend: { kind: "postgres", url: server.ownerUrl } });
  const close = async () => {
    await neon.close();
    await server.close();
  };
  try {
    await ensureAppRole(neon, { password: APP_PASSWORD });
    await migrate(neon);
  } catch (error) {
    await close();
    throw error;
  }
  const kind = given ? "your server, Postgres" : "embedded Postgres (fsync and full-page writes off)";
  return describe(neon, { kind, close, direct: { ownerUrl: server.ownerUrl, appUrl: server.appUrl } });
}

/** Where vectors can be measured: PGlite, and the given server when it has pgvector. */
export async function vectorStages(): Promise<Stage[]> {
  const stages = [await pgliteStage()];
  if (!process.env["DATABASE_URL"]) return stages;
  const server = await serverStage();
  if (server.vectors) return [...stages, server];
  console.log("The server of DATABASE_URL has no pgvector: PGlite alone.");
  await server.close();
  return stages;
}

async function describe(
  neon: LocalNeon,
  of: { kind: string; close: () => Promise<void>; direct?: NonNullable<Stage["direct"]> },
): Promise<Stage> {
  const [found] = await neon.query(
    `select current_setting('server_version') as version,
       (select extversion from pg_extension where extname = 'vector') as vector`,
  );
  const vector = found?.["vector"] as string | null;
  const version = String(found?.["version"]).split(" ")[0];
  return {
    label: `${of.kind} ${version}${vector ? ` with pgvector ${vector}` : " without pgvector"}`,
    neon,
    appUrl: neon.connectionString(APP_ROLE, APP_PASSWORD),
    vectors: vector !== null,
    close: of.close,
    ...(of.direct ? { direct: of.direct } : {}),
  };
}
