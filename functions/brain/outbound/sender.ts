/** A sender as its verbs show it: never its credentials. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";
import { providers } from "./sender-kinds.ts";

export const Sender = () =>
  z.object({
    id: z.string(),
    provider: z.enum(providers),
    channel: z.string(),
    name: z.string(),
    brand: z.string(),
    address: z.string(),
    account: z.string().nullable(),
    source: z.string().nullable().describe("Where its webhooks arrive"),
    per_second: z
      .int()
      .nullable()
      .describe("Most messages that its provider is handed in a second; null: as many as come"),
    state: z.enum(["works", "paused", "disabled"]),
    reason: z.string().nullable().describe("Why its provider takes nothing from it for now"),
    paused_until: z.string().nullable(),
    waiting: z.int().describe("Approved messages that are to leave by it"),
    disabled_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  });

type View = z.output<ReturnType<typeof Sender>>;
export type SenderRow = Omit<View, "state" | "reason"> & { paused_code: string | null };

/** Of a relation called `s`. */
export const senderColumns: SQL = sql`s.id, s.provider, s.channel, s.name, s.brand, s.address, s.account, s.source_id as source, s.per_second, s.paused_code,
  s.paused_until, s.disabled_at, s.created_at, s.updated_at, s.version,
  (select count(*)::int from outbound.messages m where m.project_id = s.project_id and m.sender_id = s.id and m.state = 'queued') as waiting`;

export function senderView(found: SenderRow, now: Date): View {
  const { paused_code, ...row } = found;
  const paused_until = instant(row.paused_until);
  const isPaused = paused_until !== null && Date.parse(paused_until) > now.getTime();
  return {
    ...row,
    state: row.disabled_at !== null ? "disabled" : isPaused ? "paused" : "works",
    reason: isPaused ? paused_code : null,
    paused_until: isPaused ? paused_until : null,
    disabled_at: instant(row.disabled_at),
    created_at: instant(row.created_at),
    updated_at: instant(row.updated_at),
  };
}
