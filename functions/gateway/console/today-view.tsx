/** Today: the box one speaks into, what came of it, and the plan with its reasons. */
import { Capture, DayPage, Examples, SayBox, type Spoken, ThingLink } from "./day-parts.tsx";
import { dateWords, daysOn, dueWords, nextMonday, reasonsOf, sumWords, thingPath } from "./day-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { CaptureRow, PlanItem, PlanShape, Thing } from "./shapes.ts";
import { Sign } from "./signs.tsx";
import { counted } from "./words.ts";

export type TodayView = {
  seat: Seat;
  plan: PlanShape;
  /** What was said just now. */
  said: CaptureRow | null;
  waiting: CaptureRow[];
  done: Thing[];
  again?: Spoken | undefined;
};

const change = (id: string) => ({ method: "post", action: thingPath("task", id) }) as const;

/** Changes one task and comes back here. */
const Kept = ({ seat, status }: { seat: Seat; status?: string }) => (
  <>
    <Proof seat={seat} />
    <input type="hidden" name="back" value="/console/today" />
    {status ? <input type="hidden" name="status" value={status} /> : null}
  </>
);

const Tick = ({ item, seat }: { item: PlanItem; seat: Seat }) => (
  <form {...change(item.id)}>
    <Kept seat={seat} status="done" />
    <button class="tick-off" type="submit" aria-label={`Done: ${item.title}`} title="Done">
      <Sign shape="ring" size={20} />
    </button>
  </form>
);

const Later = ({ item, view }: { item: PlanItem; view: TodayView }) => {
  const { date } = view.plan;
  return (
    <details class="asking">
      <summary class="button slight">When</summary>
      <div class="later">
        <form class="actions" {...change(item.id)}>
          <Kept seat={view.seat} />
          {(
            [
              ["Today", date],
              ["Tomorrow", daysOn(date, 1)],
              ["Next week", nextMonday(date)],
              ["No date", ""],
            ] as const
          ).map(([word, due]) => (
            <button class="button slight" type="submit" name="due_date" value={due}>
              {word}
            </button>
          ))}
        </form>
        <form class="inline" {...change(item.id)}>
          <Kept seat={view.seat} />
          <input type="date" name="due_date" value={item.due_date ?? ""} aria-label="Due" required />
          <button class="button slight" type="submit">
            Set
          </button>
        </form>
      </div>
    </details>
  );
};

/** The numbers that it was ordered by. */
const Why = ({ item, after, plan }: { item: PlanItem; after: PlanItem | undefined; plan: PlanShape }) => (
  <details class="why">
    <summary class="small">Why here</summary>
    <p class="small soft">
      {sumWords(item, plan.weights)}
      {after && item.score > after.score ? `; ${(item.score - after.score).toFixed(2)} ahead of “${after.title}”` : ""}
      {after && item.score === after.score
        ? `; level with “${after.title}”, and due earlier or untouched for longer`
        : ""}
    </p>
  </details>
);

const Item = ({ item, after, view }: { item: PlanItem; after: PlanItem | undefined; view: TodayView }) => {
  const { plan, seat } = view;
  const isLate = item.due_date !== null && item.due_date < plan.date;
  return (
    <li class="plan-item">
      <Tick item={item} seat={seat} />
      <div>
        <a class="strong" href={thingPath("task", item.id)} data-item>
          {item.title}
        </a>
        <p class="facts-line small soft">
          {item.due_date ? <span class={isLate ? "late-day" : "tag"}>{dueWords(item.due_date, plan.date)}</span> : null}
          {item.priority !== null && item.priority < 3 ? (
            <span>{item.priority === 1 ? "Urgent" : "Important"}</span>
          ) : null}
          {item.goals.map((goal) => (
            <span>
              for <ThingLink thing={{ ...goal, entity_type: "goal" }} />
            </span>
          ))}
          {reasonsOf(item).map((reason) => (
            <span>{reason}</span>
          ))}
        </p>
        {item.blockers.length > 0 ? (
          <p class="small">
            Waits for{" "}
            {item.blockers.map((one, i) => (
              <>
                {i > 0 ? ", " : ""}
                <ThingLink thing={one} />
              </>
            ))}
          </p>
        ) : item.parts.blocker > 0 ? (
          <p class="small">Said to be blocked</p>
        ) : null}
        <Why item={item} after={after} plan={plan} />
      </div>
      <Later item={item} view={view} />
    </li>
  );
};

type Part = { title: string; items: PlanItem[]; more: number; view: TodayView };

const Part = ({ title, items, more, view }: Part) =>
  items.length === 0 ? null : (
    <section>
      <h2>{title}</h2>
      <ol>
        {items.map((item, i) => (
          <Item item={item} after={items[i + 1]} view={view} />
        ))}
      </ol>
      {more > 0 ? <p class="small faint">{counted(more, "task")} more after these.</p> : null}
    </section>
  );

const Done = ({ view }: { view: TodayView }) =>
  view.done.length === 0 ? null : (
    <details>
      <summary class="small soft">Done lately</summary>
      <ul class="belongings">
        {view.done.map((task) => (
          <li>
            <ThingLink thing={{ ...task, entity_type: "task" }} />
            <form {...change(task.id)}>
              <Kept seat={view.seat} status="open" />
              <button class="button slight" type="submit">
                Not done
              </button>
            </form>
          </li>
        ))}
      </ul>
    </details>
  );

export const TodayPage = ({ view }: { view: TodayView }) => {
  const { plan, seat, said, waiting } = view;
  const all = plan.today.length + plan.next.length + plan.later + plan.waiting.length + plan.waiting_later;
  const lead =
    all === 0 ? "Your own planner: nobody else sees it." : `${dateWords(plan.date)}, ${counted(all, "task")}`;
  return (
    <DayPage shown={{ seat, tab: "today", title: "Today", lead }}>
      <SayBox seat={seat} again={view.again} />
      {said ? <Capture said={said} seat={seat} /> : null}
      {waiting.map((one) => (
        <Capture said={one} seat={seat} />
      ))}
      {all === 0 ? (
        <div class="empty">
          <h2>Nothing to do yet</h2>
          <p>
            Say what is on your mind as you would say it to somebody, and it is written down, linked and planned. Try
            one:
          </p>
          <Examples seat={seat} />
        </div>
      ) : null}
      <Part title="Now" items={plan.today} more={0} view={view} />
      <Part title="Next" items={plan.next} more={plan.later} view={view} />
      <Part title="Waiting" items={plan.waiting} more={plan.waiting_later} view={view} />
      <Done view={view} />
    </DayPage>
  );
};
