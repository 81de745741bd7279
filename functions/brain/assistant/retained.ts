/** What planners keep only for a time. Nobody's rows are open to a job, so the database lists and takes them by their ids. */
import { sql } from "drizzle-orm";
import type { Retention, Spare } from "../kernel/retention.ts";

const part = (
  name: string,
  said: Pick<Retention, "what" | "since" | "keepDays" | "leastDays"> & { spared?: string[] },
): Retention => {
  const { spared = [], ...rest } = said;
  const spares: Spare[] = spared.map((reason) => ({ reason, holds: sql`r.spare is not distinct from ${reason}` }));
  return {
    ...rest,
    kind: `assistant.${name}`,
    table: sql`assistant.aged(${name})`,
    age: sql`r.at`,
    ...(spares.length > 0 ? { spares } : {}),
    take: () => sql`select g as id from assistant.let_go(${name}, array(select d.id from doomed d)) g`,
  };
};

/** Words before the summaries that cite them, questions before the captures that take theirs along. */
export const retained: readonly Retention[] = [
  part("turns", {
    what: "Words said to planners; what was made of them stays",
    since: "after they were said",
    keepDays: 30,
    leastDays: 1,
    spared: ["awaits_summary", "cited_by_summary"],
  }),
  part("questions", {
    what: "What planners asked back",
    since: "after the question lapsed",
    keepDays: 90,
    leastDays: 1,
    spared: ["awaits_summary"],
  }),
  part("captures", {
    what: "Notes of what messages changed, by which they are taken back",
    since: "after the message",
    keepDays: 365,
    leastDays: 1,
    spared: ["awaits_summary"],
  }),
  part("shown", {
    what: "What chats were shown, which “the first one” means",
    since: "after it lapsed",
    keepDays: 0,
    leastDays: 0,
  }),
  part("summaries", {
    what: "Summaries of sessions, days and weeks",
    since: "after the end of that time",
    keepDays: null,
    leastDays: 30,
  }),
  part("telegram_codes", {
    what: "One-time codes for Telegram that were used or ran out",
    since: "after that",
    keepDays: 1,
    leastDays: 0,
  }),
  part("telegram_chats", {
    what: "Telegram chats that spoke for somebody and no longer do",
    since: "after they were unlinked",
    keepDays: 365,
    leastDays: 1,
  }),
  part("occasions", {
    what: "What became of each morning's plan, review and reminder",
    since: "after they were decided",
    keepDays: 90,
    leastDays: 7,
  }),
];
