/** Two sliders through time that need no script: when something held, and when we knew it; each step is a moment of a change. */
import type { KnownView } from "./known-view.tsx";
import { dateTime, format, type Here } from "./words.ts";
import { entityPath, momentOf, momentQuery, type Steps, stepsOf } from "./world-words.ts";

/** As an input of the type `datetime-local` has it, in the project's zone. */
export function localTime(at: string, { timezone }: Here): string {
  const text = format(new Date(at), timezone, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const [, d, m, y, time] = /^(\d+)\/(\d+)\/(\d+), (.+)$/.exec(text) ?? [];
  return `${y}-${m}-${d}T${time}`;
}

type Time = "as_of" | "known_at";
const labels: Record<Time, { name: string; now: string }> = {
  as_of: { name: "What held", now: "now" },
  known_at: { name: "As we knew it", now: "today" },
};

type Sliding = { view: KnownView; time: Time; steps: Steps };

const Step = ({ view, time, to, word }: { view: KnownView; time: Time; to: string | null; word: string }) =>
  to === null ? (
    <span class="faint small">{word}</span>
  ) : (
    <a class="link small" href={`${entityPath(view.entity.id)}${momentQuery({ ...view.times, [time]: to })}`}>
      {word}
    </a>
  );

const Slider = ({ view, time, steps }: Sliding) => {
  const { here } = view.seat;
  const chosen = view.times[time];
  const { name, now } = labels[time];
  const at = chosen ?? here.now.toISOString();
  const typed = localTime(at, here);
  return (
    <fieldset class="moment-of">
      <legend class="label">
        {name} <b>{chosen ? dateTime(chosen, here) : now}</b>
      </legend>
      <input type="hidden" name={time} value={chosen ?? ""} />
      <input type="hidden" name={`${time}_step_was`} value={steps.at} />
      <input type="hidden" name={`${time}_typed_was`} value={typed} />
      <div class="slide">
        <Step view={view} time={time} to={momentOf(steps, steps.at - 1)} word="Change before" />
        <input
          type="range"
          name={`${time}_step`}
          min="0"
          max={steps.instants.length}
          value={steps.at}
          aria-label={`${name}: changes`}
          disabled={steps.instants.length === 0}
        />
        <Step view={view} time={time} to={momentOf(steps, steps.at + 1)} word="Change after" />
      </div>
      <input type="datetime-local" name={`${time}_typed`} value={typed} aria-label={`${name}: date and time`} />
    </fieldset>
  );
};

export const Moments = ({ view }: { view: KnownView }) => {
  const { behind, times, seat } = view;
  const now = seat.here.now.toISOString();
  const isPast = times.as_of !== undefined || times.known_at !== undefined;
  return (
    <form class="moments-of" method="get" action={entityPath(view.entity.id)}>
      <Slider view={view} time="as_of" steps={stepsOf(behind.valid_instants, times.as_of ?? now)} />
      <Slider view={view} time="known_at" steps={stepsOf(behind.known_instants, times.known_at ?? now)} />
      <p class="actions">
        <button class="button" type="submit">
          Look
        </button>
        {isPast ? (
          <a class="link" href={entityPath(view.entity.id)}>
            Back to now
          </a>
        ) : null}
      </p>
    </form>
  );
};
