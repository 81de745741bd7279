/** A suggested answer to a customer: asked of memory as he may know it, written down as a draft for somebody to approve. Nothing is sent. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { raw, send } from "../kernel/batch.ts";
import { commit, replayCheck } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { verb } from "../kernel/verb.ts";
import { replyFrom } from "../memory/index.ts";
import { putDraft } from "../outbound/index.ts";

type Asked = {
  id: string;
  contact: string | null;
  channel: string;
  address: string;
  subject: string | null;
  body: string;
  cut_at: number | null;
  mail_id: string | null;
  mail_refs: string[];
  automatic: boolean;
  language: string | null;
  sender: string | null;
};

const Suggested = () =>
  z.object({
    status: z.enum(["drafted", "insufficient_evidence"]),
    answer: z.string().describe("What memory said, with its citations"),
    message: z.string().nullable().describe("The draft that waits for an approval"),
  });

export const suggestReply = verb(
  {
    name: "field.messages.suggest_reply",
    summary:
      "Write a draft that answers a customer's message from evidence he may know, or say that there is none; nothing is sent",
    needs: "outbound:write",
    effect: "write",
    // The message, the question's three, the draft.
    steps: 5,
    faults: [
      "message_unknown",
      "message_automatic",
      "message_wordless",
      "sender_missing",
      "person_erased",
      "permission_missing",
      "evidence_changed",
      "outbound_duplicate",
      "contact_unknown",
    ],
    input: () => z.object({ id: z.string().min(1).max(64) }),
    output: Suggested,
  },
  async (ctx, { id }) => {
    const asked = await read(ctx, id);
    const question = asked.body.slice(0, asked.cut_at ?? asked.body.length).trim();
    if (asked.automatic || asked.contact === null)
      throw new Fault("conflict", "message_automatic", { detail: "A machine wrote this: it is not answered." });
    if (question === "") throw new Fault("conflict", "message_wordless", { detail: "There are no words to answer." });
    const own = { table: "field.messages", pks: [id] };
    const { answer, said } = await replyFrom(ctx, { question, contact: asked.contact, own });
    return said ? keepDraft(ctx, { asked, ...said, answer }) : keepNone(ctx, { id, answer });
  },
  (stored) => Suggested().parse(stored),
);

async function read(ctx: Ctx, id: string): Promise<Asked> {
  const answers = await send(ctx, [
    ...replayCheck(ctx),
    raw<Asked>(
      ctx,
      sql`select m.id, m.contact_id as contact, m.channel, m.address, m.subject, m.body, m.cut_at, m.mail_id, m.mail_refs, m.automatic,
          (select c.language from people.contacts c where c.project_id = m.project_id and c.id = m.contact_id) as language,
          (select s.id from outbound.senders s where s.project_id = m.project_id and s.source_id = m.source_id and s.channel = m.channel
            and s.disabled_at is null order by s.created_at, s.id limit 1) as sender
        from field.messages m where m.project_id = shared.scope() and m.id = ${id}`,
    ),
  ]);
  const row = (answers.at(-1) as { rows: Asked[] } | undefined)?.rows[0];
  if (!row) throw new Fault("not_found", "message_unknown");
  return row;
}

type Drafted = { asked: Asked; text: string; evidence: string[]; answer: string };

/** Answered where he wrote from, in his thread, by the sender he wrote to. */
function keepDraft(ctx: Ctx, { asked, text, evidence, answer }: Drafted) {
  const { contact, channel, subject, mail_id, mail_refs } = asked;
  const thread =
    channel === "email" && mail_id !== null
      ? { in_reply_to: `<${mail_id}>`, references: [...mail_refs.toReversed(), mail_id].map((one) => `<${one}>`) }
      : {};
  const draft = {
    contact: contact ?? "",
    channel,
    class: "reply" as const,
    text,
    recipient: asked.address,
    ...(asked.sender ? { sender: asked.sender } : {}),
    ...(asked.language ? { language: asked.language } : {}),
    ...(channel === "email"
      ? { subject: /^re:/i.test(subject ?? "") ? (subject ?? "") : `Re: ${subject ?? ""}`.trim().slice(0, 300) }
      : {}),
    evidence,
    answers_to: asked.id,
    thread,
    // One answer to a message for each state of knowledge.
    reference: `suggest:${asked.id}:${answer}`,
    again: true,
  };
  return commit(ctx, {
    status: 201,
    change: sql`select 'drafted' as status, ${answer}::text as answer, m.id as message from ${putDraft(ctx, draft)} m`,
    event: {
      kind: "outbound.message.suggested",
      ref: ["field_message", asked.id],
      payload: { channel, answer, evidence: evidence.length },
    },
    audit: {
      action: "outbound.message.drafted",
      ref: ["contact", contact ?? ""],
      evidence,
      payload: { channel, class: "reply", suggested: true },
    },
  });
}

const keepNone = (ctx: Ctx, { id, answer }: { id: string; answer: string }) =>
  commit(ctx, {
    change: sql`select 'insufficient_evidence' as status, ${answer}::text as answer, null::text as message`,
    event: { kind: "outbound.message.unanswerable", ref: ["field_message", id], payload: { answer } },
  });
