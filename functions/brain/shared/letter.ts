/** A dead letter as every door shows it. */
import { type SQL, sql } from "drizzle-orm";
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";
import { traceId } from "../kernel/trace.ts";

export const letterStates = ["open", "retried", "discarded", "resolved"] as const;

export const jobName = () =>
  z
    .string()
    .max(80)
    .regex(/^[a-z_]+(\.[a-z_]+)+$/);

export const Letter = () =>
  z.object({
    id: z.string(),
    job: z.string(),
    work: z.string().describe("The id the work has had from the start and keeps when it is retried"),
    state: z.enum(letterStates).describe("retried: on its way again; resolved: then done"),
    reason: z.string().describe("The code our answer carried, http_<status> of another's, or no_answer"),
    http_status: z.int().describe("0 where no answer came"),
    attempts: z.int().describe("How often it died: once, and once more for each retry that failed"),
    deliveries: z.int().describe("Tries of all its messages that died"),
    payload: z.record(z.string(), z.unknown()).describe("Ids only"),
    message: z.string().describe("QStash's id of the newest message that died"),
    dlq: z.string().nullable().describe("Where QStash keeps that message, for as long as the plan says"),
    request: z.string().nullable(),
    trace: z.string().nullable(),
    note: z.string().nullable().describe("Why it was discarded"),
    died_at: z.string(),
    retried_at: z.string().nullable(),
    settled_at: z.string().nullable().describe("When it was resolved or discarded"),
    created_at: z.string(),
  });

export type LetterRow = {
  id: string;
  job: string;
  work: string;
  state: (typeof letterStates)[number];
  reason: string;
  http_status: number;
  attempts: number;
  deliveries: number;
  payload: Record<string, unknown>;
  message: string;
  dlq: string | null;
  request: string | null;
  trace: string | null;
  note: string | null;
  died_at: string;
  retried_at: string | null;
  settled_at: string | null;
  created_at: string;
};

/** Without the note: an idempotent answer is kept for a day, and words are kept in one place only. */
export const letterColumns: SQL = sql`id, job, work_id as work, state, reason, http_status, attempts, deliveries, payload,
  message_id as message, dlq_id as dlq, request_id as request, trace, died_at, retried_at, settled_at, created_at`;

export const letterView = (row: LetterRow): z.output<ReturnType<typeof Letter>> => ({
  ...row,
  note: row.note ?? null,
  trace: row.trace === null ? null : traceId(row.trace),
  died_at: instant(row.died_at),
  retried_at: instant(row.retried_at),
  settled_at: instant(row.settled_at),
  created_at: instant(row.created_at),
});
