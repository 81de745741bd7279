/** The week looked back on, and when one wants to hear from the planner by itself. */
import { DayPage, ThingLink } from "./day-parts.tsx";
import { dateWords, daysOn, weekOf } from "./day-words.ts";
import { Complaints } from "./mend.tsx";
import type { Seat } from "./seat.ts";
import { Proof, SecretShown } from "./secret-shown.tsx";
import type { ReviewShape, RhythmShape, ThingKind } from "./shapes.ts";
import { counted, sentence } from "./words.ts";

export type ReviewView = {
  seat: Seat;
  review: ReviewShape;
  rhythm: RhythmShape;
  said?: string[] | undefined;
  refused?: string[] | undefined;
  code?: string | undefined;
};

type PartName = "done" | "slipped" | "stale" | "still_goals" | "open_problems" | "questions" | "next_week";

const parts: readonly { part: PartName; title: string; kind: ThingKind | null; on: string }[] = [
  { part: "done", title: "Done", kind: "task", on: "" },
  { part: "slipped", title: "Slipped", kind: "task", on: "done " },
  { part: "next_week", title: "Due in the week after", kind: "task", on: "" },
  { part: "still_goals", title: "Goals that did not move", kind: "goal", on: "touched " },
  { part: "open_problems", title: "Problems nothing is done about", kind: "problem", on: "touched " },
  { part: "stale", title: "Untouched for two weeks", kind: "task", on: "touched " },
  { part: "questions", title: "Never answered", kind: null, on: "asked " },
];

const Part = ({ view, named }: { view: ReviewView; named: (typeof parts)[number] }) => {
  const { part, title, kind, on } = named;
  const items = view.review[part];
  const left = (view.review.counts[part] ?? 0) - items.length;
  return items.length === 0 ? null : (
    <section>
      <h2>{title}</h2>
      <ul class="belongings">
        {items.map((item) => (
          <li>
            {kind ? (
              <ThingLink thing={{ ...item, entity_type: kind }} />
            ) : (
              <a class="link" href="/console/captures">
                {item.title}
              </a>
            )}
            <span class="small faint">
              {item.on ? `${on}${dateWords(item.on)}` : item.due_date ? `due ${dateWords(item.due_date)}` : ""}
            </span>
          </li>
        ))}
      </ul>
      {left > 0 ? <p class="small faint">And {left} more.</p> : null}
    </section>
  );
};

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

const Tick = ({ name, label, on }: { name: string; label: string; on: boolean }) => (
  <label class="inline">
    <input type="checkbox" class="tick" name={name} value="yes" checked={on} />
    <span>{label}</span>
  </label>
);

const At = ({ name, label, value }: { name: string; label: string; value: string }) => (
  <label class="field">
    <span class="label">{label}</span>
    <input type="time" name={name} value={value} required />
  </label>
);

const Pick = ({ name, label, value, of }: { name: string; label: string; value: string; of: [string, string][] }) => (
  <label class="field">
    <span class="label">{label}</span>
    <select name={name}>
      {of.map(([key, word]) => (
        <option value={key} selected={key === value}>
          {word}
        </option>
      ))}
    </select>
  </label>
);

const Rhythm = ({ view: { seat, rhythm, said } }: { view: ReviewView }) => {
  const ways: [string, string][] = [
    ["", "Nowhere: I look here"],
    ["email", rhythm.email_verified ? "By e-mail" : "By e-mail (prove yours above first)"],
    ["telegram", rhythm.telegram_bound ? "On Telegram" : "On Telegram (not linked yet)"],
  ];
  return (
    <form class="closer" method="post" action="/console/review" id="rhythm">
      <Proof seat={seat} />
      <Complaints said={said} />
      <input type="hidden" name="version" value={String(rhythm.version)} />
      <div class="filter rhythm">
        <Pick name="channel" label="Where" value={rhythm.channel ?? ""} of={ways} />
        <Pick
          name="language"
          label="In"
          value={rhythm.language}
          of={[
            ["en", "English"],
            ["da", "Danish"],
          ]}
        />
        <label class="field">
          <span class="label">Time zone, if another than {rhythm.zone}</span>
          <input name="timezone" value={rhythm.timezone ?? ""} maxlength={64} autocomplete="off" />
        </label>
        <At name="quiet_from" label="Quiet from" value={rhythm.quiet_from} />
        <At name="quiet_until" label="Until" value={rhythm.quiet_until} />
      </div>
      <div class="filter rhythm">
        <Tick name="plan_on" label="The plan in the morning" on={rhythm.plan_on} />
        <At name="plan_at" label="At" value={rhythm.plan_at} />
        <div class="days">
          {days.map((day, i) => (
            <Tick name={`day_${i + 1}`} label={day} on={rhythm.plan_days.includes(i + 1)} />
          ))}
        </div>
      </div>
      <div class="filter rhythm">
        <Tick name="review_on" label="The week, looked back on" on={rhythm.review_on} />
        <At name="review_at" label="At" value={rhythm.review_at} />
        <Pick
          name="review_day"
          label="On"
          value={String(rhythm.review_day)}
          of={days.map((day, i) => [String(i + 1), day])}
        />
      </div>
      <div class="filter rhythm">
        <Tick name="reminders_on" label="What is due that day and the next" on={rhythm.reminders_on} />
        <At name="reminders_at" label="At" value={rhythm.reminders_at} />
        <button class="button" type="submit">
          Save
        </button>
      </div>
      {rhythm.last.length > 0 ? (
        <p class="small faint">
          Lately: {rhythm.last.map(({ occasion, day, state }) => `${sentence(occasion)} ${day}, ${state}`).join("; ")}
        </p>
      ) : null}
    </form>
  );
};

const Email = ({ view: { seat, rhythm, refused } }: { view: ReviewView }) => (
  <div id="email">
    <Complaints said={refused} />
    <p class="soft">
      {rhythm.email
        ? `${rhythm.email} is proven to be yours.`
        : "Prove an address to be yours, and your planner can write to you there."}
    </p>
    {rhythm.email_asked ? (
      <form class="filter rhythm apart" method="post" action="/console/review/email/digits">
        <Proof seat={seat} />
        <label class="field">
          <span class="label">The six digits sent to {rhythm.email_asked}</span>
          <input
            name="digits"
            inputmode="numeric"
            pattern="[0-9]{6}"
            maxlength={6}
            autocomplete="one-time-code"
            required
          />
        </label>
        <button class="button chief" type="submit">
          Prove it
        </button>
      </form>
    ) : null}
    <form class="filter rhythm apart" method="post" action="/console/review/email">
      <Proof seat={seat} />
      <label class="field">
        <span class="label">{(rhythm.email ?? rhythm.email_asked) ? "Another address" : "Your address"}</span>
        <input type="email" name="email" maxlength={254} autocomplete="email" required />
      </label>
      <button class="button slight" type="submit">
        Send digits
      </button>
    </form>
  </div>
);

const Telegram = ({ view: { seat, rhythm, code } }: { view: ReviewView }) => (
  <form class="facts-line" method="post" action={`/console/review/${rhythm.telegram_bound ? "unlink" : "telegram"}`}>
    <Proof seat={seat} />
    {code ? <SecretShown label="Send this to the bot on Telegram within the hour." secret={`/start ${code}`} /> : null}
    <span class="soft">
      {rhythm.telegram_bound ? "Linked: what you write there is heard here." : "Say it from your telephone too."}
    </span>
    <button class="button slight" type="submit">
      {rhythm.telegram_bound ? "Unlink" : "Link Telegram"}
    </button>
  </form>
);

export const ReviewPage = ({ view }: { view: ReviewView }) => {
  const { seat, review } = view;
  const to = (days: number) => `/console/review?week=${weekOf(daysOn(review.from, days))}`;
  const isEmpty = parts.every(({ part }) => review[part].length === 0);
  const lead = `${dateWords(review.from)} to ${dateWords(review.until)}: ${counted(review.counts.done ?? 0, "task")} done`;
  return (
    <DayPage shown={{ seat, tab: "review", title: `Week ${Number(review.week.slice(6))}`, lead }}>
      <nav class="tries" aria-label="Week">
        <a href={to(-7)}>The week before</a>
        <a href={to(7)}>The week after</a>
      </nav>
      {isEmpty ? <p class="soft">Nothing to look back on in this week.</p> : null}
      {parts.map((named) => (
        <Part view={view} named={named} />
      ))}
      <section class="closer">
        <h2>Telegram</h2>
        <Telegram view={view} />
      </section>
      <section>
        <h2>E-mail</h2>
        <Email view={view} />
      </section>
      <section>
        <h2>When to hear from it</h2>
        <Rhythm view={view} />
      </section>
    </DayPage>
  );
};
