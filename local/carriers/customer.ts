/** A customer with a telephone, on the laptop: what is typed here reaches the Worker as an SMS that Twilio received, signed as Twilio signs it. */
import type { Answer, Asked } from "../loopback.ts";
import { type Desk, newId, textIn } from "./desk.ts";
import { twilioSignature } from "./reports.ts";

/** The project's number, and the address where Twilio tells of messages to it. */
export type Line = { number: string; hook: string };

type Said = { from: string; text: string; at: number; became: string };

const PHONE = /^\+[1-9]\d{6,14}$/;
const LONGEST = 1600;
const FIRST = "+4520304050";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}
ul{list-style:none;padding:0}li{border:1px solid #8884;border-radius:12px;padding:.75rem 1rem;margin:.75rem 0}li.own{margin-left:3rem}
p{margin:0}.soft{font-size:.8rem;opacity:.7}.text{white-space:pre-wrap}form{display:grid;gap:.75rem;margin:1.5rem 0}
label{display:grid;gap:.25rem}input,textarea,button{font:inherit;padding:.4rem .75rem;border:1px solid #8888;border-radius:8px}
button{justify-self:start;cursor:pointer}[role=alert]{border-left:3px solid #c33;padding-left:.75rem}`;

function page(body: string, status = 200): Answer {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A customer's telephone</title><style>${STYLE}</style></head><body>${body}</body></html>`;
  return {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    },
    bytes: new TextEncoder().encode(html),
  };
}

type Shown = { from: string; text?: string; wrong?: string };

export function customerDesk(desk: Desk) {
  const said: Said[] = [];
  let line: Line | undefined;

  /** Both sides of the talk with one number, newest first. */
  function talk(from: string): string {
    const own = said
      .filter((one) => one.from === from)
      .map(({ text, at, became }) => ({ own: true, text, at, about: became }));
    const ours = desk.taken
      .filter(({ provider, to }) => provider === "twilio" && to === from)
      .map(({ text, at, status }) => ({ own: false, text, at, about: `from ${line?.number}, ${status}` }));
    return [...own, ...ours]
      .sort((a, b) => b.at - a.at)
      .map(
        (one) => `<li${one.own ? ' class="own"' : ""}><p class="text">${escaped(one.text)}</p>
<p class="soft">${new Date(one.at).toISOString().slice(11, 19)} · ${escaped(one.about)}</p></li>`,
      )
      .join("");
  }

  function show({ from, text = "", wrong }: Shown): Answer {
    if (!line)
      return page(
        "<h1>A customer’s telephone</h1><p>This project has no number that SMS can be written to yet.</p>",
        404,
      );
    const again = `/customer?from=${encodeURIComponent(from)}`;
    const body = `<h1>A customer’s telephone</h1><p>An SMS to ${escaped(line.number)}, as if Twilio had received it. Try STOP.</p>
${wrong ? `<p role="alert">${escaped(wrong)}</p>` : ""}<form method="post" action="/customer">
<label>From <input name="from" value="${escaped(from)}" required pattern="\\+[1-9][0-9]{6,14}" autocomplete="off"></label>
<label>Text <textarea name="text" rows="3" maxlength="${LONGEST}" required autofocus>${escaped(text)}</textarea></label>
<button>Send the SMS</button></form><p><a href="${again}">Look again</a> · <a href="/">All that left the house</a></p><ul>${talk(from)}</ul>`;
    return page(body, wrong ? 400 : 200);
  }

  async function tell(to: Line, { from, text }: { from: string; text: string }): Promise<number> {
    const { account, token } = desk.accounts.twilio;
    const id = `SM${newId(16)}`;
    const form: Record<string, string> = {
      MessageSid: id,
      SmsSid: id,
      SmsMessageSid: id,
      AccountSid: account,
      From: from,
      To: to.number,
      Body: text,
      NumMedia: "0",
      NumSegments: "1",
      ApiVersion: "2010-04-01",
    };
    const answer = await fetch(to.hook, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "x-twilio-signature": twilioSignature(token, { url: to.hook, form }),
      },
      body: new URLSearchParams(form).toString(),
    }).catch(() => undefined);
    await answer?.arrayBuffer();
    return answer?.status ?? 0;
  }

  async function write({ headers, body }: Asked): Promise<Answer> {
    // Another site's page shall not write in a customer's name, not even here.
    if (headers["origin"] !== undefined && headers["origin"] !== `http://${headers["host"]}`)
      return { status: 403, json: { error: "This form is sent from its own page." } };
    const form = new URLSearchParams(textIn(body));
    const from = (form.get("from") ?? "").replaceAll(/[\s().-]/g, "");
    const text = (form.get("text") ?? "").replaceAll("\r\n", "\n");
    if (!line) return show({ from });
    if (!PHONE.test(from)) return show({ from, text, wrong: "A number begins with + and its country: +4520304050." });
    if (text.trim() === "") return show({ from, text, wrong: "An SMS says something." });
    const status = await tell(line, { from, text: text.slice(0, LONGEST) });
    const became = status === 200 ? "arrived" : status === 0 ? "nobody answered" : `refused with ${status}`;
    said.push({ from, text, at: desk.now().getTime(), became });
    return { status: 303, headers: { location: `/customer?from=${encodeURIComponent(from)}` } };
  }

  return {
    /** From now on there is a number to write to. */
    open: (to: Line) => {
      line = to;
    },
    isOpen: () => line !== undefined,
    answer: (asked: Asked, url: URL): Answer | Promise<Answer> =>
      asked.method === "POST" ? write(asked) : show({ from: url.searchParams.get("from") ?? FIRST }),
  };
}
