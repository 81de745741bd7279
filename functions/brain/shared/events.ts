/** The ledger's tail. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";

export const Event = () =>
  z.object({
    id: z.string(),
    kind: z.string(),
    actor: z.string(),
    ref: z.object({ type: z.string(), id: z.string() }).nullable(),
    payload: z.record(z.string(), z.unknown()),
    request_id: z.string(),
    ts: z.string(),
  });

export type EventRow = {
  id: string;
  kind: string;
  actor: string;
  ref_type: string | null;
  ref_id: string | null;
  payload: Record<string, unknown>;
  request_id: string;
  ts: string;
};

export const eventView = (row: EventRow): z.output<ReturnType<typeof Event>> => ({
  id: row.id,
  kind: row.kind,
  actor: row.actor,
  ref: row.ref_type && row.ref_id ? { type: row.ref_type, id: row.ref_id } : null,
  payload: row.payload,
  request_id: row.request_id,
  ts: instant(row.ts),
});

/** Of shared.events under the alias `e`. */
export const eventColumns = sql`e.id, e.kind, e.actor, e.ref_type, e.ref_id, e.payload, e.request_id, e.ts`;

export const listEvents = reading(
  {
    name: "shared.events.list",
    summary: "What happened, newest first; narrow it to a kind, a reference or a request",
    needs: "shared:read",
    input: () =>
      z.object({
        ...paging(),
        kind: z.string().max(80).optional(),
        ref: z.string().max(200).optional(),
        request: z.string().max(64).optional(),
      }),
    output: () => page(Event()),
  },
  {
    part: (ctx, { limit, after, kind, ref, request }) =>
      raw<EventRow>(
        ctx,
        sql`select ${eventColumns} from shared.events e
          where ${kind ? sql`e.kind = ${kind}` : sql`true`} and ${ref ? sql`e.ref_id = ${ref}` : sql`true`}
            and ${request ? sql`e.request_id = ${request}` : sql`true`}
            and ${after ? sql`(e.ts, e.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by e.ts desc, e.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: EventRow[] }).rows, input, {
        view: eventView,
        position: (row) => ({ at: row.ts, id: row.id }),
      }),
  },
);
