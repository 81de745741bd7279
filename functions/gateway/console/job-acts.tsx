/** What can be done to a job: its allowed moves as buttons, who does it, and what is written about it. */
import { instantOf, wallOf } from "#brain/kernel/wall-time.ts";
import { jobPath, jobStates, moveWord } from "./job-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { JobFull, JobStatus, TechRow } from "./shapes.ts";

export type Doing = { seat: Seat; job: JobFull; techs: TechRow[] };

/** What a field for a time shows, and back; both by the clocks of the project. */
export const wallIn = (instant: string | null, { here }: Seat): string =>
  instant === null ? "" : wallOf(new Date(instant), here.timezone).slice(0, 16);
export const instantIn = (wall: string, timezone: string): string | null =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(wall) ? instantOf(`${wall}:00`, timezone).toISOString() : null;

const Carried = ({ seat, job, to }: { seat: Seat; job: JobFull; to?: JobStatus }) => (
  <>
    <Proof seat={seat} />
    <input type="hidden" name="version" value={String(job.version)} />
    {to ? <input type="hidden" name="to" value={to} /> : null}
  </>
);

/** A move that needs something said with it. */
const Asking = ({ doing, to }: { doing: Doing; to: JobStatus }) => (
  <details class="asking">
    <summary class="button">{moveWord(to, doing.job.status)}</summary>
    <form method="post" action={`${jobPath(doing.job.id)}/move`}>
      <Carried {...doing} to={to} />
      {to === "scheduled" ? (
        <label class="field">
          <span class="label">When</span>
          <input type="hidden" name="zone" value={doing.seat.here.timezone} />
          <input
            type="datetime-local"
            name="scheduled_for"
            value={wallIn(doing.job.scheduled_for, doing.seat)}
            required
          />
        </label>
      ) : to === "shipped" ? (
        <label class="field">
          <span class="label">The carrier’s number, if there is one</span>
          <input name="tracking" maxlength={200} autocomplete="off" />
        </label>
      ) : (
        <label class="field">
          <span class="label">Why</span>
          <input name="reason" maxlength={1000} autocomplete="off" required />
        </label>
      )}
      <button class={to === "cancelled" ? "button" : "button chief"} type="submit">
        {to === "cancelled" ? "Cancel the job" : moveWord(to, doing.job.status)}
      </button>
    </form>
  </details>
);

const asksFor = (to: JobStatus, job: JobFull) =>
  to === "cancelled" ||
  to === "shipped" ||
  (to === "scheduled" && job.appointments.every(({ status }) => !/^(planned|confirmed)$/.test(status)));

/** As a job usually goes; taking it back comes last. */
const order = Object.keys(jobStates) as JobStatus[];

export const Moves = ({ doing }: { doing: Doing }) => {
  const { job, seat } = doing;
  const may = (to: JobStatus) => to !== "cancelled" || seat.permissions.includes("field:write");
  const allowed = order.filter((to) => job.allowed.includes(to) && may(to));
  const place = order.indexOf(job.status);
  const usual = allowed.findLast((to) => !asksFor(to, job) && order.indexOf(to) > place);
  return (
    <div class="actions moves">
      {allowed.map((to) =>
        asksFor(to, job) ? (
          <Asking doing={doing} to={to} />
        ) : (
          <form method="post" action={`${jobPath(job.id)}/move`}>
            <Carried seat={seat} job={job} to={to} />
            <button class={to === usual ? "button chief" : "button"} type="submit">
              {moveWord(to, job.status)}
            </button>
          </form>
        ),
      )}
    </div>
  );
};

export const Assign = ({ doing }: { doing: Doing }) => (
  <form class="inline" method="post" action={`${jobPath(doing.job.id)}/assign`}>
    <Carried {...doing} />
    <select name="tech" aria-label="Technician">
      <option value="">Nobody yet</option>
      {doing.techs.map((tech) => (
        <option value={tech.id} selected={tech.id === doing.job.tech?.id}>
          {tech.name}
        </option>
      ))}
      {doing.job.tech && !doing.techs.some(({ id }) => id === doing.job.tech?.id) ? (
        <option value={doing.job.tech.id} selected>
          {doing.job.tech.name}
        </option>
      ) : null}
    </select>
    <button class="button" type="submit">
      Assign
    </button>
  </form>
);

export const Edit = ({ doing: { seat, job } }: { doing: Doing }) => (
  <details class="asking">
    <summary class="link small">Change what is written</summary>
    <form method="post" action={`${jobPath(job.id)}/update`}>
      <Carried seat={seat} job={job} />
      <label class="field">
        <span class="label">What is to be done</span>
        <input name="title" value={job.title} maxlength={200} required />
      </label>
      <label class="field">
        <span class="label">Where</span>
        <input name="location" value={job.location} maxlength={500} />
      </label>
      <label class="field">
        <span class="label">Minutes</span>
        <input
          name="minutes"
          type="number"
          min={5}
          max={1440}
          value={job.minutes === null ? "" : String(job.minutes)}
        />
      </label>
      <label class="field">
        <span class="label">For the house only</span>
        <textarea name="notes" rows={3} maxlength={20000}>
          {job.notes}
        </textarea>
      </label>
      <button class="button chief" type="submit">
        Save
      </button>
    </form>
  </details>
);
