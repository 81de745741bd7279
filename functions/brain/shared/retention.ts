/** How long a project keeps what: the usual, what its people chose instead, and what would leave today. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import type { Statement } from "#db/client.ts";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { as, type Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { byDays, byPolicy, countOld, type Housekeeping, type Retention } from "../kernel/retention.ts";
import { instant } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { runVerb } from "./retention-run.ts";

const longest = 36_500;

const Policy = () =>
  z.object({
    kind: z.string(),
    what: z.string(),
    since: z.string().describe("What the days are counted from"),
    keep_days: z.int().nullable().describe("Null: for ever"),
    usual_days: z.int().nullable(),
    least_days: z.int(),
    changeable: z.boolean().describe("False: of the whole installation, the same everywhere"),
    version: z.int().describe("0 until somebody chose"),
    updated_at: z.string().nullable(),
  });

type PolicyView = z.output<ReturnType<typeof Policy>>;
type Row = { kind: string; keep_days: number | null; version: number; updated_at: string };

const columns = sql`p.kind, p.keep_days, p.version, p.updated_at`;

const view = (part: Retention, row: Row | undefined): PolicyView => ({
  kind: part.kind,
  what: part.what,
  since: part.since,
  keep_days: row ? row.keep_days : part.keepDays,
  usual_days: part.keepDays,
  least_days: part.leastDays,
  changeable: true,
  version: row?.version ?? 0,
  updated_at: instant(row?.updated_at ?? null),
});

const fixed = ({ kinds }: Housekeeping): PolicyView[] =>
  kinds.map(({ kind, what, since, keepDays }) => ({
    kind,
    what,
    since,
    keep_days: keepDays,
    usual_days: keepDays,
    least_days: keepDays,
    changeable: false,
    version: 0,
    updated_at: null,
  }));

const unknown = () => new Fault("not_found", "retention_kind_unknown");
const rowsOf = <T>(found: unknown): T[] => (found as { rows: T[] }).rows;

type Parts = readonly Retention[];

/** The verbs over all that domains declared; parts are in the order of a run. */
export const retentionVerbs = (parts: Parts, houses: readonly Housekeeping[]) => ({
  list: listVerb(parts, houses),
  get: getVerb(parts),
  update: updateVerb(parts),
  preview: previewVerb(parts),
  run: runVerb(parts),
});

const listVerb = (parts: Parts, houses: readonly Housekeeping[]) =>
  reading(
    {
      name: "shared.retention.list",
      summary: "How long what is kept; the ledger, the audit trail and tombstones are kept for ever",
      needs: "shared:read",
      input: () => z.object({}),
      output: () => z.object({ data: z.array(Policy()) }),
    },
    {
      part: (ctx) =>
        raw<Row>(ctx, sql`select ${columns} from shared.retention_policies p where p.project_id = shared.scope()`),
      view: (found) => {
        const chosen = new Map(rowsOf<Row>(found).map((row) => [row.kind, row]));
        return { data: [...parts.map((part) => view(part, chosen.get(part.kind))), ...houses.flatMap(fixed)] };
      },
    },
  );

const kindField = () => z.string().min(1).max(64);
const one = (ctx: Ctx, kind: string) =>
  raw<Row>(
    ctx,
    sql`select ${columns} from shared.retention_policies p where p.project_id = shared.scope() and p.kind = ${kind}`,
  );

const getVerb = (parts: Parts) =>
  reading(
    {
      name: "shared.retention.get",
      summary: "How long one kind of thing is kept",
      needs: "shared:read",
      faults: ["retention_kind_unknown"],
      input: () => z.object({ kind: kindField() }),
      output: Policy,
    },
    {
      part: (ctx, { kind }) => one(ctx, kind),
      view: (found, { kind }) => {
        const part = parts.find((each) => each.kind === kind);
        if (!part) throw unknown();
        return view(part, rowsOf<Row>(found)[0]);
      },
    },
  );

const Counts = () =>
  z.object({
    data: z.array(
      z.object({
        kind: z.string(),
        leaves: z.int(),
        stays: z.record(z.string(), z.int()).describe("Old, and kept all the same: how many by reason"),
      }),
    ),
  });

type Count = { kind: string; reason: string | null; n: number };

const counted = (kinds: readonly string[], rows: Count[]): z.output<ReturnType<typeof Counts>> => ({
  data: kinds.map((kind) => {
    const own = rows.filter((row) => row.kind === kind);
    const stays = own.flatMap(({ reason, n }) => (reason === null ? [] : [[reason, n] as const]));
    return { kind, leaves: own.find((row) => row.reason === null)?.n ?? 0, stays: Object.fromEntries(stays) };
  }),
});

type Asked = { kind?: string | undefined; keep_days?: number | undefined };

function countsOf(ctx: Ctx, parts: Parts, { kind, keep_days }: Asked): Statement {
  const asked = parts.filter((part) => kind === undefined || part.kind === kind);
  const counts = asked.map((part) => countOld(part, keep_days === undefined ? byPolicy(part) : byDays(keep_days)));
  return raw<Count>(ctx, counts.length ? sql.join(counts, sql` union all `) : sql`select where false`);
}

const previewVerb = (parts: Parts) =>
  reading(
    {
      name: "shared.retention.preview",
      summary:
        "What a run would take now and what would stay and why; with `kind` and `keep_days`, under another policy",
      needs: "shared:read",
      faults: ["retention_kind_unknown"],
      input: () =>
        z
          .object({ kind: kindField().optional(), keep_days: z.coerce.number().int().min(0).max(longest).optional() })
          .refine(({ kind, keep_days }) => keep_days === undefined || kind !== undefined, {
            path: ["kind"],
            message: "keep_days needs a kind",
          }),
      output: Counts,
    },
    {
      part: (ctx, input) => countsOf(ctx, parts, input),
      view: (found, { kind }) => {
        const kinds = parts.map((part) => part.kind).filter((each) => kind === undefined || each === kind);
        if (kinds.length === 0) throw unknown();
        return counted(kinds, rowsOf<Count>(found));
      },
    },
  );

type Update = { kind: string; keep_days: number | null; version: number; confirm?: true | undefined };

/** Fewer days than now take something away for good; `null` is more than any number. */
const isShorter = (part: Retention, days: number | null) =>
  days === null
    ? sql`false`
    : sql`coalesce(${days}::int < case when (select true from was) then (select keep_days from was) else ${part.keepDays}::int end, true)`;

const changeOf = (part: Retention | undefined, { kind, keep_days, version, confirm }: Update) =>
  part
    ? sql`with was as (select p.keep_days, p.version from shared.retention_policies p where p.project_id = shared.scope() and p.kind = ${kind})
      insert into shared.retention_policies as p (project_id, kind, keep_days)
        select shared.scope(), ${kind}, ${keep_days}::int
          where ${version}::int = coalesce((select version from was), 0) and (${confirm ? sql`true` : sql`false`} or not (${isShorter(part, keep_days)}))
        on conflict (project_id, kind) do update set keep_days = excluded.keep_days, updated_at = shared.clock(), version = p.version + 1
          where p.version = ${version}::int
        returning ${columns}`
    : sql`select ${columns} from shared.retention_policies p where false`;

async function whyLost(ctx: Ctx, parts: Parts, { kind, keep_days, version }: Update): Promise<Fault> {
  const own = as(ctx, { entry: { permission: ctx.entry.permission, scope: "project" } });
  const days = keep_days ?? longest;
  const [row, counts] = await send(own, [one(own, kind), countsOf(own, parts, { kind, keep_days: days })]);
  if (!parts.some((part) => part.kind === kind)) return unknown();
  const now = rowsOf<Row>(row)[0]?.version ?? 0;
  if (now !== version) return new Fault("stale", "version_stale", { version: now });
  const [count] = counted([kind], rowsOf<Count>(counts)).data;
  return new Fault("precondition_required", "confirmation_required", {
    detail: "Fewer days take away for good what is older. Say `confirm: true` when that is meant.",
    leaves: count?.leaves ?? 0,
    stays: count?.stays ?? {},
  });
}

const updateVerb = (parts: Parts) =>
  verb(
    {
      name: "shared.retention.update",
      summary: "Keep a kind of thing for so many days, or for ever; fewer than now only with `confirm`",
      needs: "shared:operate",
      doors: ["rest"],
      effect: "write",
      faults: ["retention_kind_unknown", "version_stale", "confirmation_required", "keep_days_too_few"],
      input: () =>
        z.object({
          kind: kindField(),
          keep_days: z.int().min(0).max(longest).nullable(),
          version: z.int().min(0).max(2_147_483_646),
          confirm: z.literal(true).optional(),
        }),
      output: Policy,
      example: () => ({ kind: "shared.job_runs", keep_days: 120, version: 0 }),
    },
    async (ctx, input) => {
      const { kind, keep_days } = input;
      const part = parts.find((each) => each.kind === kind);
      if (part && keep_days !== null && keep_days < part.leastDays) {
        throw new Fault("unprocessable", "keep_days_too_few", {
          detail: `Keep these for ${part.leastDays} days at least.`,
        });
      }
      const payload = { kind, keep_days, forever: keep_days === null };
      return commit(ctx, {
        change: changeOf(part, input),
        event: { kind: "retention.changed", ref: ["retention_policy", kind], payload },
        audit: { action: "shared.retention.update", ref: ["retention_policy", kind], evidence: "none", payload },
        lost: () => whyLost(ctx, parts, input),
      });
    },
    (row) => {
      const stored = row as Row;
      const part = parts.find((each) => each.kind === stored.kind);
      if (!part) throw unknown();
      return view(part, stored);
    },
  );
