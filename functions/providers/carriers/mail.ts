/** The headers of our e-mails: threads, the one-click way out of marketing (RFC 8058), and the guard against loops (RFC 3834). */
import type { Outgoing } from "#brain/kernel/ports.ts";

/** `<left@right>`: what a Message-ID looks like (RFC 5322 §3.6.4), and nothing that could end a header. */
const messageId = /<[^<>\s]{1,500}>/g;
/** References grow with a conversation; the oldest and the newest ones are what threads need. */
const mostReferences = 20;

const idsIn = (given: unknown): string[] =>
  (Array.isArray(given) ? given : [given]).flatMap((text) =>
    typeof text === "string" ? (text.match(messageId) ?? []) : [],
  );

function references(thread: Record<string, unknown>): string[] {
  const all = [...new Set([...idsIn(thread["references"]), ...idsIn(thread["in_reply_to"])])];
  return all.length > mostReferences ? [...all.slice(0, 1), ...all.slice(1 - mostReferences)] : all;
}

function unsubscribe(thread: Record<string, unknown>): string | undefined {
  const given = thread["unsubscribe"];
  const url = typeof given === "string" ? URL.parse(given) : null;
  return url && /^https?:$/.test(url.protocol) ? url.href : undefined;
}

/** Undefined for marketing that offers no way out: it must not leave. */
export function mailHeaders({
  class: kind,
  thread,
}: Pick<Outgoing, "class" | "thread">): Record<string, string> | undefined {
  const link = unsubscribe(thread);
  if (kind === "marketing" && link === undefined) return undefined;
  const [answered] = idsIn(thread["in_reply_to"]);
  const past = references(thread);
  return {
    ...(answered === undefined ? {} : { "In-Reply-To": answered }),
    ...(past.length === 0 ? {} : { References: past.join(" ") }),
    ...(kind === "marketing" && link !== undefined
      ? { "List-Unsubscribe": `<${link}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }
      : {}),
    // A person wrote a reply; the rest must not be answered by machines.
    ...(kind === "reply" ? {} : { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" }),
  };
}

/** A subject is one line; without one it is what the text begins with. */
export const subjectOf = ({ subject, text }: Pick<Outgoing, "subject" | "text">): string =>
  (subject ?? text.slice(0, 78)).replaceAll(/\s+/g, " ").trim();

export const wayOutMissing = "unsubscribe_link_missing";
