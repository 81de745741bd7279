/** A message of unknown fate whose provider cannot be asked: an operator who has looked there says what became of it. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { commit } from "../kernel/commit.ts";
import { version } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { Message, type MessageRow, messageColumns, messageView } from "./message.ts";
import { whyNot } from "./why-not.ts";

export const resolveMessage = verb(
  {
    name: "outbound.messages.resolve",
    summary:
      "Say of a message of unknown fate that it was sent, or that it was not and shall be; judged anew before it leaves",
    needs: "outbound:operate",
    // It can send a second time: nothing that a model reads may talk it into that.
    doors: ["rest"],
    effect: "write",
    faults: ["outbound_message_unknown", "outbound_invalid_state", "outbound_message_changed"],
    input: () =>
      z.object({
        id: z.string().max(64),
        version: version(),
        sent: z.boolean().describe("Whether the provider has it"),
        reason: z.string().trim().min(3).max(500).describe("How you know; kept as the message's note"),
        provider_message_id: z
          .string()
          .trim()
          .min(1)
          .max(300)
          .optional()
          .describe("Its id there, so that reports find it"),
      }),
    output: Message,
    example: () => ({ id: "msg_0", version: 1, sent: true, reason: "It stands in the provider's log." }),
  },
  async (ctx, { id, version, sent, reason, provider_message_id }) =>
    commit(ctx, {
      change: sql`update outbound.messages m set state = case when ${sent}::boolean then 'sent' else 'queued' end,
          code = case when ${sent}::boolean then null else 'not_at_provider' end, note = ${reason}, lookups = 0,
          sent_at = case when ${sent}::boolean then coalesce(m.sent_at, shared.clock()) else m.sent_at end,
          provider_message_id = coalesce(${provider_message_id ?? null}::text, m.provider_message_id),
          due_at = case when ${sent}::boolean then m.due_at else shared.clock() end,
          updated_at = shared.clock(), version = m.version + 1
        where m.project_id = shared.scope() and m.id = ${id} and m.version = ${version}::int and m.state = 'unknown'
        returning ${messageColumns}`,
      also: [
        sql`update outbound.attempts t set outcome = case when ${sent}::boolean then 'found' else 'absent' end,
            provider_message_id = coalesce(${provider_message_id ?? null}::text, t.provider_message_id)
          from change where t.project_id = shared.scope() and t.message_id = change.id and t.number = change.attempts`,
      ],
      event: { kind: "outbound.message.resolved", ref: ["outbound_message", id], payload: { sent } },
      audit: {
        action: "outbound.message.resolved",
        ref: ["outbound_message", id],
        evidence: "none",
        payload: { sent },
      },
      wake: sql`case when change.state = 'queued'
        then outbound.wake(${ctx.ids.next("outbox")}, 'outbound.dispatch', change.sender, shared.clock()) end`,
      lost: () => whyNot(ctx, id, sent ? "sent" : "queued"),
    }),
  (row) => messageView(row as unknown as MessageRow),
);
