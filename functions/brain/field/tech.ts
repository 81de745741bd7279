/** A technician as verbs show him. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";

export const Tech = () =>
  z.object({
    id: z.string(),
    name: z.string(),
    user: z.string().nullable().describe("The member who signs in as him"),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    timezone: z.string().nullable().describe("Null: the project's"),
    active: z.boolean().describe("Takes work"),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  });

export type TechView = z.output<ReturnType<typeof Tech>>;

/** Of a relation called `t`. */
export const techColumns: SQL = sql`t.id, t.name, t.user_id as "user", t.phone, t.email, t.timezone, t.active, t.created_at, t.updated_at, t.version`;

export function techView(found: Record<string, unknown>): TechView {
  const row = found as unknown as TechView;
  return { ...row, created_at: instant(row.created_at), updated_at: instant(row.updated_at) };
}
