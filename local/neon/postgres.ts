// The endpoint's real side: every user of the connection string logs in to the configured server as himself.
import pg from "pg";
import type { Backend } from "./backend.ts";
import {
  commandTag,
  type Login,
  SqlError,
  type SqlField,
  type SqlRequest,
  type SqlResult,
  type Statement,
  sqlError,
} from "./protocol.ts";

/** Values stay the server's text; the driver at the other end reads them by type. */
const AS_TEXT: pg.CustomTypesConfig = { getTypeParser: () => (value: string) => value };

export type PostgresOptions = {
  /** The owner's URL; clients reach the same host and database under their own names. */
  url: string;
  /** Connections per user. */
  max?: number;
};

export async function openPostgres({ url, max = 10 }: PostgresOptions): Promise<Backend> {
  const target = new URL(url);
  const owner = { user: decodeURIComponent(target.username), password: decodeURIComponent(target.password) };
  const pools = new Map<string, pg.Pool>();
  const poolOf = (login: Login): pg.Pool => {
    const key = JSON.stringify([login.user, login.password]);
    const pool = pools.get(key) ?? openPool(target, { login, max });
    pools.set(key, pool);
    return pool;
  };
  await withClient(poolOf(owner), (client) => client.query("select 1"));
  return {
    owner,
    database: decodeURIComponent(target.pathname.slice(1)),
    run: (request) => withClient(poolOf(request.login), (client) => run(client, request)),
    async exec(sql) {
      await withClient(poolOf(owner), (client) => client.query(sql));
    },
    dump: () => Promise.reject(new Error("dump() is for PGlite; use pg_dump on a server")),
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}

function openPool(target: URL, { login, max }: { login: Login; max: number }): pg.Pool {
  const url = new URL(target);
  url.username = encodeURIComponent(login.user);
  url.password = encodeURIComponent(login.password);
  const pool = new pg.Pool({ connectionString: url.href, max, connectionTimeoutMillis: 15_000 });
  // A connection may break while idle or in use: its query or the pool tells; without a listener it ends the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch(rethrow);
  let usable = true;
  try {
    return await work(client).catch(rethrow);
  } catch (error) {
    usable = error instanceof SqlError && error.fields.severity === "ERROR";
    throw error;
  } finally {
    client.release(!usable || client.getTransactionStatus() !== "I");
  }
}

function rethrow(error: unknown): never {
  if (error instanceof pg.DatabaseError) throw sqlError(error);
  throw error;
}

async function run(client: pg.PoolClient, { statements, begin }: SqlRequest): Promise<SqlResult[]> {
  const results: SqlResult[] = [];
  if (begin !== null) await client.query(`begin ${begin}`);
  try {
    for (const statement of statements) results.push(await runOne(client, statement));
    if (begin !== null) await client.query("commit");
    return results;
  } catch (error) {
    if (begin !== null) await client.query("rollback").catch(() => {});
    throw error;
  }
}

async function runOne(client: pg.PoolClient, { query, params }: Statement): Promise<SqlResult> {
  const answer = await client.query<(string | null)[]>(extended(query, params));
  const { command } = commandTag(answer.command ?? "");
  return {
    fields: answer.fields.map(readField),
    rows: answer.rows,
    command,
    rowCount: answer.rowCount,
    rowAsArray: true,
  };
}

/** Always the extended protocol, as Neon does: one statement per text, also without parameters. */
function extended(text: string, values: (string | null)[]): pg.QueryArrayConfig & { queryMode: "extended" } {
  return { text, values, rowMode: "array", types: AS_TEXT, queryMode: "extended" };
}

function readField(field: pg.FieldDef): SqlField {
  const { name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier } = field;
  return { name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier, format: "text" };
}
