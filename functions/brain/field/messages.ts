/** Customers' direct messages as they are listed and read. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { instant, page, paged, paging } from "../kernel/schemas.ts";
import { reading, verb } from "../kernel/verb.ts";
import { channels } from "./incoming.ts";

const Message = () =>
  z.object({
    id: z.string(),
    contact: z.string().nullable(),
    job: z.string().nullable().describe("The job it is about"),
    waits: z.boolean().describe("Its writer has several open jobs, and nobody has said which it is about"),
    channel: z.enum(channels),
    provider: z.string(),
    address: z.string(),
    thread: z.string(),
    subject: z.string().nullable(),
    text: z.string().describe("The sender's own words"),
    quoted: z.string().nullable().describe("What his mail program put below them"),
    attachments: z.array(
      z.object({
        name: z.string().nullable(),
        type: z.string().nullable(),
        bytes: z.number().nullable(),
        url: z.string().nullable(),
      }),
    ),
    answers: z.string().nullable().describe("The message of ours that it answers"),
    automatic: z.boolean().describe("Sent by a machine: not remembered, not to be answered"),
    evidence: z.string().nullable(),
    edited_at: z.string().nullable(),
    written_at: z.string(),
    received_at: z.string(),
  });

type View = z.output<ReturnType<typeof Message>>;
type Row = Omit<View, "text" | "quoted"> & { body: string; cut_at: number | null };

const columns = sql`m.id, m.contact_id as contact, m.job_id as job, m.waits, m.channel, m.provider, m.address, m.thread_id as thread, m.subject, m.body, m.cut_at, m.attachments,
  m.answers, m.automatic, (select e.id from shared.evidence_items e where e.project_id = m.project_id and e.source_table = 'field.messages'
    and e.source_pk = m.id) as evidence, m.edited_at, m.ts as written_at, m.received_at`;

function view({ body, cut_at, ...row }: Row): View {
  // Postgres counts characters where we count UTF-16 units: the text is cut here, where it was measured.
  const cut = cut_at ?? body.length;
  return {
    ...row,
    text: body.slice(0, cut).trimEnd(),
    quoted: body.slice(cut).trim() || null,
    edited_at: instant(row.edited_at),
    written_at: instant(row.written_at),
    received_at: instant(row.received_at),
  };
}

export const listMessages = reading(
  {
    name: "field.messages.list",
    summary: "What customers wrote by SMS, Telegram and e-mail, newest first",
    needs: "field:read",
    input: () =>
      z.object({
        ...paging(),
        channel: z.enum(channels).optional(),
        contact: z.string().max(200).optional(),
        thread: z.string().max(64).optional(),
        job: z.string().max(64).optional(),
        waiting: z.enum(["yes", "no"]).optional().describe("yes: those that somebody has to tie to a job"),
      }),
    output: () => page(Message()),
  },
  {
    part: (ctx, { limit, after, ...by }) =>
      raw<Row>(
        ctx,
        sql`select ${columns} from field.messages m
          where m.project_id = shared.scope() and ${by.channel ? sql`m.channel = ${by.channel}` : sql`true`}
            and ${by.contact ? sql`m.contact_id = any(people.same_person(array[${by.contact}]))` : sql`true`}
            and ${by.job ? sql`m.job_id = ${by.job}` : sql`true`}
            and ${by.waiting ? sql`m.waits = ${by.waiting === "yes"}::boolean` : sql`true`}
            and ${by.thread ? sql`m.thread_id = ${by.thread}` : sql`true`}
            and ${after ? sql`(m.ts, m.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
          order by m.ts desc, m.id desc limit ${limit + 1}`,
      ),
    view: (found, input) =>
      paged((found as { rows: Row[] }).rows, input, {
        view,
        position: (row) => ({ at: row.written_at, id: row.id }),
      }),
  },
);

export const getMessage = reading(
  {
    name: "field.messages.get",
    summary: "One message of a customer",
    needs: "field:read",
    faults: ["message_unknown"],
    input: () => z.object({ id: z.string().min(1).max(64) }),
    output: Message,
  },
  {
    part: (ctx, { id }) =>
      raw<Row>(ctx, sql`select ${columns} from field.messages m where m.project_id = shared.scope() and m.id = ${id}`),
    view: (found) => {
      const row = (found as { rows: Row[] }).rows[0];
      if (!row) throw new Fault("not_found", "message_unknown");
      return view(row);
    },
  },
);

export const attachMessage = verb(
  {
    name: "field.messages.attach",
    summary: "Say which job a customer's message is about, or, with null, that it is about none",
    needs: "field:write",
    effect: "write",
    faults: ["message_unknown", "job_unknown", "job_of_another"],
    input: () => z.object({ id: z.string().min(1).max(64), job: z.string().min(1).max(64).nullable() }),
    output: Message,
    example: () => ({ id: "msg_0", job: null }),
  },
  async (ctx, { id, job }) => commit(ctx, { change: sql`select ${columns} from field.attach(${id}, ${job}::text) m` }),
  (row) => view(row as unknown as Row),
);
