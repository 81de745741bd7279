/** A job told again from its lines in the ledger: its state, its technician and its times. Pure. */

export type JobEvent = { kind: string; ts: string; payload: Record<string, unknown> };

export type Told = {
  status: string;
  tech: string | null;
  scheduled_for: string | null;
  created_at: string;
  /** When it came to be what it is now. */
  since: string;
  closed_at: string | null;
  moves: { from: string; to: string; at: string }[];
};

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const versionOf = ({ payload }: JobEvent): number => Number(payload["version"] ?? 0);

function step(told: Told, { kind, ts, payload }: JobEvent): Told {
  const to = text(payload["to"]);
  switch (kind) {
    case "job.status.changed":
      return {
        ...told,
        status: to ?? told.status,
        since: ts,
        closed_at: to === "closed" ? ts : null,
        moves: [...told.moves, { from: String(payload["from"]), to: String(to), at: ts }],
      };
    case "job.assigned":
      return { ...told, tech: to };
    case "job.time.changed":
      return { ...told, scheduled_for: to };
    default:
      return told;
  }
}

/** In whatever order the lines come; null without the one that says that the job began. */
export function replayJob(events: readonly JobEvent[]): Told | null {
  const began = events.find(({ kind }) => kind === "job.created");
  if (!began) return null;
  const first: Told = {
    status: text(began.payload["status"]) ?? "intake",
    tech: text(began.payload["tech"]),
    scheduled_for: text(began.payload["scheduled_for"]),
    created_at: began.ts,
    since: began.ts,
    closed_at: null,
    moves: [],
  };
  return [...events].sort((a, b) => versionOf(a) - versionOf(b)).reduce(step, first);
}
