/** Drizzle over Neon's HTTP driver. Building a query does nothing; the kernel sends batches. */
import { neon, neonConfig } from "@neondatabase/serverless";
import type { BatchItem } from "drizzle-orm/batch";
import { drizzle, type NeonHttpDatabase } from "drizzle-orm/neon-http";

export type Db = NeonHttpDatabase;
export type Statement = BatchItem<"pg">;

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
  return drizzle({ client: neon(settings.url), casing: "snake_case" });
}
