/** The ledger's tail: what happened, who did it, to what, in which request. */
import type { Seat } from "./seat.ts";
import type { LedgerLine, Listed } from "./shapes.ts";
import { conversationPath, numberIn, turnPath } from "./shapes.ts";
import { Time } from "./signs.tsx";
import { ago, dateTime, sentence } from "./words.ts";

export type LedgerView = {
  seat: Seat;
  lines: Listed<LedgerLine>;
  kind: string | undefined;
  request: string | undefined;
};

/** `user:…` and `key:…` in the words of the house; the id stays where one points at it. */
export function actorName(actor: string): string {
  const [door = "", id = ""] = actor.split(/:(.*)/);
  const names: Record<string, string> = { user: "Person", key: "API key", source: "Webhook" };
  if (door === "system") return sentence(id.replaceAll(".", " "));
  return names[door] ?? sentence(door);
}

const Reference = ({ line }: { line: LedgerLine }) => {
  const { ref, payload } = line;
  if (!ref) return <span class="faint">–</span>;
  const short = ref.id.includes(":") ? numberIn(ref.id) : `…${ref.id.slice(-8)}`;
  const name = `${sentence(ref.type)} ${short}`;
  const conversation = payload["conversation"];
  const path =
    ref.type === "message" && typeof conversation === "string"
      ? turnPath(conversation, ref.id)
      : ref.type === "conversation"
        ? conversationPath(numberIn(ref.id))
        : ref.type === "answer"
          ? `/console/ask/${encodeURIComponent(ref.id)}`
          : undefined;
  return path ? (
    <a class="link" href={path} data-item>
      {name}
    </a>
  ) : (
    <span title={ref.id}>{name}</span>
  );
};

const Line = ({ line, seat }: { line: LedgerLine; seat: Seat }) => (
  <tr class="row" id={`line-${line.id}`}>
    <td class="late brief">
      <Time at={line.ts} here={seat.here}>
        {dateTime(line.ts, seat.here)}
      </Time>
    </td>
    <td>
      <a class="mono" href={`/console/ledger?kind=${encodeURIComponent(line.kind)}`}>
        {line.kind}
      </a>
    </td>
    <td>
      <span title={line.actor}>{actorName(line.actor)}</span>
    </td>
    <td class="beside">
      <Reference line={line} />
    </td>
    <td>
      <a
        class="mono faint"
        href={`/console/ledger?request=${encodeURIComponent(line.request_id)}`}
        title={`Everything of request ${line.request_id}`}
      >
        …{line.request_id.slice(-8)}
      </a>
    </td>
  </tr>
);

/** Asked for again while one looks at it. */
export const LedgerLines = ({ view }: { view: LedgerView }) => (
  <table class="table">
    <thead>
      <tr>
        <th scope="col">When</th>
        <th scope="col">What</th>
        <th scope="col">Who</th>
        <th scope="col">Of</th>
        <th scope="col">Request</th>
      </tr>
    </thead>
    <tbody data-part="lines" data-pieces>
      {view.lines.data.map((line) => (
        <Line line={line} seat={view.seat} />
      ))}
    </tbody>
  </table>
);

const Filter = ({ view }: { view: LedgerView }) => {
  const kinds = [...new Set([...view.lines.data.map((line) => line.kind), ...(view.kind ? [view.kind] : [])])].sort();
  return (
    <form class="filter" method="get" action="/console/ledger">
      {view.request ? <input type="hidden" name="request" value={view.request} /> : null}
      <label class="field">
        <span class="label">Kind</span>
        <select name="kind" data-submit>
          <option value="">Everything</option>
          {kinds.map((kind) => (
            <option value={kind} selected={kind === view.kind}>
              {kind}
            </option>
          ))}
        </select>
      </label>
      <button class="button unscripted" type="submit">
        Show
      </button>
      {view.kind || view.request ? (
        <a class="button" href="/console/ledger">
          Clear
        </a>
      ) : null}
    </form>
  );
};

const Empty = ({ view }: { view: LedgerView }) => (
  <div class="empty">
    <h2>{view.kind || view.request ? "No line fits this filter" : "Nothing has happened yet"}</h2>
    <p>
      {view.kind || view.request
        ? "Clear it to see the whole ledger."
        : "The ledger gets a line for every message heard, every answer given and every change made. It says what happened, never what was said."}
    </p>
  </div>
);

export const LedgerPage = ({ view }: { view: LedgerView }) => {
  const [newest] = view.lines.data;
  return (
    <main class="page">
      <header class="page-head">
        <div>
          <h1>Ledger</h1>
          <p>
            {view.request ? `Request ${view.request}` : "What happened, newest first"}
            {newest ? `; the latest ${ago(newest.ts, view.seat.here)}` : ""}
          </p>
        </div>
        <Filter view={view} />
      </header>
      {view.lines.data.length === 0 ? <Empty view={view} /> : <LedgerLines view={view} />}
      {view.lines.more ? (
        <a class="more" href={view.lines.more}>
          Older lines
        </a>
      ) : null}
    </main>
  );
};
