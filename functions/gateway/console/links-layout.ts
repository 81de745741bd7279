/** Where things and their links stand in the picture: goals and problems first, then tasks by how long they are waited for. Pure. */
import type { MapShape, MapThing } from "./shapes.ts";

export const box = { width: 208, height: 44, across: 288, down: 60 } as const;

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

/** Each as near as there is room to the middle of what it leads to in the columns before. */
function place(things: MapThing[], edges: Edge[]): Map<string, Placed> {
  const columns = columnsOf(things, edges);
  const placed = new Map<string, Placed>();
  const middle = (id: string): number => {
    const near = edges.flatMap(({ from, to }) =>
      from === id ? [placed.get(to)] : to === id ? [placed.get(from)] : [],
    );
    const heights = near.flatMap((one) => (one ? [one.y] : []));
    return heights.length > 0 ? heights.reduce((sum, y) => sum + y, 0) / heights.length : 0;
  };
  const levels = Map.groupBy(things, ({ id }) => columns.get(id) ?? 1);
  for (const column of [...levels.keys()].sort((a, b) => a - b)) {
    const wished = (levels.get(column) ?? []).toSorted(byTitle).map((thing) => ({ thing, at: middle(thing.id) }));
    let free = 0;
    for (const { thing, at } of wished.toSorted((a, b) => a.at - b.at)) {
      const y = Math.max(free, Math.round(at));
      placed.set(thing.id, { ...thing, x: column * box.across, y });
      free = y + box.down;
    }
  }
  return placed;
}

/** From the near side of one box to the near side of the other; within a column around the right. */
function pathOf(a: Placed, b: Placed): string {
  const [y1, y2] = [a.y + box.height / 2, b.y + box.height / 2];
  if (a.x === b.x) {
    const x = a.x + box.width;
    return `M${x} ${y1}C${x + 56} ${y1} ${x + 56} ${y2} ${x} ${y2}`;
  }
  const isLeftwards = a.x > b.x;
  const [x1, x2] = isLeftwards ? [a.x, b.x + box.width] : [a.x + box.width, b.x];
  const bend = (x1 + x2) / 2;
  return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
}

/** What is linked; the same links give the same picture. */
export function pictureOf({ things, links }: MapShape): Picture {
  const ends = new Set(links.flatMap(({ from, to }) => [from, to]));
  const shown = things.filter(({ id }) => ends.has(id));
  const edges = links.map(arrowOf);
  const placed = place(shown, edges);
  const nodes = [...placed.values()];
  return {
    nodes,
    edges: edges.flatMap(({ type, from, to }) => {
      const [a, b] = [placed.get(from), placed.get(to)];
      return a && b ? [{ type, path: pathOf(a, b) }] : [];
    }),
    // A curve within a column bulges by some forty pixels.
    width: Math.max(0, ...nodes.map(({ x }) => x)) + box.width + 44,
    height: Math.max(0, ...nodes.map(({ y }) => y)) + box.height,
  };
}
