/** Where entities stand in the picture: in each group the most related first, then by how far they are from it. Pure. */
import { type Arranged, arranged } from "./columns-layout.ts";
import type { EntityRow, RelationRow } from "./shapes.ts";

export type WorldPicture = Arranged & { nodes: EntityRow[]; edges: RelationRow[] };

const byName = (a: EntityRow, b: EntityRow): number =>
  (a.name ?? "") < (b.name ?? "") || (a.name === b.name && a.id < b.id) ? -1 : 1;

/** Steps from the most related of its group, group after group. */
function columnsOf(nodes: EntityRow[], edges: RelationRow[]): Map<string, number> {
  const near = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to } of edges) {
    near.get(from)?.push(to);
    near.get(to)?.push(from);
  }
  const columns = new Map<string, number>();
  const degree = ({ id }: EntityRow) => near.get(id)?.length ?? 0;
  for (const { id } of nodes.toSorted((a, b) => degree(b) - degree(a) || byName(a, b))) {
    if (columns.has(id)) continue;
    columns.set(id, 0);
    const waiting = [id];
    for (const one of waiting) {
      for (const other of (near.get(one) ?? []).filter((next) => !columns.has(next))) {
        columns.set(other, (columns.get(one) ?? 0) + 1);
        waiting.push(other);
      }
    }
  }
  return columns;
}

/** Entities that stand in a relation; the same ones give the same picture. */
export function worldPictureOf(entities: readonly EntityRow[], relations: readonly RelationRow[]): WorldPicture {
  const known = new Map(entities.map((entity) => [entity.id, entity]));
  const edges = relations
    .filter(({ from, to }) => known.has(from) && known.has(to))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const nodes = entities.filter(({ id }) => ends.has(id)).toSorted(byName);
  const columns = columnsOf(nodes, edges);
  return { nodes, edges, ...arranged(columns, edges) };
}
