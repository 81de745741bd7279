/** After a new key was put before the others: everything sealed is sealed again with it, so that the old key can be taken away. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { verb } from "../kernel/verb.ts";
import {
  type Rewrapped,
  readSealed,
  type SealedColumn,
  type SealedRow,
  sealedColumns,
  writeSealed,
} from "./sealed-columns.ts";

async function rewrapped(ctx: Ctx, found: { where: SealedColumn; rows: SealedRow[] }): Promise<Rewrapped[]> {
  const { schema, table, column } = found.where;
  const { secrets } = ctx.ports;
  const old = found.rows.filter((row) => !secrets.isNewest(row.sealed));
  return Promise.all(
    old.map(async ({ id, sealed }) => {
      const place = { table: `${schema}.${table}`, column, row: id, project: ctx.who?.project ?? "" };
      return { id, old: sealed, sealed: await secrets.seal(await secrets.open(sealed, place), place) };
    }),
  );
}

export const rewrapSecrets = verb(
  {
    name: "identity.secrets.rewrap",
    summary:
      "Seal every third party's secret of this project again with the newest key; 0 means that the older keys can go",
    needs: "identity:write",
    doors: ["rest", "job"],
    effect: "write",
    // Read and opened, then written.
    steps: 2,
    audits: "identity.secrets.rewrapped",
    input: () => z.object({}),
    did: ({ rewrapped: count }) => count,
    output: () => z.object({ rewrapped: z.int() }),
    example: () => ({}),
  },
  async (ctx) => {
    const found = await send(
      ctx,
      sealedColumns.map((where) => readSealed(ctx, where)),
    );
    const work = await Promise.all(
      sealedColumns.map(async (where, i) => ({
        where,
        rows: await rewrapped(ctx, { where, rows: found[i]?.rows ?? [] }),
      })),
    );
    const count = work.reduce((sum, { rows }) => sum + rows.length, 0);
    const audit = {
      action: "identity.secrets.rewrapped",
      ref: ["project", ctx.who?.project ?? ""],
      evidence: "none",
      payload: { count },
    } as const;
    return commit(ctx, {
      before: work.filter(({ rows }) => rows.length > 0).map((change) => writeSealed(ctx, change)),
      change: sql`select ${count}::int as rewrapped`,
      ...(count > 0 ? { audit: { ...audit, ref: ["project", audit.ref[1]] } } : {}),
    });
  },
  (row) => ({ rewrapped: Number(row["rewrapped"]) }),
);
