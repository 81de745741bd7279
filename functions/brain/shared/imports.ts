/** A whole project brought in from an export: line after line, into an empty project, once. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { instant } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { isTimezone } from "../kernel/wall-time.ts";
import { complaintOf } from "./fire-times.ts";

/** Bytes of a request that brings lines: a document may be a line of some megabytes. */
export const largestImport = 8 * 1024 * 1024;

/** Columns that are filled in by one request. */
const mostLinks = 1000;

const Import = () =>
  z.object({
    id: z.string(),
    state: z.enum(["open", "done"]),
    lines: z.int().describe("Taken so far, the manifest not counted: where to go on"),
    parts: z.int().describe("Of the export"),
    part: z.int().describe("Parts that are here whole"),
    taken: z.record(z.string(), z.int()).describe("Rows by table"),
    created_at: z.string(),
    finished_at: z.string().nullable(),
  });

type ImportView = z.output<ReturnType<typeof Import>>;

const columns = sql`i.id, i.state, i.lines, i.parts, i.part, i.taken, i.created_at, i.finished_at`;

const view = (row: Record<string, unknown>): ImportView => {
  const found = row as ImportView;
  return { ...found, created_at: instant(found.created_at), finished_at: instant(found.finished_at) };
};

const common = { needs: "privacy:export", doors: ["rest" as const], effect: "write" as const };
const importId = () => z.string().min(1).max(64);

function manifestIn(text: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === "object" && read !== null && !Array.isArray(read)) return read as Record<string, unknown>;
  } catch {}
  throw new Fault("invalid", "import_line_wrong", { line: 1, why: "manifest" });
}

export const beginImport = verb(
  {
    ...common,
    name: "shared.imports.create",
    summary: "Begin to bring a project in: the export's first line, and the key of its keyed hashes",
    proof: "recent",
    faults: ["project_not_empty", "import_line_wrong", "hash_key_wrong"],
    input: () =>
      z.object({ manifest: z.string().min(2).max(200_000), hash_key: z.string().regex(/^[0-9a-f]{32,128}$/) }),
    output: Import,
    example: () => ({
      manifest: JSON.stringify({
        format: "omneuro-export-1",
        kind: "project",
        project: { id: "0195f3c0-0000-7000-8000-0000000000aa" },
        parts: 1,
        hash_check: "b1a3cd0b86f28107f783c3bc",
      }),
      hash_key: "0".repeat(64),
    }),
  },
  async (ctx, { manifest, hash_key }) => {
    const id = ctx.ids.next("import");
    const head = manifestIn(manifest);
    const from = (head["audit"] ?? {}) as { seq?: unknown; root?: unknown };
    const root = typeof from.root === "string" && /^[0-9a-f]{64}$/.test(from.root) ? { audit_root: from.root } : {};
    return commit(ctx, {
      status: 201,
      change: sql`select ${columns} from shared.open_import(${id}, ${manifest}, ${hash_key}) i`,
      event: { kind: "shared.import.begun", ref: ["import", id] },
      // The chain of the project that was left ends here; this one's goes on with a mention of it.
      audit: { action: "shared.import_begun", ref: ["import", id], evidence: "none", payload: root },
    });
  },
  view,
);

/** A rule that cannot be read would stop the clock for everybody. */
function assertSchedules(ctx: Ctx, { after, lines }: { after: number; lines: string[] }): void {
  for (const [i, line] of lines.entries()) {
    if (!line.startsWith('{"table":"shared.scheduled_jobs"')) continue;
    const { cron, timezone } = scheduleIn(line);
    const isSound = cron === null || (typeof cron === "string" && !complaintOf(cron, ctx.clock.now()));
    if (!isSound || !isTimezone(String(timezone)))
      throw new Fault("invalid", "import_line_wrong", { line: after + i + 2, why: "schedule" });
  }
}

function scheduleIn(line: string): { cron?: unknown; timezone?: unknown } {
  try {
    return (JSON.parse(line) as { row?: object }).row ?? {};
  } catch {
    return {};
  }
}

export const bringLines = verb(
  {
    ...common,
    name: "shared.imports.lines",
    summary: "Bring the next lines of an export; said again they change nothing, and a wrong one is named",
    faults: ["import_unknown", "import_done", "import_gap", "import_line_wrong"],
    input: () =>
      z.object({
        id: importId(),
        after: z.int().min(0).max(2_000_000_000).describe("How many were brought before, the manifest not counted"),
        lines: z.array(z.string().min(2)).min(1).max(5000),
      }),
    output: Import,
    example: () => ({ id: "imp_example", after: 0, lines: ['{"part": 2, "lines": 0}'] }),
  },
  async (ctx, { id, after, lines }) => {
    assertSchedules(ctx, { after, lines });
    return commit(ctx, {
      change: sql`select ${columns} from shared.import_lines(${id}, ${after}::int, ${JSON.stringify(lines)}::jsonb) i`,
    });
  },
  view,
);

export const finishImport = (wake: string) =>
  verb(
    {
      ...common,
      name: "shared.imports.finish",
      summary: "End an import when all lines are there; ask again while it says open",
      faults: ["import_unknown", "import_incomplete", "import_line_wrong"],
      input: () => z.object({ id: importId() }),
      output: Import,
    },
    (ctx, { id }) =>
      commit(ctx, {
        change: sql`select ${columns} from shared.close_import(${id}, ${mostLinks}::int) i`,
        // What was brought in waits for its meaning.
        stage: [{ kind: wake, dedupe: wake, delaySeconds: 2 }],
        event: { kind: "shared.import.finished", ref: ["import", id] },
        audit: { action: "shared.import_finished", ref: ["import", id], evidence: "none" },
      }),
    view,
  );

export const getImport = reading(
  {
    name: "shared.imports.get",
    summary: "How far an import is",
    needs: "privacy:export",
    doors: ["rest"],
    faults: ["import_unknown"],
    input: () => z.object({ id: importId() }),
    output: Import,
  },
  {
    part: (ctx, { id }) =>
      raw(ctx, sql`select ${columns} from shared.imports i where i.project_id = shared.scope() and i.id = ${id}`),
    view: (found) => {
      const [row] = (found as { rows: Record<string, unknown>[] }).rows;
      if (!row) throw new Fault("not_found", "import_unknown");
      return view(row);
    },
  },
);
