/** What is remembered of a conversation, passage by passage, and what the ledger says of it. */
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { raw } from "../kernel/batch.ts";
import { page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { Passage, type PassageRow, passageColumns, passageFrom, passageView } from "../memory/index.ts";
import { Event, type EventRow, eventColumns, eventView } from "../shared/index.ts";
import { conversationIs } from "./refs.ts";

const input = () => z.object({ ...paging(), id: z.string().min(1).max(200) });

const named = (id: string): SQL => sql`select v.id from inbox.cw_conversations v
  where v.project_id = shared.scope() and ${conversationIs(id)}`;

export const listPassages = reading(
  {
    name: "inbox.conversations.passages",
    summary: "What is remembered of a conversation: its passages, their embedding state and evidence, newest first",
    needs: "memory:read",
    input,
    output: () => page(Passage()),
  },
  {
    part: (ctx, { id, limit, after }) =>
      raw<PassageRow>(
        ctx,
        sql`select ${passageColumns} from ${passageFrom}
          where k.conversation_global_id in (${named(id)})
            and ${after ? sql`(k.occurred_at, k.id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql`true`}
          order by k.occurred_at desc, k.id desc limit ${limit + 1}`,
      ),
    view: (found, asked) =>
      paged((found as { rows: PassageRow[] }).rows, asked, {
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
    input,
    output: () => page(Event()),
  },
  {
    part: (ctx, { id, limit, after }) =>
      raw<EventRow>(
        ctx,
        sql`select ${eventColumns} from shared.events e
          where (e.ref_type = 'conversation' and e.ref_id in (${named(id)})
              or e.ref_type = 'message' and e.ref_id in (select m.id from inbox.cw_messages m
                where m.project_id = shared.scope() and m.conversation_global_id in (${named(id)})))
            and ${after ? sql`(e.ts, e.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by e.ts desc, e.id desc limit ${limit + 1}`,
      ),
    view: (found, asked) =>
      paged((found as { rows: EventRow[] }).rows, asked, {
        view: eventView,
        position: (row) => ({ at: row.ts, id: row.id }),
      }),
  },
);
