/** A run between two steps: where it stands, how much one step may do, and the statements that lease it and write a step down. */
import { sql } from "drizzle-orm";
import type { Statement } from "#db/client.ts";
import { raw, send } from "../kernel/batch.ts";
import type { Ctx } from "../kernel/ctx.ts";
import type { Publishable } from "../kernel/outbox.ts";
import type { Chatwoot, ChatwootAccess } from "../kernel/ports.ts";
import type { Binding } from "./events.ts";
import type { Snapshot } from "./snapshot.ts";

/** What one message may use before it hands over to the next. */
export const syncLimits = {
  /** Of Chatwoot, a message; it allows 3,000 a minute and address. */
  requests: 60,
  /** Of Chatwoot at the same time. */
  together: 4,
  /** Messages gathered before they are written. */
  messages: 400,
  /** Messages read for one message of the queue. */
  messagesInAll: 1_500,
  seconds: 25,
  /** Longer than a step with all its waiting, so that no two work at once. */
  leaseSeconds: 120,
  /** Steps that fail in a row: then a conversation is left out, and a list ends the run. */
  failures: 6,
  /** Pages of one list: a source that always has another one is broken. */
  pages: 8_000,
  /** Walks over the list of conversations until all that it counts were met. */
  passes: 3,
  /** Of contacts, newest first, that a catch-up looks at; a check looks at all. */
  contactPages: 200,
} as const;

export type SyncKind = "import" | "catch_up" | "full" | "check";
export type Phase = "conversations" | "contacts" | "vanished" | "done";

export type Position = {
  /** The next page of the list that is being walked. */
  page: number;
  pass: number;
  /** The list is walked to its end; false: to the window's edge. */
  whole: boolean;
  /** Once more from the front, for who spoke meanwhile. */
  head: boolean;
  /** The list has been walked as far as it was to be. */
  edge: boolean;
  /** How many Chatwoot says there are. */
  total: number | null;
  stored: number | null;
  /** Every contact that a list shows was met. */
  contacts: boolean;
};

export type Todo = { c: number; from: number; below: number | null };

export type RunState = {
  run: string;
  source: string;
  kind: SyncKind;
  state: "running" | "done" | "failed" | "cancelled";
  phase: Phase;
  position: Position;
  todo: Todo[];
  counts: Record<string, number>;
  failures: number;
  /** Unix seconds. */
  window_from: number | null;
  as_of: number | null;
  seen: { conversations: number; contacts: number };
};

/** A run in this worker's hands. */
export type Work = {
  token: string;
  state: RunState;
  access: ChatwootAccess;
  chatwoot: Chatwoot;
  binding: Binding;
  /** Requests to Chatwoot by this message. */
  requests: number;
  messages: number;
  wakes: Publishable[];
};

export const firstPosition = (kind: SyncKind): Position => ({
  page: 1,
  pass: 1,
  whole: kind !== "catch_up",
  head: false,
  edge: false,
  total: null,
  stored: null,
  contacts: false,
});

export type Step = {
  phase?: Phase;
  position?: Position;
  todo?: Todo[];
  counts?: Record<string, number>;
  totals?: Record<string, number>;
  as_of?: string;
  failures?: number;
  error?: string;
  state?: "done" | "failed";
  next?: { id: string; seconds: number };
};

type Put = { put: { written: number; wake: Publishable | null } };
type Advanced = { state: RunState & { staged: Publishable | null } };

/** What is done `before`, what was `told`, what comes `after`, and where that leaves the run. */
export type Write = { before?: Statement[]; told?: Snapshot; after?: Statement[]; step: Step };

/** One transaction, nothing of which remains when the run is another's by now. Returns the answers of `after`. */
export async function writeStep(ctx: Ctx, work: Work, write: Write): Promise<Record<string, unknown>[]> {
  const { told, before = [], after = [], step } = write;
  const { run } = work.state;
  const asked = { ...step, lease: syncLimits.leaseSeconds, event: ctx.ids.next("event") };
  const put = sql`select inbox.put_step(${run}, ${JSON.stringify(told)}::jsonb, ${ctx.ids.next("outbox")}) as put`;
  const first = [raw(ctx, sql`select inbox.hold_run(${run}, ${work.token})`), ...before];
  const statements = [
    ...first,
    ...(told ? [raw(ctx, put)] : []),
    ...after,
    raw(ctx, sql`select inbox.advance_run(${run}, ${work.token}, ${JSON.stringify(asked)}::jsonb) as state`),
  ];
  const rows = ((await send(ctx, statements as Statement[])) as { rows: unknown[] }[]).map((answer) => answer.rows[0]);
  const { staged, ...state } = (rows.at(-1) as Advanced | undefined)?.state ?? missing();
  work.state = state;
  if (staged) work.wakes.push(staged);
  const done = told ? (rows[first.length] as Put).put : undefined;
  if (done?.wake) work.wakes.push(done.wake);
  return rows.slice(first.length + (told ? 1 : 0), -1) as Record<string, unknown>[];
}

function missing(): never {
  throw new Error("a step was written and told nothing");
}

/** The time a list or an object is certainly not older than: Chatwoot's own, where it tells it. */
export const asOf = (ctx: Ctx, told: { asOf: Date | null }): Date => told.asOf ?? ctx.clock.now();
