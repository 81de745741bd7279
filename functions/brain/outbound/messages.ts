/** Messages as they are listed and read: with what was tried, and what happened when. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { Channel, Message, type MessageRow, messageColumns, messageView, State } from "./message.ts";

export const listMessages = reading(
  {
    name: "outbound.messages.list",
    summary: "Messages to customers, newest first, by state, person or channel",
    needs: "outbound:read",
    input: () =>
      z.object({
        ...paging(),
        state: State().optional(),
        channel: Channel().optional(),
        contact: z.string().max(200).optional(),
        campaign: z.string().max(64).optional(),
      }),
    output: () => page(Message()),
  },
  {
    part: (ctx, { limit, after, ...by }) =>
      raw<MessageRow>(
        ctx,
        sql`select ${messageColumns} from outbound.messages m
          where m.project_id = shared.scope()
            and ${by.state ? sql`m.state = ${by.state}` : sql`true`} and ${by.channel ? sql`m.channel = ${by.channel}` : sql`true`}
            and ${by.contact ? sql`m.contact_id = any((select people.same_person(array[${by.contact}]))::text[])` : sql`true`}
            and ${by.campaign ? sql`m.campaign_id = ${by.campaign}` : sql`true`}
            and ${after ? sql`(m.created_at, m.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by m.created_at desc, m.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: MessageRow[] }).rows, input, {
        view: messageView,
        position: (row) => ({ at: row.created_at, id: row.id }),
      }),
  },
);

const Attempt = () =>
  z.object({
    number: z.int(),
    outcome: z.string(),
    reason: z.string().nullable(),
    http_status: z.int().nullable(),
    provider_message_id: z.string().nullable(),
    started_at: z.string(),
    finished_at: z.string().nullable(),
  });

const Happening = () =>
  z.object({ kind: z.string(), actor: z.string(), reason: z.string().nullable(), at: z.string(), request: z.string() });

type Full = MessageRow & {
  allowed: string[];
  tried: z.output<ReturnType<typeof Attempt>>[] | null;
  told: z.output<ReturnType<typeof Happening>>[] | null;
};

export const getMessage = reading(
  {
    name: "outbound.messages.get",
    summary: "One message: its text, its approval, what was tried and what happened",
    needs: "outbound:read",
    faults: ["outbound_message_unknown"],
    input: () => z.object({ id: z.string().max(64) }),
    output: () =>
      Message().extend({
        allowed: z.array(z.string()).describe("The states that may follow"),
        tried: z.array(Attempt()),
        timeline: z.array(Happening()),
      }),
  },
  {
    part: (ctx, { id }) =>
      raw<Full>(
        ctx,
        sql`select ${messageColumns}, outbound.allowed(m.state) as allowed,
          (select jsonb_agg(jsonb_build_object('number', t.number, 'outcome', t.outcome, 'reason', t.code, 'http_status', t.http_status,
              'provider_message_id', t.provider_message_id, 'started_at', t.started_at, 'finished_at', t.finished_at) order by t.number)
            from outbound.attempts t where t.project_id = m.project_id and t.message_id = m.id) as tried,
          (select jsonb_agg(jsonb_build_object('kind', e.kind, 'actor', e.actor, 'reason', e.payload->>'code', 'at', e.ts,
              'request', e.request_id) order by e.ts, e.id)
            from shared.events e where e.project_id = m.project_id and e.ref_type = 'outbound_message' and e.ref_id = m.id) as told
          from outbound.messages m where m.project_id = shared.scope() and m.id = ${id}`,
      ),
    view: (found) => {
      const row = (found as { rows: Full[] }).rows[0];
      if (!row) throw new Fault("not_found", "outbound_message_unknown");
      const { allowed, tried, told, ...message } = row;
      const iso = (text: string) => new Date(text).toISOString();
      return {
        ...messageView(message),
        allowed,
        tried: (tried ?? []).map((row) => ({
          ...row,
          started_at: iso(row.started_at),
          finished_at: row.finished_at && iso(row.finished_at),
        })),
        timeline: (told ?? []).map((row) => ({ ...row, at: iso(row.at) })),
      };
    },
  },
);

type Standing = { state: string; allowed: string[]; version: number; writers: string[]; due_at: string };

/** Where a message stands, for whoever's move was refused. */
export async function stateOf(ctx: Ctx, id: string): Promise<Standing | undefined> {
  const [found] = await send(ctx, [
    raw<Standing>(
      ctx,
      sql`select m.state, outbound.allowed(m.state) as allowed, m.version, m.writers, m.due_at
        from outbound.messages m where m.project_id = shared.scope() and m.id = ${id}`,
    ),
  ]);
  const row = found.rows[0];
  return row && { ...row, due_at: instant(row.due_at) };
}
