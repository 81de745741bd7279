/** What waits for somebody's approval, and how many messages stand where. Both are bounded, however much there is. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { reading } from "../kernel/verb.ts";
import { Message, type MessageRow, messageColumns, messageView, State, states } from "./message.ts";

const Waiting = () => z.enum(["pending", "draft"]);

export const listWaiting = reading(
  {
    name: "outbound.messages.waiting",
    summary: "Messages that wait for an approval: those it was asked for first, the longest untouched first",
    needs: "outbound:read",
    input: () => z.object({ limit: z.coerce.number().int().min(1).max(100).default(50), state: Waiting().optional() }),
    output: () => z.object({ data: z.array(Message()), has_more: z.boolean() }),
  },
  {
    // A branch per state, each from the end of its own index.
    part: (ctx, { limit, state }) => {
      const branch = (
        one: "pending" | "draft",
      ) => sql`(select ${messageColumns}, ${one === "draft" ? 1 : 0}::int as place
        from outbound.messages m where m.project_id = shared.scope() and m.state = ${one}
        order by m.updated_at, m.id limit ${limit + 1})`;
      const rows = state ? branch(state) : sql`${branch("pending")} union all ${branch("draft")}`;
      return raw<MessageRow>(ctx, sql`select * from (${rows}) w order by place, updated_at, id limit ${limit + 1}`);
    },
    view: (found, { limit }) => {
      const { rows } = found as { rows: (MessageRow & { place: number })[] };
      const shown = rows.slice(0, limit).map(({ place: _, ...row }) => messageView(row));
      return { data: shown, has_more: rows.length > limit };
    },
  },
);

/** Nobody reads more than this off a tab. */
const mostCounted = 1000;

export const countMessages = reading(
  {
    name: "outbound.messages.counts",
    summary: `How many messages are in each state; counting stops at ${mostCounted}`,
    needs: "outbound:read",
    input: () => z.object({}),
    output: () => z.object({ data: z.array(z.object({ state: State(), count: z.int(), has_more: z.boolean() })) }),
  },
  {
    part: (ctx) =>
      raw<{ state: (typeof states)[number]; count: number }>(
        ctx,
        sql`select n.state, c.count from unnest(array[${sql.join(
          states.map((state) => sql`${state}::text`),
          sql`, `,
        )}]) with ordinality n (state, place)
          cross join lateral (select count(*)::int as count from (select from outbound.messages m
            where m.project_id = shared.scope() and m.state = n.state limit ${mostCounted + 1}) x) c
          where c.count > 0 order by n.place`,
      ),
    view: (found) => ({
      data: (found as { rows: { state: (typeof states)[number]; count: number }[] }).rows.map(({ state, count }) => ({
        state,
        count: Math.min(count, mostCounted),
        has_more: count > mostCounted,
      })),
    }),
  },
);
