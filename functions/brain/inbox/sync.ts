/** Starting, watching and stopping the reading of a source's API. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";

const counted = () => z.int().min(0);

export const SyncRun = () =>
  z.object({
    id: z.string(),
    source: z.string(),
    kind: z.enum(["import", "catch_up", "full", "check"]),
    state: z.enum(["running", "done", "failed", "cancelled"]),
    phase: z.enum(["conversations", "contacts", "vanished", "done"]),
    conversations: z.object({ done: counted(), waiting: counted(), total: counted().nullable() }),
    messages: counted().describe("Read so far"),
    contacts: counted().describe("Read so far"),
    written: counted().describe("Rows that were new or different"),
    gone: counted().describe("Rows that Chatwoot no longer has"),
    skipped: counted().describe("Conversations that could not be read"),
    held_back: counted().describe("Rows that seemed gone, too many at once to be believed"),
    requests: counted().describe("To Chatwoot"),
    rate: z.number().nullable().describe("Messages a second"),
    seconds_left: counted().nullable().describe("An estimate from the conversations still to be read"),
    error: z.string().nullable().describe("A code, never words"),
    waiting_until: z.string().nullable().describe("Chatwoot asked to be left alone until then"),
    started_at: z.string(),
    updated_at: z.string(),
    finished_at: z.string().nullable(),
  });

type Shown = z.output<ReturnType<typeof SyncRun>>;

export type SyncRow = {
  id: string;
  source: string;
  kind: Shown["kind"];
  state: Shown["state"];
  phase: Shown["phase"];
  todo_count: number;
  counts: Record<string, number>;
  seconds: number;
  error: string | null;
  waiting_until: string | null;
  started_at: string;
  updated_at: string;
  finished_at: string | null;
};

const columns = sql`r.id, r.source, r.kind, r.state, r.phase, jsonb_array_length(r.todo) as todo_count, r.counts, r.error, r.waiting_until,
  extract(epoch from coalesce(r.finished_at, shared.clock()) - r.started_at)::float8 as seconds, r.started_at, r.updated_at, r.finished_at`;

/** Too little to tell anything by. */
const tooSoonSeconds = 1;

export function syncView(row: SyncRow): Shown {
  const of = (name: string) => row.counts[name] ?? 0;
  const total = row.counts["conversations_total"] ?? null;
  // Who spoke meanwhile was read twice.
  const done = Math.min(of("conversations"), total ?? Number.POSITIVE_INFINITY);
  const running = row.state === "running";
  // Of a catch-up only what waits is known: how many its window holds is seen when it is walked.
  const left = row.kind === "import" || row.kind === "full" ? Math.max(0, (total ?? done) - done) : row.todo_count;
  const speed = row.seconds > tooSoonSeconds && done > 0 ? done / row.seconds : null;
  return {
    id: row.id,
    source: row.source,
    kind: row.kind,
    state: row.state,
    phase: row.phase,
    conversations: { done, waiting: row.todo_count, total },
    messages: of("messages"),
    contacts: of("contacts"),
    written: of("written"),
    gone: of("gone"),
    skipped: of("skipped"),
    held_back: of("held_back"),
    requests: of("requests"),
    rate: row.seconds > tooSoonSeconds ? Math.round((of("messages") / row.seconds) * 10) / 10 : null,
    seconds_left: running && speed !== null ? Math.ceil(left / speed) : null,
    error: row.error,
    waiting_until: instant(row.waiting_until),
    started_at: instant(row.started_at),
    updated_at: instant(row.updated_at),
    finished_at: instant(row.finished_at),
  };
}

export const startSync = verb(
  {
    name: "inbox.sync.start",
    summary: "Read a source's API: all of it the first time, later the last week; `full` reads everything again",
    needs: "shared:operate",
    effect: "write",
    faults: ["source_unknown", "source_not_connected", "sync_running"],
    input: () =>
      z.object({
        id: z.string().min(1).max(64).describe("The source"),
        kind: z
          .enum(["catch_up", "full", "check"])
          .optional()
          .describe("`full` also believes that much is gone at once; `check` compares lists and reads only gaps"),
      }),
    output: SyncRun,
    example: () => ({ id: "src_01" }),
  },
  async (ctx, { id, kind }) => {
    const run = ctx.ids.next("syncRun");
    return commit(ctx, {
      status: 202,
      change: sql`select ${columns} from inbox.begin_run(${run}, ${id}, ${kind ?? null}) r`,
      event: { kind: "inbox.sync.started", ref: ["source", id], payload: { run } },
      stage: [{ kind: "inbox.reconcile", dedupe: run, payload: { run } }],
    });
  },
  (row) => syncView(row as SyncRow),
);

export const cancelSync = verb(
  {
    name: "inbox.sync.cancel",
    summary: "Stop reading a source's API; what was read stays, the next run begins anew",
    needs: "shared:operate",
    effect: "write",
    faults: ["source_unknown", "sync_not_running"],
    input: () => z.object({ id: z.string().min(1).max(64).describe("The source") }),
    output: SyncRun,
    example: () => ({ id: "src_01" }),
  },
  async (ctx, { id }) =>
    commit(ctx, {
      change: sql`update inbox.sync_runs r set state = 'cancelled', finished_at = shared.clock(), updated_at = shared.clock(),
          token = null, lease_until = null, waiting_until = null
        where r.project_id = shared.scope() and r.source = ${id} and r.state = 'running' returning ${columns}`,
      also: [
        sql`delete from inbox.sync_seen s using change where s.project_id = shared.scope() and s.run_id = change.id`,
      ],
      event: { kind: "inbox.sync.cancelled", ref: ["source", id] },
      lost: () => new Fault("not_found", "sync_not_running", { detail: "No run of such a source is under way." }),
    }),
  (row) => syncView(row as SyncRow),
);

const Status = () =>
  z.object({
    run: SyncRun().nullable().describe("The newest one"),
    watermark: z
      .object({ at: z.string(), message: z.string() })
      .nullable()
      .describe("Up to this message nothing is known to be missing"),
  });

type StatusRow = { found: boolean; run: SyncRow | null; cursor_ts: string | null; cursor_id: string | null };

export const syncStatus = reading(
  {
    name: "inbox.sync.status",
    summary: "How far the reading of a source's API has come: counts, rate, time left",
    needs: "inbox:read",
    faults: ["source_unknown"],
    input: () => z.object({ id: z.string().min(1).max(64).describe("The source") }),
    output: Status,
    example: () => ({ id: "src_01" }),
  },
  {
    part: (ctx, { id }) =>
      raw<StatusRow>(
        ctx,
        sql`select (select to_jsonb(n) from (select ${columns} from inbox.sync_runs r where r.project_id = s.project_id and r.source = s.id
            order by r.started_at desc, r.id desc limit 1) n) as run, w.cursor_ts, w.cursor_id
          from identity.project_sources s left join inbox.sync_watermarks w on w.project_id = s.project_id and w.source = s.id
          where s.project_id = shared.scope() and s.id = ${id}`,
      ),
    view: (found) => {
      const row = (found as { rows: StatusRow[] }).rows[0];
      if (!row) throw new Fault("not_found", "source_unknown");
      const at = instant(row.cursor_ts);
      return {
        run: row.run ? syncView(row.run) : null,
        watermark: at === null ? null : { at, message: row.cursor_id ?? "" },
      };
    },
  },
);

export const listSyncs = reading(
  {
    name: "inbox.sync.list",
    summary: "Readings of the sources' APIs, newest first; kept for thirty days",
    needs: "inbox:read",
    input: () => z.object({ ...paging(), source: z.string().max(64).optional() }),
    output: () => page(SyncRun()),
  },
  {
    part: (ctx, { limit, after, source }) =>
      raw<SyncRow>(
        ctx,
        sql`select ${columns} from inbox.sync_runs r
          where r.project_id = shared.scope() and ${source ? sql`r.source = ${source}` : sql`true`}
            and ${after ? sql`(r.started_at, r.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by r.started_at desc, r.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: SyncRow[] }).rows, input, {
        view: syncView,
        position: (row) => ({ at: row.started_at, id: row.id }),
      }),
  },
);
