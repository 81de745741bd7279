/** What the firm knows, by state: what waits for a decision first. */
import { Audience } from "./documents-view.tsx";
import { entryPath, entryStates, knowledgeHome, originWords, typeWords } from "./knowledge-words.ts";
import type { Seat } from "./seat.ts";
import type { EntryCounts, EntryLine, Listed } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { number, shortTime } from "./words.ts";

export type KnowledgeView = {
  seat: Seat;
  status: EntryLine["status"] | undefined;
  entries: Listed<EntryLine>;
  counts: EntryCounts;
};

const tabs = [
  { key: "review", name: "Under review" },
  { key: "draft", name: "Drafts" },
  { key: "live", name: "Live" },
  { key: "deprecated", name: "Out of use" },
] as const;

export const EntryState = ({ status }: { status: EntryLine["status"] }) => {
  const { tone, shape, word } = entryStates[status];
  return (
    <State tone={tone} shape={shape}>
      {word}
    </State>
  );
};

export const KnowledgeTabs = ({ current, counts }: { current: string | undefined; counts?: EntryCounts }) => (
  <nav class="tabs many" aria-label="Knowledge">
    <a href={knowledgeHome} {...(current === undefined ? { "aria-current": "page" } : {})}>
      All
    </a>
    {tabs.map(({ key, name }) => (
      <a href={`${knowledgeHome}?status=${key}`} {...(current === key ? { "aria-current": "page" } : {})}>
        {name}
        {counts && counts[key] > 0 ? ` ${number(counts[key])}` : ""}
      </a>
    ))}
    <a href="/console/canaries" {...(current === "canaries" ? { "aria-current": "page" } : {})}>
      Canary questions
    </a>
  </nav>
);

const Line = ({ row, seat }: { row: EntryLine; seat: Seat }) => (
  <tr class="row">
    <td>
      <a class="link" href={entryPath(row.id)} data-item>
        {row.title}
      </a>
      <p class="small soft">
        {typeWords[row.type]}
        {row.origin === "people" ? "" : `, ${originWords[row.origin].toLowerCase()}`}
        {row.returned_reason && row.status === "draft" ? ", sent back" : ""}
      </p>
    </td>
    <td>
      <EntryState status={row.status} />
    </td>
    <td>
      <Audience visibility={row.visibility === "client" ? "public" : "internal"} />
    </td>
    <td class="late brief">
      <Time at={row.updated_at} here={seat.here}>
        {shortTime(row.updated_at, seat.here)}
      </Time>
    </td>
  </tr>
);

const nothing: Record<string, string> = {
  review: "Nothing waits for a decision.",
  draft: "There is no draft.",
  live: "Nothing is live yet: nobody is answered from knowledge.",
  deprecated: "Nothing was taken out of use.",
};

export const KnowledgePage = ({ view }: { view: KnowledgeView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Knowledge</h1>
        <p>What the firm knows. Only what is live answers anybody.</p>
      </div>
      {view.seat.permissions.includes("knowledge:write") ? (
        <a class="button" href={`${knowledgeHome}/new`}>
          Write an entry
        </a>
      ) : null}
    </header>
    <KnowledgeTabs current={view.status} counts={view.counts} />
    {view.entries.data.length > 0 ? (
      <table class="table">
        <thead>
          <tr>
            {["Entry", "State", "Who is answered from it", "Changed"].map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.entries.data.map((row) => (
            <Line row={row} seat={view.seat} />
          ))}
        </tbody>
      </table>
    ) : (
      <p class="soft">{nothing[view.status ?? ""] ?? "Nobody has written anything down yet."}</p>
    )}
    {view.entries.more ? (
      <a class="more" href={view.entries.more}>
        More entries
      </a>
    ) : null}
  </main>
);
