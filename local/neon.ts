// Neon on your machine: its SQL-over-HTTP endpoint before PGlite or before any Postgres from 15 on.
import type { Backend } from "./neon/backend.ts";
import { Counts, type Stats } from "./neon/counts.ts";
import { Faults } from "./neon/faults.ts";
import { openPglite, type PgliteOptions } from "./neon/pglite.ts";
import { openPostgres, type PostgresOptions } from "./neon/postgres.ts";
import { answerHere, serve } from "./neon/server.ts";
import { type Row, toRows, toText } from "./neon/values.ts";

const NEON_MAX_BYTES = 64 * 1024 * 1024;

export type NeonOptions = {
  /** 0 or absent: any free port. */
  port?: number;
  host?: string;
  /** Most bytes of a request's and of a response's body; Neon's own bound unless a test wants less. */
  maxBytes?: number;
  backend: ({ kind: "pglite" } & PgliteOptions) | ({ kind: "postgres" } & PostgresOptions);
};

export interface LocalNeon {
  readonly port: number;
  /** The driver's `fetchEndpoint`. */
  readonly url: string;
  /** What a POST to `url` answers, without the socket: a driver in this process may use it as its `fetchFunction`. */
  fetch(init: RequestInit): Promise<Response>;
  /** For the driver: who logs in. PGlite knows no passwords, but the driver wants one. */
  connectionString(user: string, password?: string): string;
  stats(): Stats;
  resetStats(): void;
  /** One statement as the owner, past the counters. */
  query(sql: string, params?: readonly unknown[]): Promise<Row[]>;
  /** Many statements as the owner: one transaction, unless they say otherwise. */
  exec(sql: string): Promise<void>;
  /** The data folder as a tar; PGlite only. */
  dump(): Promise<Uint8Array>;
  /** What autovacuum does elsewhere. */
  maintain(): Promise<void>;
  readonly faults: Faults;
  close(): Promise<void>;
}

export async function startNeon(options: NeonOptions): Promise<LocalNeon> {
  const { port = 0, host = "127.0.0.1", maxBytes = NEON_MAX_BYTES } = options;
  const backend =
    options.backend.kind === "pglite" ? await openPglite(options.backend) : await openPostgres(options.backend);
  const counts = new Counts(backend.owner.user);
  const faults = new Faults();
  try {
    const door = { backend, counts, faults, maxBytes };
    const server = await serve(door, { port, host });
    return {
      port: server.port,
      url: `http://${host}:${server.port}/sql`,
      fetch: (init) => answerHere(door, init),
      connectionString: (user, password = user) => connectionString({ user, password }, backend.database),
      stats: () => counts.read(),
      resetStats: () => counts.reset(),
      query: (sql, params = []) => ownerQuery(backend, { query: sql, params: params.map(toText) }),
      exec: (sql) => backend.exec(sql),
      dump: () => backend.dump(),
      maintain: () => backend.exec("vacuum analyze"),
      faults,
      async close() {
        await server.close();
        await backend.close();
      },
    };
  } catch (error) {
    await backend.close();
    throw error;
  }
}

async function ownerQuery(backend: Backend, statement: { query: string; params: (string | null)[] }): Promise<Row[]> {
  const [result] = await backend.run({ login: backend.owner, statements: [statement], begin: null });
  return result === undefined ? [] : toRows(result);
}

function connectionString(login: { user: string; password: string }, database: string): string {
  const [user, password, name] = [login.user, login.password, database].map(encodeURIComponent);
  return `postgresql://${user}:${password}@localhost/${name}`;
}
