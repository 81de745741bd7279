/** What was written into Chatwoot from here, and breakers that keep two writers from fighting over a conversation. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { OwnWrite, type OwnWriteRow, writeColumns, writeView } from "./own-write.ts";
import { conversationIs } from "./refs.ts";

/** A conversation without any is one row of nothing. */
const isThere = (row: OwnWriteRow | { id: null }): row is OwnWriteRow => row.id !== null;

const id = () => z.string().min(1).max(200);

export const getWrite = reading(
  {
    name: "inbox.own_writes.get",
    summary: "What became of a note or a change that was asked for",
    needs: "inbox:read",
    faults: ["own_write_unknown"],
    input: () => z.object({ id: id() }),
    output: OwnWrite,
  },
  {
    part: (ctx, { id }) =>
      raw(
        ctx,
        sql`select ${writeColumns} from inbox.own_writes w where w.project_id = shared.scope() and w.id = ${id}`,
      ),
    view: (found) => {
      const row = (found as { rows: OwnWriteRow[] }).rows[0];
      if (!row) throw new Fault("not_found", "own_write_unknown");
      return writeView(row);
    },
  },
);

export const listWrites = reading(
  {
    name: "inbox.own_writes.list",
    summary: "Notes and changes of a conversation that were asked for here, newest first",
    needs: "inbox:read",
    faults: ["conversation_unknown"],
    input: () => z.object({ id: id().describe("The conversation"), ...paging() }),
    output: () => page(OwnWrite()),
  },
  {
    part: (ctx, { id, limit, after }) =>
      raw(
        ctx,
        sql`select of_it.* from (select inbox.conversation_named(${id}) as id) n left join lateral (
            select ${writeColumns} from inbox.own_writes w where w.project_id = shared.scope() and w.conversation_global_id = n.id
              and ${after ? sql`(w.requested_at, w.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
            order by w.requested_at desc, w.id desc limit ${limit + 1}) of_it on n.id is not null`,
      ),
    view: (found, input) =>
      paged((found as { rows: (OwnWriteRow | { id: null })[] }).rows.filter(isThere), input, {
        view: writeView,
        position: (row) => ({ at: row.requested_at, id: row.id }),
      }),
  },
);

const Breaker = () =>
  z.object({
    conversation: z.string(),
    number: z.int().describe("Chatwoot's display number"),
    open: z.boolean(),
    opened_at: z.string(),
    open_until: z.string(),
    closed_by: z.string().nullable().describe("Who closed it by hand"),
    times: z.int().describe("How often it has opened"),
  });

export type BreakerView = z.output<ReturnType<typeof Breaker>>;
type BreakerRow = Omit<BreakerView, "number"> & { number: string | number };

const breakerColumns = sql`b.conversation_global_id as conversation, (select v.conversation_id from inbox.cw_conversations v
    where v.project_id = b.project_id and v.id = b.conversation_global_id) as number,
  b.open_until > shared.clock() as open, b.opened_at, b.open_until, b.closed_by, b.times`;

const breakerView = (row: BreakerRow): BreakerView => ({
  conversation: row.conversation,
  number: Number(row.number),
  open: row.open,
  opened_at: instant(row.opened_at),
  open_until: instant(row.open_until),
  closed_by: row.closed_by,
  times: row.times,
});

export const listBreakers = reading(
  {
    name: "inbox.flip_breakers.list",
    summary: "Conversations that we and somebody else were changing in turns, newest first",
    needs: "inbox:read",
    input: () => z.object({ ...paging(), conversation: id().optional() }),
    output: () => page(Breaker()),
  },
  {
    part: (ctx, { limit, after, conversation }) =>
      raw(
        ctx,
        sql`select ${breakerColumns} from inbox.flip_breakers b where b.project_id = shared.scope() and b.opened_at is not null
            and ${conversation ? sql`b.conversation_global_id in (select v.id from inbox.cw_conversations v where v.project_id = shared.scope() and ${conversationIs(conversation)})` : sql`true`}
            and ${after ? sql`(b.opened_at, b.conversation_global_id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by b.opened_at desc, b.conversation_global_id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: BreakerRow[] }).rows, input, {
        view: breakerView,
        position: (row) => ({ at: row.opened_at, id: row.conversation }),
      }),
  },
);

export const closeBreaker = verb(
  {
    name: "inbox.flip_breakers.close",
    summary: "Allow changes of this conversation again before the breaker's time is over",
    needs: "inbox:write",
    // Whoever is flipping it must not be the one to say that he may go on.
    doors: ["rest"],
    effect: "write",
    faults: ["flip_breaker_not_open"],
    input: () => z.object({ id: id().describe("The conversation, by its id or Chatwoot's number") }),
    output: Breaker,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      change: sql`update inbox.flip_breakers b set open_until = shared.clock(), closed_by = current_setting('app.actor'), others_at = '{}',
          updated_at = shared.clock()
        where b.project_id = shared.scope() and b.open_until > shared.clock()
          and b.conversation_global_id in (select v.id from inbox.cw_conversations v where v.project_id = shared.scope() and ${conversationIs(id)})
        returning ${breakerColumns}`,
      event: { kind: "inbox.flip_breaker.closed", ref: ["conversation", id] },
      lost: () => new Fault("not_found", "flip_breaker_not_open"),
    }),
  (row) => breakerView(row as BreakerRow),
);
