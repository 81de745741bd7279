/** What is sent, in plain words: states, codes, verdicts, classes. Pure. */
import { reasonWords } from "./outbound-reasons.ts";
import type { Review } from "./shapes.ts";
import type { Shape, Tone } from "./signs.tsx";
import { counted, format, type Here, sentence } from "./words.ts";

export const messageStates: Record<string, { tone: Tone; shape: Shape; word: string }> = {
  failed: { tone: "bad", shape: "warning", word: "Failed" },
  unknown: { tone: "bad", shape: "ask", word: "Unknown" },
  pending: { tone: "wait", shape: "half", word: "To approve" },
  draft: { tone: "plain", shape: "ring", word: "Draft" },
  approved: { tone: "good", shape: "half", word: "Approved" },
  queued: { tone: "wait", shape: "clock", word: "Queued" },
  submitting: { tone: "busy", shape: "half", word: "Leaving" },
  submitted: { tone: "busy", shape: "dot", word: "Handed over" },
  sent: { tone: "busy", shape: "dot", word: "Sent" },
  delivered: { tone: "good", shape: "done", word: "Delivered" },
  read: { tone: "good", shape: "done", word: "Read" },
  cancelled: { tone: "plain", shape: "ring", word: "Cancelled" },
  blocked_opt_out: { tone: "bad", shape: "lock", word: "Blocked" },
};

const channels: Record<string, string> = {
  sms: "SMS",
  email: "Email",
  chat: "Chat",
  telegram: "Telegram",
  phone: "Telephone",
};
export const channelWord = (channel: string): string => channels[channel] ?? sentence(channel);

const classes: Record<string, string> = {
  marketing: "Marketing",
  transactional: "About their own job",
  reply: "Reply",
};
export const classWord = (name: string): string => classes[name] ?? sentence(name);

/** `Europe/Copenhagen` → `Copenhagen`. */
export const zoneName = (zone: string): string => zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");

/** `08:00 on Monday`, in the recipient's zone; further away with the date. */
export function momentAt(instant: string, here: Here): string {
  const at = new Date(instant);
  const time = format(at, here.timezone, { hour: "2-digit", minute: "2-digit" });
  const key = (date: Date) => format(date, here.timezone, { year: "numeric", month: "2-digit", day: "2-digit" });
  if (key(at) === key(here.now)) return `${time} today`;
  const isNear = at.getTime() - here.now.getTime() < 6 * 86_400_000;
  const dated = { weekday: "long", day: "numeric", month: "long" } as const;
  return `${time} on ${format(at, here.timezone, isNear ? { weekday: "long" } : dated)}`;
}

export type Told = { tone: Tone; shape: Shape; said: string; why: string | null };

/** The verdict as one sentence, and what is behind it as another. */
export function verdictWords(message: Review, now: Date): Told | null {
  const { outlook, zones } = message;
  if (!outlook) return null;
  const zone = zones[0] ?? "UTC";
  const where = { now, timezone: zone };
  const place = zones.length === 1 ? zoneName(zone) : `${zoneName(zone)} (one of ${zones.length} zones it may be in)`;
  const why = outlook.reason === null ? null : reasonWords(outlook.reason);
  const isPlanned = Date.parse(outlook.judged_at) > now.getTime() + 1000;
  const { paused_until } = message.from;
  switch (outlook.verdict) {
    case "send":
      // Put off before: by quiet hours, a cap, or a provider that was busy.
      if (isPlanned && message.state === "queued" && message.reason !== null)
        return {
          tone: "wait",
          shape: "clock",
          said: `Waits until ${momentAt(outlook.judged_at, where)} in ${place}`,
          why: reasonWords(message.reason),
        };
      if (isPlanned)
        return { tone: "good", shape: "clock", said: `Goes at ${momentAt(outlook.judged_at, where)} in ${place}`, why };
      if (paused_until)
        return {
          tone: "wait",
          shape: "clock",
          said: `Waits until ${momentAt(paused_until, where)} in ${place}`,
          why: `The provider takes nothing from ${message.from.name} before.`,
        };
      return { tone: "good", shape: "done", said: "Goes now", why };
    case "wait": {
      const isOpen = outlook.reason === "consent_missing" || outlook.reason === "held_for_operator";
      const until = outlook.retry_at && !isOpen ? ` until ${momentAt(outlook.retry_at, where)} in ${place}` : "";
      return { tone: "wait", shape: "clock", said: `Waits${until}`, why };
    }
    case "draft":
      return { tone: "bad", shape: "warning", said: "Goes back to its writer", why };
    case "cancel":
      return { tone: "bad", shape: "lock", said: "Never leaves", why };
    case "block":
      return { tone: "bad", shape: "lock", said: "Blocked", why };
  }
}

/** What an SMS costs, in parts. */
export const segmentWords = (sms: { alphabet: string; parts: number }): string =>
  `${counted(sms.parts, "SMS part")} in ${sms.alphabet}`;

/** The characters that make it dearer, by name where they would not be seen. */
export const culpritWords = (culprits: string[]): string =>
  culprits
    .map((one) =>
      /^[\p{L}\p{N}\p{P}\p{S}]/u.test(one)
        ? `“${one}”`
        : `U+${one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`,
    )
    .join(", ");

/** Somebody's name where it is known. */
export function whoWords(actor: string, people: ReadonlyMap<string, string>): string {
  const [door = "", id = ""] = actor.split(/:(.*)/);
  if (door === "user") return people.get(id) ?? "a colleague";
  if (door === "key") return "an API key";
  return door === "system" ? "the system" : "a webhook";
}

export const messagePath = (id: string): string => `/console/outbox/${encodeURIComponent(id)}`;
export const approvalPath = (id: string): string => `/console/approvals/${encodeURIComponent(id)}`;
export const peoplePath = (by: { q?: string; with?: string }): string => {
  const query = new URLSearchParams(Object.entries(by).filter(([, value]) => value)).toString();
  return query ? `/console/people?${query}` : "/console/people";
};

export const personPath = (id: string): string => `/console/people/${encodeURIComponent(id)}`;
export const writePath = (contact: string, conversation?: number): string =>
  `/console/write?contact=${encodeURIComponent(contact)}${conversation === undefined ? "" : `&conversation=${conversation}`}`;
