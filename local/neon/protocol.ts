// The shapes of Neon's SQL-over-HTTP protocol and their reading and writing (neondatabase/neon, proxy/src/serverless).
import type { IncomingHttpHeaders } from "node:http";

/** Who logs in: the user and password of the `Neon-Connection-String` header. */
export type Login = { user: string; password: string };

/** One SQL statement; every parameter is text already. */
export type Statement = { query: string; params: (string | null)[] };

/** A batch's transaction, as SQL words after `begin`; null for a single statement. */
export type SqlRequest = { login: Login; statements: Statement[]; begin: string | null };

export type SqlField = {
  name: string;
  dataTypeID: number;
  tableID: number;
  columnID: number;
  dataTypeSize: number;
  dataTypeModifier: number;
  format: "text";
};

export type SqlResult = {
  fields: SqlField[];
  rows: (string | null)[][];
  command: string;
  rowCount: number | null;
  rowAsArray: true;
};

const ERROR_FIELDS = [
  "severity",
  "code",
  "detail",
  "hint",
  "position",
  "internalPosition",
  "internalQuery",
  "where",
  "schema",
  "table",
  "column",
  "dataType",
  "constraint",
  "file",
  "line",
  "routine",
] as const;

type ErrorFields = Partial<Record<(typeof ERROR_FIELDS)[number], string | undefined>>;

/** An error that Postgres reported: HTTP 400 with every field of the message. */
export class SqlError extends Error {
  readonly fields: ErrorFields;
  constructor(message: string, fields: ErrorFields) {
    super(message);
    this.name = "SqlError";
    this.fields = fields;
  }
  get code(): string | undefined {
    return this.fields.code;
  }
}

/** A request that the endpoint itself turns down, with its HTTP status. */
export class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = "HttpError";
    this.status = status;
  }
}

/** Copies the error fields of a Postgres error message, whichever library parsed it. */
export function sqlError(source: ErrorFields & { message?: string | undefined }): SqlError {
  const fields: ErrorFields = {};
  for (const name of ERROR_FIELDS) if (source[name] !== undefined) fields[name] = source[name];
  return new SqlError(source.message ?? "unknown error", fields);
}

/** What the driver turns back into a NeonDbError: all fields, absent ones as null. */
export function errorBody(error: SqlError): Record<string, string | null> {
  const body: Record<string, string | null> = { message: error.message };
  for (const name of ERROR_FIELDS) body[name] = error.fields[name] ?? null;
  return body;
}

/** "INSERT 0 5" becomes INSERT and 5, "CREATE TABLE" becomes CREATE and null. */
export function commandTag(tag: string): { command: string; rowCount: number | null } {
  const [command = "", ...rest] = tag.split(" ");
  const count = rest.at(-1);
  return { command, rowCount: count !== undefined && /^\d+$/.test(count) ? Number(count) : null };
}

/** Header and body of `POST /sql`. */
export function readRequest(headers: IncomingHttpHeaders, body: string): { request: SqlRequest; batch: boolean } {
  const login = readLogin(headers["neon-connection-string"]);
  const parsed = readJson(body);
  const batch = !("query" in parsed);
  const list = batch ? parsed["queries"] : [parsed];
  if (!Array.isArray(list)) throw new HttpError(400, "could not parse the HTTP request body: no query and no queries");
  return { batch, request: { login, statements: list.map(readStatement), begin: batch ? readBegin(headers) : null } };
}

function readJson(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {}
  throw new HttpError(400, "could not parse the HTTP request body: not a JSON object");
}

function readLogin(header: string | string[] | undefined): Login {
  if (typeof header !== "string") throw new HttpError(400, "invalid header: neon-connection-string");
  if (!URL.canParse(header)) throw new HttpError(400, "invalid connection string");
  const url = new URL(header);
  if (!["postgres:", "postgresql:"].includes(url.protocol)) throw new HttpError(400, "incorrect scheme");
  if (url.pathname.length < 2) throw new HttpError(400, "missing database name");
  if (url.username === "") throw new HttpError(400, "missing username");
  if (url.password === "") throw new HttpError(400, "missing authentication credentials: required password");
  return { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
}

function readStatement(value: unknown): Statement {
  const { query, params = [] } = (value ?? {}) as { query?: unknown; params?: unknown };
  if (typeof query !== "string" || !Array.isArray(params)) {
    throw new HttpError(400, "could not parse the HTTP request body: a query needs text and a list of params");
  }
  // A zero byte would end the text early on the wire and shift every message after it.
  if (query.includes("\0")) throw sqlError({ severity: "ERROR", code: "22021", message: "zero byte in a query" });
  return { query, params: params.map(jsonToText) };
}

function jsonToText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const ISOLATION: Record<string, string> = {
  ReadUncommitted: "read uncommitted",
  ReadCommitted: "read committed",
  RepeatableRead: "repeatable read",
  Serializable: "serializable",
};

function readBegin(headers: IncomingHttpHeaders): string {
  const words: string[] = [];
  const level = headers["neon-batch-isolation-level"];
  if (level !== undefined) {
    const isolation = ISOLATION[String(level)];
    if (isolation === undefined) throw new HttpError(400, "invalid isolation level");
    words.push(`isolation level ${isolation}`);
  }
  if (headers["neon-batch-read-only"] === "true") words.push("read only");
  if (headers["neon-batch-deferrable"] === "true") words.push("deferrable");
  return words.join(" ");
}
