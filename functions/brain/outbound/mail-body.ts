/** An e-mail's words as they leave: plain, and the same as HTML. Below marketing stand the postal address and the way out. Pure. */

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? "");

/** Plain words as HTML: nothing in them is markup, links can be followed. A full stop behind a link is none of its. */
export const asHtml = (text: string): string =>
  text
    .split(/(https:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/)
    .map((part, i) => {
      const safe = escaped(part);
      return i % 2 === 1 ? `<a href="${safe}">${safe}</a>` : safe.replaceAll(/\r?\n/g, "<br>");
    })
    .join("");

export type MailBody = { text: string; html: string };

const wayOut: Record<string, string> = { en: "Unsubscribe", da: "Afmeld" };

type Words = {
  body: string;
  language: string;
  /** The link that ends marketing; with it the mail has a footer. */
  unsubscribe?: string | undefined;
  /** Where the sender can be written to by post (15 U.S.C. 7704(a)(5)(A)(iii)). */
  postal?: string | undefined;
};

const page = (language: string, inside: string): string =>
  `<!doctype html><html lang="${escaped(language)}"><head><meta charset="utf-8"></head><body>${inside}</body></html>`;

export function mailBody({ body, language, unsubscribe, postal }: Words): MailBody {
  if (unsubscribe === undefined) return { text: body, html: page(language, asHtml(body)) };
  const word = wayOut[language] ?? "Unsubscribe";
  const address = postal?.trim() ? [postal.trim()] : [];
  // "-- " alone on a line begins what mail programs know as a signature (RFC 3676 §4.3).
  const text = [body.trimEnd(), "", "-- ", ...address, `${word}: ${unsubscribe}`].join("\n");
  const below = [...address.map(asHtml), `<a href="${escaped(unsubscribe)}">${word}</a>`].join("<br>");
  return { text, html: page(language, `${asHtml(body.trimEnd())}<hr><small>${below}</small>`) };
}
