/** Goals and problems as lists with what is done for them. */
import { DayPage, Examples, ThingLink, ThingState } from "./day-parts.tsx";
import { kindWords, listPath, moves, thingPath, thingStates } from "./day-words.ts";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { Listed, MapShape, MapThing, Thing, ThingKind } from "./shapes.ts";
import { counted } from "./words.ts";

export type ListKind = "goal" | "problem";
export type ThingsView = {
  seat: Seat;
  kind: ListKind;
  things: Listed<Thing>;
  map: MapShape;
  status: string | undefined;
};

/** What is done for it, by its links. */
export const workFor = (id: string, { things, links }: MapShape): MapThing[] => {
  const for_ = new Set(
    links
      .filter((link) => link.to === id && /^(supports_goal|addresses_problem)$/.test(link.type))
      .map(({ from }) => from),
  );
  return things.filter((thing) => for_.has(thing.id));
};

export const Progress = ({ work }: { work: MapThing[] }) => {
  const done = work.filter(({ is_open }) => !is_open).length;
  return work.length === 0 ? null : (
    <span class="so-far">
      <svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="ready" width={(100 * done) / work.length} height="8" />
      </svg>
      {done} of {work.length} done
    </span>
  );
};

const Work = ({ work }: { work: MapThing[] }) => (
  <ul class="belongings">
    {work.map((thing) => (
      <li>
        <ThingLink thing={thing} />
        <ThingState status={thing.status} />
      </li>
    ))}
  </ul>
);

/** Its other states as buttons. */
export const Moves = ({ thing, kind, seat, back }: { thing: Thing; kind: ThingKind; seat: Seat; back: string }) => (
  <form class="actions" method="post" action={thingPath(kind, thing.id)}>
    <Proof seat={seat} />
    <input type="hidden" name="back" value={back} />
    {moves[kind]
      .filter(([to]) => to !== thing.status)
      .map(([to, word]) => (
        <button class="button slight" type="submit" name="status" value={to}>
          {word}
        </button>
      ))}
  </form>
);

const Card = ({ thing, view }: { thing: Thing; view: ThingsView }) => {
  const { kind, seat, map } = view;
  const work = workFor(thing.id, map);
  return (
    <section class="thing">
      <header class="page-head">
        <div>
          <h2>
            <a href={thingPath(kind, thing.id)} data-item>
              {thing.title}
            </a>
          </h2>
          <p class="facts-line small">
            <ThingState status={thing.status} />
            {thing.target_date ? <span>by {thing.target_date}</span> : null}
            {thing.severity ? <span>weight {thing.severity} of 5</span> : null}
            <Progress work={work} />
          </p>
        </div>
        <Moves thing={thing} kind={kind} seat={seat} back={listPath(kind)} />
      </header>
      {work.length > 0 ? (
        <Work work={work} />
      ) : (
        <p class="small soft">
          Nothing is done for it yet. Say “… for the {kind} {thing.title}”, or{" "}
          <a class="link" href={`/console/links?to=${encodeURIComponent(thing.id)}`}>
            link a task to it
          </a>
          .
        </p>
      )}
    </section>
  );
};

const words = {
  goal: { title: "Goals", lead: "What you want to reach, and what serves it.", none: "No goal" },
  problem: { title: "Problems", lead: "What stands in the way, and what is done about it.", none: "No problem" },
} as const;

export const Add = ({ kind, seat }: { kind: ThingKind; seat: Seat }) => (
  <form class="inline add" method="post" action={`/console/${kind}s`}>
    <Proof seat={seat} />
    <input
      name="title"
      aria-label={kindWords[kind]}
      placeholder={`Another ${kind}`}
      maxlength={300}
      autocomplete="off"
      required
    />
    <button class="button" type="submit">
      Add
    </button>
  </form>
);

export const ThingsPage = ({ view }: { view: ThingsView }) => {
  const { kind, seat, things, status } = view;
  const shown = [undefined, ...moves[kind].map(([to]) => to)];
  return (
    <DayPage shown={{ seat, tab: `${kind}s`, title: words[kind].title, lead: words[kind].lead }}>
      <Add kind={kind} seat={seat} />
      <nav class="tries" aria-label="State">
        {shown.map((to) => (
          <a
            href={to ? `${listPath(kind)}?status=${to}` : listPath(kind)}
            {...(to === status ? { "aria-current": "true" } : {})}
          >
            {to ? thingStates[to]?.word : "All but put away"}
          </a>
        ))}
      </nav>
      {things.data.length === 0 ? (
        <div class="empty">
          <h2>
            {words[kind].none} {status ? "in this state" : "yet"}
          </h2>
          {status ? null : (
            <>
              <p>Say one on Today, or try:</p>
              <Examples seat={seat} />
            </>
          )}
        </div>
      ) : null}
      {things.data.map((thing) => (
        <Card thing={thing} view={view} />
      ))}
      {view.map.left_off > 0 ? (
        <p class="small faint">{counted(view.map.left_off, "thing")} changed long ago are not counted.</p>
      ) : null}
      {things.more ? (
        <a class="more" href={things.more}>
          More
        </a>
      ) : null}
    </DayPage>
  );
};
