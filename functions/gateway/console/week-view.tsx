/** A week of working time as a form: a row for each block, and a few for new ones. */
import { Hidden, Wrong } from "./calendar-view.tsx";
import type { Seat } from "./seat.ts";
import type { WeekShape } from "./shapes.ts";

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

export type WeekView = { seat: Seat; week: WeekShape; name: string; mayPlan: boolean; wrong?: string[] | undefined };
type Block = WeekShape["blocks"][number];

const BlockRow = ({ block, i }: { block: Block | undefined; i: number }) => (
  <tr>
    <td>
      <select name={`weekday${i}`} aria-label={`Weekday of block ${i + 1}`}>
        <option value="">None</option>
        {weekdays.map((name, day) => (
          <option value={day + 1} selected={block?.weekday === day + 1}>
            {name}
          </option>
        ))}
      </select>
    </td>
    <td>
      <input
        name={`from${i}`}
        value={block?.from ?? ""}
        pattern="[0-2][0-9]:[0-5][0-9]"
        placeholder="08:00"
        aria-label={`Beginning of block ${i + 1}`}
        autocomplete="off"
      />
    </td>
    <td>
      <input
        name={`until${i}`}
        value={block?.until ?? ""}
        pattern="[0-2][0-9]:[0-5][0-9]"
        placeholder="16:00"
        aria-label={`End of block ${i + 1}`}
        autocomplete="off"
      />
    </td>
    <td>
      <input
        type="number"
        name={`capacity${i}`}
        min={1}
        max={20}
        value={block?.capacity ?? 1}
        aria-label={`Appointments at once in block ${i + 1}`}
      />
    </td>
    <td>
      <select name={`kind${i}`} aria-label={`Kind of block ${i + 1}`}>
        <option value="visit">Visits</option>
        <option value="drop_off" selected={block?.kind === "drop_off"}>
          Drop-offs
        </option>
      </select>
    </td>
  </tr>
);

function standing({ own, tech }: WeekShape): string {
  if (own) return tech === "house" ? "For everybody without a week of his own." : "A week of his own.";
  return tech === "house"
    ? "The ordinary week, until it is changed here."
    : "He follows the house's week; saving makes one of his own.";
}

export const WeekPage = ({ view }: { view: WeekView }) => {
  const rows = [...view.week.blocks, undefined, undefined, undefined];
  return (
    <main class="page">
      <header class="page-head">
        <div>
          <h1>{view.name}</h1>
          <p>
            {standing(view.week)} Times are in {view.week.timezone}.
          </p>
        </div>
        <a class="button slight" href="/console/calendar">
          Working time
        </a>
      </header>
      <Wrong said={view.wrong} />
      <form class="closer" method="post" action={`/console/calendar/${encodeURIComponent(view.week.tech)}`}>
        <Hidden seat={view.seat} version={view.week.version} />
        <table class="table week">
          <thead>
            <tr>
              {["Weekday", "From", "Until", "At once", "For"].map((name) => (
                <th scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((block, i) => (
              <BlockRow block={block} i={i} />
            ))}
          </tbody>
        </table>
        {view.mayPlan ? (
          <div class="actions">
            <button class="button chief" type="submit">
              Save the week
            </button>
          </div>
        ) : null}
      </form>
    </main>
  );
};
