/** Tasks, goals and problems by hand: the same five verbs for each. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { page, paged, paging, version } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { type Kind, kinds, makeable, settable, shape, thingView } from "./thing.ts";
import { titleNorm } from "./understand/extract.ts";

const tables = { task: sql`assistant.tasks`, goal: sql`assistant.goals`, problem: sql`assistant.problems` };
const id = () => z.string().min(1).max(64);
const needs = "assistant:use";

type Row = { row: Record<string, unknown>; at: string };
type Said = { title?: string | undefined };

/** With the norm of its title, and no title of dots and spaces. */
function normed<T extends Said>(said: T): T & { title_norm?: string } {
  if (said.title === undefined) return said;
  const title_norm = titleNorm(said.title);
  if (title_norm === "") {
    throw new Fault("invalid", "invalid_input", {
      errors: [{ pointer: "/title", detail: "needs a letter or a digit" }],
    });
  }
  return { ...said, title_norm };
}

const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`;

const listOf = (kind: Kind) =>
  reading(
    {
      name: `assistant.${kind}s.list`,
      summary: `Your ${kind}s, the one changed last first; those put away only when asked for`,
      needs,
      faults: ["person_required"],
      input: () => z.object({ ...paging(), status: z.enum(kinds[kind].states).optional() }),
      output: () => page(shape(kind)),
    },
    {
      part: (ctx, { limit, after, status }) =>
        raw<Row>(
          ctx,
          sql`select ${kind === "task" ? sql`assistant.task_card(x)` : sql`to_jsonb(x)`} as row, x.updated_at as at from ${tables[kind]} x
            where x.project_id = shared.scope() and x.user_id = assistant.me()
              and ${status ? sql`x.status = ${status}` : sql`x.status <> 'archived'`}
              and ${after ? sql`(x.updated_at, x.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
            order by x.updated_at desc, x.id desc limit ${limit + 1}`,
        ),
      view: (found, input) =>
        paged((found as { rows: Row[] }).rows, input, {
          view: ({ row }) => thingView(row) as never,
          position: ({ row, at }) => ({ at, id: String(row["id"]) }),
        }),
    },
  );

const getOf = (kind: Kind) =>
  reading(
    {
      name: `assistant.${kind}s.get`,
      summary: `One of your ${kind}s`,
      needs,
      faults: ["person_required", `${kind}_unknown`],
      input: () => z.object({ id: id() }),
      output: () => shape(kind),
    },
    {
      part: (ctx, input) =>
        raw<{ row: Record<string, unknown> | null }>(
          ctx,
          sql`select assistant.show_thing(${kind}, ${input.id}) as row`,
        ),
      view: (found) => {
        const row = (found as { rows: { row: Record<string, unknown> | null }[] }).rows[0]?.row;
        if (!row) throw new Fault("not_found", `${kind}_unknown`);
        return thingView(row) as never;
      },
    },
  );

/** Anything that is evidence, a job, or a message that waits for approval. */
const From = () =>
  z
    .object({ table: z.string().regex(/^[a-z_]{1,40}\.[a-z_]{1,40}$/), pk: z.string().min(1).max(160) })
    .optional()
    .describe("What it comes from: field.jobs, outbound.messages, or the source_table and source_pk of evidence");

const createOf = (kind: Kind) =>
  verb(
    {
      name: `assistant.${kind}s.create`,
      summary: `Write down a ${kind}`,
      needs,
      effect: "write",
      faults: ["person_required", ...(kind === "task" ? ["source_not_found"] : [])],
      input: () => (kind === "task" ? makeable(kind).extend({ from: From() }) : makeable(kind)),
      output: () => shape(kind),
      example: () => ({ title: "Call the plumber" }),
    },
    async (ctx, input) => {
      const fresh = ctx.ids.next(kind);
      const said = normed(input as Said);
      return commit(ctx, {
        status: 201,
        change: sql`select assistant.add_thing(${kind}, ${json({ ...said, id: fresh })}) as row`,
        event: { kind: `assistant.${kind}.created`, ref: [kind, fresh] },
      });
    },
    ({ row }) => thingView(row as Record<string, unknown>) as never,
  );

const updateOf = (kind: Kind) =>
  verb(
    {
      name: `assistant.${kind}s.update`,
      summary: `Change a ${kind}; the fields left out stay`,
      needs,
      effect: "write",
      faults: ["person_required", `${kind}_unknown`, "version_stale"],
      input: () => z.object({ id: id(), version: version().optional() }).extend(settable(kind).shape),
      output: () => shape(kind),
      example: () => ({ id: `${kind}_example`, status: kinds[kind].states[0] }) as never,
    },
    async (ctx, input) => {
      const { id: wanted, version: seen, ...said } = input as { id: string; version?: number } & Said;
      const status = (said as { status?: string }).status;
      return commit(ctx, {
        change: sql`select u.row from (select assistant.update_thing(${kind}, ${wanted}, ${seen ?? null}::int, ${json(normed(said))}) as row) u
          where u.row is not null`,
        event: { kind: `assistant.${kind}.changed`, ref: [kind, wanted], ...(status ? { payload: { status } } : {}) },
        lost: () => new Fault("not_found", `${kind}_unknown`),
      });
    },
    ({ row }) => thingView(row as Record<string, unknown>) as never,
  );

const verbsOf = (kind: Kind) => ({
  list: listOf(kind),
  get: getOf(kind),
  create: createOf(kind),
  update: updateOf(kind),
});

export const tasks = verbsOf("task");
export const goals = verbsOf("goal");
export const problems = verbsOf("problem");
