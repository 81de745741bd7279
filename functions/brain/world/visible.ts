/** What a knower knows, as statements for a batch and for joins. */
import { type SQL, sql } from "drizzle-orm";
import { raw } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import type { FactRow } from "./fact.ts";
import { type Asked, asOf, knownAt } from "./said.ts";

export type Knowing = Asked & { knower?: string | undefined; session?: string | undefined };

const told = (asks: Knowing): SQL =>
  sql`${asks.knower ?? "staff"}, ${asks.session ?? null}, ${asOf(asks)}, ${knownAt(asks)}`;

/** A relation in no order, to be joined and narrowed before anything is ranked; columns as in world.seen. */
export const seenBy = (asks: Knowing): SQL => sql`world.seen(${told(asks)})`;

/** The same in its one order. */
export const visibleTo = (asks: Knowing): SQL => sql`world.visible_facts(${told(asks)})`;

/** The same of some entities, with a kept plan. */
export const visibleOf = (asks: Knowing & { subjects: string[] }): SQL =>
  sql`world.known_of(${told(asks)}, array(select jsonb_array_elements_text(${JSON.stringify(asks.subjects)}::jsonb)))`;

type Place = { at: string; id: string };

/** The newest of it before a place, in that order; the same columns. */
export const newestFor = (
  asks: Knowing,
  { attribute, after, most }: { attribute?: string | undefined; after?: Place | undefined; most: number },
): SQL =>
  sql`world.newest(${told(asks)}, ${attribute ?? null}, ${after?.at ?? null}::timestamptz, ${after?.id ?? null}, ${most}::int)`;

/** All that a knower knows of some entities, best founded first. */
export const knownOf = (ctx: Ctx, asks: Knowing & { subjects: string[] }) =>
  raw<FactRow>(ctx, sql`select v.* from ${visibleOf(asks)} v`);
