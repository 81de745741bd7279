/** Schedules: what runs by the clock, when next, how it went, and the runs of one of them. */
import type { Seat } from "./seat.ts";
import type { Listed, RunRow, ScheduleRow } from "./shapes.ts";
import { type Shape, Sign, State, Time, type Tone } from "./signs.tsx";
import { ago, counted, dateTime, sentence, span } from "./words.ts";

export type SchedulesView = {
  seat: Seat;
  schedules: Listed<ScheduleRow>;
  /** The one that is looked at more closely. */
  chosen?: { schedule: ScheduleRow; runs: Listed<RunRow> };
  mayChange: boolean;
  /** What was wrong with the change just sent, and what was typed. */
  wrong?: { said: string[]; cron?: string; timezone?: string };
};

const states: Record<RunRow["status"], { tone: Tone; shape: Shape; word: string }> = {
  pending: { tone: "wait", shape: "clock", word: "Waiting" },
  running: { tone: "busy", shape: "half", word: "Running" },
  ok: { tone: "good", shape: "done", word: "Done" },
  failed: { tone: "bad", shape: "warning", word: "Failed" },
  skipped: { tone: "plain", shape: "ring", word: "Skipped" },
  poison: { tone: "bad", shape: "lock", word: "Given up on" },
};

const causes: Record<RunRow["cause"], string> = {
  clock: "By the clock",
  person: "Asked for",
  after: "Followed another",
};

const missedWords: Record<ScheduleRow["missed"], string> = {
  skip: "Skip them",
  once: "Run once for all of them",
  each: "Run each of them",
};

const pathOf = (id: string) => `/console/schedules/${encodeURIComponent(id)}`;
const closer = (id: string) => `/console/schedules?schedule=${encodeURIComponent(id)}`;

const RunState = ({ status, error }: { status: string; error: string | null }) => {
  const { tone, shape, word } = states[status as RunRow["status"]] ?? states.pending;
  return (
    <State tone={tone} shape={shape}>
      {word}
      {error && error !== "poison" ? <span class="faint"> {sentence(error).toLowerCase()}</span> : null}
    </State>
  );
};

const When = ({ row }: { row: ScheduleRow }) => (
  <>
    {row.cron ? <code class="mono">{row.cron}</code> : null}
    {row.every_seconds === null ? null : `Every ${span(row.every_seconds * 1000)}`}
    {row.after.length === 0 ? null : (
      <span class="small soft">
        {row.cron === null && row.every_seconds === null ? "After " : " and after "}
        <span class="mono">{row.after.join(", ")}</span>
      </span>
    )}
  </>
);

const Next = ({ row, seat }: { row: ScheduleRow; seat: Seat }) => {
  const [next] = row.next;
  if (!row.enabled) return <span class="faint">Switched off</span>;
  if (!next) return <span class="faint">When it follows</span>;
  return (
    <Time at={next} here={seat.here}>
      {dateTime(next, seat.here)} <span class="faint">{ago(next, seat.here)}</span>
    </Time>
  );
};

const Buttons = ({ row, seat }: { row: ScheduleRow; seat: Seat }) => (
  <div class="actions">
    <form method="post" action={pathOf(row.id)}>
      <input type="hidden" name="csrf" value={seat.csrf} />
      <input type="hidden" name="version" value={row.version} />
      <button class="button slight" type="submit" name="enabled" value={row.enabled ? "false" : "true"}>
        {row.enabled ? "Switch off" : "Switch on"}
      </button>
    </form>
    <form method="post" action={`${pathOf(row.id)}/run`}>
      <input type="hidden" name="csrf" value={seat.csrf} />
      <input type="hidden" name="once" value={seat.once} />
      <button class="button slight" type="submit">
        Run now
      </button>
    </form>
  </div>
);

const ScheduleLine = ({ row, view }: { row: ScheduleRow; view: SchedulesView }) => (
  <tr class="row">
    <td class="strong">
      <a
        class="link"
        href={closer(row.id)}
        {...(view.chosen?.schedule.id === row.id ? { "aria-current": "true" } : {})}
      >
        {row.name}
      </a>
    </td>
    <td class="whole">
      <When row={row} />
    </td>
    <td class="whole">
      <Next row={row} seat={view.seat} />
    </td>
    <td>{row.last ? <RunState {...row.last} /> : <span class="faint">Not yet</span>}</td>
    <td class="late">{view.mayChange ? <Buttons row={row} seat={view.seat} /> : null}</td>
  </tr>
);

const Head = ({ names }: { names: string[] }) => (
  <thead>
    <tr>
      {names.map((name) => (
        <th scope="col">{name}</th>
      ))}
    </tr>
  </thead>
);

const Change = ({ row, view }: { row: ScheduleRow; view: SchedulesView }) => (
  <form class="filter" method="post" action={pathOf(row.id)}>
    <input type="hidden" name="csrf" value={view.seat.csrf} />
    <input type="hidden" name="version" value={row.version} />
    <label class="field">
      <span class="label">Minute, hour, day, month, weekday</span>
      <input name="cron" class="mono" value={view.wrong?.cron ?? row.cron ?? ""} maxlength={120} autocomplete="off" />
    </label>
    <label class="field">
      <span class="label">Time zone</span>
      <input name="timezone" value={view.wrong?.timezone ?? row.timezone} maxlength={64} required autocomplete="off" />
    </label>
    <label class="field">
      <span class="label">Times that were missed</span>
      <select name="missed">
        {Object.entries(missedWords).map(([value, word]) => (
          <option value={value} selected={value === row.missed}>
            {word}
          </option>
        ))}
      </select>
    </label>
    <button class="button chief" type="submit">
      Change
    </button>
  </form>
);

const RunLine = ({ row, seat }: { row: RunRow; seat: Seat }) => (
  <tr class="row">
    <td class="brief">
      <Time at={row.fire_time} here={seat.here}>
        {dateTime(row.fire_time, seat.here)}
      </Time>
    </td>
    <td>{causes[row.cause]}</td>
    <td>
      <RunState status={row.status} error={row.error} />
    </td>
    <td class="brief">
      {counted(row.attempts, "attempt")}
      {row.recoveries > 0 ? `, ${counted(row.recoveries, "worker")} lost` : ""}
    </td>
    <td class="number">{row.processed ?? "–"}</td>
    <td class="number">{row.milliseconds === null ? "–" : `${Math.round(row.milliseconds)} ms`}</td>
  </tr>
);

const Chosen = ({ view, chosen }: { view: SchedulesView; chosen: NonNullable<SchedulesView["chosen"]> }) => (
  <section class="closer" aria-labelledby="chosen">
    <div class="page-head">
      <div>
        <h2 id="chosen">{chosen.schedule.name}</h2>
        <p>
          {chosen.schedule.next.length > 0
            ? `Next: ${chosen.schedule.next.map((at) => dateTime(at, view.seat.here)).join(" · ")}`
            : "Nothing is planned by the clock."}
        </p>
      </div>
    </div>
    {view.wrong ? (
      <div class="notice bad" role="alert">
        <Sign shape="warning" />
        <div>
          {view.wrong.said.map((said) => (
            <p>{said}</p>
          ))}
        </div>
      </div>
    ) : null}
    {view.mayChange ? <Change row={chosen.schedule} view={view} /> : null}
    {chosen.runs.data.length > 0 ? (
      <table class="table">
        <Head names={["Time", "Why", "State", "Tried", "Done", "Took"]} />
        <tbody>
          {chosen.runs.data.map((row) => (
            <RunLine row={row} seat={view.seat} />
          ))}
        </tbody>
      </table>
    ) : (
      <p class="soft">It has not run yet.</p>
    )}
    {chosen.runs.more ? (
      <a class="more" href={chosen.runs.more}>
        Earlier runs
      </a>
    ) : null}
  </section>
);

export const SchedulesPage = ({ view }: { view: SchedulesView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Schedules</h1>
        <p>What runs by the clock. Times are in {view.seat.here.timezone}.</p>
      </div>
    </header>
    {view.schedules.data.length > 0 ? (
      <table class="table">
        <Head names={["Schedule", "When", "Next", "Last", ""]} />
        <tbody>
          {view.schedules.data.map((row) => (
            <ScheduleLine row={row} view={view} />
          ))}
        </tbody>
      </table>
    ) : (
      <div class="empty">
        <h2>Nothing is scheduled yet</h2>
        <p>A new project gets its schedules within a quarter of an hour.</p>
      </div>
    )}
    {view.schedules.more ? (
      <a class="more" href={view.schedules.more}>
        More schedules
      </a>
    ) : null}
    {view.chosen ? <Chosen view={view} chosen={view.chosen} /> : null}
  </main>
);
