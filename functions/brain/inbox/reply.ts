/** An answer into a conversation, as a draft: it leaves, once approved, through the account that the conversation came from. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { type Draft, Message, type MessageRow, messageColumns, messageView, putDraft } from "#brain/outbound/index.ts";
import { commit } from "../kernel/commit.ts";
import { Fault } from "../kernel/fault.ts";
import { verb } from "../kernel/verb.ts";
import { conversationIs } from "./refs.ts";

export const replyFaults = [
  "conversation_unknown",
  "nothing_to_answer",
  "sender_missing",
  "person_erased",
  "outbound_duplicate",
];

/** What the conversation itself says of the draft; as a relation of one row, or none for an unknown conversation. */
export const known = (
  ref: string,
) => sql`(select v.id, c.person_id as contact, c.id as address, s.id as sender, l.id as last,
    (select e.id from shared.evidence_items e where e.project_id = v.project_id and e.source_table = 'inbox.cw_messages'
      and e.source_pk = l.id and e.withdrawn_at is null) as evidence
  from inbox.cw_conversations v
    left join inbox.cw_contacts c on c.project_id = v.project_id and c.id = v.contact_global_id
    left join lateral (select m.id from inbox.cw_messages m where m.project_id = v.project_id and m.conversation_global_id = v.id
      and m.sender_type = 'contact' and not m.private and m.deleted_at is null order by m.created_at desc, m.id desc limit 1) l on true
    left join lateral (select x.id from outbound.senders x left join identity.project_sources o
        on o.project_id = x.project_id and o.id = x.source_id and o.source_kind = 'chatwoot_account'
      where x.project_id = v.project_id and x.channel = 'chat' and x.provider = 'chatwoot' and x.disabled_at is null
        and coalesce(o.external_id, x.account, x.address) = v.account_id::text order by x.created_at, x.id limit 1) s on true
  where v.project_id = shared.scope() and ${conversationIs(ref)} limit 1)`;

const refused = (detail: string) => sql`jsonb_build_object('detail', ${detail}::text)`;

/** What a draft takes from its conversation; what that lacks is said before anything is written. */
export const taken = sql`jsonb_build_object('answers_to', k.last, 'thread', jsonb_build_object('conversation', k.id), 'recipient', k.address,
  'contact', case when k.last is null then shared.fail('conflict', 'nothing_to_answer',
    ${refused("Nobody has written in this conversation yet.")})::text else k.contact end,
  'sender', case when k.sender is null then shared.fail('unprocessable', 'sender_missing',
    ${refused("No sender of this project writes into conversations of this account; add one first.")})::text else k.sender end)`;

export const replyInConversation = verb(
  {
    name: "inbox.conversations.reply",
    summary: "Write an answer into a conversation as a draft; nothing leaves before it is approved",
    needs: "outbound:write",
    effect: "write",
    faults: replyFaults,
    input: () =>
      z.object({
        id: z.string().min(1).max(200),
        text: z.string().min(1).max(20_000),
        evidence: z
          .array(z.string().min(1).max(200))
          .max(20)
          .default([])
          .describe("What it rests on; left out, what was said last"),
      }),
    output: Message,
    example: () => ({ id: "482", text: "We come on Thursday at nine." }),
  },
  async (ctx, { id, text, evidence }) => {
    const named =
      evidence.length > 0
        ? sql`'{}'::jsonb`
        : sql`jsonb_build_object('evidence', to_jsonb(array_remove(array[k.evidence], null)))`;
    const message = ctx.ids.next("message");
    const draft: Draft = { id: message, contact: "", channel: "chat", class: "reply", text, evidence };
    return commit(ctx, {
      status: 201,
      change: sql`select ${messageColumns} from ${known(id)} k cross join lateral ${putDraft(ctx, draft, sql`${taken} || ${named}`)} m`,
      event: { kind: "outbound.message.drafted", ref: ["outbound_message", message], payload: { channel: "chat" } },
      audit: {
        action: "outbound.message.drafted",
        ref: ["outbound_message", message],
        evidence: sql`change.evidence`,
        payload: { channel: "chat", class: "reply" },
      },
      lost: () => new Fault("not_found", "conversation_unknown"),
    });
  },
  (row) => messageView(row as unknown as MessageRow),
);
