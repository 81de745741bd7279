/** Conversations as the mirror has them: newest first, or one by its id. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { contactIs, conversationIs } from "./refs.ts";

const Conversation = () =>
  z.object({
    id: z.string(),
    number: z.number().int().describe("Chatwoot's display number"),
    status: z.string().nullable(),
    channel: z.string().nullable(),
    inbox: z.number().int().nullable(),
    contact: z
      .object({ id: z.string(), number: z.number().int(), person: z.string(), name: z.string().nullable() })
      .nullable(),
    turns: z.number().int(),
    unread: z.number().int().nullable().describe("Unread by the office, as Chatwoot counts it"),
    waiting: z.number().int().describe("Passages that have no vector yet"),
    last_text: z.string().nullable().describe("The newest turn that is no private note, at most 160 characters"),
    last_author: z.string().nullable().describe("Whose it is: contact, user (staff) or agent_bot"),
    last_message_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string().nullable(),
  });

type Row = {
  id: string;
  number: string;
  status: string | null;
  channel: string | null;
  inbox: string | null;
  contact_id: string | null;
  contact_number: string | null;
  person_id: string | null;
  contact_name: string | null;
  turns: number;
  unread: number | null;
  waiting: number;
  last_text: string | null;
  last_author: string | null;
  last_message_at: string | null;
  created_at: string;
  updated_at: string | null;
  position: string;
};

const columns = sql`v.id, v.conversation_id as number, v.status, v.channel, v.inbox_id as inbox, v.turns, v.last_message_at,
  v.created_at, v.updated_at, coalesce(v.last_message_at, v.created_at) as position,
  c.id as contact_id, c.contact_id as contact_number, c.person_id, c.name as contact_name,
  case when v.data->>'unread_count' ~ '^[0-9]{1,6}$' then (v.data->>'unread_count')::int end as unread,
  (select count(*)::int from memory.pending q join memory.chunks k on k.project_id = q.project_id and k.id = q.chunk_id
    where q.project_id = v.project_id and q.failed_at is null and k.conversation_global_id = v.id) as waiting,
  l.text as last_text, l.author as last_author`;

const from = sql`inbox.cw_conversations v
  left join inbox.cw_contacts c on c.project_id = v.project_id and c.id = v.contact_global_id
  left join lateral (select left(m.content, 160) as text, m.sender_type as author from inbox.cw_messages m
    where m.project_id = v.project_id and m.conversation_global_id = v.id and not m.private and m.deleted_at is null
    order by m.created_at desc, m.id desc limit 1) l on true`;

const view = (row: Row): z.output<ReturnType<typeof Conversation>> => ({
  id: row.id,
  number: Number(row.number),
  status: row.status,
  channel: row.channel,
  inbox: row.inbox === null ? null : Number(row.inbox),
  contact:
    row.contact_id === null || row.person_id === null
      ? null
      : { id: row.contact_id, number: Number(row.contact_number), person: row.person_id, name: row.contact_name },
  turns: row.turns,
  unread: row.unread,
  waiting: row.waiting,
  last_text: row.last_text,
  last_author: row.last_author,
  last_message_at: instant(row.last_message_at),
  created_at: instant(row.created_at),
  updated_at: instant(row.updated_at),
});

export const listConversations = reading(
  {
    name: "inbox.conversations.list",
    summary: "Conversations, the one with the newest message first",
    needs: "inbox:read",
    input: () =>
      z.object({
        ...paging(),
        status: z.enum(["open", "resolved", "pending", "snoozed"]).optional(),
        contact: z.string().max(200).optional(),
      }),
    output: () => page(Conversation()),
  },
  {
    part: (ctx, { limit, after, status, contact }) =>
      raw<Row>(
        ctx,
        sql`select ${columns} from ${from}
          where v.deleted_at is null and ${status ? sql`v.status = ${status}` : sql`true`} and ${contact ? contactIs(contact) : sql`true`}
            and ${after ? sql`(coalesce(v.last_message_at, v.created_at), v.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by coalesce(v.last_message_at, v.created_at) desc, v.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, { view, position: (row) => ({ at: row.position, id: row.id }) }),
  },
);

export const getConversation = reading(
  {
    name: "inbox.conversations.get",
    summary: "One conversation, by its id or Chatwoot's number",
    needs: "inbox:read",
    faults: ["conversation_unknown"],
    input: () => z.object({ id: z.string().min(1).max(200) }),
    output: Conversation,
  },
  {
    part: (ctx, { id }) => raw<Row>(ctx, sql`select ${columns} from ${from} where ${conversationIs(id)}`),
    view: (found) => {
      const row = (found as { rows: Row[] }).rows[0];
      if (!row) throw new Fault("not_found", "conversation_unknown");
      return view(row);
    },
  },
);
