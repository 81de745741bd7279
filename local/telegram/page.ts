/** The telephone as a page: bubbles, buttons, and below them the place to write. Here a newcomer talks to his planner, and reads PINs. */
import type { Answer } from "../loopback.ts";
import type { Line, Talk } from "./talk.ts";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const STYLE = `*{box-sizing:border-box}body{font:15px/1.4 system-ui,sans-serif;margin:0;background:#cfd9de;color:#111}
main{max-width:27rem;height:100dvh;margin:0 auto;display:grid;grid-template-rows:auto 1fr auto;background:#e6ebee;box-shadow:0 0 2rem #0003}
header{background:#3b7ba8;color:#fff;padding:.6rem 1rem}header h1{font-size:1.05rem;margin:0}header p{margin:0;font-size:.8rem;opacity:.85}
#talk{list-style:none;margin:0;padding:.75rem;overflow-y:auto}
#talk>li{margin:0 auto .6rem 0;max-width:88%;width:fit-content}#talk>li.own{margin-right:0;margin-left:auto}
.bubble{background:#fff;border-radius:14px 14px 14px 4px;padding:.45rem .75rem;white-space:pre-wrap;overflow-wrap:anywhere;margin:0}
.own .bubble{background:#dff3c8;border-radius:14px 14px 4px 14px}
.soft{display:flex;gap:.6rem;align-items:center;justify-content:flex-end;font-size:.72rem;color:#4d5a61;margin:.15rem .3rem 0}
.soft form{margin:0}.soft a,.soft button{font:inherit;color:#1c5d88;background:none;border:0;padding:0;text-decoration:underline;cursor:pointer}
.keys{display:grid;gap:.25rem;margin:.25rem 0 0}.keys form{margin:0}
.keys button{width:100%;font:inherit;background:#3b7ba8;color:#fff;border:0;border-radius:8px;padding:.4rem .75rem;cursor:pointer}
.toast{text-align:center;font-size:.8rem;color:#333}
footer{background:#f6f8f9;padding:.6rem;display:grid;gap:.4rem}footer form{display:flex;gap:.4rem;margin:0}
textarea{flex:1;font:inherit;border:1px solid #8a98a0;border-radius:12px;padding:.45rem .6rem;resize:none}
footer button{font:inherit;border:0;border-radius:12px;padding:.45rem .9rem;background:#3b7ba8;color:#fff;cursor:pointer}
footer .second{background:none;color:#1c5d88;padding:0;text-decoration:underline;font-size:.85rem}
footer p{margin:0;font-size:.78rem;color:#4d5a61}:focus-visible{outline:3px solid #e08a00;outline-offset:1px}`;

const time = ({ date }: Line): string => new Date(date * 1000).toISOString().slice(11, 16);

const hidden = (name: string, value: string | number) =>
  `<input type="hidden" name="${name}" value="${escaped(String(value))}">`;

const keys = ({ id, buttons }: Line): string =>
  buttons.length === 0
    ? ""
    : `<div class="keys">${buttons
        .flat()
        .map(
          ({ text, callback_data }) =>
            `<form method="post" action="/press">${hidden("id", id)}${hidden("data", callback_data)}<button>${escaped(text)}</button></form>`,
        )
        .join("")}</div>`;

const ownActs = ({ id, became, spoken }: Line): string =>
  `<span>${escaped(became ?? "")}</span>${spoken ? "" : `<a href="/?edit=${id}">edit</a>`}<form method="post" action="/again">${hidden("id", id)}<button>send twice</button></form>`;

const bubble = (line: Line): string =>
  `<li${line.own ? ' class="own"' : ""}><p class="bubble">${escaped(line.text)}</p>${keys(line)}
<div class="soft">${line.own ? ownActs(line) : ""}<time>${time(line)}${line.edited ? " edited" : ""}</time></div></li>`;

function bubbles({ lines, toast }: Talk, person: string): string {
  const own = lines.filter(({ chat }) => chat === person).map(bubble);
  const others = lines.filter(({ chat }) => chat !== person).map(bubble);
  const first = `<li><p class="bubble">Write what is on your mind, as you would on a list.</p></li>`;
  return `${[...others, ...own].join("") || first}${toast ? `<li class="toast">${escaped(toast)}</li>` : ""}`;
}

const answer = (html: string): Answer => ({
  status: 200,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy":
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; form-action 'self'",
  },
  bytes: new TextEncoder().encode(html),
});

/** Only what is said, for the script that looks again. */
export const talkList = (talk: Talk, person: string): Answer => answer(bubbles(talk, person));

export function phonePage(talk: Talk, { person, edited }: { person: string; edited?: Line }): Answer {
  const composer = edited
    ? `<form method="post" action="/edit">${hidden("id", edited.id)}<textarea name="text" rows="2" aria-label="Your message in other words" required autofocus>${escaped(edited.text)}</textarea><button>Save</button></form>
<p>You are editing a message. <a href="/">Leave it</a></p>`
    : `<form method="post" action="/say"><textarea name="text" rows="2" aria-label="Message" placeholder="Message" required autofocus></textarea><button>Send</button></form>
<form method="post" action="/voice"><button class="second">Send a voice note</button></form>
<p>Try: Call the plumber on Friday; urgent · What is due? · Done with the first one · /help</p>`;
  return answer(`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Telegram on this machine</title><style>${STYLE}</style><script type="module" src="/phone.js"></script></head>
<body><main><header><h1>Omneuro</h1><p>Telegram on this machine: your planner, and PINs of people who sign up</p></header>
<ul id="talk" aria-live="polite">${bubbles(talk, person)}</ul><footer>${composer}</footer></main></body></html>`);
}
