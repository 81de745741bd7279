/** Canary questions: written down, changed, switched off, and what they were answered night after night. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging, version } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { Canary, type CanaryRow, canaryFailures, canaryInput, canaryView } from "./canary.ts";

export const canaryColumns = sql`c.id, c.question, c.audience, c.expects, c.source_table, c.source_pk, c.words, c.forbidden, c.enabled,
  c.last_run_at, c.last_passed, c.failing_since, c.version, c.created_at`;

const view = (row: Record<string, unknown>) => canaryView(row as unknown as CanaryRow);
const named = () => z.string().min(1).max(64);
const array = (values: string[]) => sql`array(select jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`;

export const createCanary = verb(
  {
    name: "memory.canaries.create",
    summary: "Write down a question whose right answer is known, to be asked every night",
    needs: "memory:write",
    effect: "write",
    input: () => z.object(canaryInput()),
    output: Canary,
    example: () => ({ question: "How long is the warranty?", words: ["five years"] }),
  },
  async (ctx, input) => {
    const id = ctx.ids.next("canary");
    return commit(ctx, {
      status: 201,
      change: sql`insert into memory.canaries as c (project_id, id, question, audience, expects, source_table, source_pk, words, forbidden)
        values (shared.scope(), ${id}, ${input.question}, ${JSON.stringify(input.audience)}::jsonb, ${input.expects},
          ${input.source?.table ?? null}, ${input.source?.pk ?? null}, ${array(input.words)}, ${array(input.forbidden)})
        returning ${canaryColumns}`,
      event: { kind: "memory.canary.created", ref: ["canary", id] },
    });
  },
  view,
);

export const updateCanary = verb(
  {
    name: "memory.canaries.update",
    summary: "Change a canary question, or switch it off or on; it passes or fails anew from then on",
    needs: "memory:write",
    effect: "write",
    faults: ["canary_unknown", "canary_changed"],
    input: () => z.object({ id: named(), version: version(), ...canaryInput(), enabled: z.boolean().default(true) }),
    output: Canary,
    example: () => ({ id: "can_0", version: 1, question: "How long is the warranty?", words: ["six years"] }),
  },
  async (ctx, { id, version, ...input }) =>
    commit(ctx, {
      change: sql`update memory.canaries c set question = ${input.question}, audience = ${JSON.stringify(input.audience)}::jsonb,
          expects = ${input.expects}, source_table = ${input.source?.table ?? null}, source_pk = ${input.source?.pk ?? null},
          words = ${array(input.words)}, forbidden = ${array(input.forbidden)}, enabled = ${input.enabled}, last_passed = null,
          failing_since = null, updated_at = shared.clock(), version = c.version + 1
        where c.project_id = shared.scope() and c.id = ${id} and c.version = ${version}::int
        returning ${canaryColumns}`,
      event: { kind: "memory.canary.changed", ref: ["canary", id], payload: { enabled: input.enabled } },
      lost: async () => {
        const asked = sql`select c.version from memory.canaries c where c.project_id = shared.scope() and c.id = ${id}`;
        const [found] = await send(ctx, [raw<{ version: number }>(ctx, asked)]);
        const [row] = found.rows;
        if (!row) return new Fault("not_found", "canary_unknown");
        const detail = "It has changed since you read it: read it again.";
        return new Fault("stale", "canary_changed", { version: row.version, detail });
      },
    }),
  view,
);

export const listCanaries = reading(
  {
    name: "memory.canaries.list",
    summary: "Canary questions, those that fail first, then the newest",
    needs: "memory:read",
    input: () => z.object(paging()),
    output: () => page(Canary()),
  },
  {
    // A failing one sorts as if it were made in a far future.
    part: (ctx, { limit, after }) =>
      raw<CanaryRow & { place: string }>(
        ctx,
        sql`select ${canaryColumns}, s.place from memory.canaries c
          cross join lateral (select case when c.failing_since is not null then c.failing_since + interval '1000 years' else c.created_at end as place) s
          where c.project_id = shared.scope() and ${after ? sql`(s.place, c.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by s.place desc, c.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: (CanaryRow & { place: string })[] }).rows, input, {
        view: canaryView,
        position: (row) => ({ at: row.place, id: row.id }),
      }),
  },
);

const Run = () =>
  z.object({
    id: z.string(),
    passed: z.boolean(),
    regressed: z.boolean().describe("It had not failed the time before"),
    failures: z.array(z.enum(canaryFailures)),
    status: z.enum(["answered", "insufficient_evidence"]),
    sentences: z.array(z.string()),
    cited: z.array(z.object({ table: z.string(), pk: z.string() })),
    degraded: z.boolean().describe("The question could not be embedded: words alone decided"),
    created_at: z.string(),
  });

type RunRow = z.output<ReturnType<typeof Run>>;

export const listCanaryRuns = reading(
  {
    name: "memory.canaries.runs",
    summary: "What a canary question was answered, newest first",
    needs: "memory:read",
    faults: ["canary_unknown"],
    input: () => z.object({ ...paging(), id: named() }),
    output: () => page(Run()).extend({ canary: Canary() }),
  },
  {
    // The canary beside each row; one row of nulls where it was never asked.
    part: (ctx, { id, limit, after }) =>
      raw<RunRow & { canary: CanaryRow }>(
        ctx,
        sql`select to_jsonb(k) as canary, r.* from (select ${canaryColumns} from memory.canaries c
            where c.project_id = shared.scope() and c.id = ${id}) k
          left join lateral (select r.id, r.passed, r.regressed, r.failures, r.status, r.sentences, r.cited, r.degraded, r.created_at
            from memory.canary_runs r where r.project_id = shared.scope() and r.canary_id = k.id
              and ${after ? sql`(r.created_at, r.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
            order by r.created_at desc, r.id desc limit ${limit + 1}) r on true order by r.created_at desc, r.id desc`,
      ),
    view: (found, input) => {
      const { rows } = found as { rows: (RunRow & { canary: CanaryRow })[] };
      const [first] = rows;
      if (!first) throw new Fault("not_found", "canary_unknown");
      const runs = rows.filter((row) => row.id !== null);
      const one = ({ canary: _, created_at, ...row }: RunRow & { canary: CanaryRow }) => ({
        ...row,
        created_at: instant(created_at),
      });
      const position = (row: RunRow) => ({ at: row.created_at, id: row.id });
      return { ...paged(runs, input, { view: one, position }), canary: canaryView(first.canary) };
    },
  },
);
