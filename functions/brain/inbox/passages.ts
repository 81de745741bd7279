/** What is remembered of a conversation, passage by passage, and what the ledger says of it. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { Event, type EventRow, eventColumns, eventView } from "#brain/shared/index.ts";
import { raw } from "../kernel/batch.ts";
import { page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { Passage, type PassageRow, passageColumns, passageFrom, passageView } from "../memory/index.ts";

const input = () => z.object({ ...paging(), id: z.string().min(1).max(200) });

/** `rows` of the conversation, or one row of nulls when it has none; an unknown one raises in SQL. */
const ofConversation = (
  id: string,
  rows: SQL,
): SQL => sql`select of_it.* from (select inbox.conversation_named(${id}) as id) n
  left join lateral (${rows}) of_it on n.id is not null`;

const present = <R extends { id: string | null }>(found: unknown): R[] =>
  (found as { rows: R[] }).rows.filter((row) => row.id !== null);

export const listPassages = reading(
  {
    name: "inbox.conversations.passages",
    summary: "What is remembered of a conversation: its passages, their embedding state and evidence, newest first",
    needs: "memory:read",
    faults: ["conversation_unknown"],
    input,
    output: () => page(Passage()),
  },
  {
    part: (ctx, { id, limit, after }) =>
      raw<PassageRow>(
        ctx,
        ofConversation(
          id,
          sql`select ${passageColumns} from ${passageFrom}
            where k.conversation_global_id = n.id
              and ${after ? sql`(k.occurred_at, k.id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql`true`}
            order by k.occurred_at desc, k.id desc limit ${limit + 1}`,
        ),
      ),
    view: (found, asked) =>
      paged(present<PassageRow>(found), asked, {
        view: passageView,
        position: (row) => ({ at: row.occurred_at, id: row.id }),
      }),
  },
);

export const listConversationEvents = reading(
  {
    name: "inbox.conversations.events",
    summary: "What the ledger says of a conversation and its messages, newest first",
    needs: "shared:read",
    faults: ["conversation_unknown"],
    input,
    output: () => page(Event()),
  },
  {
    part: (ctx, { id, limit, after }) =>
      raw<EventRow>(
        ctx,
        ofConversation(
          id,
          sql`select ${eventColumns} from shared.events e
            where (e.ref_type = 'conversation' and e.ref_id = n.id
                or e.ref_type = 'message' and e.ref_id in (select m.id from inbox.cw_messages m
                  where m.project_id = shared.scope() and m.conversation_global_id = n.id))
              and ${after ? sql`(e.ts, e.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
            order by e.ts desc, e.id desc limit ${limit + 1}`,
        ),
      ),
    view: (found, asked) =>
      paged(present<EventRow>(found), asked, {
        view: eventView,
        position: (row) => ({ at: row.ts, id: row.id }),
      }),
  },
);
