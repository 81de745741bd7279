/** A change that somebody here asks for in Chatwoot: asked for once, written down before it is made, made by the job. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { commit } from "../kernel/commit.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { conversationStatuses } from "../kernel/ports.ts";
import { instant } from "../kernel/schemas.ts";
import { verb } from "../kernel/verb.ts";
import { conversationIs } from "./refs.ts";

const kinds = ["note", "status", "assignee", "labels"] as const;
export type WriteKind = (typeof kinds)[number];

export const OwnWrite = () =>
  z.object({
    id: z.string(),
    conversation: z.string(),
    kind: z.enum(kinds),
    wanted: z
      .object({
        status: z.enum(conversationStatuses).optional(),
        assignee: z.int().nullable().optional(),
        labels: z.array(z.string()).optional(),
      })
      .describe("What it is set to; a note's text is not repeated here"),
    actor: z.string(),
    state: z
      .enum(["pending", "sending", "unknown", "done", "failed"])
      .describe("`unknown`: Chatwoot is being asked whether it has it"),
    reason: z.string().nullable().describe("Why it failed or waits: a stable code"),
    message: z.int().nullable().describe("Chatwoot's number of the note"),
    requested_at: z.string(),
    linked_at: z.string().nullable().describe("When it came back from Chatwoot and was recognised"),
  });

export type OwnWriteView = z.output<ReturnType<typeof OwnWrite>>;
export type OwnWriteRow = Omit<OwnWriteView, "message"> & { message: string | number | null };

/** Of a relation called `w`. */
export const writeColumns: SQL = sql`w.id, w.conversation_global_id as conversation, w.kind, w.wanted - 'text' as wanted, w.actor, w.state,
  w.code as reason, w.cw_message_id as message, w.requested_at, w.linked_at`;

export const writeView = (row: OwnWriteRow): OwnWriteView => ({
  id: row.id,
  conversation: row.conversation,
  kind: row.kind,
  wanted: row.wanted,
  actor: row.actor,
  state: row.state,
  reason: row.reason,
  message: row.message === null ? null : Number(row.message),
  requested_at: instant(row.requested_at),
  linked_at: instant(row.linked_at),
});

const named = () => ({ id: z.string().min(1).max(200).describe("The conversation, by its id or Chatwoot's number") });

type Wish = { id: string; kind: WriteKind; wanted: Record<string, unknown> };

async function ask(ctx: Ctx, { id, kind, wanted }: Wish): Promise<Record<string, unknown>> {
  const write = ctx.ids.next("ownWrite");
  const calm = kind === "note" ? sql`true` : sql`inbox.assert_calm(v.id)`;
  return commit(ctx, {
    status: 202,
    change: sql`insert into inbox.own_writes as w (project_id, id, account_id, conversation_id, conversation_global_id, kind, wanted)
      select shared.scope(), ${write}, v.account_id, v.conversation_id, v.id, ${kind}, ${JSON.stringify(wanted)}::jsonb
      from inbox.cw_conversations v where v.project_id = shared.scope() and v.deleted_at is null and ${conversationIs(id)} and ${calm}
        and case when exists (select from identity.project_sources s where s.project_id = v.project_id and s.source_kind = 'chatwoot_account'
            and s.external_id = v.account_id::text and s.api_token_sealed is not null and s.disabled_at is null) then true
          else shared.fail('conflict', 'source_not_connected', jsonb_build_object('detail', 'Give the source an address and a token first.')) is null end
      order by v.id limit 1 returning ${writeColumns}`,
    event: { kind: "inbox.write.requested", ref: ["own_write", write], payload: { kind } },
    stage: [{ kind: "inbox.write", dedupe: write, payload: { write } }],
    lost: () => new Fault("not_found", "conversation_unknown"),
  });
}

const declared = {
  needs: "inbox:write",
  effect: "write" as const,
  output: OwnWrite,
};
const faults = ["conversation_unknown", "source_not_connected"];
const view = (row: Record<string, unknown>) => writeView(row as OwnWriteRow);

export const createNote = verb(
  {
    ...declared,
    name: "inbox.notes.create",
    summary: "Write a private note into a conversation: only the staff reads it",
    faults,
    input: () => z.object({ ...named(), text: z.string().trim().min(1).max(20_000) }),
    example: () => ({ id: "482", text: "Ring before the visit: the dog is loose." }),
  },
  async (ctx, { id, text }) => ask(ctx, { id, kind: "note", wanted: { text } }),
  view,
);

export const setStatus = verb(
  {
    ...declared,
    name: "inbox.conversations.set_status",
    summary: "Open, close or put off a conversation in Chatwoot",
    faults: [...faults, "flip_breaker_open"],
    input: () => z.object({ ...named(), status: z.enum(conversationStatuses) }),
    example: () => ({ id: "482", status: "resolved" as const }),
  },
  async (ctx, { id, status }) => ask(ctx, { id, kind: "status", wanted: { status } }),
  view,
);

export const assignConversation = verb(
  {
    ...declared,
    name: "inbox.conversations.assign",
    summary: "Give a conversation to somebody in Chatwoot, or take it off everybody",
    faults: [...faults, "flip_breaker_open"],
    input: () =>
      z.object({
        ...named(),
        assignee: z.int().min(1).max(1e15).nullable().describe("Chatwoot's number of the agent; null: nobody"),
      }),
    example: () => ({ id: "482", assignee: 31 }),
  },
  async (ctx, { id, assignee }) => ask(ctx, { id, kind: "assignee", wanted: { assignee } }),
  view,
);

export const labelConversation = verb(
  {
    ...declared,
    name: "inbox.conversations.label",
    summary: "Set all labels of a conversation in Chatwoot",
    faults: [...faults, "flip_breaker_open"],
    input: () =>
      z.object({
        ...named(),
        labels: z.array(z.string().trim().min(1).max(100)).max(50).describe("What is not named is taken off"),
      }),
    example: () => ({ id: "482", labels: ["urgent"] }),
  },
  async (ctx, { id, labels }) => ask(ctx, { id, kind: "labels", wanted: { labels: [...new Set(labels)] } }),
  view,
);
