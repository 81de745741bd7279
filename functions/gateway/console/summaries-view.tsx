/** What sessions, days and weeks with the planner came to, each with the facts that it states. */
import { OwnFile } from "./data-view.tsx";
import { DayPage, ThingLink } from "./day-parts.tsx";
import type { Seat } from "./seat.ts";
import type { Listed, SummaryRow } from "./shapes.ts";
import { Time } from "./signs.tsx";
import { dateTime, sentence } from "./words.ts";

type View = { seat: Seat; type: string | undefined; summaries: Listed<SummaryRow> };

const kinds = { weekly: "Weeks", daily: "Days", session: "Sessions" } as const;
const named = { weekly: "Week", daily: "Day", session: "Session" } as const;

type Fact = SummaryRow["facts"][number];

const FactLine = ({ fact }: { fact: Fact }) => (
  <li>
    {sentence(fact.kind)}:{" "}
    {fact.ref_type === "task" || fact.ref_type === "goal" || fact.ref_type === "problem" ? (
      <ThingLink thing={{ id: fact.ref_id, entity_type: fact.ref_type, title: fact.title }} />
    ) : (
      <a class="link" href={fact.ref_type === "link" ? "/console/links" : "/console/captures"}>
        {fact.title}
      </a>
    )}
  </li>
);

const Summary = ({ row, seat }: { row: SummaryRow; seat: Seat }) => (
  <article class="capture">
    <h2>
      {named[row.type]} {row.type === "session" ? dateTime(row.starts_at, seat.here) : row.period}
    </h2>
    <p>{row.text}</p>
    <p class="facts-line small soft">
      <Time at={row.ends_at} here={seat.here}>
        until {dateTime(row.ends_at, seat.here)}
      </Time>
      <span>{row.author === "model" ? "worded by a model" : "worded by rules"}</span>
    </p>
    {row.facts.length > 0 ? (
      <details>
        <summary class="small">What it rests on</summary>
        <ul class="small">
          {row.facts.map((fact) => (
            <FactLine fact={fact} />
          ))}
        </ul>
      </details>
    ) : null}
  </article>
);

export const SummariesPage = ({ view: { seat, type, summaries } }: { view: View }) => (
  <DayPage shown={{ seat, tab: "summaries", title: "Summaries", lead: "What your talks with the planner came to." }}>
    <nav class="tries" aria-label="Which">
      <a href="/console/summaries">All</a>
      {Object.entries(kinds).map(([kind, word]) => (
        <a href={`/console/summaries?type=${kind}`} {...(kind === type ? { "aria-current": "page" } : {})}>
          {word}
        </a>
      ))}
    </nav>
    {summaries.data.length === 0 ? (
      <p class="soft">
        None yet: a talk is summed up half an hour after its last word, a day and a week when they are over.
      </p>
    ) : null}
    {summaries.data.map((row) => (
      <Summary row={row} seat={seat} />
    ))}
    {summaries.more ? (
      <a class="more" href={summaries.more}>
        Earlier
      </a>
    ) : null}
    <section class="closer">
      <h2>Yours alone</h2>
      <p class="soft">All that your planner holds, in one file of lines that a program can read.</p>
      <OwnFile seat={seat} />
    </section>
  </DayPage>
);
