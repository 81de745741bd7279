/** Liveness and readiness: one says that the Worker runs, the other that what it stands on is fit for use. */
import { sql } from "drizzle-orm";
import type { Context } from "hono";
import { forgetServerCheck, raw, send } from "#brain/kernel/batch.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { type App, contextOf } from "./runtime.ts";

export const healthz = (c: Context<App>): Response => c.json({ status: "ok" });

/** 200 with the newest migration, or 503 that names what is wrong. */
export async function readyz(c: Context<App>): Promise<Response> {
  forgetServerCheck();
  const ctx = contextOf(c, { kind: "none" });
  const [found] = await send(ctx, [
    raw<{ migration: string | null }>(ctx, sql`select max(m.id) as migration from shared.schema_migrations m`),
  ]);
  const migration = found.rows[0]?.migration;
  if (!migration) throw new Fault("unavailable", "database_empty", { detail: "Run the migrations first." });
  return c.json({ status: "ready", migration });
}
