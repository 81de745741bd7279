/** The page around every page: head, bar with its places, who is signed in, what memory is doing. */
import type { Context } from "hono";
import { html } from "hono/html";
import type { Child } from "hono/jsx";
import type { Ctx } from "#brain/kernel/ctx.ts";
import type { App } from "../runtime.ts";
import { assets } from "./assets.ts";
import { noteOf } from "./flash.ts";
import { keyList } from "./script.ts";
import { Mark, type Shape, Sign, State } from "./signs.tsx";
import { counted, type Here, initials, number } from "./words.ts";

/** How many passages are in which state; null where the person may not know. */
export type MemoryCounts = { ready: number; pending: number; processing: number; failed: number } | null;

/** Who is looking, from where, and what the bar says. */
export type Seat = {
  here: Here;
  username: string;
  csrf: string;
  project: { id: string; name: string };
  projects: { id: string; name: string }[];
  memory: MemoryCounts;
};

/** After the page's one request: enter() has told who this is. */
export function seatOf(ctx: Ctx, memory: MemoryCounts): Seat {
  const { who } = ctx;
  if (!who?.project) throw new Error("nobody has entered a project");
  const own = who.projects.find((project) => project.id === who.project);
  return {
    here: { now: ctx.clock.now(), timezone: own?.timezone ?? "UTC" },
    username: who.username ?? "",
    csrf: who.csrf ?? "",
    project: { id: who.project, name: own?.name ?? "Project" },
    projects: who.projects.map(({ id, name }) => ({ id, name })),
    memory,
  };
}

export type Place = "conversations" | "ask" | "memory" | "ledger";

const places: readonly { key: Place; path: string; name: string; shape: Shape }[] = [
  { key: "conversations", path: "/console", name: "Conversations", shape: "talk" },
  { key: "ask", path: "/console/ask", name: "Ask", shape: "ask" },
  { key: "memory", path: "/console/memory", name: "Memory", shape: "memory" },
  { key: "ledger", path: "/console/ledger", name: "Ledger", shape: "ledger" },
];

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

type Sheet = { title: string; body: Child; status?: number; refreshSeconds?: number };

/** A whole document as an answer, with the headers that keep it ours. */
export async function answerPage(c: Context<App>, sheet: Sheet): Promise<Response> {
  const { style, script, icon } = await assets();
  c.header("content-security-policy", policy);
  // With `no-referrer` a browser sends `Origin: null` with our own forms (Fetch, "append a request Origin header").
  c.header("referrer-policy", "same-origin");
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${sheet.title} · Omneuro`}</title>
        <link rel="icon" type="image/svg+xml" href={icon} />
        <link rel="stylesheet" href={style} />
        <script src={script} defer />
        {sheet.refreshSeconds ? (
          <noscript>
            <meta http-equiv="refresh" content={String(sheet.refreshSeconds)} />
          </noscript>
        ) : null}
      </head>
      <body>{sheet.body}</body>
    </html>
  );
  return c.html(html`<!doctype html>${page}`, (sheet.status ?? 200) as 200);
}

/** What memory is doing, in a word; while messages stream in it counts along. */
export const MemoryState = ({ memory }: { memory: MemoryCounts }) => {
  if (!memory) return null;
  const { ready, pending, processing, failed } = memory;
  const all = ready + pending + processing + failed;
  const waiting = pending + processing;
  return (
    <a class="memory" href="/console/memory" data-part="memory">
      {waiting > 0 ? (
        <State tone="busy" shape="half">
          {number(ready)} of {number(all)}
          <span class="more"> remembered</span>
        </State>
      ) : failed > 0 ? (
        <State tone="bad" shape="warning">
          {number(failed)} failed
        </State>
      ) : (
        <State tone={all === 0 ? "plain" : "good"} shape={all === 0 ? "ring" : "done"}>
          {all === 0 ? "Nothing yet" : number(all)}
          {all === 0 ? null : <span class="more"> remembered</span>}
        </State>
      )}
    </a>
  );
};

const ProjectName = ({ seat }: { seat: Seat }) =>
  seat.projects.length < 2 ? (
    <a class="home" href="/console">
      <Mark />
      <span class="clip">{seat.project.name}</span>
    </a>
  ) : (
    <details class="menu start">
      <summary class="home">
        <Mark />
        <span class="clip">{seat.project.name}</span>
        <Sign shape="down" />
      </summary>
      <div>
        <p class="small faint">Work in another project</p>
        <form method="post" action="/console/project">
          <input type="hidden" name="csrf" value={seat.csrf} />
          {seat.projects
            .filter((project) => project.id !== seat.project.id)
            .map((project) => (
              <button type="submit" name="project" value={project.id}>
                {project.name}
              </button>
            ))}
        </form>
      </div>
    </details>
  );

const Person = ({ seat }: { seat: Seat }) => (
  <details class="menu">
    <summary>
      <span class="face">{initials(seat.username)}</span>
      <span class="unseen">Signed in as {seat.username}: open the menu</span>
    </summary>
    <div>
      <p class="small faint">Signed in as</p>
      <p class="strong">{seat.username}</p>
      <a class="entry" href="/docs">
        API documentation
      </a>
      <a class="entry" href="/docs" data-keys>
        Keyboard shortcuts
      </a>
      <form method="post" action="/console/logout">
        <input type="hidden" name="csrf" value={seat.csrf} />
        <button type="submit">Sign out</button>
      </form>
    </div>
  </details>
);

const QuickAsk = ({ seat }: { seat: Seat }) => (
  <form class="quick" method="post" action="/console/ask">
    <input type="hidden" name="csrf" value={seat.csrf} />
    <input type="hidden" name="audience" value="staff" />
    <input
      name="question"
      placeholder="Ask what was said"
      aria-label="Ask what was said"
      maxlength={1000}
      autocomplete="off"
      required
      data-ask
    />
    <kbd aria-hidden="true">/</kbd>
  </form>
);

const Keys = () => (
  <dialog class="keys" id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">Keyboard</h2>
    <dl>
      {keyList.map(({ keys, does }) => (
        <>
          <dt>
            {keys.map((key) => (
              <kbd>{key}</kbd>
            ))}
          </dt>
          <dd>{does}</dd>
        </>
      ))}
    </dl>
    <form method="dialog">
      <button class="button" type="submit">
        Close
      </button>
    </form>
  </dialog>
);

type Framed = { seat: Seat; place: Place; title: string; body: Child; live?: string };

/** A page of the console for somebody who is signed in. `live` is where its parts can be asked for again. */
export async function answerFramed(c: Context<App>, framed: Framed): Promise<Response> {
  const { seat, place, title, body, live } = framed;
  const note = await noteOf(c);
  const frame = (
    <div class="frame" {...(live ? { "data-live": live } : {})}>
      <header class="bar">
        <ProjectName seat={seat} />
        <nav class="places" aria-label="Places">
          {places.map(({ key, path, name, shape }) => (
            <a href={path} {...(key === place ? { "aria-current": "page" } : {})}>
              <Sign shape={shape} size={20} />
              {name}
            </a>
          ))}
        </nav>
        {place === "ask" ? <span class="quick" /> : <QuickAsk seat={seat} />}
        <MemoryState memory={seat.memory} />
        <Person seat={seat} />
      </header>
      {body}
      {note ? (
        <p class="notice good flash" role="status">
          <Sign shape="done" />
          {note}
        </p>
      ) : null}
      <Keys />
    </div>
  );
  return answerPage(c, { title, body: frame, ...(live ? { refreshSeconds: 20 } : {}) });
}

export const passages = (count: number): string => counted(count, "passage");
