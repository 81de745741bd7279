/** Where things and their links stand in the picture: goals and problems first, then tasks by how long they are waited for. Pure. */
import { arranged } from "./columns-layout.ts";
import type { MapShape, MapThing } from "./shapes.ts";

export type Placed = MapThing & { x: number; y: number };
export type Drawn = { type: "then" | "supports_goal" | "addresses_problem" | "related"; path: string };
export type Picture = { nodes: Placed[]; edges: Drawn[]; width: number; height: number };

type Edge = { type: Drawn["type"]; from: string; to: string };

/** A waits for B and B holds up A are the same arrow: first B, then A. */
const arrowOf = ({ from, type, to }: MapShape["links"][number]): Edge =>
  type === "depends_on"
    ? { type: "then", from: to, to: from }
    : type === "blocks"
      ? { type: "then", from, to }
      : { type, from, to };

const byTitle = (a: MapThing, b: MapThing): number =>
  a.entity_type !== b.entity_type
    ? a.entity_type < b.entity_type
      ? -1
      : 1
    : a.title < b.title || (a.title === b.title && a.id < b.id)
      ? -1
      : 1;

/** Goals and problems 0; a task 1, or one more than whatever goes on after it. */
function columnsOf(things: MapThing[], edges: Edge[]): Map<string, number> {
  const kinds = new Map(things.map(({ id, entity_type }) => [id, entity_type]));
  const after = Map.groupBy(
    edges.filter(({ type, from, to }) => type === "then" && kinds.get(from) === "task" && kinds.get(to) === "task"),
    ({ from }) => from,
  );
  const columns = new Map<string, number>();
  const columnOf = (id: string): number => {
    const known = columns.get(id);
    if (known !== undefined) return known;
    // Links have no circle; were there one, it would end here.
    columns.set(id, 1);
    const column = 1 + Math.max(0, ...(after.get(id) ?? []).map(({ to }) => columnOf(to)));
    columns.set(id, column);
    return column;
  };
  for (const { id, entity_type } of things) if (entity_type !== "task") columns.set(id, 0);
  for (const { id } of things) columnOf(id);
  return columns;
}

/** What is linked; the same links give the same picture. */
export function pictureOf({ things, links }: MapShape): Picture {
  const ends = new Set(links.flatMap(({ from, to }) => [from, to]));
  const shown = things.filter(({ id }) => ends.has(id)).toSorted(byTitle);
  const known = new Set(shown.map(({ id }) => id));
  const edges = links.map(arrowOf).filter(({ from, to }) => known.has(from) && known.has(to));
  const columns = columnsOf(shown, edges);
  const placed = arranged(new Map(shown.map(({ id }) => [id, columns.get(id) ?? 0])), edges);
  return {
    nodes: shown.map((thing) => ({ ...thing, ...(placed.spots.get(thing.id) ?? { x: 0, y: 0 }) })),
    edges: edges.map(({ type }, i) => ({ type, path: placed.paths[i] ?? "" })),
    width: placed.width,
    height: placed.height,
  };
}
