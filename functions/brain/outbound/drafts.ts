/** Messages before anybody approved them: written, changed, withdrawn. Whatever is changed after an approval is a draft again. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw } from "../kernel/batch.ts";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { version } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { Channel, Message, MessageClass, type MessageRow, messageColumns, messageView } from "./message.ts";
import { segmentsOf } from "./segments.ts";
import { TemplateName } from "./template.ts";
import { Value, VariableName } from "./template-text.ts";
import { writtenFrom } from "./template-use.ts";
import { whyNot } from "./why-not.ts";

/** What the database needs to write a draft; other domains make drafts through this too. */
export type Draft = {
  /** Made here unless its writer has to know it. */
  id?: string;
  contact: string;
  channel: string;
  class: "marketing" | "transactional" | "reply";
  text: string;
  subject?: string | undefined;
  sender?: string | undefined;
  recipient?: string | undefined;
  language?: string | undefined;
  template?: string | undefined;
  variables?: Record<string, unknown> | undefined;
  evidence: string[];
  stop_on_reply?: boolean | undefined;
  through_quiet?: boolean | undefined;
  answers_to?: string | undefined;
  thread?: Record<string, unknown> | undefined;
  campaign?: string | undefined;
  step?: number | undefined;
  /** The caller's name for it: one message per reference. */
  reference?: string | undefined;
  due_at?: string | undefined;
  again?: boolean | undefined;
};

/** Selects the written draft as a row of outbound.messages. `known`: a jsonb of what only the database knows of it. */
export const putDraft = (ctx: Ctx, draft: Draft, known: SQL = sql`'{}'::jsonb`): SQL => {
  const { text, ...rest } = draft;
  const row = { id: ctx.ids.next("message"), ...rest, body: text, parts: segmentsOf(text).parts };
  return sql`outbound.put_draft(${JSON.stringify(row)}::jsonb || ${known})`;
};

type Asked = Omit<Draft, "text" | "class"> & { text?: string | undefined; class?: Draft["class"] | undefined };

/** With the words of its template, where it names one. A draft from a template asks the database once more. */
async function worded(ctx: Ctx, asked: Asked): Promise<Draft> {
  const { text, template, variables, class: kind, ...rest } = asked;
  if (template === undefined) return { ...rest, text: text ?? "", class: kind ?? "transactional" };
  const values = (variables ?? {}) as Record<string, Value>;
  const written = await writtenFrom(ctx, { template, channel: rest.channel, contact: rest.contact, variables: values });
  if ((kind ?? written.class) !== written.class || (written.class === "marketing" && rest.through_quiet))
    throw new Fault("unprocessable", "template_class_differs", {
      detail: `This template is for ${written.class} messages.`,
    });
  return { ...rest, ...written, variables: values };
}

/** A reply passes quiet hours and cap, so it needs a talk to belong to. */
const replyDays = 7;

/** Fails unless this person and the house have written to each other lately. Who wrote is known to the layers above only. */
const talking = (ctx: Ctx, contact: string) =>
  raw(
    ctx,
    sql`select case when exists (select from shared.evidence_items e
          where e.project_id = shared.scope() and e.contact_id = any (people.same_person(array[${contact}::text]))
            and e.source_table in ('inbox.cw_messages', 'field.messages') and e.withdrawn_at is null
            and e.occurred_at > shared.clock() - make_interval(days => ${replyDays}::int))
        -- An unknown person is refused as one.
        or not exists (select from people.contacts k where k.project_id = shared.scope() and k.id = ${contact}) then true
      else shared.fail('unprocessable', 'reply_to_nothing', jsonb_build_object('detail',
        ${`Nothing was written in the last ${replyDays} days that this could answer; write it as transactional.`}::text)) end`,
  );

const text = () => z.string().min(1).max(20_000);

export const createMessage = verb(
  {
    name: "outbound.messages.create",
    summary: "Write a draft to a person; nothing leaves before it is approved",
    needs: "outbound:write",
    effect: "write",
    faults: [
      "contact_unknown",
      "person_erased",
      "sender_missing",
      "recipient_missing",
      "content_changed_after_approval",
      "outbound_duplicate",
      "reply_to_nothing",
      "template_unknown",
      "template_class_differs",
      "variable_missing",
      "variable_wrong",
    ],
    input: () =>
      z
        .object({
          contact: z.string().min(1).max(200),
          channel: Channel(),
          class: MessageClass().optional().describe("Left out, the template's, or transactional"),
          text: text().optional(),
          template: TemplateName()
            .optional()
            .describe("In place of text: in the person's language, with its gaps filled"),
          variables: z.record(VariableName(), Value()).optional(),
          subject: z.string().min(1).max(300).optional(),
          sender: z.string().max(64).optional().describe("Left out, the channel's first one"),
          evidence: z.array(z.string().min(1).max(200)).max(20).default([]).describe("What the message rests on"),
          stop_on_reply: z.boolean().optional().describe("Cancelled when the person writes before it leaves"),
          through_quiet: z.boolean().optional().describe("Does not wait for the morning; never for marketing; audited"),
          reference: z.string().min(1).max(255).optional().describe("Your own name for it: one message per reference"),
          due_at: z.iso.datetime({ offset: true }).optional(),
          again: z.boolean().optional().describe("The same words once more on the same day, on purpose"),
        })
        .refine((asked) => (asked.text === undefined) !== (asked.template === undefined), {
          path: ["text"],
          message: "either text or a template",
        })
        .refine((asked) => asked.class !== "marketing" || !asked.through_quiet, {
          path: ["through_quiet"],
          message: "marketing always waits for the morning",
        }),
    output: Message,
    example: () => ({ contact: "con_example", channel: "sms" as const, text: "Your boiler is ready.", again: true }),
  },
  async (ctx, asked) => {
    const input = await worded(ctx, asked);
    return commit(ctx, {
      status: 201,
      before: input.class === "reply" ? [talking(ctx, input.contact)] : [],
      change: sql`select ${messageColumns} from ${putDraft(ctx, input)} m`,
      event: { kind: "outbound.message.drafted", ref: ["contact", input.contact], payload: { channel: input.channel } },
      audit: {
        action: "outbound.message.drafted",
        ref: ["contact", input.contact],
        evidence: input.evidence.length > 0 ? input.evidence : "none",
        payload: { channel: input.channel, class: input.class, through_quiet: input.through_quiet ?? false },
      },
    });
  },
  (row) => messageView(row as unknown as MessageRow),
);

export const editMessage = verb(
  {
    name: "outbound.messages.edit",
    summary: "Change a message that has not left; an approval it had is taken back",
    needs: "outbound:write",
    effect: "write",
    faults: ["outbound_message_unknown", "outbound_invalid_state", "outbound_message_changed"],
    input: () =>
      z.object({
        id: z.string().max(64),
        version: version(),
        text: text().optional(),
        subject: z.string().min(1).max(300).optional(),
        evidence: z.array(z.string().min(1).max(200)).max(20).optional(),
        due_at: z.iso.datetime({ offset: true }).optional(),
      }),
    output: Message,
    example: () => ({ id: "msg_0", version: 1, text: "Your boiler is ready." }),
  },
  async (ctx, { id, version, ...input }) => {
    const parts = input.text === undefined ? null : segmentsOf(input.text).parts;
    const evidence = input.evidence === undefined ? null : JSON.stringify(input.evidence);
    return commit(ctx, {
      change: sql`update outbound.messages m set body = coalesce(${input.text ?? null}::text, m.body), parts = coalesce(${parts}::int, m.parts),
          subject = coalesce(${input.subject ?? null}::text, m.subject), due_at = coalesce(${input.due_at ?? null}::timestamptz, m.due_at),
          evidence_refs = case when ${evidence}::jsonb is null then m.evidence_refs
            else array(select jsonb_array_elements_text(${evidence}::jsonb)) end,
          dedupe_key = case when ${input.text ?? null}::text is null then m.dedupe_key else outbound.recipient_hash('words',
            concat_ws(chr(31), m.recipient_hash, m.subject, ${input.text ?? null}::text, m.id)) end,
          -- Other words than the template's do not rest on it.
          template_id = case when ${input.text ?? null}::text is null then m.template_id end,
          state = 'draft', code = case when m.state in ('approved', 'queued') then 'content_changed_after_approval' end,
          seal = null, approved_by = null, approved_at = null, policy = null, written_by = current_setting('app.actor'),
          writers = array(select distinct w from unnest(m.writers || current_setting('app.actor')) w order by 1),
          updated_at = shared.clock(), version = m.version + 1
        where m.project_id = shared.scope() and m.id = ${id} and m.version = ${version}::int
          and m.state in ('draft', 'pending', 'approved', 'queued')
        returning ${messageColumns}`,
      event: { kind: "outbound.message.edited", ref: ["outbound_message", id] },
      audit: { action: "outbound.message.edited", ref: ["outbound_message", id], evidence: "none" },
      lost: () => whyNot(ctx, id, "draft"),
    });
  },
  (row) => messageView(row as unknown as MessageRow),
);

export const cancelMessage = verb(
  {
    name: "outbound.messages.cancel",
    summary: "Withdraw a message that has not left",
    needs: "outbound:write",
    effect: "write",
    faults: ["outbound_message_unknown", "outbound_invalid_state"],
    input: () => z.object({ id: z.string().max(64) }),
    output: Message,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      change: sql`update outbound.messages m set state = 'cancelled', code = 'withdrawn', reserved_at = null,
          updated_at = shared.clock(), version = m.version + 1
        where m.project_id = shared.scope() and m.id = ${id}
          and m.state in ('draft', 'pending', 'approved', 'queued', 'failed', 'unknown')
        returning ${messageColumns}`,
      event: { kind: "outbound.message.cancelled", ref: ["outbound_message", id] },
      audit: { action: "outbound.message.cancelled", ref: ["outbound_message", id], evidence: "none" },
      lost: () => whyNot(ctx, id, "cancelled"),
    }),
  (row) => messageView(row as unknown as MessageRow),
);
