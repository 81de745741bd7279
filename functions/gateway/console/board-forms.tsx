/** The forms below the board: one that books, and a search for times that are free. */
import { type BoardView, boardPlace as place } from "./board-state.ts";
import type { Seat } from "./seat.ts";
import type { SlotRow } from "./shapes.ts";
import { clockTime, format } from "./words.ts";

const Hidden = ({ seat, zone }: { seat: Seat; zone: string }) => (
  <>
    <input type="hidden" name="zone" value={zone} />
    <input type="hidden" name="csrf" value={seat.csrf} />
    <input type="hidden" name="once" value={seat.once} />
  </>
);

const JobSelect = ({ view }: { view: BoardView }) => (
  <label class="field">
    <span class="label">Job</span>
    <select name="job" required>
      <option value="">Choose a job</option>
      {view.jobs.map((job) => (
        <option value={job.id} selected={job.id === view.chosen.job}>
          {`#${job.number} ${job.title} · ${job.client.name ?? "Client"}`}
        </option>
      ))}
    </select>
  </label>
);

const TechSelect = ({ view, empty }: { view: BoardView; empty?: string }) => (
  <label class="field">
    <span class="label">Technician</span>
    <select name="tech" required={empty === undefined}>
      {empty === undefined ? null : <option value="">{empty}</option>}
      {view.board.techs
        .filter(({ active }) => active)
        .map((tech) => (
          <option value={tech.id} selected={tech.id === view.chosen.tech}>
            {tech.name}
          </option>
        ))}
    </select>
  </label>
);

export const BookForm = ({ view }: { view: BoardView }) => {
  const typed = view.wrong?.typed ?? {};
  return (
    <form class="filter" method="post" action={place}>
      <Hidden seat={view.seat} zone={view.board.timezone} />
      <JobSelect view={view} />
      <TechSelect view={view} />
      <label class="field">
        <span class="label">Day</span>
        <input type="date" name="day" value={typed["day"] ?? view.board.day} required />
      </label>
      <label class="field">
        <span class="label">From</span>
        <input type="time" name="at" value={typed["at"] ?? view.chosen.at ?? ""} required />
      </label>
      <label class="field">
        <span class="label">Minutes</span>
        <input
          type="number"
          name="minutes"
          min={5}
          max={1440}
          step={5}
          value={typed["minutes"] ?? view.chosen.minutes ?? ""}
          placeholder="As estimated"
        />
      </label>
      <label class="field">
        <span class="label">Reason, to book against working time</span>
        <input name="reason" maxlength={500} value={typed["reason"] ?? ""} autocomplete="off" />
      </label>
      <button class="button chief" type="submit">
        Book
      </button>
    </form>
  );
};

const SlotLine = ({ slot, view }: { slot: SlotRow; view: BoardView }) => {
  const here = { ...view.seat.here, timezone: view.board.timezone };
  const day = format(new Date(slot.start), view.board.timezone, { weekday: "short", day: "numeric", month: "short" });
  return (
    <li>
      <form method="post" action={place}>
        <Hidden seat={view.seat} zone={view.board.timezone} />
        <input type="hidden" name="job" value={view.chosen.job ?? ""} />
        <input type="hidden" name="tech" value={slot.tech} />
        <input type="hidden" name="start" value={slot.start} />
        <input type="hidden" name="minutes" value={view.chosen.minutes ?? ""} />
        <button class="button slot" type="submit">
          <span class="strong">{`${day}, ${clockTime(slot.start, here)}–${clockTime(slot.end, here)}`}</span>
          <span class="soft">{slot.name}</span>
        </button>
      </form>
    </li>
  );
};

export const Search = ({ view }: { view: BoardView }) => (
  <section class="closer" aria-labelledby="free">
    <h2 id="free">Find a free time</h2>
    <form class="filter" method="get" action={place}>
      <input type="hidden" name="day" value={view.board.day} />
      <JobSelect view={view} />
      <TechSelect view={view} empty="Anybody" />
      <label class="field">
        <span class="label">Minutes</span>
        <input
          type="number"
          name="minutes"
          min={5}
          max={1440}
          step={5}
          value={view.chosen.minutes ?? ""}
          placeholder="As estimated"
        />
      </label>
      <button class="button" type="submit">
        Find
      </button>
    </form>
    {view.slots === null ? null : view.slots.data.length === 0 ? (
      <p class="soft">Nothing is free within two weeks.</p>
    ) : (
      <ul class="slots">
        {view.slots.data.map((slot) => (
          <SlotLine slot={slot} view={view} />
        ))}
      </ul>
    )}
    {view.slots?.more ? (
      <a class="more" href={view.slots.more}>
        Later times
      </a>
    ) : null}
  </section>
);
