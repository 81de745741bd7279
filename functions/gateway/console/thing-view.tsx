/** One task, goal or problem: its fields, its links, and the words it came from. */
import { Capture, ThingLink, ThingState } from "./day-parts.tsx";
import { kindWords, linkWords, listPath, thingPath } from "./day-words.ts";
import { CameFrom } from "./make-task.tsx";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { CaptureRow, MapShape, Thing, ThingKind } from "./shapes.ts";
import { Time } from "./signs.tsx";
import { Moves, Progress, workFor } from "./things-view.tsx";
import { ago } from "./words.ts";

export type ThingView = { seat: Seat; kind: ThingKind; thing: Thing; map: MapShape; captures: CaptureRow[] };

type Field = { name: keyof Thing; label: string; type: "text" | "date" | "number" | "area"; most?: number };

const text = (name: keyof Thing, label: string): Field => ({ name, label, type: "area" });
const fields: Record<ThingKind, readonly Field[]> = {
  task: [
    { name: "due_date", label: "Due", type: "date" },
    { name: "priority", label: "Priority, 1 is the most urgent", type: "number", most: 4 },
    { name: "impact_score", label: "Impact, 5 is the greatest", type: "number", most: 5 },
    text("notes", "Notes"),
  ],
  goal: [
    { name: "target_date", label: "To be reached by", type: "date" },
    { name: "horizon", label: "Horizon", type: "text" },
    text("description", "Description"),
  ],
  problem: [
    { name: "severity", label: "Weight, 5 is the greatest", type: "number", most: 5 },
    { name: "horizon", label: "Horizon", type: "text" },
    text("description", "Description"),
  ],
};

const Edit = ({ view: { seat, kind, thing } }: { view: ThingView }) => (
  <form class="job-form" method="post" action={thingPath(kind, thing.id)}>
    <Proof seat={seat} />
    <input type="hidden" name="version" value={String(thing.version)} />
    <label class="field whole">
      <span class="label">{kindWords[kind]}</span>
      <input name="title" value={thing.title} maxlength={300} autocomplete="off" required />
    </label>
    {fields[kind].map(({ name, label, type, most }) => (
      <p class={type === "area" ? "field whole" : "field"}>
        <label for={name}>{label}</label>
        {type === "area" ? (
          <textarea id={name} name={name} maxlength={4000} rows={3}>
            {thing[name] ?? ""}
          </textarea>
        ) : (
          <input
            id={name}
            name={name}
            type={type}
            value={String(thing[name] ?? "")}
            {...(most ? { min: 1, max: most } : { maxlength: 40 })}
            autocomplete="off"
          />
        )}
      </p>
    ))}
    <button class="button chief" type="submit">
      Save
    </button>
  </form>
);

const Links = ({ view: { thing, map, seat, kind } }: { view: ThingView }) => {
  const by = new Map(map.things.map((one) => [one.id, one]));
  return (
    <section>
      <h2>Links</h2>
      <ul class="belongings">
        {map.links.map((link) => {
          const other = by.get(link.from === thing.id ? link.to : link.from);
          return (
            <li>
              <span>
                {link.from === thing.id ? "This" : other ? <ThingLink thing={other} /> : null}{" "}
                <span class="soft">{linkWords[link.type]}</span>{" "}
                {link.from === thing.id ? other ? <ThingLink thing={other} /> : null : "this"}
              </span>
              <Cut id={link.id} seat={seat} back={thingPath(kind, thing.id)} />
            </li>
          );
        })}
      </ul>
      <p class="small">
        <a class="link" href={`/console/links?from=${encodeURIComponent(thing.id)}`}>
          Link it to something
        </a>
      </p>
    </section>
  );
};

export const Cut = ({ id, seat, back }: { id: string; seat: Seat; back: string }) => (
  <form method="post" action={`/console/links/${encodeURIComponent(id)}/remove`}>
    <Proof seat={seat} />
    <input type="hidden" name="back" value={back} />
    <button class="button slight" type="submit" aria-label="Remove this link">
      Remove
    </button>
  </form>
);

export const ThingPage = ({ view }: { view: ThingView }) => {
  const { seat, kind, thing, captures } = view;
  const work = kind === "task" ? [] : workFor(thing.id, view.map);
  return (
    <main class="page">
      <header class="page-head">
        <div>
          <p class="small">
            <a class="link" href={listPath(kind)}>
              {kind === "task" ? "Today" : `${kindWords[kind]}s`}
            </a>
          </p>
          <h1>{thing.title}</h1>
          <p class="facts-line">
            <ThingState status={thing.status} />
            <Progress work={work} />
            <span class="small faint">
              changed <Time at={thing.updated_at} here={seat.here} />
            </span>
            {thing.repeats ? <span class="small faint mono">{thing.repeats}</span> : null}
          </p>
        </div>
        <Moves thing={thing} kind={kind} seat={seat} back={thingPath(kind, thing.id)} />
      </header>
      <div class="life">
        <section>
          <h2>What is written</h2>
          <Edit view={view} />
        </section>
        <Links view={view} />
      </div>
      <section>
        <h2>Where it came from</h2>
        <p class="facts-line soft">
          <CameFrom thing={thing} />
          {captures.length > 0 ? null : <span>Written by hand {ago(thing.created_at, seat.here)}</span>}
        </p>
        {captures.map((said) => (
          <Capture said={said} seat={seat} />
        ))}
      </section>
    </main>
  );
};
