/** What left the house on this machine, as a page that looks again by itself: here a newcomer reads the SMS. */
import type { Answer } from "../loopback.ts";
import type { Provider, Taken } from "./desk.ts";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const KINDS: Record<Provider, string> = {
  twilio: "SMS by Twilio",
  telnyx: "SMS by Telnyx",
  chatwoot: "Chat",
  telegram: "Telegram",
  resend: "E-mail by Resend",
  postmark: "E-mail by Postmark",
};

const line = ({ provider, from, to, subject, text, at, status }: Taken): string =>
  `<li><p class="soft">${KINDS[provider]} · <time>${new Date(at).toISOString().slice(0, 19).replace("T", " ")}</time> · ${escaped(status)}</p>
<p class="soft">${escaped(from)} → ${escaped(to)}</p>${subject === undefined ? "" : `<p><b>${escaped(subject)}</b></p>`}<p class="text">${escaped(text)}</p></li>`;

/** `canHear`: there is a number that customers can write to. */
export function takenPage(taken: readonly Taken[], canHear: unknown): Answer {
  const lines = [...taken].reverse().map(line).join("");
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width"><title>Sent from this machine</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}
ul{list-style:none;padding:0}li{border:1px solid #8884;border-radius:12px;padding:.75rem 1rem;margin:.75rem 0}
p{margin:0}.soft{font-size:.8rem;opacity:.7}.text{white-space:pre-wrap;margin-top:.35rem}</style></head><body><h1>Sent from this machine</h1>
<p>What the carriers took, newest first. Nothing of it went anywhere.</p>${canHear ? `<p><a href="/customer">Write an SMS as a customer</a></p>` : ""}<ul>${lines || "<li>Nothing yet.</li>"}</ul></body></html>`;
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    },
    bytes: new TextEncoder().encode(html),
  };
}
