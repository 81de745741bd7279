/**
 * The notation of the demo's conversations. First line: contact, inbox, language. Then one entry a line, "day time what":
 * `> text` the customer, `Sara> text` an agent, `Sara* text` a private note, `#name` before either names the entry,
 * `Sara~name text` an edit of it, `Sara-name` its deletion, `Sara!` resolved, `= field value | …` a changed contact.
 * A day counts business days back from today, `y` is yesterday; {wd -3} and {date -3} name a day; other lines continue a text.
 */
import { type Day, date, type Language, weekday } from "./calendar.ts";

export type Inbox = "chat" | "mail" | "sms";
export type StoryPerson = { key: string; name: string; language: Language; phone?: string; email?: string };
export type Change = { name?: string; phone?: string; email?: string };

type Body =
  | { what: "message" | "reply" | "note" | "edit"; text: string }
  | { what: "delete" }
  | { what: "resolve" }
  | { what: "contact"; changes: Change };

/** `name` is the entry's own label, or the label of the entry that is edited or deleted; `who` is empty for the customer. */
export type Entry = { day: number | "y"; time: string; who: string; name: string; body: Body };
export type Script = { contact: string; inbox: Inbox; language: Language; entries: Entry[] };

const LINE = /^(-?\d+|y) (\d\d:\d\d) (?:#(\w+) )?([A-ZÆØÅ]\w+)?([>*~!=-])(\w+)? ?(.*)$/;
const SAYS = { ">": "reply", "*": "note", "~": "edit" } as const;

function body(mark: string, who: string, text: string): Body {
  if (mark === "-") return { what: "delete" };
  if (mark === "!") return { what: "resolve" };
  if (mark === "=") return { what: "contact", changes: changes(text) };
  if (!who) return { what: "message", text };
  const what = SAYS[mark as keyof typeof SAYS];
  return { what, text };
}

function changes(text: string): Change {
  return Object.fromEntries(
    text.split(" | ").map((part) => {
      const space = part.indexOf(" ");
      return [part.slice(0, space), part.slice(space + 1)];
    }),
  );
}

/** Throws on a line that is neither an entry nor the continuation of a text. */
export function script(source: string): Script {
  const [head = "", ...lines] = source.trim().split("\n");
  const [contact = "", inbox = "", language = ""] = head.split(" ");
  const entries: Entry[] = [];
  for (const line of lines) {
    const [whole, day, time = "", label = "", who = "", mark = "", target = "", text = ""] = LINE.exec(line) ?? [];
    const last = entries.at(-1)?.body;
    if (whole !== undefined)
      entries.push({
        day: day === "y" ? "y" : Number(day),
        time,
        who,
        name: label || target,
        body: body(mark, who, text),
      });
    else if (last && "text" in last) last.text += `\n${line}`;
    else throw new Error(`Not an entry in the conversation of ${contact}: ${line}`);
  }
  return { contact, inbox: inbox as Inbox, language: language as Language, entries };
}

/** Fills {wd n} and {date n}; `dayAt` says which calendar day a business day is. */
export function fillDays(text: string, language: Language, dayAt: (n: number) => Day): string {
  return text.replace(/\{(wd|date) ([+-]?\d+)\}/g, (_, kind: string, n: string) =>
    (kind === "wd" ? weekday : date)(dayAt(Number(n)), language),
  );
}
