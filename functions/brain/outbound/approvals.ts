/** Approval: somebody takes responsibility for a message exactly as it stands, and that is sealed. */
import { sql } from "drizzle-orm";
import * as z from "zod/v4";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { version } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { Message, type MessageRow, messageColumns, messageView } from "./message.ts";
import { stateOf } from "./messages.ts";
import { whyNot } from "./why-not.ts";

const named = () => z.object({ id: z.string().max(64), version: version() });

const faults = ["outbound_message_unknown", "outbound_invalid_state", "outbound_message_changed"];

/** What a message rests on: its evidence, or the template that was agreed upon. */
const groundsOfChange = sql`case when cardinality(change.evidence) > 0 then change.evidence else array_remove(array[change.template_id], null) end`;

const view = (row: Record<string, unknown>) => messageView(row as unknown as MessageRow);

export const submitMessage = verb(
  {
    name: "outbound.messages.submit",
    summary: "Put a draft before whoever approves",
    needs: "outbound:write",
    effect: "write",
    faults,
    input: named,
    output: Message,
    example: () => ({ id: "msg_0", version: 1 }),
  },
  async (ctx, { id, version }) =>
    commit(ctx, {
      change: sql`update outbound.messages m set state = 'pending', code = null, updated_at = shared.clock(), version = m.version + 1
        where m.project_id = shared.scope() and m.id = ${id} and m.version = ${version}::int and m.state = 'draft'
        returning ${messageColumns}`,
      event: { kind: "outbound.message.submitted_for_approval", ref: ["outbound_message", id] },
      lost: () => whyNot(ctx, id, "pending"),
    }),
  view,
);

export const approveMessage = verb(
  {
    name: "outbound.messages.approve",
    summary: "Approve a message exactly as you read it; text, recipient, rules and evidence are sealed",
    needs: "outbound:approve",
    // Nothing a model reads may let it approve what a model wrote.
    doors: ["rest"],
    effect: "write",
    faults: [...faults, "evidence_required", "four_eyes_required"],
    input: named,
    output: Message,
    example: () => ({ id: "msg_0", version: 1 }),
  },
  async (ctx, { id, version }) =>
    commit(ctx, {
      change: sql`update outbound.messages m set state = 'approved', code = null, approved_by = current_setting('app.actor'),
          approved_at = shared.clock(), policy = outbound.rules(m.contact_id, m.channel, m.brand), seal = outbound.seal(m),
          updated_at = shared.clock(), version = m.version + 1
        where m.project_id = shared.scope() and m.id = ${id} and m.version = ${version}::int and m.state in ('draft', 'pending')
          and case when cardinality(m.evidence_refs) = 0 and m.template_id is null then shared.fail('invalid', 'evidence_required',
            jsonb_build_object('detail', 'Name what the message rests on, or write it from a template.')) else true end
          and case when (outbound.rules(m.contact_id, m.channel, m.brand)->>'four_eyes')::boolean
              and current_setting('app.actor') = any(m.writers) then shared.fail('forbidden', 'four_eyes_required',
            jsonb_build_object('detail', 'Here somebody else approves what one has written.')) else true end
        returning ${messageColumns}, m.template_id`,
      event: { kind: "outbound.message.approved", ref: ["outbound_message", id] },
      audit: { action: "outbound.message.approved", ref: ["outbound_message", id], evidence: groundsOfChange },
      lost: () => whyNot(ctx, id, "approved"),
    }),
  view,
);

export const returnMessage = verb(
  {
    name: "outbound.messages.return",
    summary: "Send a message back to its writer",
    needs: "outbound:approve",
    effect: "write",
    faults,
    input: () => named().extend({ note: z.string().trim().max(500).optional().describe("What should be different") }),
    output: Message,
    example: () => ({ id: "msg_0", version: 1 }),
  },
  async (ctx, { id, version, note }) =>
    commit(ctx, {
      change: sql`update outbound.messages m set state = 'draft', code = 'returned', note = ${note ?? null}, seal = null, approved_by = null,
          approved_at = null, policy = null, updated_at = shared.clock(), version = m.version + 1
        where m.project_id = shared.scope() and m.id = ${id} and m.version = ${version}::int and m.state in ('pending', 'approved', 'queued')
        returning ${messageColumns}`,
      event: { kind: "outbound.message.returned", ref: ["outbound_message", id] },
      audit: { action: "outbound.message.returned", ref: ["outbound_message", id], evidence: "none" },
      lost: () => whyNot(ctx, id, "draft"),
    }),
  view,
);

/** An approved message may leave; the queue judges it once more at the moment it does. */
export const sendMessage = verb(
  {
    name: "outbound.messages.send",
    summary: "Let an approved message leave when it is due; a failed one is tried again",
    needs: "outbound:write",
    effect: "write",
    faults: [...faults, "content_changed_after_approval", "outbound_blocked_opt_out"],
    input: () => z.object({ id: z.string().max(64) }),
    output: Message,
  },
  async (ctx, { id }) =>
    commit(ctx, {
      // Whoever sends it although its reader has written meanwhile has decided so.
      change: sql`update outbound.messages m set state = 'queued', code = null, replays = m.replays + (m.state = 'failed')::int,
          policy = m.policy - 'replied', due_at = greatest(m.due_at, shared.clock()), updated_at = shared.clock(), version = m.version + 1
        where m.project_id = shared.scope() and m.id = ${id} and m.state in ('approved', 'failed')
          and case when m.seal is distinct from outbound.seal(m) then shared.fail('conflict', 'content_changed_after_approval',
            jsonb_build_object('detail', 'Text, recipient, rules or evidence are not what was approved: approve it again.')) else true end
          and case (select v.verdict from outbound.verdicts(array[m.id], shared.clock()) v)
            when 'block' then shared.fail('conflict', 'outbound_blocked_opt_out',
              jsonb_build_object('detail', 'This person does not want to be written to on this channel.')) else true end
        returning ${messageColumns}, m.template_id`,
      event: { kind: "outbound.message.queued", ref: ["outbound_message", id] },
      audit: { action: "outbound.message.queued", ref: ["outbound_message", id], evidence: groundsOfChange },
      wake: sql`outbound.wake(${ctx.ids.next("outbox")}, 'outbound.dispatch', change.sender, change.due_at)`,
      lost: () => notSendable(ctx, id),
    }),
  view,
);

async function notSendable(ctx: Ctx, id: string): Promise<Fault> {
  const found = await stateOf(ctx, id);
  return found?.state === "queued" || found?.state === "approved"
    ? new Fault("conflict", "outbound_invalid_state", { state: found.state, allowed: found.allowed })
    : whyNot(ctx, id, "queued");
}
