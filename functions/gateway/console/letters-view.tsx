/** Dead letters as a list: what died, why and how often; beside them work that never left, and passages that failed. */
import type { Seat } from "./seat.ts";
import type { LetterLine, Listed, MemoryStatus, RunRow, StuckRow } from "./shapes.ts";
import { type Shape, Sign, State, Time, type Tone } from "./signs.tsx";
import { counted, sentence, shortTime } from "./words.ts";

export type LettersView = {
  seat: Seat;
  letters: Listed<LetterLine>;
  stuck: StuckRow[];
  poisoned: RunRow[];
  memory: MemoryStatus | null;
  state: string;
  mayAct: boolean;
};

const states: Record<string, { tone: Tone; shape: Shape; word: string }> = {
  open: { tone: "bad", shape: "warning", word: "Open" },
  retried: { tone: "busy", shape: "half", word: "On its way again" },
  resolved: { tone: "good", shape: "done", word: "Resolved" },
  discarded: { tone: "plain", shape: "ring", word: "Discarded" },
};

export const LetterState = ({ state }: { state: string }) => {
  const { tone, shape, word } = states[state] ?? { tone: "plain", shape: "ring", word: state };
  return (
    <State tone={tone} shape={shape}>
      {word}
    </State>
  );
};

export const letterPath = (id: string): string => `/console/letters/${encodeURIComponent(id)}`;

const Row = ({ row, seat }: { row: LetterLine; seat: Seat }) => (
  <tr class="row">
    <td>
      <a class="link mono" href={letterPath(row.id)} data-item>
        {row.job}
      </a>
    </td>
    <td class="whole">
      {sentence(row.reason)}
      {row.http_status > 0 ? <span class="faint"> {row.http_status}</span> : null}
    </td>
    <td>
      <LetterState state={row.state} />
    </td>
    <td class="brief">{counted(row.attempts, "time")}</td>
    <td class="late brief">
      <Time at={row.died_at} here={seat.here}>
        {shortTime(row.died_at, seat.here)}
      </Time>
    </td>
  </tr>
);

const Filter = ({ state }: { state: string }) => (
  <form class="filter" method="get" action="/console/letters">
    <label class="field">
      <span class="label">State</span>
      <select name="state" data-submit>
        {Object.entries(states).map(([key, { word }]) => (
          <option value={key} selected={key === state}>
            {word}
          </option>
        ))}
        <option value="all" selected={state === "all"}>
          All
        </option>
      </select>
    </label>
    <button class="button unscripted" type="submit">
      Show
    </button>
  </form>
);

const RetryAll = ({ seat }: { seat: Seat }) => (
  <form method="post" action="/console/letters/retry">
    <input type="hidden" name="csrf" value={seat.csrf} />
    <button class="button" type="submit">
      Retry all open
    </button>
  </form>
);

const Empty = ({ state }: { state: string }) => (
  <div class="empty">
    <h2>{state === "open" ? "Nothing is waiting for you" : "No letter is in this state"}</h2>
    <p>
      Work that failed for good, after all its retries, is kept here with its reason until somebody decides about it.
    </p>
  </div>
);

const Letters = ({ view }: { view: LettersView }) => (
  <table class="table">
    <thead>
      <tr>
        <th scope="col">Job</th>
        <th scope="col">Reason</th>
        <th scope="col">State</th>
        <th scope="col">Died</th>
        <th scope="col">Last</th>
      </tr>
    </thead>
    <tbody>
      {view.letters.data.map((row) => (
        <Row row={row} seat={view.seat} />
      ))}
    </tbody>
  </table>
);

const Stuck = ({ view }: { view: LettersView }) => (
  <section>
    <h2>Never left</h2>
    <p class="small soft">QStash did not take these; they are offered to it again with every sweep.</p>
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Job</th>
          <th scope="col">Reason</th>
          <th scope="col">Tried</th>
          <th scope="col">Due</th>
        </tr>
      </thead>
      <tbody>
        {view.stuck.map((row) => (
          <tr class="row">
            <td class="mono">{row.kind}</td>
            <td class="whole">{sentence(row.error ?? row.state)}</td>
            <td class="brief">{counted(row.attempts, "time")}</td>
            <td class="late brief">
              <Time at={row.due_at} here={view.seat.here}>
                {shortTime(row.due_at, view.seat.here)}
              </Time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const Poisoned = ({ view }: { view: LettersView }) => (
  <section>
    <h2>Scheduled runs that were given up</h2>
    <p class="small soft">
      Their workers vanished again and again; the next fire time is tried as ever, or at once under{" "}
      <a class="link" href="/console/schedules">
        Schedules
      </a>
      .
    </p>
    <table class="table">
      <thead>
        <tr>
          <th scope="col">Job</th>
          <th scope="col">Begun</th>
          <th scope="col">Fire time</th>
        </tr>
      </thead>
      <tbody>
        {view.poisoned.map((run) => (
          <tr class="row">
            <td class="mono">{run.job}</td>
            <td class="brief">{counted(run.attempts, "time")}</td>
            <td class="late brief">
              <Time at={run.fire_time} here={view.seat.here}>
                {shortTime(run.fire_time, view.seat.here)}
              </Time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const FailedPassages = ({ memory }: { memory: MemoryStatus }) => (
  <p class="notice">
    <Sign shape="warning" />
    <span>
      {counted(memory.failed, "passage")} could not be remembered
      {Object.keys(memory.errors).length > 0 ? `: ${Object.keys(memory.errors).join(", ")}` : ""}.{" "}
      <a class="link" href="/console/memory">
        See and retry them under Memory
      </a>
      .
    </span>
  </p>
);

export const LettersPage = ({ view }: { view: LettersView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Dead letters</h1>
        <p>Work that was tried again and again, and given up.</p>
      </div>
      <Filter state={view.state} />
      {view.mayAct && view.letters.data.some((row) => row.state === "open") ? <RetryAll seat={view.seat} /> : null}
    </header>
    {view.letters.data.length > 0 ? <Letters view={view} /> : <Empty state={view.state} />}
    {view.letters.more ? (
      <a class="more" href={view.letters.more}>
        Older letters
      </a>
    ) : null}
    {view.memory && view.memory.failed > 0 ? <FailedPassages memory={view.memory} /> : null}
    {view.stuck.length > 0 ? <Stuck view={view} /> : null}
    {view.poisoned.length > 0 ? <Poisoned view={view} /> : null}
  </main>
);
