/** Shapes that stand beside words: a state is never colour alone, and never a shape alone. */
import type { Child } from "hono/jsx";
import { markPaths, markPoints } from "./mark.ts";
import { ago, fullTime, type Here } from "./words.ts";

const shapes = {
  ring: <circle cx="8" cy="8" r="5.5" />,
  half: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 5v6a3 3 0 0 0 0-6z" fill="currentColor" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 5v3.2l2 1.3" />
    </>
  ),
  done: (
    <>
      <circle cx="8" cy="8" r="6.25" fill="currentColor" stroke="none" />
      <path d="m5.4 8.2 1.8 1.8 3.4-3.8" stroke="var(--paper)" />
    </>
  ),
  dot: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <circle cx="8" cy="8" r="2.5" fill="currentColor" stroke="none" />
    </>
  ),
  warning: (
    <>
      <path d="M8 2.6 14 13H2z" />
      <path d="M8 6.6v2.8M8 11.2v.1" />
    </>
  ),
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1.5" />
      <path d="M5.5 7V5.2a2.5 2.5 0 0 1 5 0V7" />
    </>
  ),
  file: <path d="M4 2.5h5l3 3v8H4zM9 2.5v3h3" />,
  back: <path d="m10 3.5-4.5 4.5 4.5 4.5" />,
  down: <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />,
  talk: <path d="M2.5 3.5h11v7.5H8l-3 2.5V11H2.5z" />,
  ask: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 3 3" />
    </>
  ),
  memory: <path d="M8 2.5 14 5.5 8 8.5 2 5.5zM2 8.2l6 3 6-3M2 10.9l6 3 6-3" />,
  send: <path d="M2.5 8 13.5 2.5 10.5 13.5 7.5 9zM7.5 9l6-6.5" />,
  people: (
    <>
      <circle cx="6" cy="5.5" r="2.5" />
      <path d="M1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M10.5 3.2a2.5 2.5 0 0 1 0 4.6M12 9.8c1.6.6 2.5 1.9 2.5 3.7" />
    </>
  ),
  work: <path d="M10.8 2.6a3.4 3.4 0 0 0-4.4 4.4l-4 4 2.6 2.6 4-4a3.4 3.4 0 0 0 4.4-4.4L11.3 7 9 4.7z" />,
  ledger: <path d="M3 3.5h10M3 8h10M3 12.5h6" />,
} as const;

export type Shape = keyof typeof shapes;

/** Always beside a word, hence hidden from those who listen. */
export const Sign = ({ shape, size = 16 }: { shape: Shape; size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    {shapes[shape]}
  </svg>
);

export const Mark = ({ size = 24 }: { size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    aria-hidden="true"
  >
    <path d={markPaths[0]} stroke-linejoin="round" />
    {markPoints.map(([x, y]) => (
      <circle cx={x} cy={y} r="3" fill="currentColor" stroke="none" />
    ))}
  </svg>
);

export type Tone = "good" | "wait" | "bad" | "busy" | "plain";

export const State = ({ tone, shape, children }: { tone: Tone; shape: Shape; children?: Child }) => (
  <span class={`state ${tone}`}>
    <Sign shape={shape} size={14} />
    <span>{children}</span>
  </span>
);

const conversationStates: Record<string, { tone: Tone; shape: Shape; word: string }> = {
  open: { tone: "busy", shape: "dot", word: "Open" },
  pending: { tone: "wait", shape: "half", word: "Pending" },
  snoozed: { tone: "plain", shape: "clock", word: "Snoozed" },
  resolved: { tone: "good", shape: "done", word: "Resolved" },
};

export const ConversationState = ({ status }: { status: string | null }) => {
  const { tone, shape, word } = conversationStates[status ?? ""] ?? { tone: "plain", shape: "ring", word: "Unknown" };
  return (
    <State tone={tone} shape={shape}>
      {word}
    </State>
  );
};

export type ChunkStatus = "ready" | "pending" | "processing" | "failed";

export const chunkStates: Record<ChunkStatus, { tone: Tone; shape: Shape; word: string }> = {
  ready: { tone: "good", shape: "done", word: "Remembered" },
  processing: { tone: "busy", shape: "half", word: "Being read" },
  pending: { tone: "wait", shape: "clock", word: "Waiting" },
  failed: { tone: "bad", shape: "warning", word: "Failed" },
};

export const ChunkState = ({ status }: { status: ChunkStatus }) => {
  const { tone, shape, word } = chunkStates[status];
  return (
    <State tone={tone} shape={shape}>
      {word}
    </State>
  );
};

/** A real date, in full where one points at it; without other words it says how long ago. */
export const Time = ({ at, here, children }: { at: string; here: Here; children?: Child }) => (
  <time datetime={at} title={fullTime(at, here)}>
    {children ?? ago(at, here)}
  </time>
);
