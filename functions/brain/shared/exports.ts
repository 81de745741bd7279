/** Exports: planned once, read part by part when somebody fetches them, kept nowhere. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, type Verb, verb } from "../kernel/verb.ts";

/** What a higher layer makes of its rows for training: its plan, and the lines of one range of it. */
export type Dataset = {
  /** Yields jsonb: for each part a list of `[name, after, upto, rows]`. */
  plan: SQL;
  /** Yields jsonb: the objects of one part, or null where it is null. */
  lines(part: SQL): SQL;
  line(found: Record<string, unknown>): Record<string, unknown>;
};

const kinds = ["project", "mine", "subject", "dataset"] as const;

/** Days that parts can be fetched. */
const days = 7;

const Export = () =>
  z.object({
    id: z.string(),
    kind: z.enum(kinds),
    contact: z.string().nullable(),
    parts: z.int(),
    rows: z.int(),
    created_at: z.string(),
    expires_at: z.string().describe("Until then its parts can be fetched"),
  });

type ExportView = z.output<ReturnType<typeof Export>>;

const columns = sql`e.id, e.kind, e.contact_id as contact, jsonb_array_length(e.plan) + 1 as parts, e.created_at, e.expires_at,
  (select coalesce(sum((x->>3)::int), 0) from jsonb_path_query(e.plan, '$[*][*]') x)::int as rows`;

const view = (row: Record<string, unknown>): ExportView => {
  const found = row as ExportView;
  return { ...found, created_at: instant(found.created_at), expires_at: instant(found.expires_at) };
};

const isOwn = sql`(e.kind = 'mine') = `;

const exportId = () => z.string().min(1).max(64);

type Wanted = { kind: (typeof kinds)[number]; contact?: string | undefined };

function begin(ctx: Ctx, { kind, contact }: Wanted, dataset: Dataset) {
  const id = ctx.ids.next("export");
  const plan = kind === "dataset" ? dataset.plan : sql`shared.plan_export(${kind}, ${contact ?? null})`;
  return commit(ctx, {
    status: 201,
    change: sql`insert into shared.exports as e (project_id, id, kind, user_id, contact_id, plan, expires_at)
      select shared.scope(), ${id}, ${kind}, nullif(current_setting('app.user_id', true), '')::uuid, ${contact ?? null}, ${plan},
        shared.clock() + make_interval(days => ${days}::int)
      where ${kind}::text <> 'mine' or nullif(current_setting('app.user_id', true), '') is not null
      returning ${columns}`,
    event: { kind: "shared.export.begun", ref: ["export", id], payload: { kind } },
    audit: {
      action: "shared.export_begun",
      ref: contact ? ["contact", contact] : ["export", id],
      evidence: "none",
      payload: { kind, export: id },
    },
    lost: () => new Fault("forbidden", "person_required", { detail: "This key belongs to nobody in particular." }),
  });
}

const beginExport = (dataset: Dataset) =>
  verb(
    {
      name: "shared.exports.create",
      summary: "Begin an export: all of the project, all about one person, or a dataset of those who agreed",
      needs: "privacy:export",
      doors: ["rest"],
      effect: "write",
      proof: "recent",
      faults: ["contact_unknown"],
      input: () =>
        z
          .object({ kind: z.enum(["project", "subject", "dataset"]), contact: z.string().min(1).max(64).optional() })
          .refine(({ kind, contact }) => (kind === "subject") === (contact !== undefined), {
            path: ["contact"],
            message: "names the person of a subject export, and of no other",
          }),
      output: Export,
      example: () => ({ kind: "dataset" as const }),
    },
    (ctx, input) => begin(ctx, input, dataset),
    view,
  );

const beginOwn = (dataset: Dataset) =>
  verb(
    {
      name: "shared.own_exports.create",
      summary: "Begin an export of what is one's own in this project",
      needs: "assistant:use",
      doors: ["rest"],
      effect: "write",
      proof: "recent",
      faults: ["person_required"],
      input: () => z.object({}),
      output: Export,
      example: () => ({}),
    },
    (ctx) => begin(ctx, { kind: "mine" }, dataset),
    view,
  );

const listExports = reading(
  {
    name: "shared.exports.list",
    summary: "Exports of the last days, newest first",
    needs: "privacy:export",
    doors: ["rest"],
    input: () => z.object(paging()),
    output: () => page(Export()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw(
        ctx,
        sql`select ${columns} from shared.exports e where e.project_id = shared.scope() and ${isOwn}false
            and ${after ? sql`(e.created_at, e.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by e.created_at desc, e.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Record<string, unknown>[] }).rows, input, {
        view,
        position: (row) => ({ at: String(row["created_at"]), id: String(row["id"]) }),
      }),
  },
);

const getExport = reading(
  {
    name: "shared.exports.get",
    summary: "One export: how many parts it has, and until when",
    needs: "privacy:export",
    doors: ["rest"],
    faults: ["export_unknown"],
    input: () => z.object({ id: exportId() }),
    output: Export,
  },
  {
    part: (ctx, { id }) =>
      raw(
        ctx,
        sql`select ${columns} from shared.exports e where e.project_id = shared.scope() and e.id = ${id} and ${isOwn}false`,
      ),
    view: (found) => {
      const [row] = (found as { rows: Record<string, unknown>[] }).rows;
      if (!row) throw new Fault("not_found", "export_unknown");
      return view(row);
    },
  },
);

const Part = () =>
  z.object({
    part: z.int(),
    parts: z.int(),
    lines: z
      .array(z.string())
      .describe("JSON each; line 1 of part 1 is the manifest, with a JSON Schema for every table"),
  });

type Found = { told: { part: number; parts: number; lines: string[] }; lines: Record<string, unknown>[] | null };

/** `own`: what a person began for himself; the others are the owner's. */
const partOf = (name: "shared.exports.part" | "shared.own_exports.part", dataset: Dataset) => {
  const own = name === "shared.own_exports.part";
  return reading(
    {
      name,
      summary: "One part of an export, as its rows are now; what was erased since is not in it",
      needs: own ? "assistant:use" : "privacy:export",
      doors: ["rest"],
      faults: ["export_unknown", "export_expired", "part_unknown"],
      input: () => z.object({ id: exportId(), n: z.coerce.number().int().min(1).max(1_000_000) }),
      output: Part,
    },
    {
      part: (ctx, { id, n }) =>
        raw<Found>(
          ctx,
          sql`select t.told, ${dataset.lines(sql`case when t.told->>'kind' = 'dataset' then nullif(t.told->'range', 'null') end`)} as lines
            from (select shared.export_part(${id}, ${n}::int, ${own}::boolean) as told offset 0) t`,
        ),
      view: (found) => {
        const [row] = (found as { rows: Found[] }).rows;
        if (!row) throw new Fault("not_found", "export_unknown");
        const { part, parts, lines: told } = row.told;
        const lines = row.lines ? row.lines.map((line) => JSON.stringify(dataset.line(line))) : told;
        // A part that lost some of its lines on the way is noticed by its last one.
        return { part, parts, lines: part === 1 ? lines : [...lines, JSON.stringify({ part, lines: lines.length })] };
      },
    },
  );
};

const readHashKey = reading(
  {
    name: "shared.exports.hash_key",
    summary: "The key of this project's keyed hashes: who imports the project needs it, so that opt-outs hold there",
    needs: "privacy:export",
    doors: ["rest"],
    proof: "recent",
    input: () => z.object({}),
    output: () => z.object({ hash_key: z.string() }),
  },
  {
    part: (ctx) =>
      raw(ctx, sql`select encode(p.hmac_key, 'hex') as hash_key from identity.projects p where p.id = shared.scope()`),
    view: (found) => ({ hash_key: String((found as { rows: { hash_key: string }[] }).rows[0]?.hash_key) }),
  },
);

/** The verbs over what all layers hold; a dataset is a higher layer's to make. */
export const exportVerbs = (dataset: Dataset) => ({
  create: beginExport(dataset),
  createOwn: beginOwn(dataset),
  list: listExports,
  get: getExport,
  part: partOf("shared.exports.part", dataset),
  partOwn: partOf("shared.own_exports.part", dataset),
  hashKey: readHashKey,
});

export type ExportVerbs = Record<keyof ReturnType<typeof exportVerbs>, Verb>;
