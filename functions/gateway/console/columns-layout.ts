/** Boxes in columns and arrows between them: a picture that is the same for the same things. Pure. */

export const box = { width: 208, height: 44, across: 260, gap: 16 } as const;

/** What an arrow joins, by id. */
export type Ends = { from: string; to: string };
export type Arranged = { spots: Map<string, { x: number; y: number }>; paths: string[]; width: number; height: number };

type Spot = { x: number; y: number; across: number };
/** A thing, or where an arrow passes between others. */
type Stop = { id: string; height: number; column: number };

/** An arrow over several columns passes through a gap of its own in each of those between. */
function stepsOf({ from, to }: Ends, columns: ReadonlyMap<string, number>): { passes: Stop[]; steps: Ends[] } {
  const [a, b] = [columns.get(from) ?? 0, columns.get(to) ?? 0];
  const between = Array.from({ length: Math.max(0, Math.abs(a - b) - 1) }, (_, i) => (a > b ? a - 1 - i : a + 1 + i));
  const passes = between.map((column) => ({ id: `${from} ${to} ${column}`, height: box.gap, column }));
  const stops = [from, ...passes.map(({ id }) => id), to];
  return { passes, steps: stops.slice(1).map((stop, i) => ({ from: stops[i] ?? from, to: stop })) };
}

/** Each as near as there is room to the middle of what it leads to in the columns before; what leads nowhere comes last. */
function spotsOf(stops: Stop[], steps: Ends[]): Map<string, Spot> {
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
const pathOf = (steps: Ends[], spots: Map<string, Spot>): string =>
  steps
    .flatMap(({ from, to }, i) => {
      const [a, b] = [spots.get(from), spots.get(to)];
      return a && b ? [i === 0 ? curve(a, b) : curve(a, b).replace("M", "L")] : [];
    })
    .join("");

/** `columns` says in which column each stands, and in what order they are placed. */
export function arranged(columns: ReadonlyMap<string, number>, edges: readonly Ends[]): Arranged {
  const ways = edges.map((edge) => stepsOf(edge, columns));
  const stops = [...columns].map(([id, column]) => ({ id, height: box.height, column }));
  const spots = spotsOf(
    [...stops, ...ways.flatMap(({ passes }) => passes)],
    ways.flatMap(({ steps }) => steps),
  );
  const corners = stops.map(({ id }) => {
    const { x, y } = spots.get(id) ?? { x: 0, y: 0 };
    return [id, { x, y: y - box.height / 2 }] as const;
  });
  return {
    spots: new Map(corners),
    paths: ways.map(({ steps }) => pathOf(steps, spots)),
    // A curve within a column bulges by some forty pixels.
    width: Math.max(0, ...corners.map(([, { x }]) => x)) + box.width + 44,
    height: Math.max(0, ...[...spots.values()].map(({ y }) => y)) + box.height / 2,
  };
}
