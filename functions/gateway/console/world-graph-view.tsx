/** How entities stand to each other, as a picture whose boxes are links: of a kind, and of whom somebody knows something. */
import { box } from "./columns-layout.ts";
import { Sheet, shortest } from "./picture.tsx";
import type { EntityRow, RelationRow } from "./shapes.ts";
import { counted } from "./words.ts";
import { worldPictureOf } from "./world-picture.ts";
import { KindChoice, WorldFrame } from "./world-view.tsx";
import { entityPath, relationWords, worldPath } from "./world-words.ts";

export type GraphView = {
  entities: EntityRow[];
  relations: RelationRow[];
  /** Whoever may be asked about: the same whatever is filtered. */
  knowers: { id: string; name: string }[];
  type: string | undefined;
  knower: string | undefined;
  /** How many facts of each the knower knows; null: staff, who know all. */
  known: Map<string, number> | null;
  isAll: boolean;
};

const Box = ({ node, x, y, known }: { node: EntityRow; x: number; y: number; known: number | undefined }) => (
  <a href={entityPath(node.id)} class={`node ${node.type}`}>
    <title>{`${node.type}: ${node.name}${known === undefined ? "" : `, ${counted(known, "fact")}`}`}</title>
    <g transform={`translate(${x} ${y})`}>
      <rect width={box.width} height={box.height} rx={node.type === "Person" ? 22 : 8} />
      <text x="16" y="19">
        {shortest(node.name ?? "")}
      </text>
      <text class="kind" x="16" y="35">
        {node.type}
        {known === undefined ? "" : ` · ${counted(known, "fact")}`}
      </text>
    </g>
  </a>
);

const Picture = ({ view }: { view: GraphView }) => {
  const { nodes, edges, spots, paths, width, height } = worldPictureOf(view.entities, view.relations);
  if (nodes.length === 0) return <p class="soft">Nothing here stands in a relation yet.</p>;
  const nameOf = new Map(view.entities.map(({ id, name }) => [id, name]));
  return (
    <figure class="graph">
      <Sheet name="How they stand to each other" width={width} height={height}>
        {edges.map(({ from, type, to }, i) => (
          <path class="edge then" d={paths[i]} marker-end="url(#tip)">
            <title>{`${nameOf.get(from)} ${relationWords(type)} ${nameOf.get(to)}`}</title>
          </path>
        ))}
        {nodes.map((node) => {
          const { x, y } = spots.get(node.id) ?? { x: 0, y: 0 };
          return <Box node={node} x={x} y={y} known={view.known?.get(node.id)} />;
        })}
      </Sheet>
      <figcaption>
        <table class="table">
          <tbody>
            {edges.map(({ from, type, to }) => (
              <tr class="row">
                <td>{nameOf.get(from)}</td>
                <td class="soft">{relationWords(type)}</td>
                <td>{nameOf.get(to)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </figcaption>
    </figure>
  );
};

const Filter = ({ view }: { view: GraphView }) => (
  <form class="filter" method="get" action={`${worldPath}/graph`}>
    <KindChoice chosen={view.type} any="All" />
    <label class="field">
      <span class="label">As known by</span>
      <select name="knower">
        <option value="">Staff: everything</option>
        <option value="public" selected={view.knower === "public"}>
          The public
        </option>
        {view.knowers.map(({ id, name }) => (
          <option value={id} selected={view.knower === id}>
            {name}
          </option>
        ))}
      </select>
    </label>
    <button class="button" type="submit">
      Show
    </button>
  </form>
);

export const GraphPage = ({ view }: { view: GraphView }) => (
  <WorldFrame
    shown={{
      path: `${worldPath}/graph`,
      title: "Who stands where",
      lead: view.known
        ? "How many facts of each this knower knows, and how they are related."
        : "Everything that stands in a relation to something else.",
      aside: <Filter view={view} />,
    }}
  >
    <Picture view={view} />
    {view.isAll ? null : <p class="small faint">Only what changed last is drawn: a hundred of each.</p>}
  </WorldFrame>
);
