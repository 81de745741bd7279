/** The end of a seed: nothing goes wrong any more, what is under way ends, time passes, and all that was promised must be there. */

import { Broken, type Parts } from "./assemble.ts";
import { tickMs } from "./qstash.ts";
import { arrive, checkStep, happen } from "./run.ts";

/** Five claims with their waits (43 min), two lost messages (15 min each) and a lease: a dozen ticks suffice, thrice that is a fault. */
const mostTicks = 36;
const mostMoves = 3000;

/** Ends whatever can end without time passing, first come first served. */
async function drain(parts: Parts): Promise<void> {
  const { sim, stragglers, areas } = parts;
  for (let moves = 0; moves < mostMoves; moves += 1) {
    const [straggler] = stragglers;
    const [effect] = sim.engine.pending;
    const [timer] = sim.engine.dueTimers();
    const [letter] = sim.qstash.due(sim.time);
    const [left] = areas.flatMap((area) => area.remaining?.() ?? []);
    if (straggler) await arrive(parts, straggler);
    else if (effect) await happen(parts, effect);
    else if (timer) await sim.engine.goOff(timer);
    else if (letter) sim.qstash.deliver(sim, letter);
    else if (left) await left.run();
    else return;
    await sim.engine.idle();
    if (effect?.port === "database" || straggler) await checkStep(parts);
  }
  throw new Broken([`no rest: still busy after ${mostMoves} moves with nothing going wrong`]);
}

const isSettled = async ({ areas }: Parts): Promise<boolean> => {
  for (const area of areas) if (area.isSettled && !(await area.isSettled())) return false;
  return true;
};

export async function rest(parts: Parts): Promise<void> {
  const { sim, areas } = parts;
  sim.trace("nothing goes wrong from here on");
  for (const isolate of sim.isolates.all) isolate.skewMs = 0;
  await drain(parts);
  for (let ticks = 0; ticks < mostTicks && !(await isSettled(parts)); ticks += 1) {
    const next = sim.qstash.nextDue;
    sim.time = Math.max(sim.time, Math.min(next ?? Number.POSITIVE_INFINITY, sim.time + tickMs));
    sim.qstash.tick(sim);
    await drain(parts);
  }
  const broken: string[] = [];
  for (const area of areas) broken.push(...((await area.atRest?.()) ?? []));
  if (broken.length > 0) throw new Broken(broken);
  await drain(parts);
}
