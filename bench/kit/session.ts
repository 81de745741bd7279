// One line to a database with a distance in milliseconds: every round trip waits that long before it runs.
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
  close(): Promise<void>;
};

const travel = async (distance: number): Promise<unknown> => (distance > 0 ? wait(distance) : undefined);

/** A connection of its own, as a program beside the server has. */
export async function openSession(url: string): Promise<Session> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
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
    close: async () => undefined,
  };
}
