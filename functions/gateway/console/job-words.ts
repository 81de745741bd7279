/** What the pages of jobs say: states, moves, lines of a job's life. Pure. */
import type { JobStatus, LedgerLine } from "./shapes.ts";
import type { Shape, Tone } from "./signs.tsx";
import { sentence } from "./words.ts";

export const jobStates: Record<JobStatus, { tone: Tone; shape: Shape; word: string }> = {
  intake: { tone: "wait", shape: "ring", word: "Intake" },
  scheduled: { tone: "busy", shape: "clock", word: "Scheduled" },
  onsite: { tone: "busy", shape: "dot", word: "On site" },
  repairing: { tone: "busy", shape: "half", word: "Repairing" },
  ready: { tone: "good", shape: "dot", word: "Ready" },
  shipped: { tone: "good", shape: "send", word: "Shipped" },
  closed: { tone: "good", shape: "done", word: "Closed" },
  cancelled: { tone: "plain", shape: "ring", word: "Cancelled" },
};

export const stateWord = (status: unknown): string =>
  jobStates[String(status) as JobStatus]?.word ?? sentence(String(status));

/** On the button that moves it there. */
export const moveWords: Record<JobStatus, string> = {
  intake: "Back to intake",
  scheduled: "Schedule",
  onsite: "On site",
  repairing: "Repair",
  ready: "Ready",
  shipped: "Shipped",
  closed: "Close",
  cancelled: "Cancel",
};

/** From where a move leads back, its button says so. */
export const moveWord = (to: JobStatus, from: JobStatus): string =>
  to === "repairing" && (from === "ready" || from === "shipped") ? "Repair again" : moveWords[to];

const plain: Record<string, string> = {
  "job.created": "Taken in",
  "job.part.added": "A part was written down",
  "job.part.removed": "A part was struck",
  "job.note.added": "A note was written",
  "job.note.removed": "A note was taken back",
  "job.photo.announced": "A photo was announced",
  "job.photo.added": "A photo was added",
  "job.photo.deleted": "A photo was deleted",
  "job.on_my_way": "The technician is on the way",
  "client.message.attached": "A message was tied to it",
  "schedule.created": "An appointment was made",
  "schedule.moved": "The appointment was moved",
  "schedule.reassigned": "The appointment was given to another technician",
  "schedule.confirmed": "The appointment was confirmed",
  "schedule.done": "The appointment was kept",
  "schedule.cancelled": "The appointment was cancelled",
  "schedule.no_show": "Nobody was there",
};

/** A line of the ledger about a job. `techs`: names by id; `at`: how an instant is shown. */
export function lifeWords(line: LedgerLine, how: { techs: Map<string, string>; at(instant: string): string }): string {
  const { from, to } = line.payload;
  if (line.kind === "job.status.changed") return `${stateWord(from)} → ${stateWord(to)}`;
  if (line.kind === "job.assigned")
    return to === null ? "Taken from its technician" : `Given to ${how.techs.get(String(to)) ?? "a technician"}`;
  if (line.kind === "job.time.changed") return to === null ? "No time any more" : `Expected ${how.at(String(to))}`;
  return plain[line.kind] ?? sentence(line.kind.replaceAll(".", " "));
}

export const jobPath = (id: string): string => `/console/jobs/${encodeURIComponent(id)}`;

export const jobsPath = (by: { status?: string | undefined; q?: string | undefined }): string => {
  const query = new URLSearchParams(Object.entries(by).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  return query.size > 0 ? `/console/jobs?${query}` : "/console/jobs";
};

export const newJobPath = (client: string, message?: string): string =>
  `/console/jobs/new?${new URLSearchParams({ client, ...(message ? { message } : {}) })}`;

/** `1,290.00 DKK`: minor units by what the currency has. */
export function money(minor: number, currency: string): string {
  const format = new Intl.NumberFormat("en-GB", { style: "currency", currency, currencyDisplay: "code" });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minor / 10 ** digits);
}
