/** Every column that holds a sealed secret of a third party: what a change of keys must rewrap. A test holds it against the catalog. */
import { type SQL, sql } from "drizzle-orm";
import type { Statement } from "#db/client.ts";
import { raw } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";

export type SealedColumn = { schema: string; table: string; column: string };

/** Rows are named by their column `id`; each table has `project_id` and `updated_at`. */
export const sealedColumns: readonly SealedColumn[] = [
  { schema: "identity", table: "project_sources", column: "secret_sealed" },
  { schema: "identity", table: "project_sources", column: "api_token_sealed" },
  { schema: "outbound", table: "senders", column: "credentials_sealed" },
];

export type SealedRow = { id: string; sealed: string };
export type Rewrapped = { id: string; old: string; sealed: string };

/** A project holds a handful; more than this is done by asking again. */
const mostRows = 500;

const names = ({ schema, table, column }: SealedColumn): { from: SQL; column: SQL } => ({
  from: sql`${sql.identifier(schema)}.${sql.identifier(table)}`,
  column: sql`${sql.identifier(column)}`,
});

export function readSealed(ctx: Ctx, where: SealedColumn) {
  const { from, column } = names(where);
  return raw<SealedRow>(
    ctx,
    sql`select t.id, t.${column} as sealed from ${from} t
      where t.project_id = shared.scope() and t.${column} is not null order by t.id limit ${mostRows}`,
  );
}

/** Leaves alone what changed since it was read: whoever changed it sealed with the newest key. */
export function writeSealed(ctx: Ctx, change: { where: SealedColumn; rows: Rewrapped[] }): Statement {
  const { where, rows } = change;
  const { from, column } = names(where);
  return raw(
    ctx,
    sql`update ${from} t set ${column} = r.sealed, updated_at = shared.clock()
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) r (id text, old text, sealed text)
      where t.project_id = shared.scope() and t.id = r.id and t.${column} = r.old`,
  );
}
