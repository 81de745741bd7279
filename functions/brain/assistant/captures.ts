/** What was said and what came of it: listed, and taken back. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { TakenBack } from "./captured.ts";

const Row = () =>
  z.object({
    id: z.string(),
    text: z.string(),
    source: z.string(),
    extractor: z.enum(["rules", "model"]),
    outcome: z.enum(["changed", "nothing", "failed"]),
    changes: z.int().describe("Rows made or changed"),
    questions: z.int().describe("Questions that nobody has answered"),
    undone_at: z.string().nullable(),
    created_at: z.string(),
  });
type Listed = z.output<ReturnType<typeof Row>>;

export const listCaptures = reading(
  {
    name: "assistant.captures.list",
    summary: "What you said to your planner and what came of it, newest first",
    needs: "assistant:use",
    faults: ["person_required"],
    input: () => z.object(paging()),
    output: () => page(Row()),
  },
  {
    part: (ctx, { limit, after }) =>
      raw<Listed>(
        ctx,
        sql`select c.id, i.message_raw as text, i.source, c.extractor, c.outcome, c.undone_at, c.created_at,
            (select count(*)::int from assistant.capture_changes r where r.project_id = c.project_id and r.capture_id = c.id) as changes,
            (select count(*)::int from assistant.questions q where q.project_id = c.project_id and q.capture_id = c.id and q.answered_at is null) as questions
          from assistant.captures c join assistant.inbox_items i on i.project_id = c.project_id and i.id = c.inbox_item_id
          where c.project_id = shared.scope() and c.user_id = assistant.me()
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
    faults: ["person_required", "capture_unknown", "already_undone"],
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
