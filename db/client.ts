/** The database's door: statements are built here and sent by the kernel, many in one request of Neon's HTTP driver. */
import { neon, neonConfig, types } from "@neondatabase/serverless";
import type { SQL } from "drizzle-orm";

export type Row = Record<string, unknown>;
export type Answer<T extends Row = Row> = { rows: T[]; rowCount: number | null };

/** A statement and the shape of the rows it answers with. Building one does nothing. */
export type Statement<T extends Row = Row> = { readonly query: SQL; readonly row?: T };
export type Answers<T extends readonly Statement[]> = {
  -readonly [K in keyof T]: T[K] extends Statement<infer R> ? Answer<R> : never;
};

export type Db = {
  execute<T extends Row = Row>(query: SQL): Statement<T>;
  /** One transaction in one request; the answers in order. Throws Neon's error for the first that was refused. */
  batch<const T extends readonly Statement[]>(statements: T): Promise<Answers<T>>;
};

export type DatabaseSettings = {
  url: string;
  /** Where the driver posts SQL, when that is not Neon itself. */
  fetchEndpoint?: string | undefined;
};

/** A first call may have to wake the database: "a few hundred ms", so ten seconds is generous. */
const timeoutMs = 10_000;

export function openDatabase(settings: DatabaseSettings): Db {
  if (settings.fetchEndpoint) neonConfig.fetchEndpoint = settings.fetchEndpoint;
  neonConfig.fetchFunction = (url: string, init: RequestInit) =>
    fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  return databaseAt(settings.url);
}

/** Times as Postgres writes them (date, time with and without zone, interval, and arrays of them): a Date would lose microseconds. */
const asWritten = new Set([1082, 1114, 1184, 1186, 1115, 1182, 1185, 1187, 1231]);
const parsers = {
  getTypeParser: (type: number, format?: "text" | "binary") =>
    asWritten.has(type) ? (value: string) => value : types.getTypeParser(type, format as "text"),
};

const rendering = {
  escapeName: (name: string) => `"${name.replaceAll('"', '""')}"`,
  escapeParam: (index: number) => `$${index + 1}`,
  escapeString: (text: string) => `'${text.replaceAll("'", "''")}'`,
};

/** A statement as text with numbered parameters. */
export const rendered = (query: SQL) => query.toQuery(rendering as unknown as Parameters<SQL["toQuery"]>[0]);

/** The same over a driver that was set up elsewhere. */
export function databaseAt(url: string): Db {
  const client = neon(url, { fullResults: true });
  const options = { types: parsers as typeof types };
  return {
    execute: (query) => ({ query }),
    batch: async (statements) => {
      const texts = statements
        .map(({ query }) => rendered(query))
        .map(({ sql, params }) => client.query(sql, params, options));
      return (await client.transaction(texts)) as never;
    },
  };
}
