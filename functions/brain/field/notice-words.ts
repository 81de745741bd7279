/** One notice's words: which channel and language a client gets, and what fills the gaps. Pure. */

import { instant } from "../kernel/schemas.ts";
import { wallOf } from "../kernel/wall-time.ts";
import { fill, inLanguage, segmentsOf, type TemplateText, type Value } from "../outbound/index.ts";
import { type NoticeEvent, noTracking, stopLines } from "./notice-texts.ts";

export type Rule = { template: string; wait_seconds: number; through_quiet: boolean; say_stop: boolean };
export type Way = { channel: string; sender: string | null; reason: string | null };

/** What the database tells of one line of the ledger. */
export type Untold = {
  event: NoticeEvent;
  event_id: string;
  rule: Rule;
  job: string;
  number: number;
  title: string;
  tracking: string | null;
  contact: string | null;
  language: string | null;
  prefers: string | null;
  ways: Way[];
  tech: string | null;
  start: string | null;
  end: string | null;
  timezone: string;
  reason: string | null;
};

export type Text = TemplateText & { name: string; channel: string };
export type House = { texts: Text[]; brand: string; now: Date; templates: Readonly<Record<NoticeEvent, string>> };

/** The way to take, and what was against the one the client prefers. */
export function wayOf({ ways, prefers }: Pick<Untold, "ways" | "prefers">): { way?: Way; reason: string | null } {
  const ordered = [
    ...ways.filter(({ channel }) => channel === prefers),
    ...ways.filter(({ channel }) => channel !== prefers),
  ];
  const way = ordered.find(({ reason }) => reason === null);
  const passed = ordered.slice(0, way ? ordered.indexOf(way) : ordered.length).map(({ reason }) => reason);
  // An opt-out says more than that somebody has no such address.
  const reason = passed.find((one) => one === "opt_out") ?? passed[0] ?? null;
  return way ? { way, reason: passed.includes("opt_out") ? "opt_out" : null } : { reason: reason ?? "no_address" };
}

function valuesOf(row: Untold, language: string): Record<string, Value> {
  const wall = (at: string) => wallOf(new Date(instant(at)), row.timezone);
  const time =
    row.start && row.end
      ? {
          day: wall(row.start).slice(0, 10),
          time_from: wall(row.start).slice(11, 16),
          time_until: wall(row.end).slice(11, 16),
        }
      : {};
  return {
    job_title: row.title,
    job_number: String(row.number),
    tracking: row.tracking ?? noTracking[language] ?? noTracking["en"] ?? "-",
    ...(row.tech ? { tech_name: row.tech } : {}),
    ...time,
  };
}

export type Draft = Record<string, unknown> & { text: string };

/** The draft in the words of one event; a name instead where there are no words, or nothing to say in a gap. */
export function draftOf(row: Untold, by: { house: House; way: Way; event: NoticeEvent; id: string }): Draft | string {
  const { house, way, event } = by;
  const name = event === row.event ? row.rule.template : house.templates[event];
  const texts = house.texts.filter((text) => text.name === name && text.channel === way.channel);
  const text = inLanguage(texts, row.language);
  if (!text) return "template_unknown";
  const values = valuesOf(row, text.language);
  const filled = filledOrNot(text, { values, brand: house.brand });
  if (!filled) return "template_unfilled";
  const stop = way.channel === "sms" && row.rule.say_stop ? `\n${stopLines[text.language] ?? stopLines["en"]}` : "";
  const body = filled.body + stop;
  return {
    id: by.id,
    text: body,
    body,
    parts: segmentsOf(body).parts,
    contact: row.contact,
    channel: way.channel,
    sender: way.sender,
    class: "transactional",
    language: text.language,
    ...(filled.subject ? { subject: filled.subject } : {}),
    template: text.id,
    variables: values,
    evidence: [],
    // What he writes meanwhile does not change when somebody comes.
    stop_on_reply: false,
    through_quiet: row.rule.through_quiet,
    reference: `notice:${row.event}:${row.event_id}`,
    due_at: new Date(house.now.getTime() + row.rule.wait_seconds * 1000).toISOString(),
    ...expiryOf(row, house.now),
    again: true,
  };
}

/** "On the way" says nothing after an hour, news of a time nothing once it has begun; the rest keeps, in milliseconds. */
const newsMs = 3_600_000;
function expiryOf({ event, start }: Untold, now: Date): { expires_at?: string } {
  if (event === "on_the_way") return { expires_at: new Date(now.getTime() + newsMs).toISOString() };
  return start && event !== "ready" && event !== "shipped" ? { expires_at: instant(start) } : {};
}

/** Undefined where a gap cannot be filled, or a project's own text gives it another type. */
function filledOrNot(text: TemplateText, { values, brand }: { values: Record<string, Value>; brand: string }) {
  try {
    const filled = fill(text, { values, builtIns: { contact_name: null, brand } });
    return "missing" in filled ? undefined : filled;
  } catch {
    return undefined;
  }
}
