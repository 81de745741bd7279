/** Syncs as people see them: asked for, followed, and begun every hour for every source. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { type Publishable, publishStaged } from "../kernel/outbox.ts";
import { reading, verb } from "../kernel/verb.ts";
import { type SyncRow, SyncStatus, syncView } from "./source.ts";

const named = () => z.object({ id: z.string().min(1).max(64).describe("Of the source") });

export const startSync = verb(
  {
    name: "vault.sync.start",
    summary: "Copy a source's documents now; while a run is under way, once more after it",
    needs: "vault:write",
    effect: "write",
    faults: ["source_unknown"],
    input: named,
    output: () => z.object({ id: z.string(), status: z.enum(["pending", "in_progress"]) }),
  },
  async (ctx, { id }) => {
    const row = await commit(ctx, {
      status: 202,
      change: sql`select a.id, a.wake, s.status from (select ${id}::text as id, vault.ask_sync(${id}, ${ctx.ids.next("outbox")}) as wake) a
        cross join lateral (select case when x.status = 'in_progress' then 'in_progress' else 'pending' end as status
          from vault.sync_status x where x.project_id = shared.scope() and x.id = a.id) s`,
      event: { kind: "vault.sync.asked", ref: ["source", id] },
    });
    if (row["wake"]) publishStaged(ctx, [row["wake"] as Publishable]);
    return row;
  },
  (row) => ({ id: String(row["id"]), status: row["status"] as "pending" | "in_progress" }),
);

export const getSync = reading(
  {
    name: "vault.sync.status",
    summary: "How the copy of a source stands",
    needs: "vault:read",
    faults: ["source_unknown"],
    input: named,
    output: () => SyncStatus().extend({ id: z.string() }),
  },
  {
    part: (ctx, { id }) =>
      raw<SyncRow & { id: string }>(
        ctx,
        sql`select s.id, s.status, s.phase, s.document_count, s.changed, s.removed, s.last_sync_at, s.error_message, s.not_before
          from vault.sync_status s where s.project_id = shared.scope() and s.id = ${id}`,
      ),
    view: (found) => {
      const row = (found as { rows: (SyncRow & { id: string })[] }).rows[0];
      if (!row) throw new Fault("not_found", "source_unknown");
      return { id: row.id, ...syncView(row) };
    },
  },
);

/** The hourly job: webhooks are hints that may be lost, and not every place sends them. */
export const syncAll = verb(
  {
    name: "vault.sync.all",
    summary: "Ask for a sync of every source of documents",
    needs: "vault:write",
    doors: ["job"],
    effect: "write",
    idempotency: "none",
    input: () => z.object({}),
    output: () => z.object({ asked: z.int() }),
    did: ({ asked }) => asked,
  },
  async (ctx) => {
    const prefix = ctx.ids.next("outbox");
    const [found] = await send(ctx, [
      raw<{ wake: Publishable | null }>(
        ctx,
        sql`select vault.ask_sync(v.id, ${prefix} || '-' || v.id) as wake
          from (select x.id from vault.sources x where x.project_id = shared.scope() order by x.id) v`,
      ),
    ]);
    publishStaged(
      ctx,
      found.rows.flatMap(({ wake }) => wake ?? []),
    );
    return { asked: found.rows.length };
  },
);
