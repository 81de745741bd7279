/** What hangs on what: a picture whose boxes are links, the same as a table, and a form for another link. */
import { box } from "./columns-layout.ts";
import { DayPage, ThingLink } from "./day-parts.tsx";
import { kindWords, linkWords, thingPath, thingStates } from "./day-words.ts";
import { type Drawn, type Placed, pictureOf } from "./links-layout.ts";
import { Sheet, shortest } from "./picture.tsx";
import type { Seat } from "./seat.ts";
import { Proof } from "./secret-shown.tsx";
import type { MapShape, MapThing } from "./shapes.ts";
import { Sign } from "./signs.tsx";
import { Cut } from "./thing-view.tsx";
import { counted } from "./words.ts";

export type LinksView = {
  seat: Seat;
  map: MapShape;
  from: string | undefined;
  to: string | undefined;
  circle?: string[] | undefined;
};

const Box = ({ node }: { node: Placed }) => {
  const { shape, word } = thingStates[node.status] ?? { shape: "ring", word: node.status };
  return (
    <a href={thingPath(node.entity_type, node.id)} class={`node ${node.entity_type}`}>
      <title>{`${kindWords[node.entity_type]}: ${node.title} (${word})`}</title>
      <g transform={`translate(${node.x} ${node.y})`}>
        <rect width={box.width} height={box.height} rx={node.entity_type === "task" ? 8 : 22} />
        <g transform="translate(12 14)">
          <Sign shape={shape} />
        </g>
        <text x="36" y="27">
          {shortest(node.title)}
        </text>
      </g>
    </a>
  );
};

const Line = ({ edge }: { edge: Drawn }) => (
  <path class={`edge ${edge.type}`} d={edge.path} {...(edge.type === "related" ? {} : { "marker-end": "url(#tip)" })} />
);

const legend: readonly [Drawn["type"], string][] = [
  ["supports_goal", "serves a goal"],
  ["addresses_problem", "helps with a problem"],
  ["then", "comes first"],
  ["related", "has to do with"],
];

const Picture = ({ map }: { map: MapShape }) => {
  const { nodes, edges, width, height } = pictureOf(map);
  return (
    <figure class="graph">
      <Sheet name="What hangs on what" width={width} height={height}>
        {edges.map((edge) => (
          <Line edge={edge} />
        ))}
        {nodes.map((node) => (
          <Box node={node} />
        ))}
      </Sheet>
      <figcaption class="facts-line small soft">
        {legend.map(([type, word]) => (
          <span class="state">
            <svg width="32" height="8" aria-hidden="true">
              <path class={`edge ${type}`} d="M0 4H32" />
            </svg>
            {word}
          </span>
        ))}
        <span>Round: goals and problems. Square: tasks.</span>
      </figcaption>
    </figure>
  );
};

type Choice = { name: "from" | "to"; label: string; chosen: string | undefined; things: MapThing[] };

const Choose = ({ name, label, chosen, things }: Choice) => (
  <label class="field">
    <span class="label">{label}</span>
    <select name={name} required>
      {(["task", "goal", "problem"] as const).map((kind) => {
        const of = things.filter(({ entity_type }) => entity_type === kind);
        return of.length === 0 ? null : (
          <optgroup label={`${kindWords[kind]}s`}>
            {of.map(({ id, title }) => (
              <option value={id} selected={id === chosen}>
                {title}
              </option>
            ))}
          </optgroup>
        );
      })}
    </select>
  </label>
);

const AddLink = ({ view }: { view: LinksView }) => {
  const things = view.map.things.toSorted((a, b) => (a.title < b.title ? -1 : 1));
  const kind = things.find(({ id }) => id === view.to)?.entity_type;
  return (
    <form class="filter linking" method="post" action="/console/links">
      <Proof seat={view.seat} />
      <Choose name="from" label="This" chosen={view.from} things={things} />
      <label class="field how">
        <span class="label">how</span>
        <select name="link">
          {Object.entries(linkWords).map(([type, word]) => (
            <option value={type} selected={type === "addresses_problem" && kind === "problem"}>
              {word}
            </option>
          ))}
        </select>
      </label>
      <Choose name="to" label="that" chosen={view.to} things={things} />
      <button class="button" type="submit">
        Link
      </button>
    </form>
  );
};

/** A, B, A: each waits for the one after it. */
const Circle = ({ circle, map }: { circle: string[]; map: MapShape }) => {
  const titles = new Map(map.things.map(({ id, title }) => [id, title]));
  const named = circle.map((id) => `“${titles.get(id) ?? "something put away"}”`);
  const steps = named.slice(0, -1).map((name, i) => `${name} would wait for ${named[i + 1]}`);
  return (
    <div class="notice bad" role="alert">
      <Sign shape="warning" />
      <p>Not linked, because it would go round in a circle: {steps.join(", ")}.</p>
    </div>
  );
};

const Table = ({ view }: { view: LinksView }) => {
  const by = new Map(view.map.things.map((thing) => [thing.id, thing]));
  const cell = (id: string) => {
    const thing = by.get(id);
    return thing ? <ThingLink thing={thing} /> : null;
  };
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">This</th>
          <th scope="col">How</th>
          <th scope="col">That</th>
          <th scope="col">
            <span class="unseen">Remove</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {view.map.links.map((link) => (
          <tr class="row">
            <td class="whole">{cell(link.from)}</td>
            <td class="soft whole">{linkWords[link.type]}</td>
            <td>{cell(link.to)}</td>
            <td class="beside">
              <Cut id={link.id} seat={view.seat} back="/console/links" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

export const LinksPage = ({ view }: { view: LinksView }) => {
  const { seat, map, circle } = view;
  const lead =
    map.links.length === 0 ? "What serves what, and what waits for what." : counted(map.links.length, "link");
  return (
    <DayPage shown={{ seat, tab: "links", title: "Links", lead }}>
      {circle ? <Circle circle={circle} map={map} /> : null}
      {map.links.length > 0 ? <Picture map={map} /> : null}
      {map.things.length > 1 ? (
        <section>
          <h2>Another link</h2>
          <AddLink view={view} />
        </section>
      ) : (
        <div class="empty">
          <h2>Nothing to link yet</h2>
          <p>Say on Today what hangs on what: “Paint the hall depends on buy paint”.</p>
        </div>
      )}
      {map.links.length > 0 ? <Table view={view} /> : null}
      {map.left_off > 0 ? (
        <p class="small faint">{counted(map.left_off, "thing")} changed long ago are left out.</p>
      ) : null}
    </DayPage>
  );
};
