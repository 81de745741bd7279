/** The database of this start: PGlite in the data folder or the Postgres of DATABASE_URL, migrated, with a role for the Worker. */
import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { APP_ROLE, ensureAppRole, migrate } from "#db/migrate.ts";
import { type LocalNeon, startNeon } from "../neon.ts";
import { Refusal } from "./refusal.ts";
import type { Settings } from "./settings.ts";
import type { State, StateFile } from "./state.ts";

const OLDEST = 15;

export type Database = {
  neon: LocalNeon;
  /** For people: what it is and what was done to it. */
  summary: string;
};

/** Installations are remembered by database: one folder may be started over PGlite today and over a Postgres tomorrow. */
export function databaseName({ databaseUrl }: Settings): string {
  if (databaseUrl === null) return "pglite";
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
}

/** Known before the database is up, so that it and the Worker can start side by side. */
export function workerLogin(settings: Settings, state: State): string {
  const { databaseUrl } = settings;
  const database = databaseUrl === null ? "/postgres" : new URL(databaseUrl).pathname;
  return `postgresql://${APP_ROLE}:${encodeURIComponent(appPassword(settings, state))}@localhost${database}`;
}

function appPassword({ databaseUrl }: Settings, state: State): string {
  if (databaseUrl === null) return state.appPassword;
  // Roles belong to the whole server: every data folder that uses it must arrive at the same password.
  const given = process.env["APP_PASSWORD"];
  return given || createHmac("sha256", new URL(databaseUrl).password).update(APP_ROLE).digest("base64url");
}

export async function openLocalDatabase(settings: Settings, file: StateFile): Promise<Database> {
  const { databaseUrl } = settings;
  const neon = databaseUrl === null ? await openPglite(settings, file) : await openServer(settings, databaseUrl);
  try {
    const password = appPassword(settings, file.state);
    if (databaseUrl !== null) await admit(neon, { databaseUrl, password });
    await ensureAppRole(neon, { password });
    const { migrations, functions } = await migrate(neon).catch(explain);
    const engine = databaseUrl === null ? "PGlite" : databaseName(settings);
    const done = migrations.length + functions.length;
    return {
      neon,
      summary: done === 0 ? engine : `${engine}, ${migrations.length} migrations, ${functions.length} functions`,
    };
  } catch (error) {
    await neon.close();
    throw error;
  }
}

async function openPglite({ data, ports }: Settings, { state, save }: StateFile): Promise<LocalNeon> {
  const dataDir = join(data, "pg");
  const { installed } = state;
  // A first start that was killed half-way left nothing that anybody has seen.
  if (installed["pglite"] === null) await rm(dataDir, { recursive: true, force: true });
  if (installed["pglite"] === undefined && !existsSync(dataDir)) {
    installed["pglite"] = null;
    save();
  }
  return startNeon({ port: ports.neon, backend: { kind: "pglite", dataDir } });
}

async function openServer({ ports }: Settings, url: string): Promise<LocalNeon> {
  const name = new URL(url).host;
  const neon = await startNeon({ port: ports.neon, backend: { kind: "postgres", url } }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") throw error;
    throw new Refusal(`The database of DATABASE_URL (${name}) does not let us in: ${reason(error)}`);
  });
  const [row] = await neon.query("select current_setting('server_version_num')::int / 10000 as major");
  if (Number(row?.["major"]) >= OLDEST) return neon;
  await neon.close();
  throw new Refusal(`DATABASE_URL leads to Postgres ${row?.["major"]}; ${OLDEST} or newer is needed.`);
}

/** A role on another machine may be in use there: its password is not changed from here. */
async function admit(neon: LocalNeon, { databaseUrl, password }: { databaseUrl: string; password: string }) {
  const url = new URL(databaseUrl);
  if (/^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)) return;
  const known = await neon.query("select 1 from pg_catalog.pg_roles where rolname = $1", [APP_ROLE]);
  if (known.length === 0) return;
  [url.username, url.password] = [APP_ROLE, password];
  const client = new pg.Client({ connectionString: url.href });
  const refused = await client.connect().then(
    () => client.end().then(() => null),
    (error: unknown) => error,
  );
  if (refused === null) return;
  throw new Refusal(
    `On ${url.host} there is already a role ${APP_ROLE} with another password (${reason(refused)}).\nGive it as APP_PASSWORD.`,
  );
}

function explain(error: unknown): never {
  const message = reason(error);
  if (!/was applied with other content|comes before/.test(message)) throw error;
  throw new Refusal(`${message}\nThe data was made by another version of this code. Clear it with:  npm run reset`);
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join("; ");
  return error instanceof Error ? error.message : String(error);
}
