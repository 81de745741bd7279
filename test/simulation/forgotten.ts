/** What was erased to the end in a simulation, by id: areas that compare with the world outside leave it out. */
import type { Sim } from "./sim.ts";

const bySim = new WeakMap<Sim, Set<string>>();

export function forgotten(sim: Sim): Set<string> {
  const known = bySim.get(sim) ?? new Set<string>();
  bySim.set(sim, known);
  return known;
}
