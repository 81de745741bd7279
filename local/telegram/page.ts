/** What the bot sent, as a page that looks again by itself: here a newcomer reads his PIN. */
import type { Answer } from "../loopback.ts";
import type { Sent } from "../telegram.ts";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const line = ({ text, date }: Sent): string =>
  `<li><time>${new Date(date * 1000).toISOString().slice(0, 19).replace("T", " ")}</time><p>${escaped(text)}</p></li>`;

export function sentPage(sent: readonly Sent[]): Answer {
  const lines = [...sent].reverse().map(line).join("");
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width"><title>Telegram on this machine</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}
ul{list-style:none;padding:0}li{border:1px solid #8884;border-radius:12px;padding:.75rem 1rem;margin:.75rem 0}
p{margin:0}time{font-size:.8rem;opacity:.6}</style></head><body><h1>Telegram on this machine</h1>
<p>What the bot sent to the owner, newest first.</p><ul>${lines || "<li>Nothing yet.</li>"}</ul></body></html>`;
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    },
    bytes: new TextEncoder().encode(html),
  };
}
