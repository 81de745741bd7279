// A real Postgres with many sessions for as long as this process lives: where locks, races and logins are tried.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg from "pg";
import { findPrograms, identity, type Programs } from "./postgres/binaries.ts";
import type { GuardOrder } from "./postgres/guard.ts";

export type LocalPostgres = {
  /** Owns the database but is no superuser, as on Neon. */
  ownerUrl: string;
  /** The serving role's login; `ensureAppRole` makes it with the password in this URL. */
  appUrl: string;
  close(): Promise<void>;
};

const OWNER = "omneuro_owner";
const APP = "omneuro_app";
/** Both roles' password: the server listens on the loopback address and is thrown away. */
const PASSWORD = "omneuro-local";
const GUARD = fileURLToPath(new URL("./postgres/guard.ts", import.meta.url));
const STARTUP_MS = 30_000;

export type PostgresChoice = {
  /** A server on which to make a fresh database, by its admin's URL; null: one of our own. Default: OMNEURO_RACE_URL. */
  server?: string | null;
};

export async function startPostgres({
  server = process.env["OMNEURO_RACE_URL"] ?? null,
}: PostgresChoice = {}): Promise<LocalPostgres> {
  return server ? freshDatabase(server) : ownServer();
}

async function freshDatabase(adminUrl: string): Promise<LocalPostgres> {
  const name = `omneuro_race_${Math.floor(Date.now() / 1000)}_${randomBytes(4).toString("hex")}`;
  const ownerUrl = await asAdmin(adminUrl, async (client) => {
    await dropOld(client);
    return createDatabase(client, { name, adminUrl });
  });
  return {
    ownerUrl,
    appUrl: withLogin(ownerUrl, { user: APP }),
    close: () => asAdmin(adminUrl, async (client) => void (await client.query(`drop database ${name} with (force)`))),
  };
}

/** A test process is ended without a chance to clean up: the next one does, an hour later. */
async function dropOld(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    `select datname::text as name from pg_database
      where datname ~ '^omneuro_race_[0-9]+_' and split_part(datname, '_', 3)::bigint < extract(epoch from now()) - 3600`,
  );
  for (const { name } of rows) await admin.query(`drop database if exists "${name}"`).catch(() => {});
}

async function ownServer(): Promise<LocalPostgres> {
  const programs = await findPrograms();
  const folder = await mkdtemp(join(tmpdir(), "omneuro-race-"));
  const { uid, gid } = identity();
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
  let server: Server | undefined;
  try {
    const password = await initdb(programs, folder);
    server = await launch(programs, { folder, password });
    const { adminUrl } = server;
    const ownerUrl = await asAdmin(adminUrl, (client) => createDatabase(client, { name: "omneuro", adminUrl }));
    return { ownerUrl, appUrl: withLogin(ownerUrl, { user: APP }), close: server.stop };
  } catch (error) {
    await (server?.stop() ?? rm(folder, { recursive: true, force: true }));
    throw error;
  }
}

/** Same order of text as PGlite and Neon: by code point, wherever the machine stands. */
const LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];

async function initdb({ initdb }: Programs, folder: string): Promise<string> {
  const password = randomBytes(16).toString("hex");
  const pwfile = join(folder, "password");
  await writeFile(pwfile, password, { mode: 0o644 });
  const data = join(folder, "data");
  const auth = ["--username=postgres", "--auth=scram-sha-256", `--pwfile=${pwfile}`];
  await promisify(execFile)(initdb, [`--pgdata=${data}`, ...auth, ...LOCALE, "--no-sync"], {
    ...identity(),
    env: { ...process.env, LC_ALL: "C" },
  });
  await rm(pwfile);
  return password;
}

type Server = { adminUrl: string; stop(): Promise<void> };

async function launch(
  { postgres }: Programs,
  { folder, password }: { folder: string; password: string },
): Promise<Server> {
  const port = await freePort();
  const log = join(folder, "log");
  const order: GuardOrder = {
    program: postgres,
    args: settings(join(folder, "data"), port),
    identity: identity(),
    folder,
    log,
  };
  const guard = spawn(process.execPath, [GUARD, JSON.stringify(order)], { stdio: ["pipe", "ignore", "inherit"] });
  const adminUrl = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  await untilReady(guard, adminUrl).catch(async (cause: unknown) => {
    const tail = (await readFile(log, "utf8").catch(() => "")).slice(-2_000);
    await stop(guard);
    throw new Error(`Postgres did not start:\n${tail}`, { cause });
  });
  return { adminUrl, stop: () => stop(guard) };
}

function settings(data: string, port: number): string[] {
  const values = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    // The data is thrown away, so nothing has to survive a crash.
    fsync: "off",
    full_page_writes: "off",
    shared_buffers: "64MB",
    // Which of two transactions came first is something that tests ask.
    track_commit_timestamp: "on",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
  };
  return ["-D", data, ...Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

async function untilReady(guard: ChildProcess, adminUrl: string): Promise<void> {
  for (const end = Date.now() + STARTUP_MS; ; await wait(50)) {
    if (guard.exitCode !== null) throw new Error(`the server ended with code ${guard.exitCode}`);
    const failure = await asAdmin(adminUrl, async () => null).catch((error: unknown) => error);
    if (failure === null) return;
    if (Date.now() > end) throw failure;
  }
}

/** The guard ends the server and removes its folder. */
function stop(guard: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (guard.exitCode !== null) return resolve();
    guard.once("exit", () => resolve());
    guard.stdin?.end();
  });
}

/** Makes the database and, where the admin is a superuser, an owner that is none. */
async function createDatabase(
  admin: pg.Client,
  { name, adminUrl }: { name: string; adminUrl: string },
): Promise<string> {
  const { rows } = await admin.query<{ rolsuper: boolean }>(
    "select rolsuper from pg_roles where rolname = current_user",
  );
  if (!rows[0]?.rolsuper) {
    await admin.query(`create database ${name}`);
    return withLogin(adminUrl, { database: name });
  }
  await admin.query(
    `do $$ begin create role ${OWNER}; exception when duplicate_object or unique_violation then null; end $$`,
  );
  await admin.query(`alter role ${OWNER} login nosuperuser createrole createdb bypassrls password '${PASSWORD}'`);
  await admin.query(`create database ${name} owner ${OWNER}`);
  return withLogin(adminUrl, { user: OWNER, database: name });
}

async function asAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function withLogin(base: string, { user, database }: { user?: string; database?: string }): string {
  const url = new URL(base);
  if (user !== undefined) [url.username, url.password] = [user, PASSWORD];
  if (database !== undefined) url.pathname = `/${database}`;
  return url.href;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
