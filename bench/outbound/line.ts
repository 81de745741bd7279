// Connections for a program that brings its own queries: every one of them is counted, and waits for the distance first.
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { cpuOf } from "../kit/session.ts";

export type Line = {
  pool: pg.Pool;
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  /** Round trips since the last time this was asked. */
  counted(): number;
  /** Milliseconds of CPU that the server's side of these connections has used. */
  cpu(): number;
  /** Milliseconds that every round trip waits from now on. */
  goAway(distance: number): void;
  close(): Promise<void>;
};

export function openLine(url: string, connections: number): Line {
  let trips = 0;
  let distance = 0;
  class Distant extends pg.Client {
    // biome-ignore lint/suspicious/noExplicitAny: the driver's own signature has eight shapes; all of them pass through as they are
    override query(...asked: any[]): any {
      trips += 1;
      const ask = () => Reflect.apply(super.query, this, asked);
      return distance === 0 ? ask() : wait(distance).then(ask);
    }
  }
  const pool = new pg.Pool({ connectionString: url, max: connections, Client: Distant });
  const servers = new Set<number>();
  pool.on("connect", (client) => void servers.add((client as unknown as { processID: number }).processID));
  return {
    pool,
    query: (text, values = []) => pool.query(text, values),
    counted: () => {
      const made = trips;
      trips = 0;
      return made;
    },
    cpu: () => [...servers].reduce((sum, server) => sum + cpuOf(server), 0),
    goAway: (far) => {
      distance = far;
    },
    close: () => pool.end(),
  };
}
