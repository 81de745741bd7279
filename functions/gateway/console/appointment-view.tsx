/** One appointment: who comes where, what may become of it, and what the client was told. */
import { stateWord } from "./board-view.tsx";
import { jobPath } from "./job-words.ts";
import { personPath } from "./outbound-words.ts";
import type { Seat } from "./seat.ts";
import type { AppointmentRow, NoticeRow, TechRow } from "./shapes.ts";
import { dateTime, sentence } from "./words.ts";

export type AppointmentPageView = {
  seat: Seat;
  appointment: AppointmentRow;
  techs: TechRow[];
  history: AppointmentRow[];
  notices: NoticeRow[];
  mayPlan: boolean;
  wrong?: string[];
};

export const noticeNames: Readonly<Record<NoticeRow["event"], string>> = {
  scheduled: "An appointment is made",
  rescheduled: "An appointment is moved",
  cancelled: "An appointment is called off",
  on_the_way: "Somebody is on the way",
  ready: "A job is ready",
  shipped: "A thing is sent back",
};

const noticeWord = ({ state, channel, reason, message_state }: NoticeRow): string => {
  if (state === "skipped") return `Nobody told: ${sentence(reason ?? "").toLowerCase()}`;
  if (state === "replaced") return "Withdrawn before it left";
  return `By ${channel === "sms" ? "SMS" : channel === "email" ? "e-mail" : "Telegram"}, ${sentence(message_state ?? "").toLowerCase()}`;
};

const Hidden = ({ view }: { view: AppointmentPageView }) => (
  <>
    <input type="hidden" name="csrf" value={view.seat.csrf} />
    <input type="hidden" name="once" value={view.seat.once} />
    <input type="hidden" name="version" value={view.appointment.version} />
    <input type="hidden" name="zone" value={view.appointment.tech.timezone} />
  </>
);

const Act = ({ view, act, children }: { view: AppointmentPageView; act: string; children: string }) => (
  <form method="post" action={`/console/schedule/${encodeURIComponent(view.appointment.id)}/${act}`}>
    <Hidden view={view} />
    <button class="button" type="submit">
      {children}
    </button>
  </form>
);

const Moving = ({ view }: { view: AppointmentPageView }) => {
  const { appointment } = view;
  const to = (act: string) => `/console/schedule/${encodeURIComponent(appointment.id)}/${act}`;
  return (
    <>
      <section class="closer">
        <h2>Move it</h2>
        <form class="filter" method="post" action={to("reschedule")}>
          <Hidden view={view} />
          <label class="field">
            <span class="label">Day</span>
            <input type="date" name="day" required />
          </label>
          <label class="field">
            <span class="label">From</span>
            <input type="time" name="at" required />
          </label>
          <label class="field">
            <span class="label">Reason, to break working time</span>
            <input name="reason" maxlength={500} autocomplete="off" />
          </label>
          <button class="button chief" type="submit">
            Move
          </button>
        </form>
      </section>
      <section class="closer">
        <h2>Give it to somebody else</h2>
        <form class="filter" method="post" action={to("reassign")}>
          <Hidden view={view} />
          <label class="field">
            <span class="label">Technician</span>
            <select name="tech" required>
              {view.techs
                .filter(({ id }) => id !== appointment.tech.id)
                .map((tech) => (
                  <option value={tech.id}>{tech.name}</option>
                ))}
            </select>
          </label>
          <button class="button" type="submit">
            Give
          </button>
        </form>
      </section>
      <section class="closer">
        <h2>Call it off</h2>
        <form class="filter" method="post" action={to("cancel")}>
          <Hidden view={view} />
          <label class="field">
            <span class="label">Why</span>
            <input name="reason" maxlength={500} autocomplete="off" />
          </label>
          <button class="button" type="submit">
            Call off
          </button>
        </form>
      </section>
    </>
  );
};

export const AppointmentPage = ({ view }: { view: AppointmentPageView }) => {
  const { appointment: one, seat } = view;
  const here = { ...seat.here, timezone: one.tech.timezone };
  const isOpen = one.status === "planned" || one.status === "confirmed";
  return (
    <main class="page">
      <header class="page-head">
        <div>
          <h1>
            <a href={jobPath(one.job.id)}>
              #{one.job.number} {one.job.title}
            </a>
          </h1>
          <p>
            {dateTime(one.start, here)} to {dateTime(one.end, here)} · {one.tech.name} · {stateWord(one.status)}
          </p>
        </div>
        <a class="button slight" href={`/console/board?day=${one.start.slice(0, 10)}`}>
          Board
        </a>
      </header>
      {view.wrong ? (
        <div class="notice bad" role="alert">
          <div>
            {view.wrong.map((said) => (
              <p>{said}</p>
            ))}
          </div>
        </div>
      ) : null}
      <dl class="about">
        <dt>Client</dt>
        <dd>
          <a class="link" href={personPath(one.client.id)}>
            {one.client.name ?? "Without a name"}
          </a>
        </dd>
        <dt>Place</dt>
        <dd>{one.job.location === "" ? "Not given" : one.job.location}</dd>
        {one.overridden ? (
          <>
            <dt>Booked although</dt>
            <dd>
              {sentence(one.overridden)}: {one.reason}
            </dd>
          </>
        ) : null}
      </dl>
      {isOpen ? (
        <div class="actions">
          {view.mayPlan && one.status === "planned" ? (
            <Act view={view} act="confirm">
              Confirm
            </Act>
          ) : null}
          <Act view={view} act="done">
            Done
          </Act>
          <Act view={view} act="no-show">
            Nobody was there
          </Act>
        </div>
      ) : null}
      {isOpen && view.mayPlan ? <Moving view={view} /> : null}
      <section class="closer">
        <h2>Appointments of this job</h2>
        <ul>
          {view.history.map((row) => (
            <li>
              <a class="link" href={`/console/schedule/${encodeURIComponent(row.id)}`}>
                {dateTime(row.start, here)}
              </a>
              {` · ${row.tech.name} · ${stateWord(row.status)}`}
            </li>
          ))}
        </ul>
      </section>
      <section class="closer">
        <h2>What the client was told</h2>
        {view.notices.length === 0 ? (
          <p class="soft">Nothing so far.</p>
        ) : (
          <ul>
            {view.notices.map((notice) => (
              <li>{`${dateTime(notice.created_at, here)} · ${noticeNames[notice.event]} · ${noticeWord(notice)}`}</li>
            ))}
          </ul>
        )}
      </section>
    </main>
  );
};
