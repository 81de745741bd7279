// One line to a database with a distance in milliseconds: every round trip waits that long before it runs.
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { neon } from "@neondatabase/serverless";
import pg from "pg";

export type Statement = { text: string; values: unknown[] };
export type Rows = Record<string, unknown>[];

export type Session = {
  /** All statements as one transaction, in one round trip. */
  together(statements: Statement[], distance?: number): Promise<Rows[]>;
  /** A round trip for every statement; begin rides with the first and commit with the last where the line has transactions. */
  apart(statements: Statement[], distance?: number): Promise<Rows[]>;
  /** Milliseconds of CPU that the server's side of this line has used; NaN where it cannot be seen. */
  cpu(): number;
  close(): Promise<void>;
};

/** Milliseconds of CPU of a server process on this machine, on Linux. */
export function cpuOf(pid: number): number {
  try {
    if (!readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("postgres")) return Number.NaN;
    return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

const travel = async (distance: number): Promise<unknown> => (distance > 0 ? wait(distance) : undefined);

/** A connection of its own, as a program beside the server has. */
export async function openSession(url: string): Promise<Session> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const pid = rows[0]?.pid ?? 0;
  const transaction = async (statements: Statement[], before: () => Promise<unknown>): Promise<Rows[]> => {
    const results: Rows[] = [];
    await client.query("begin");
    try {
      for (const statement of statements) {
        await before();
        results.push((await client.query(statement)).rows as Rows);
      }
      await client.query("commit");
      return results;
    } catch (error) {
      await client.query("rollback");
      throw error;
    }
  };
  return {
    together: async (statements, distance = 0) => {
      await travel(distance);
      return transaction(statements, async () => undefined);
    },
    apart: (statements, distance = 0) => transaction(statements, () => travel(distance)),
    cpu: () => cpuOf(pid),
    close: () => client.end(),
  };
}

/** Neon's driver over HTTP: a batch is a transaction, single statements are none. */
export function openHttp(url: string): Session {
  const sql = neon(url);
  return {
    together: async (statements, distance = 0) => {
      await travel(distance);
      return (await sql.transaction(statements.map(({ text, values }) => sql.query(text, values)))) as Rows[];
    },
    apart: async (statements, distance = 0) => {
      const results: Rows[] = [];
      for (const { text, values } of statements) {
        await travel(distance);
        results.push((await sql.query(text, values)) as Rows);
      }
      return results;
    },
    cpu: () => Number.NaN,
    close: async () => undefined,
  };
}
