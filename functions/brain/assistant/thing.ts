/** Tasks, goals and problems as their verbs show and take them. */
import * as z from "zod/v4";
import { instant } from "../kernel/schemas.ts";
import { goalStates, longestTitle, problemStates, taskStates } from "./understand/extract.ts";

const title = () => z.string().trim().min(1).max(longestTitle);
const text = () => z.string().max(4000).nullable();
const day = () => z.iso.date().nullable();
const seen = () => z.string().nullable();

const stamps = () => ({
  archived_at: seen(),
  created_at: z.string(),
  updated_at: z.string(),
  version: z.int(),
});

/** What is shown, and what may be set; a new one has a title and its first state. */
export const kinds = {
  task: {
    states: taskStates,
    closed: ["done", "archived"],
    fields: () => ({
      status: z.enum(taskStates),
      notes: text(),
      priority: z.int().min(1).max(4).nullable().describe("1 is the most urgent"),
      impact_score: z.int().min(1).max(5).nullable(),
      due_date: day(),
      repeats: z
        .string()
        .regex(/^FREQ=[A-Z0-9=;,-]{3,80}$/)
        .nullable()
        .describe("RFC 5545"),
    }),
    more: () => ({
      completed_at: seen(),
      source_inbox_item_id: seen(),
      source_evidence_id: seen().describe("The message or note that it came from"),
      needs_review: z
        .enum(["evidence_edited", "evidence_withdrawn"])
        .nullable()
        .describe("What it came from has changed since it was last touched"),
      ref_type: z.enum(["job", "outbound_message"]).nullable().describe("What it came from, and is closed with"),
      ref_id: seen(),
      follows_id: seen().describe("The one before it, of a task that repeats"),
      closed_by_event_id: seen().describe("The ledger's line that closed it"),
    }),
  },
  goal: {
    states: goalStates,
    closed: ["done", "archived"],
    fields: () => ({
      status: z.enum(goalStates),
      description: text(),
      horizon: z.string().max(40).nullable(),
      target_date: day(),
    }),
    more: () => ({}),
  },
  problem: {
    states: problemStates,
    closed: ["resolved", "archived"],
    fields: () => ({
      status: z.enum(problemStates),
      description: text(),
      horizon: z.string().max(40).nullable(),
      severity: z.int().min(1).max(5).nullable(),
    }),
    more: () => ({}),
  },
} as const;

export type Kind = keyof typeof kinds;

export const shape = (kind: Kind) =>
  z.object({ id: z.string(), title: z.string(), ...kinds[kind].fields(), ...kinds[kind].more(), ...stamps() });

export const settable = (kind: Kind) => z.object({ title: title(), ...kinds[kind].fields() }).partial();

/** New ones begin open; all but the title may be left out. */
export const makeable = (kind: Kind) => settable(kind).omit({ status: true }).required({ title: true });

const times = ["archived_at", "created_at", "updated_at", "completed_at"];
const hidden = new Set(["project_id", "account_scope_id", "user_id", "title_norm"]);

export const thingView = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => !hidden.has(name))
      .map(([name, value]) => [name, times.includes(name) ? instant(value as string | null) : value]),
  );
