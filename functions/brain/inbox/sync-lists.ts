/** Walking Chatwoot's lists page by page: conversations newest first, which shift while one reads, and contacts. */
import { sql } from "drizzle-orm";
import { raw } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import { type ChatwootRow, ProviderFailure } from "../kernel/ports.ts";
import { idOf, listOf, recordOf, whenOf } from "./fields.ts";
import { toMicros } from "./instant.ts";
import { ofContacts, ofConversations, secondOf } from "./snapshot.ts";
import { asOf, type Position, type Step, syncLimits, type Work, writeStep } from "./sync-state.ts";

const seconds = (at: unknown): number => {
  const when = whenOf(at);
  return when === null ? 0 : Math.floor(toMicros(when) / 1_000_000);
};

/** The newest message of either kind that a listed conversation shows. */
function newestIn(row: ChatwootRow): number | null {
  const shown = [...listOf(row["messages"]), row["last_non_activity_message"]].map(recordOf);
  const ids = shown.filter((one) => one["message_type"] !== 2).map((one) => idOf(one["id"]) ?? 0);
  return Math.max(0, ...ids) || null;
}

const activeAt = (row: ChatwootRow): number =>
  seconds(row["last_activity_at"] ?? row["timestamp"] ?? row["created_at"]);

/** Null: there is nothing more to walk. Pages are asked for only when no conversation waits to be read. */
export function nextWalk(work: Work): Position | null {
  const { position, kind, seen } = work.state;
  if (!position.edge) return position;
  const again = { ...position, edge: false };
  const unmet = position.total !== null && seen.conversations < position.total;
  // Beyond the window, too, when the mirror has not as many as Chatwoot.
  if (kind === "catch_up" && !position.whole && position.total !== null && position.stored !== position.total) {
    return { ...again, whole: true };
  }
  if (!position.head) return { ...again, head: true, page: 1 };
  if (position.whole && unmet && position.pass < syncLimits.passes)
    return { ...again, page: 1, pass: position.pass + 1 };
  return null;
}

export async function conversationsUnit(ctx: Ctx, work: Work, position: Position): Promise<void> {
  const told = await work.chatwoot.conversations(work.access, position.page);
  work.requests += 1;
  const at = asOf(ctx, told);
  const { as_of: began, window_from: from } = work.state;
  const since = began ?? Math.floor(at.getTime() / 1000);
  const active = told.rows.map(activeAt);
  const isPast = (limit: number) => active.every((second) => second < limit);
  const rereading = position.head && position.pass === 1;
  const edge =
    told.rows.length === 0 || (rereading && isPast(since)) || (!position.whole && from !== null && isPast(from));
  if (position.page >= syncLimits.pages) throw new ProviderFailure("source_endless", { retryable: false });
  const snapshot = ofConversations(ctx, { binding: work.binding, asOf: at }, told.rows);
  const heads = snapshot.conversations.map((row) => {
    const raw = told.rows.find((one) => one.id === row["conversation_id"]);
    const when = raw ? activeAt(raw) : 0;
    return {
      id: row["id"],
      conversation_id: row["conversation_id"],
      active: new Date(when * 1000).toISOString(),
      newest: raw ? newestIn(raw) : null,
    };
  });
  const numbers = (rows: Record<string, unknown>[], key: string) => JSON.stringify(rows.map((row) => row[key]));
  const { run } = work.state;
  const [, , stored] = await writeStep(ctx, work, {
    // Before the page is written: what the mirror lacks can only be told now.
    before: [
      raw(
        ctx,
        sql`update inbox.sync_runs set as_of = coalesce(as_of, ${secondOf(at)}::timestamptz) where project_id = shared.scope() and id = ${run}`,
      ),
      raw(ctx, sql`select inbox.plan_reads(${run}, ${JSON.stringify(heads)}::jsonb) as planned`),
    ],
    told: snapshot,
    after: [
      raw(
        ctx,
        sql`select inbox.mark_seen(${run}, 'conversation', ${numbers(snapshot.conversations, "conversation_id")}::jsonb)`,
      ),
      raw(ctx, sql`select inbox.mark_seen(${run}, 'contact', ${numbers(snapshot.contacts, "contact_id")}::jsonb)`),
      raw(ctx, sql`select inbox.live_conversations(${work.binding.account}) as stored`),
    ],
    step: {
      position: { ...position, page: position.page + 1, edge, total: told.total ?? position.total },
      ...listed(work, position, told),
    },
  });
  work.state.position.stored = Number(stored?.["stored"] ?? 0);
}

const listed = (
  work: Work,
  position: Position,
  told: { rows: ChatwootRow[]; total: number | null },
): Partial<Step> => ({
  counts: { requests: 1, ...(position.head ? {} : { conversations_listed: told.rows.length }) },
  ...(told.total === null || work.state.counts["conversations_total"] !== undefined
    ? {}
    : { totals: { conversations_total: told.total } }),
});

/** A page of contacts; one that cannot be listed is known from his conversations. */
export async function contactsUnit(ctx: Ctx, work: Work): Promise<void> {
  const { position, kind, seen } = work.state;
  const told = await work.chatwoot.contacts(work.access, position.page);
  work.requests += 1;
  const snapshot = ofContacts(ctx, { binding: work.binding, asOf: asOf(ctx, told) }, told.rows);
  const met = seen.contacts + told.rows.length;
  const isLast = told.rows.length === 0;
  const walked = position.page >= (kind === "catch_up" ? syncLimits.contactPages : syncLimits.pages);
  // Some were deleted while we read, and others moved up a place.
  const again = isLast && told.total !== null && met < told.total && position.pass < syncLimits.passes;
  const next: Position = again
    ? { ...position, page: 1, pass: position.pass + 1 }
    : { ...position, page: position.page + 1, contacts: isLast };
  const numbers = JSON.stringify(snapshot.contacts.map((row) => row["contact_id"]));
  await writeStep(ctx, work, {
    told: snapshot,
    after: [raw(ctx, sql`select inbox.mark_seen(${work.state.run}, 'contact', ${numbers}::jsonb)`)],
    step: {
      position: next,
      counts: { requests: 1, contacts: told.rows.length },
      ...((isLast && !again) || walked ? { phase: "vanished" as const } : {}),
    },
  });
}
