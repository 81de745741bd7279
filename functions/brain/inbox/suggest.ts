/** A suggested answer into a conversation: asked of memory as the customer may know it, written down as a draft for somebody to approve. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { type Draft, putDraft } from "#brain/outbound/index.ts";
import { raw, send } from "../kernel/batch.ts";
import { commit, replayCheck } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { verb } from "../kernel/verb.ts";
import { type Reply, replyFrom } from "../memory/index.ts";
import { conversationIs } from "./refs.ts";
import { known, replyFaults, taken } from "./reply.ts";

/** People write in bursts, and say thanks before or after they ask. */
const mostTurns = 5;

type Turn = { id: string; text: string };

/** What they ask where they ask something, else their last words; what surrounds a question only blurs what it is compared with. */
function questionIn(turns: Turn[]): string {
  const worded = turns.map(({ text }) => text.trim()).filter((text) => text !== "");
  const asking = worded.filter((text) => text.includes("?"));
  return asking.length > 0 ? asking.join("\n") : (worded.at(-1) ?? "");
}

const Suggested = () =>
  z.object({
    status: z.enum(["drafted", "insufficient_evidence"]),
    answer: z.string().describe("What memory said, with its citations"),
    message: z.string().nullable().describe("The draft that waits for an approval"),
  });

type Asked = { id: string; contact: string | null; turns: Turn[] };

export const suggestReply = verb(
  {
    name: "inbox.conversations.suggest_reply",
    summary:
      "Write a draft that answers what stands unanswered in a conversation, from evidence its customer may know, or say that there is none; nothing is sent",
    needs: "outbound:write",
    effect: "write",
    // The conversation, the question's three, the draft.
    steps: 5,
    faults: [...replyFaults, "message_wordless", "permission_missing", "evidence_changed", "contact_unknown"],
    input: () => z.object({ id: z.string().min(1).max(200) }),
    output: Suggested,
  },
  async (ctx, { id }) => {
    const { contact, turns, id: conversation } = await read(ctx, id);
    if (contact === null || turns.length === 0)
      throw new Fault("conflict", "nothing_to_answer", { detail: "Nobody has written here since the last answer." });
    const question = questionIn(turns);
    if (question === "") throw new Fault("conflict", "message_wordless", { detail: "There are no words to answer." });
    const own = { table: "inbox.cw_messages", pks: turns.map((turn) => turn.id) };
    const reply = await replyFrom(ctx, { question, contact, own });
    return keep(ctx, { conversation, reply, last: own.pks.at(-1) ?? "" });
  },
  (stored) => Suggested().parse(stored),
);

/** What the customer has written since anybody answered him, oldest first. */
async function read(ctx: Ctx, ref: string): Promise<Asked> {
  const answers = await send(ctx, [
    ...replayCheck(ctx),
    raw<Asked>(
      ctx,
      sql`select v.id, c.person_id as contact, (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'text', coalesce(t.content, '')) order by t.created_at, t.seq), '[]')
          from (select m.id, m.content, m.created_at, m.seq from inbox.cw_messages m where m.project_id = v.project_id and m.conversation_global_id = v.id
            and m.sender_type = 'contact' and not m.private and m.deleted_at is null
            and m.created_at > coalesce((select max(a.created_at) from inbox.cw_messages a where a.project_id = v.project_id
              and a.conversation_global_id = v.id and a.message_type = 'outgoing' and not a.private and a.deleted_at is null), '-infinity')
            order by m.created_at desc, m.seq desc limit ${mostTurns}) t) as turns
        from inbox.cw_conversations v
          left join inbox.cw_contacts c on c.project_id = v.project_id and c.id = v.contact_global_id
        where v.project_id = shared.scope() and ${conversationIs(ref)} limit 1`,
    ),
  ]);
  const row = (answers.at(-1) as { rows: Asked[] } | undefined)?.rows[0];
  if (!row) throw new Fault("not_found", "conversation_unknown");
  return row;
}

type Kept = { conversation: string; reply: Reply; last: string };

function keep(ctx: Ctx, { conversation, reply: { answer, said }, last }: Kept) {
  if (!said)
    return commit(ctx, {
      change: sql`select 'insufficient_evidence' as status, ${answer}::text as answer, null::text as message`,
      event: { kind: "outbound.message.unanswerable", ref: ["conversation", conversation], payload: { answer } },
    });
  const { text, evidence } = said;
  // One answer to a message for each state of knowledge.
  const reference = `suggest:${last}:${answer}`.slice(0, 255);
  const draft: Draft = { contact: "", channel: "chat", class: "reply", text, evidence, reference, again: true };
  return commit(ctx, {
    status: 201,
    change: sql`select 'drafted' as status, ${answer}::text as answer, m.id as message
      from ${known(conversation)} k cross join lateral ${putDraft(ctx, draft, taken)} m`,
    event: {
      kind: "outbound.message.suggested",
      ref: ["conversation", conversation],
      payload: { channel: "chat", answer, evidence: evidence.length },
    },
    audit: {
      action: "outbound.message.drafted",
      ref: ["conversation", conversation],
      evidence,
      payload: { channel: "chat", class: "reply", suggested: true },
    },
    lost: () => new Fault("not_found", "conversation_unknown"),
  });
}
