/** What was said and what came of it: listed, and taken back. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { Item, Question, TakenBack } from "./captured.ts";

const Row = () =>
  z.object({
    id: z.string(),
    text: z.string().describe("Empty when its words have left"),
    source: z.string(),
    extractor: z.enum(["rules", "model"]),
    outcome: z.enum(["changed", "nothing", "failed"]).describe("failed: kept, and nothing was made of it"),
    changes: z.int().describe("Rows made or changed, and links"),
    items: z.array(Item()),
    questions: z.int().describe("Questions that nobody has answered"),
    asked: z.array(Question().extend({ state: z.enum(["open", "answered", "expired"]) })),
    undone_at: z.string().nullable(),
    created_at: z.string(),
  });
type Listed = z.output<ReturnType<typeof Row>>;

const id = () => z.string().min(1).max(64).optional();

/** What was heard and led to nothing has no capture: it stands here under its own id. */
const said = sql`(
  select c.id, c.inbox_item_id, c.extractor, c.outcome, c.undone_at, c.created_at from assistant.captures c
    where c.project_id = shared.scope() and c.user_id = assistant.me()
  union all
  select i.id, i.id, 'model', 'failed', null, i.received_at from assistant.inbox_items i
    where i.project_id = shared.scope() and i.user_id = assistant.me() and not exists (select from assistant.captures c
      where c.project_id = i.project_id and c.user_id = i.user_id and c.inbox_item_id = i.id))`;

const open = sql`q.answered_at is null and q.expires_at > shared.clock()`;

export const listCaptures = reading(
  {
    name: "assistant.captures.list",
    summary: "What you said to your planner and what came of it, newest first",
    needs: "assistant:use",
    faults: ["person_required"],
    input: () =>
      z.object({
        ...paging(),
        id: id(),
        entity: id().describe("Those that made or changed it"),
        waiting: z.enum(["yes"]).optional().describe("Those with a question that can be answered"),
      }),
    output: () => page(Row()),
  },
  {
    part: (ctx, { limit, after, id, entity, waiting }) =>
      raw<Listed>(
        ctx,
        sql`select c.id, i.message_raw as text, i.source, c.extractor, c.outcome, c.undone_at, c.created_at,
            (select count(*)::int from assistant.capture_changes r where r.project_id = i.project_id and r.capture_id = c.id) as changes,
            (select count(*)::int from assistant.questions q
              where q.project_id = i.project_id and q.capture_id = c.id and q.answered_at is null) as questions,
            assistant.answer_of(c.id)->'items' as items,
            coalesce((select jsonb_agg(jsonb_build_object('id', q.id, 'kind', q.kind, 'about', q.about, 'choices', q.choices,
                'state', case when ${open} then 'open' when q.answered_at is null then 'expired' else 'answered' end) order by q.created_at, q.id)
              from assistant.questions q where q.project_id = i.project_id and q.capture_id = c.id), '[]') as asked
          from ${said} c join assistant.inbox_items i on i.project_id = shared.scope() and i.user_id = assistant.me() and i.id = c.inbox_item_id
          where ${id ? sql`c.id = ${id}` : sql`true`}
            and ${entity ? sql`exists (select from assistant.capture_changes r where r.project_id = i.project_id and r.capture_id = c.id and r.ref_id = ${entity})` : sql`true`}
            and ${waiting ? sql`exists (select from assistant.questions q where q.project_id = i.project_id and q.capture_id = c.id and ${open})` : sql`true`}
            and ${after ? sql`(c.created_at, c.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by c.created_at desc, c.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Listed[] }).rows, input, {
        view: (row) => ({ ...row, undone_at: instant(row.undone_at), created_at: instant(row.created_at) }),
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);

export const undoCapture = verb(
  {
    name: "assistant.captures.undo",
    summary: "Take back what one message changed; what has moved on since is left alone, and said",
    needs: "assistant:use",
    effect: "write",
    faults: ["person_required", "capture_unknown", "already_undone", "capture_too_old"],
    input: () => z.object({ id: z.string().min(1).max(64) }),
    output: () => TakenBack().extend({ id: z.string() }),
    example: () => ({ id: "cap_00000000000000000000000000" }),
  },
  async (ctx, { id }) =>
    commit(ctx, {
      change: sql`select u.answer from (select assistant.undo(${id}) as answer) u where u.answer is not null`,
      event: { kind: "assistant.capture.undone", ref: ["capture", id] },
      lost: () => new Fault("not_found", "capture_unknown"),
    }),
  ({ answer }) => answer as never,
);
