/** The page around every page of somebody who is signed in. */
import type { Context } from "hono";
import type { Child } from "hono/jsx";
import type { App } from "../runtime.ts";
import { MemoryState, Person, ProjectName, QuickAsk } from "./bar.tsx";
import { answerPage } from "./document.tsx";
import { noteOf } from "./flash.ts";
import { keyList } from "./script.ts";
import type { Seat } from "./seat.ts";
import { type Shape, Sign } from "./signs.tsx";

export type Place =
  | "today"
  | "conversations"
  | "ask"
  | "memory"
  | "documents"
  | "ledger"
  | "outbox"
  | "people"
  | "jobs"
  | "board"
  | "access"
  | "members"
  | "schedules";

const places: readonly { key: Place; path: string; name: string; shape: Shape }[] = [
  { key: "today", path: "/console/today", name: "My day", shape: "done" },
  { key: "conversations", path: "/console", name: "Conversations", shape: "talk" },
  { key: "jobs", path: "/console/jobs", name: "Jobs", shape: "work" },
  { key: "board", path: "/console/board", name: "Board", shape: "clock" },
  { key: "outbox", path: "/console/outbox", name: "Outbox", shape: "send" },
  { key: "people", path: "/console/people", name: "People", shape: "people" },
  { key: "ask", path: "/console/ask", name: "Ask", shape: "ask" },
  { key: "memory", path: "/console/memory", name: "Memory", shape: "memory" },
  { key: "documents", path: "/console/documents", name: "Documents", shape: "file" },
  { key: "ledger", path: "/console/ledger", name: "Ledger", shape: "ledger" },
];

const needed: Partial<Record<Place, string>> = {
  today: "assistant:use",
  outbox: "outbound:read",
  people: "people:read",
};

const placesOf = (seat: Seat) =>
  places.filter(({ key }) => !Object.hasOwn(needed, key) || seat.permissions.includes(needed[key] ?? ""));

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

type Framed = { seat: Seat; place: Place; title: string; body: Child; live?: string; status?: number };

/** A page of the console for somebody who is signed in. `live` is where its parts can be asked for again. */
export async function answerFramed(c: Context<App>, framed: Framed): Promise<Response> {
  const { seat, place, title, body, live, status } = framed;
  const note = await noteOf(c);
  const frame = (
    <div class="frame" {...(live ? { "data-live": live } : {})}>
      <header class="bar">
        <ProjectName seat={seat} />
        <nav class="places" aria-label="Places">
          {placesOf(seat).map(({ key, path, name, shape }) => (
            <a href={path} {...(key === place ? { "aria-current": "page" } : {})}>
              <Sign shape={shape} size={20} />
              {name}
            </a>
          ))}
        </nav>
        {place === "ask" ? <span class="quick" /> : <QuickAsk seat={seat} />}
        {seat.memory ? <MemoryState memory={seat.memory} /> : null}
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
  return answerPage(c, { title, body: frame, ...(live ? { refreshSeconds: 30 } : {}), ...(status ? { status } : {}) });
}
