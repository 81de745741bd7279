// What stands behind the endpoint: PGlite in a thread, or a real Postgres.
import type { SqlRequest, SqlResult } from "./protocol.ts";

export interface Backend {
  /** The role that owns the database: migrations and set-up, left out of the counted numbers. */
  readonly owner: { user: string; password: string };
  readonly database: string;
  run(request: SqlRequest): Promise<SqlResult[]>;
  /** Runs many statements as the owner. */
  exec(sql: string): Promise<void>;
  /** The whole data folder as an uncompressed tar; PGlite only. */
  dump(): Promise<Uint8Array>;
  close(): Promise<void>;
}
