/** What the planner's pages share: their tabs, the box one speaks into, a thing as a link, what came of something said. */
import type { Child } from "hono/jsx";
import { examples, kindWords, outcomeOf, questionWords, thingPath, thingStates } from "./day-words.ts";
import { Complaints } from "./mend.tsx";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { CaptureRow, ThingKind } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { ago, counted } from "./words.ts";

const tabs = ["today", "goals", "problems", "captures", "links", "review", "summaries"] as const;
export type DayTab = (typeof tabs)[number];

export type DayShown = { seat: Seat; tab: DayTab; title: string; lead: Child };

/** A page of the planner. */
export const DayPage = ({ shown, children }: { shown: DayShown; children?: Child }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <nav class="tabs" aria-label="My day">
          {tabs.map((tab) => (
            <a href={`/console/${tab}`} {...(tab === shown.tab ? { "aria-current": "page" } : {})}>
              {tab === "today" ? "Today" : `${tab.charAt(0).toUpperCase()}${tab.slice(1)}`}
            </a>
          ))}
        </nav>
        <h1>{shown.title}</h1>
        <p>{shown.lead}</p>
      </div>
    </header>
    {children}
  </main>
);

export type Spoken = { text: string; said: string[] };

/** `again`: what was typed, and why it was refused. */
export const SayBox = ({ seat, again }: { seat: Seat; again?: Spoken | undefined }) => (
  <form class="ask" method="post" action="/console/today">
    <Proof seat={seat} />
    <Complaints said={again?.said} />
    <textarea
      name="text"
      aria-label="Say it once"
      placeholder="Say it once: what is to be done, by when, for what"
      maxlength={4000}
      rows={2}
      required
    >
      {again?.text ?? ""}
    </textarea>
    <div class="below">
      <span class="small soft">English or Danish, several at once if you like.</span>
      <button class="button chief" type="submit">
        Write it down
      </button>
    </div>
  </form>
);

/** Each is said by pressing it. */
export const Examples = ({ seat }: { seat: Seat }) => (
  <form class="actions" method="post" action="/console/today">
    <Proof seat={seat} />
    {examples.map((text) => (
      <button class="button slight" type="submit" name="text" value={text}>
        “{text}”
      </button>
    ))}
  </form>
);

export const ThingState = ({ status }: { status: string }) => {
  const { tone, shape, word } = thingStates[status] ?? { tone: "plain", shape: "ring", word: status };
  return (
    <State tone={tone} shape={shape}>
      {word}
    </State>
  );
};

export const ThingLink = ({ thing }: { thing: { id: string; entity_type: ThingKind; title: string } }) => (
  <a class="link" href={thingPath(thing.entity_type, thing.id)}>
    {thing.title}
  </a>
);

type Asked = CaptureRow["asked"][number];

/** A question, with its choices as buttons where a number answers it. */
export const Question = ({ asked, seat }: { asked: Asked; seat: Seat }) => (
  <form class="question" method="post" action="/console/today">
    <p>{questionWords(asked)}</p>
    {asked.kind === "ambiguous" && asked.state === "open" ? (
      <p class="actions">
        <Proof seat={seat} />
        <input type="hidden" name="question" value={asked.id} />
        {asked.choices.map(({ number, entity_type, title }) => (
          <button class="button slight" type="submit" name="text" value={String(number)}>
            {number}. {title} <span class="faint">{kindWords[entity_type]}</span>
          </button>
        ))}
      </p>
    ) : asked.state === "open" ? null : (
      <p class="small faint">{asked.state === "answered" ? "Answered" : "Not answered within its day: say it again"}</p>
    )}
  </form>
);

const Undo = ({ said, seat }: { said: CaptureRow; seat: Seat }) => (
  <form method="post" action={`/console/captures/${encodeURIComponent(said.id)}/undo`}>
    <Proof seat={seat} />
    <button class="button slight" type="submit">
      Undo
    </button>
  </form>
);

/** What was said, what came of it, what is asked back, and the way back. */
export const Capture = ({ said, seat }: { said: CaptureRow; seat: Seat }) => {
  const { tone, shape, word } = outcomeOf(said);
  const items = [...new Map(said.items.map((item) => [item.entity_id, item])).values()];
  const links = said.changes - said.items.length;
  return (
    <article class="capture">
      <header>
        <blockquote class="kept-lines">{said.text}</blockquote>
        {said.changes > 0 && !said.undone_at ? <Undo said={said} seat={seat} /> : null}
      </header>
      <p class="facts-line small soft">
        <State tone={tone} shape={shape}>
          {word}
        </State>
        <Time at={said.created_at} here={seat.here}>
          {ago(said.created_at, seat.here)}
        </Time>
        {said.source === "console" ? null : <span>{said.source}</span>}
        {links > 0 ? <span>{counted(links, "link")} made</span> : null}
      </p>
      {items.length > 0 ? (
        <ul class="small">
          {items.map((item) => (
            <li>
              {item.op === "created" ? "New" : "Changed"} {kindWords[item.entity_type].toLowerCase()}:{" "}
              <ThingLink thing={{ ...item, id: item.entity_id }} />
            </li>
          ))}
        </ul>
      ) : null}
      {said.asked.map((asked) => (
        <Question asked={asked} seat={seat} />
      ))}
    </article>
  );
};
