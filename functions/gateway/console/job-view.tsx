/** One job: where it stands and may go, its facts, parts, notes, messages and its life. */
import { Assign, type Doing, Edit, Moves } from "./job-acts.tsx";
import { JobNotes, JobParts } from "./job-belongings.tsx";
import { JobPhotos } from "./job-photos.tsx";
import { lifeWords } from "./job-words.ts";
import { JobState } from "./jobs-view.tsx";
import { actorName } from "./ledger-page.tsx";
import { MakeTask } from "./make-task.tsx";
import { personPath } from "./outbound-words.ts";
import { type FieldMessage, type LedgerLine, personName } from "./shapes.ts";
import { Time } from "./signs.tsx";
import { counted, dateTime, sentence, shortTime, span } from "./words.ts";

export type JobView = Doing & { messages: FieldMessage[]; life: LedgerLine[] };

const Facts = ({ view }: { view: JobView }) => {
  const { job, seat } = view;
  const writes = seat.permissions.includes("field:write") && job.allowed.length > 0;
  return (
    <section>
      <h2>The job</h2>
      <dl class="about">
        <dt>For</dt>
        <dd>
          <a class="link" href={personPath(job.client.id)}>
            {personName(job.client.name)}
          </a>
          {job.client.phone ? <span class="faint"> {job.client.phone}</span> : null}
        </dd>
        <dt>When</dt>
        <dd>
          {job.scheduled_for ? (
            <Time at={job.scheduled_for} here={seat.here}>
              {dateTime(job.scheduled_for, seat.here)}
            </Time>
          ) : (
            "No time yet"
          )}
          {job.minutes === null ? null : <span class="faint"> about {counted(job.minutes, "minute")}</span>}
        </dd>
        <dt>Who</dt>
        <dd>{writes ? <Assign doing={view} /> : (job.tech?.name ?? "Nobody yet")}</dd>
        <dt>Where</dt>
        <dd>{job.location || (job.kind === "drop_off" ? "It is brought to us" : "–")}</dd>
        {job.notes ? (
          <>
            <dt>For the house</dt>
            <dd class="kept-lines">{job.notes}</dd>
          </>
        ) : null}
        {job.cancel_reason ? (
          <>
            <dt>Cancelled because</dt>
            <dd>{job.cancel_reason}</dd>
          </>
        ) : null}
        {job.tracking ? (
          <>
            <dt>Sent as</dt>
            <dd class="mono">{job.tracking}</dd>
          </>
        ) : null}
        {job.timers.length > 0 ? (
          <>
            <dt>Time</dt>
            <dd>
              {span(job.time.worked_seconds * 1000)} of work, {span(job.time.travel_seconds * 1000)} on the way
              {job.time.break_seconds > 0 ? `, ${span(job.time.break_seconds * 1000)} of breaks` : ""}
            </dd>
          </>
        ) : null}
      </dl>
      {writes ? <Edit doing={view} /> : null}
    </section>
  );
};

const Messages = ({ view }: { view: JobView }) => (
  <section>
    <h2>What its client wrote</h2>
    {view.messages.length === 0 ? <p class="soft">Nothing that is tied to this job.</p> : null}
    <ol class="lines">
      {view.messages.map((message) => (
        <li>
          <span class="kept-lines">{message.text}</span>
          <Time at={message.written_at} here={view.seat.here}>
            {shortTime(message.written_at, view.seat.here)}
          </Time>
        </li>
      ))}
    </ol>
  </section>
);

const Life = ({ view }: { view: JobView }) => {
  const { here } = view.seat;
  const how = {
    techs: new Map(view.techs.map(({ id, name }) => [id, name])),
    at: (instant: string) => dateTime(instant, here),
  };
  return (
    <section>
      <h2>What happened</h2>
      <ol class="lines">
        {view.life.map((line) => (
          <li>
            <span>
              {lifeWords(line, how)} <span class="faint">{actorName(line.actor)}</span>
            </span>
            <Time at={line.ts} here={here}>
              {shortTime(line.ts, here)}
            </Time>
          </li>
        ))}
      </ol>
    </section>
  );
};

export const JobPageView = ({ view }: { view: JobView }) => (
  <main class="page">
    <header class="page-head">
      <div>
        <p class="small">
          <a class="link" href="/console/jobs">
            Jobs
          </a>{" "}
          <span class="faint">
            #{view.job.number} {sentence(view.job.kind)}
          </span>
        </p>
        <h1>{view.job.title}</h1>
        <p class="facts-line">
          <JobState status={view.job.status} />
          <MakeTask
            seat={view.seat}
            from={{ table: "field.jobs", pk: view.job.id, title: view.job.title }}
            look="link small"
          />
        </p>
      </div>
      {view.seat.permissions.includes("field:work") ? <Moves doing={view} /> : null}
    </header>
    <div class="life">
      <Facts view={view} />
      <JobParts doing={view} />
    </div>
    <div class="life">
      <JobNotes doing={view} />
      <Messages view={view} />
    </div>
    <JobPhotos doing={view} />
    {view.life.length > 0 ? <Life view={view} /> : null}
  </main>
);
