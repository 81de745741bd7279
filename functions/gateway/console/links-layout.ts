/** Where things and their links stand in the picture: goals and problems first, then tasks by how long they are waited for. Pure. */
import type { MapShape, MapThing } from "./shapes.ts";

export const box = { width: 208, height: 44, across: 288, gap: 16 } as const;

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

type Spot = { x: number; y: number; across: number };
type Step = { from: string; to: string };
/** A thing, or where an arrow passes between others. */
type Stop = { id: string; height: number; column: number };

/** An arrow over several columns passes through a gap of its own in each of those between. */
function stepsOf({ from, to }: Edge, columns: Map<string, number>): { passes: Stop[]; steps: Step[] } {
  const [a, b] = [columns.get(from) ?? 0, columns.get(to) ?? 0];
  const between = Array.from({ length: Math.max(0, Math.abs(a - b) - 1) }, (_, i) => (a > b ? a - 1 - i : a + 1 + i));
  const passes = between.map((column) => ({ id: `${from} ${to} ${column}`, height: box.gap, column }));
  const stops = [from, ...passes.map(({ id }) => id), to];
  return { passes, steps: stops.slice(1).map((stop, i) => ({ from: stops[i] ?? from, to: stop })) };
}

/** Each as near as there is room to the middle of what it leads to in the columns before; what leads nowhere comes last. */
function spotsOf(stops: Stop[], steps: Step[]): Map<string, Spot> {
  const spots = new Map<string, Spot>();
  const wish = (id: string): number => {
    const near = steps.flatMap(({ from, to }) => (from === id ? [spots.get(to)] : to === id ? [spots.get(from)] : []));
    const heights = near.flatMap((one) => (one ? [one.y] : []));
    return heights.length > 0 ? heights.reduce((sum, y) => sum + y, 0) / heights.length : Number.POSITIVE_INFINITY;
  };
  const levels = Map.groupBy(stops, ({ column }) => column);
  for (const column of [...levels.keys()].sort((a, b) => a - b)) {
    let free = 0;
    const wished = (levels.get(column) ?? []).map((stop) => ({ stop, at: wish(stop.id) }));
    for (const { stop, at } of wished.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) {
      const top = Number.isFinite(at) ? Math.max(free, Math.round(at - stop.height / 2)) : free;
      spots.set(stop.id, { x: column * box.across, y: top + stop.height / 2, across: box.width });
      free = top + stop.height + box.gap;
    }
  }
  return spots;
}

/** From the near side of the one to the near side of the other; within a column around the right. */
function curve(a: Spot, b: Spot): string {
  if (a.x === b.x) {
    const x = a.x + a.across;
    return `M${x} ${a.y}C${x + 56} ${a.y} ${x + 56} ${b.y} ${x} ${b.y}`;
  }
  const [x1, x2] = a.x > b.x ? [a.x, b.x + b.across] : [a.x + a.across, b.x];
  const bend = (x1 + x2) / 2;
  return `M${x1} ${a.y}C${bend} ${a.y} ${bend} ${b.y} ${x2} ${b.y}`;
}

/** All its curves as one line, straight through the gaps. */
const pathOf = (steps: Step[], spots: Map<string, Spot>): string =>
  steps
    .flatMap(({ from, to }, i) => {
      const [a, b] = [spots.get(from), spots.get(to)];
      return a && b ? [i === 0 ? curve(a, b) : curve(a, b).replace("M", "L")] : [];
    })
    .join("");

/** What is linked; the same links give the same picture. */
export function pictureOf({ things, links }: MapShape): Picture {
  const ends = new Set(links.flatMap(({ from, to }) => [from, to]));
  const shown = things.filter(({ id }) => ends.has(id)).toSorted(byTitle);
  const known = new Set(shown.map(({ id }) => id));
  const edges = links.map(arrowOf).filter(({ from, to }) => known.has(from) && known.has(to));
  const columns = columnsOf(shown, edges);
  const ways = edges.map((edge) => ({ ...stepsOf(edge, columns), type: edge.type }));
  const stops = shown.map(({ id }) => ({ id, height: box.height, column: columns.get(id) ?? 0 }));
  const spots = spotsOf(
    [...stops, ...ways.flatMap(({ passes }) => passes)],
    ways.flatMap(({ steps }) => steps),
  );
  const nodes = shown.map((thing) => {
    const { x, y } = spots.get(thing.id) ?? { x: 0, y: 0 };
    return { ...thing, x, y: y - box.height / 2 };
  });
  return {
    nodes,
    edges: ways.map(({ type, steps }) => ({ type, path: pathOf(steps, spots) })),
    // A curve within a column bulges by some forty pixels.
    width: Math.max(0, ...nodes.map(({ x }) => x)) + box.width + 44,
    height: Math.max(0, ...[...spots.values()].map(({ y }) => y)) + box.height / 2,
  };
}
