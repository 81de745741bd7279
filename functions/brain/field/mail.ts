/** An e-mail as a customer's message: his own words, the thread he answers in, and whether it was a person at all. */
import type { Incoming } from "./incoming.ts";
import { cutOf, wordsOf } from "./own-words.ts";

/** Name in any case and value as it came; a name may stand several times. */
export type Header = { name: string; value: string };

export type Mail = {
  id: string;
  from: { address: string; name: string | null };
  /** All addresses it was sent to, the envelope's too. */
  to: string[];
  subject: string | null;
  text: string | null;
  html: string | null;
  date: string | null;
  headers: Header[];
  attachments: Incoming["attachments"];
};

/** Longer mails are somebody's archive. */
export const longestMail = 25 * 1024 * 1024;

const machines = /^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|noreply[-_.].*)$/i;

const bare = (id: string) => id.trim().replace(/^</, "").replace(/>$/, "").trim();
const ids = (text: string) => [...text.matchAll(/<([^<>\s]{1,900})>/g)].map(([, id = ""]) => id);

/** RFC 3834 and what list servers and mail servers say about themselves. */
export function isAutomatic(mail: Pick<Mail, "from" | "headers">): boolean {
  const all = (name: string) =>
    mail.headers.filter((header) => header.name.toLowerCase() === name).map(({ value }) => value.trim());
  if (all("auto-submitted").some((value) => value.toLowerCase().split(";")[0]?.trim() !== "no")) return true;
  if (all("precedence").some((value) => /^(bulk|list|junk|auto_reply)$/i.test(value))) return true;
  if (all("list-id").length > 0 || all("list-unsubscribe").length > 0 || all("x-autoreply").length > 0) return true;
  if (all("return-path").some((value) => value === "<>" || value === "")) return true;
  return machines.test(mail.from.address.split("@")[0] ?? "");
}

/** What In-Reply-To and References name, newest first. */
function refsOf(headers: Header[]): string[] {
  const of = (name: string) =>
    headers.filter((header) => header.name.toLowerCase() === name).flatMap(({ value }) => ids(value));
  return [...new Set([...of("in-reply-to"), ...of("references").reverse()])];
}

const tagForm = /\+([0-9a-z]{26}\.[0-9a-f]{16})@/i;
const tagOf = (to: string[]) =>
  to.map((address) => tagForm.exec(address)?.[1]?.toLowerCase()).find((tag) => tag !== undefined) ?? null;

const instantOf = (date: string | null, now: Date): string => {
  const at = date === null ? Number.NaN : Date.parse(date);
  // A clock that runs ahead, or one from before e-mail, says nothing.
  return Number.isFinite(at) && at > 0 && at <= now.getTime() + 86_400_000
    ? new Date(at).toISOString()
    : now.toISOString();
};

export function incomingOf(mail: Mail, { now, domain }: { now: Date; domain: string | null }): Incoming {
  const text = (mail.text?.trim() ? mail.text : wordsOf(mail.html ?? "")).replaceAll(/\r\n?/g, "\n").trimEnd();
  const messageId = mail.headers.find(({ name }) => name.toLowerCase() === "message-id")?.value;
  return {
    channel: "email",
    address: mail.from.address,
    name: mail.from.name,
    to: domain === null ? null : { kind: "email_domain", account: domain },
    providerMessageId: mail.id,
    subject: mail.subject,
    body: text,
    cutAt: cutOf(text),
    attachments: mail.attachments,
    mailId: messageId ? bare(messageId) : null,
    refs: refsOf(mail.headers),
    tag: tagOf(mail.to),
    automatic: isAutomatic(mail),
    ts: instantOf(mail.date, now),
    editedAt: null,
    meta: { provider_id: mail.id, to: mail.to.slice(0, 20) },
  };
}
