/** Messages as the mirror has them, private notes marked, newest first. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading } from "../kernel/verb.ts";
import { contactIs, conversationIs } from "./refs.ts";

const Message = () =>
  z.object({
    id: z.string(),
    number: z.number().int().describe("Chatwoot's message id"),
    conversation: z.string(),
    contact: z.string().nullable(),
    kind: z.string().nullable().describe("incoming, outgoing or template"),
    author: z.object({ type: z.string().nullable(), name: z.string().nullable() }),
    private: z.boolean(),
    text: z.string().nullable(),
    attachments: z.array(
      z.object({
        kind: z.string().nullable(),
        name: z.string().nullable(),
        bytes: z.number().int().nullable(),
        url: z.string().nullable(),
      }),
    ),
    edited: z.boolean(),
    deleted_at: z.string().nullable(),
    removed_at: z.string().nullable().describe("Its words left by retention"),
    seq: z.number().int(),
    created_at: z.string(),
    updated_at: z.string().nullable(),
  });

type Attachment = { file_type?: string; data_url?: string; fallback_title?: string; file_size?: unknown };
type Row = {
  id: string;
  number: string;
  conversation: string;
  contact: string | null;
  kind: string | null;
  sender_type: string | null;
  sender_name: string | null;
  private: boolean;
  content: string | null;
  attachments: Attachment[];
  evidence_version: number | null;
  deleted_at: string | null;
  removed_at: string | null;
  seq: number;
  created_at: string;
  updated_at: string | null;
};

const nameOf = (file: Attachment) => file.fallback_title ?? file.data_url?.split(/[?#]/)[0]?.split("/").at(-1) ?? null;

const view = (row: Row): z.output<ReturnType<typeof Message>> => ({
  id: row.id,
  number: Number(row.number),
  conversation: row.conversation,
  contact: row.contact,
  kind: row.kind,
  author: { type: row.sender_type, name: row.sender_name },
  private: row.private,
  text: row.content,
  attachments: row.attachments.map((file) => ({
    kind: file.file_type ?? null,
    name: nameOf(file),
    bytes: Number.isInteger(file.file_size) ? Number(file.file_size) : null,
    url: file.data_url ?? null,
  })),
  edited: (row.evidence_version ?? 1) > 1,
  deleted_at: instant(row.deleted_at),
  removed_at: instant(row.removed_at),
  seq: row.seq,
  created_at: instant(row.created_at),
  updated_at: instant(row.updated_at),
});

const columns = sql`m.id, m.message_id as number, m.conversation_global_id as conversation, m.contact_global_id as contact,
  m.message_type as kind, m.sender_type, m.data->'sender'->>'name' as sender_name, m.private, m.content, m.attachments,
  (select e.version from shared.evidence_items e where e.project_id = m.project_id
    and e.source_table = 'inbox.cw_messages' and e.source_pk = m.id) as evidence_version,
  m.deleted_at, m.removed_at, m.seq, m.created_at, m.updated_at`;

const rows = (found: unknown, input: { limit: number }) =>
  paged((found as { rows: Row[] }).rows, input, { view, position: (row) => ({ at: row.created_at, id: row.id }) });

/** Turns shown after the one that was asked for. */
const turnsAfter = 15;

export const listMessages = reading(
  {
    name: "inbox.messages.list",
    summary: "Messages, newest first; narrow them to a conversation or a contact",
    needs: "inbox:read",
    input: () =>
      z.object({
        ...paging(),
        conversation: z.string().max(200).optional(),
        contact: z.string().max(200).optional(),
        around: z
          .string()
          .regex(/^[0-9]{1,18}$/)
          .optional()
          .describe("With a conversation: begin a few turns after the message with this number"),
      }),
    output: () => page(Message()),
  },
  {
    part: (ctx, { limit, after, conversation, contact, around }) =>
      raw<Row>(
        ctx,
        sql`select ${columns} from inbox.cw_messages m
          where ${conversation ? sql`m.conversation_global_id in (select v.id from inbox.cw_conversations v where v.project_id = m.project_id and ${conversationIs(conversation)})` : sql`true`}
            and ${contact ? sql`m.contact_global_id in (select c.id from inbox.cw_contacts c where c.project_id = m.project_id and ${contactIs(contact)})` : sql`true`}
            and ${around ? sql`m.seq <= coalesce((select t.seq + ${turnsAfter}::int from inbox.cw_messages t where t.project_id = shared.scope() and t.message_id = ${around}::bigint limit 1), 2147483647)` : sql`true`}
            and ${after ? sql`(m.created_at, m.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by m.created_at desc, m.id desc limit ${limit + 1}`,
      ),
    view: rows,
  },
);

export const listCitedMessages = reading(
  {
    name: "inbox.messages.cited",
    summary: "The messages that an answer cites, as they are now",
    needs: "inbox:read",
    faults: ["answer_unknown"],
    input: () => z.object({ ...paging(), answer: z.string().min(1).max(64) }),
    output: () => page(Message()),
  },
  {
    // One row of nulls for an answer that cites no message, none for an unknown answer.
    part: (ctx, { limit, after, answer }) =>
      raw<Row>(
        ctx,
        sql`select cited.* from memory.answers a left join lateral (
            select ${columns} from inbox.cw_messages m
              where m.project_id = a.project_id and m.id in (select q.source_pk from memory.answer_citations q
                  where q.project_id = a.project_id and q.answer_id = a.id and q.source_table = 'inbox.cw_messages')
                and ${after ? sql`(m.created_at, m.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
              order by m.created_at desc, m.id desc limit ${limit + 1}) cited on true
          where a.id = ${answer}`,
      ),
    view: (found, input) => {
      const { rows: told } = found as { rows: (Row | { id: null })[] };
      if (told.length === 0) throw new Fault("not_found", "answer_unknown");
      return rows({ rows: told.filter((row) => row.id !== null) }, input);
    },
  },
);
