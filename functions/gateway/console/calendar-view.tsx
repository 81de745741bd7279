/** Working time: how the project plans, who works when, and what is kept free. */
import type { Seat } from "./seat.ts";
import type { BlackoutRow, CalendarShape, TechRow } from "./shapes.ts";

export const Hidden = ({ seat, version }: { seat: Seat; version?: number }) => (
  <>
    <input type="hidden" name="csrf" value={seat.csrf} />
    <input type="hidden" name="once" value={seat.once} />
    {version === undefined ? null : <input type="hidden" name="version" value={version} />}
  </>
);

export const Wrong = ({ said }: { said: string[] | undefined }) =>
  said ? (
    <div class="notice bad" role="alert">
      <div>
        {said.map((one) => (
          <p>{one}</p>
        ))}
      </div>
    </div>
  ) : null;

export type CalendarView = {
  seat: Seat;
  rules: CalendarShape;
  techs: TechRow[];
  blackouts: BlackoutRow[];
  mayPlan: boolean;
  wrong?: string[] | undefined;
};

const NumberField = ({ name, label, value }: { name: string; label: string; value: number }) => (
  <label class="field">
    <span class="label">{label}</span>
    <input type="number" name={name} min={0} max={240} step={5} value={value} required />
  </label>
);

const Rules = ({ view: { rules, seat } }: { view: CalendarView }) => (
  <form class="filter" method="post" action="/console/calendar">
    <Hidden seat={seat} version={rules.version} />
    <NumberField name="buffer_before" label="Minutes free before" value={rules.buffer_before} />
    <NumberField name="buffer_after" label="Minutes free after" value={rules.buffer_after} />
    <NumberField name="travel" label="Minutes of the way to a visit" value={rules.travel} />
    <label class="field">
      <span class="label">Offered every</span>
      <select name="grid">
        {[5, 10, 15, 20, 30, 60].map((step) => (
          <option value={step} selected={step === rules.grid}>{`${step} minutes`}</option>
        ))}
      </select>
    </label>
    <label class="field">
      <span class="label">Drop-off windows</span>
      <input
        name="windows"
        value={rules.drop_off_windows.map(({ from, until }) => `${from}-${until}`).join(" ")}
        placeholder="10:00-12:00 12:00-15:00"
        autocomplete="off"
      />
    </label>
    <button class="button chief" type="submit">
      Save
    </button>
  </form>
);

const BlackoutForm = ({ view }: { view: CalendarView }) => (
  <form class="filter" method="post" action="/console/calendar/blackouts">
    <Hidden seat={view.seat} />
    <label class="field">
      <span class="label">Of</span>
      <select name="tech">
        <option value="">Everybody</option>
        {view.techs.map((tech) => (
          <option value={tech.id}>{tech.name}</option>
        ))}
      </select>
    </label>
    <label class="field">
      <span class="label">First day</span>
      <input type="date" name="from" required />
    </label>
    <label class="field">
      <span class="label">Last day</span>
      <input type="date" name="until" required />
    </label>
    <label class="field">
      <span class="label">Note</span>
      <input name="note" maxlength={200} autocomplete="off" />
    </label>
    <button class="button" type="submit">
      Keep free
    </button>
  </form>
);

export const CalendarPage = ({ view }: { view: CalendarView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Working time</h1>
        <p>What the search offers and what a booking may do go by the same rules.</p>
      </div>
      <a class="button slight" href="/console/board">
        Board
      </a>
    </header>
    <Wrong said={view.wrong} />
    <section class="closer">
      <h2>Weeks</h2>
      <ul>
        <li>
          <a class="link" href="/console/calendar/house">
            The house's week, for everybody without one of his own
          </a>
        </li>
        {view.techs.map((tech) => (
          <li>
            <a class="link" href={`/console/calendar/${encodeURIComponent(tech.id)}`}>
              {tech.name}
            </a>
          </li>
        ))}
      </ul>
    </section>
    {view.mayPlan ? (
      <section class="closer">
        <h2>Around appointments</h2>
        <Rules view={view} />
      </section>
    ) : null}
    <section class="closer">
      <h2>Kept free</h2>
      {view.blackouts.length === 0 ? <p class="soft">No day is kept free.</p> : null}
      <ul>
        {view.blackouts.map((row) => (
          <li class="inline">
            <span>{`${row.from.replace("T", " ")} to ${row.until.replace("T", " ")} · ${row.name ?? "Everybody"}${row.note ? ` · ${row.note}` : ""}`}</span>
            {view.mayPlan ? (
              <form method="post" action={`/console/calendar/blackouts/${encodeURIComponent(row.id)}`}>
                <Hidden seat={view.seat} />
                <button class="button slight" type="submit">
                  Open again
                </button>
              </form>
            ) : null}
          </li>
        ))}
      </ul>
      {view.mayPlan ? <BlackoutForm view={view} /> : null}
    </section>
  </main>
);
