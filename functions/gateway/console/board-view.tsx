/** The day board: technicians down, hours across; below it the form that books, and times that are free for a job. */

import { BookForm, Search } from "./board-forms.tsx";
import { type Cell, hoursOf, linesOf } from "./board-grid.ts";
import { type BoardView, boardPlace } from "./board-state.ts";
import type { BoardRow } from "./shapes.ts";
import { clockTime, format } from "./words.ts";

const place = boardPlace;
const query = (of: Record<string, string | undefined>) =>
  new URLSearchParams(Object.entries(of).flatMap(([key, value]) => (value ? [[key, value]] : []))).toString();
export const appointmentPath = (id: string) => `/console/schedule/${encodeURIComponent(id)}`;

const dayAfter = (day: string, by: number) => new Date(Date.parse(day) + by * 86_400_000).toISOString().slice(0, 10);
const longDay = (day: string) =>
  format(new Date(`${day}T12:00:00Z`), "UTC", { weekday: "long", day: "numeric", month: "long" });

const stateWords: Record<string, string> = {
  planned: "Planned",
  confirmed: "Confirmed",
  done: "Done",
  no_show: "Nobody there",
  cancelled: "Cancelled",
};
export const stateWord = (status: string): string => stateWords[status] ?? status;

const TableCell = ({ cell, day, row, view }: { cell: Cell; day: string; row: BoardRow; view: BoardView }) => {
  if (cell.kind === "taken") {
    const { appointment } = cell;
    const here = { ...view.seat.here, timezone: view.board.timezone };
    const times = `${clockTime(appointment.start, here)}–${clockTime(appointment.end, here)}`;
    return (
      <td colspan={cell.span} class={`taken ${appointment.status}`}>
        <a href={appointmentPath(appointment.id)} title={`${times} ${appointment.title}`}>
          <span class="strong">{times}</span>
          <span class="clip">
            #{appointment.number} {appointment.title}
          </span>
          <span class="clip">
            {appointment.client ?? "Client"} · {stateWord(appointment.status)}
          </span>
        </a>
      </td>
    );
  }
  if (cell.kind === "off" || !view.mayPlan) return <td colspan={cell.span} class={cell.kind} />;
  const to = `${place}?${query({ day, job: view.chosen.job, tech: row.id, at: cell.at })}#book`;
  return (
    <td colspan={cell.span} class="open">
      <a href={to}>
        <span class="unseen">{`Book ${row.name} at ${cell.at}`}</span>
      </a>
    </td>
  );
};

const DayTable = ({ day, view }: { day: string; view: BoardView }) => {
  const { techs, timezone } = view.board;
  const hours = hoursOf(techs, { day, timezone });
  const all = [...Array(hours.until - hours.from).keys()].map((i) => hours.from + i);
  return (
    <section class="board-scroll" tabindex={0} aria-label={`Board of ${longDay(day)}`}>
      <table class="board">
        <caption class="unseen">{longDay(day)}</caption>
        <thead>
          <tr>
            <th scope="col">Technician</th>
            {all.map((hour) => (
              <th scope="col" colspan={4}>
                {String(hour).padStart(2, "0")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {techs.map((row) => {
            const lines = linesOf(row, { day, timezone, hours });
            return lines.map((cells, i) => (
              <tr>
                {i === 0 ? (
                  <th scope="rowgroup" rowspan={lines.length}>
                    <a class="link" href={`/console/calendar/${encodeURIComponent(row.id)}`}>
                      {row.name}
                    </a>
                  </th>
                ) : null}
                {cells.map((cell) => (
                  <TableCell cell={cell} day={day} row={row} view={view} />
                ))}
              </tr>
            ));
          })}
        </tbody>
      </table>
    </section>
  );
};

const Turning = ({ view }: { view: BoardView }) => {
  const { day, days } = view.board;
  const to = (other: Record<string, string | undefined>) =>
    `${place}?${query({ day, days: days > 1 ? "7" : undefined, job: view.chosen.job, ...other })}`;
  return (
    <nav class="actions" aria-label="Days">
      <a class="button slight" href={to({ day: dayAfter(day, -days) })} rel="prev">
        Earlier
      </a>
      <a class="button slight" href={to({ day: undefined })}>
        Today
      </a>
      <a class="button slight" href={to({ day: dayAfter(day, days) })} rel="next">
        Later
      </a>
      <a class="button slight" href={to({ days: days > 1 ? undefined : "7" })}>
        {days > 1 ? "One day" : "Seven days"}
      </a>
    </nav>
  );
};

export const BoardPage = ({ view }: { view: BoardView }) => (
  <main class="page wide">
    <header class="page-head">
      <div>
        <h1>{view.days.length > 1 ? "The week" : longDay(view.board.day)}</h1>
        <p>Times are in {view.board.timezone}.</p>
      </div>
      <Turning view={view} />
    </header>
    {view.wrong ? (
      <div class="notice bad" role="alert">
        <div>
          {view.wrong.said.map((said) => (
            <p>{said}</p>
          ))}
        </div>
      </div>
    ) : null}
    {view.board.techs.length === 0 ? (
      <div class="empty">
        <h2>Nobody works here yet</h2>
        <p>Add a technician; without a week of his own he works Monday to Friday, 08:00 to 16:00.</p>
      </div>
    ) : (
      view.days.map((day) => (
        <section class="closer">
          {view.days.length > 1 ? <h2>{longDay(day)}</h2> : null}
          <DayTable day={day} view={view} />
        </section>
      ))
    )}
    {view.mayPlan && view.board.techs.length > 0 ? (
      <>
        <section class="closer" aria-labelledby="book">
          <h2 id="book">Book</h2>
          <BookForm view={view} />
        </section>
        <Search view={view} />
      </>
    ) : null}
    <p class="small soft">
      <a class="link" href="/console/calendar">
        Working time, blackouts and buffers
      </a>
      {" · "}
      <a class="link" href="/console/notices">
        What clients are told
      </a>
    </p>
  </main>
);
