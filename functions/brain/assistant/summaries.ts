/** What sessions, days and weeks came to, for the one whose they are. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { factKinds, factRefs } from "./facts.ts";

const types = ["session", "daily", "weekly"] as const;

const Row = () =>
  z.object({
    id: z.string(),
    type: z.enum(types),
    period: z.string().describe("The session’s id, the day or the ISO week"),
    chat: z.string(),
    author: z.enum(["rules", "model"]),
    text: z.string(),
    facts: z.array(
      z.looseObject({
        kind: z.enum(factKinds),
        ref_type: z.enum(factRefs),
        ref_id: z.string(),
        title: z.string(),
        status: z.string().optional(),
        due_date: z.string().nullable().optional(),
      }),
    ),
    source_event_ids: z.array(z.string()),
    starts_at: z.string(),
    ends_at: z.string(),
  });
type Listed = z.output<ReturnType<typeof Row>>;

export const listSummaries = reading(
  {
    name: "assistant.summaries.list",
    summary: "What your sessions, days and weeks with the planner came to, newest first",
    needs: "assistant:use",
    faults: ["person_required"],
    input: () => z.object({ ...paging(), type: z.enum(types).optional() }),
    output: () => page(Row()),
  },
  {
    part: (ctx, { limit, after, type }) =>
      raw<Listed>(
        ctx,
        sql`select m.id, m.summary_type as type, m.period, m.chat_id as chat, m.author, m.summary_text as text, m.facts_json as facts,
            m.source_event_ids, m.starts_at, m.ends_at
          from assistant.memory_summaries m
          where m.project_id = shared.scope() and m.user_id = assistant.me() and ${type ? sql`m.summary_type = ${type}` : sql`true`}
            and ${after ? sql`(m.ends_at, m.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by m.ends_at desc, m.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Listed[] }).rows, input, {
        view: (row) => ({ ...row, starts_at: instant(row.starts_at), ends_at: instant(row.ends_at) }),
        position: (row) => ({ at: row.ends_at, id: row.id }),
      }),
  },
);
