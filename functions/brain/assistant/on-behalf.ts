/** How a job works on behalf of people: a planner is open to one person at a time, and a job enters as nobody. */
import { sql } from "drizzle-orm";
import { raw } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";

/** Who has a planner in the project; in SQL, `for person in select assistant.people() loop`. */
export const people = (ctx: Ctx) => raw<{ person: string }>(ctx, sql`select p as person from assistant.people() p`);

/** What comes after it in the same batch sees and writes this person's rows; null: nobody's. */
export const onBehalfOf = (ctx: Ctx, person: string | null) =>
  raw(ctx, sql`select assistant.enter_person(${person}::uuid)`);
