/** Jobs as a list by state, and messages that wait to be tied to one. */
import { jobPath, jobStates, jobsPath, newJobPath } from "./job-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import { type FieldMessage, type JobLine, type JobStatus, type Listed, personName } from "./shapes.ts";
import { State, Time } from "./signs.tsx";
import { counted, dateTime, shortTime } from "./words.ts";

export type JobsView = {
  seat: Seat;
  jobs: Listed<JobLine>;
  waiting: FieldMessage[];
  /** Open jobs of the people who wrote what waits. */
  choices: JobLine[];
  by: { status: string; q: string | undefined };
};

export const JobState = ({ status }: { status: JobStatus }) => {
  const { tone, shape, word } = jobStates[status];
  return (
    <State tone={tone} shape={shape}>
      {word}
    </State>
  );
};

const Row = ({ job, seat }: { job: JobLine; seat: Seat }) => (
  <tr class="row">
    <td class="brief faint">#{job.number}</td>
    <td class="late brief">
      {job.scheduled_for ? (
        <Time at={job.scheduled_for} here={seat.here}>
          {dateTime(job.scheduled_for, seat.here)}
        </Time>
      ) : (
        <span class="faint">No time yet</span>
      )}
    </td>
    <td class="whole">
      <a class="link strong" href={jobPath(job.id)} data-item>
        {job.title}
      </a>
      <span class="small soft why">
        {personName(job.client.name)}
        {job.location ? `, ${job.location}` : ""}
      </span>
    </td>
    <td>
      <JobState status={job.status} />
    </td>
    <td class="beside soft">{job.tech?.name ?? "Nobody yet"}</td>
  </tr>
);

const States = ({ view }: { view: JobsView }) => (
  <nav class="tries" aria-label="State">
    {[
      { key: "open", word: "Open" },
      ...Object.entries(jobStates).map(([key, { word }]) => ({ key, word })),
      { key: "all", word: "All" },
    ].map(({ key, word }) => (
      <a
        href={jobsPath({ ...view.by, status: key === "open" ? undefined : key })}
        {...(view.by.status === key ? { "aria-current": "true" } : {})}
      >
        {word}
      </a>
    ))}
  </nav>
);

const Search = ({ view }: { view: JobsView }) => (
  <form class="filter" method="get" action="/console/jobs">
    {view.by.status === "open" ? null : <input type="hidden" name="status" value={view.by.status} />}
    <label class="field">
      <span class="label">Number, words or a name</span>
      <input name="q" type="search" value={view.by.q ?? ""} maxlength={200} autocomplete="off" />
    </label>
    <button class="button" type="submit">
      Find
    </button>
  </form>
);

const Attach = ({ message, view }: { message: FieldMessage; view: JobsView }) => {
  const jobs = view.choices.filter((job) => job.client.id === message.contact);
  return (
    <form class="inline" method="post" action={`/console/jobs/messages/${encodeURIComponent(message.id)}`}>
      <Proof seat={view.seat} />
      <select name="job" aria-label="The job it is about">
        {jobs.map((job) => (
          <option value={job.id}>
            #{job.number} {job.title}
          </option>
        ))}
        <option value="">None of them</option>
      </select>
      <button class="button" type="submit">
        Tie it
      </button>
    </form>
  );
};

const Waiting = ({ view }: { view: JobsView }) => (
  <section>
    <h2>Which job is this about?</h2>
    <ol class="waiting">
      {view.waiting.map((message) => (
        <li>
          <p class="snippet">{message.text}</p>
          <p class="small faint">
            {message.address}, {shortTime(message.written_at, view.seat.here)}
            {message.contact ? (
              <>
                {" · "}
                <a class="link" href={newJobPath(message.contact, message.id)}>
                  A new job
                </a>
              </>
            ) : null}
          </p>
          <Attach message={message} view={view} />
        </li>
      ))}
    </ol>
  </section>
);

export const JobsPage = ({ view }: { view: JobsView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <h1>Jobs</h1>
        <p>
          {view.by.q
            ? `Found by “${view.by.q}”`
            : view.waiting.length > 0
              ? `${counted(view.waiting.length, "message")} to be tied to a job`
              : "What is to be done, for whom, by whom and when"}
        </p>
      </div>
      <Search view={view} />
    </header>
    {view.waiting.length > 0 && view.seat.permissions.includes("field:write") ? <Waiting view={view} /> : null}
    <States view={view} />
    {view.jobs.data.length > 0 ? (
      <table class="table jobs">
        <thead>
          <tr>
            <th scope="col">Number</th>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">State</th>
            <th scope="col">Who</th>
          </tr>
        </thead>
        <tbody>
          {view.jobs.data.map((job) => (
            <Row job={job} seat={view.seat} />
          ))}
        </tbody>
      </table>
    ) : (
      <div class="empty">
        <h2>No job {view.by.q || view.by.status !== "open" ? "fits" : "yet"}</h2>
        <p>A job begins with the person it is for: open a conversation or a person and choose “New job”.</p>
      </div>
    )}
    {view.jobs.more ? (
      <a class="more" href={view.jobs.more}>
        Older jobs
      </a>
    ) : null}
  </main>
);
