/** One seed: two tenants, people, machines and faults for a while; then nothing goes wrong any more, and everything must come to rest. */
import { createHash } from "node:crypto";
import { assemble, assertWhole, Broken, type Options, type Parts } from "./assemble.ts";
import type { Effect } from "./engine.ts";
import type { FaultKind, Focus } from "./faults.ts";
import type { Isolate } from "./isolates.ts";
import type { Straggler } from "./outside.ts";
import { rest } from "./rest.ts";
import { type Rng, rngOf } from "./rng.ts";
import type { Move, Sim } from "./sim.ts";

export type Failure = { step: number; broken: string[] };

export type Outcome = {
  seed: number;
  steps: number;
  effects: number;
  faults: ReadonlyMap<FaultKind, number>;
  /** SHA-256 over the trace: equal for two runs of one seed. */
  hash: string;
  trace: string[];
  failure?: Failure;
};

/** What may happen in one seed before everything is let come to rest: most are short, in some much piles up. */
const lengths = [50, 50, 80, 140] as const;
const lengthOf = (seed: number): number => rngOf(`length ${seed}`).pick(lengths);
/** Requests under way at once. */
const mostTasks = 8;
/** Mean milliseconds between two steps: in some worlds leases end while little happens. */
const hastes = [150, 500, 3000, 12_000] as const;

/** What aims and dawdling go by. */
const nameOf = ({ port, what }: Effect): string => `${port} ${what}`;

function crashMoves({ sim }: Parts, effect: Effect): "before" | "after" | "isolate" | undefined {
  const what = nameOf(effect);
  if (sim.faults.strikes("crash.before_effect", 0.03, what)) return "before";
  if (sim.faults.strikes("crash.after_effect", 0.05, what)) return "after";
  return sim.faults.strikes("crash.isolate", 0.015, what) && effect.task.isolate > 0 ? "isolate" : undefined;
}

/** Lets one effect happen, or its process die before or after it. */
export async function happen(parts: Parts, effect: Effect): Promise<void> {
  const { sim, counted } = parts;
  const { engine, isolates } = sim;
  const crash = crashMoves(parts, effect);
  counted.effects += 1;
  if (effect.port === "database") counted.writes += 1;
  sim.trace(`${effect.task.label}: ${effect.port} ${effect.what}${crash ? `, crash (${crash})` : ""}`);
  if (crash === undefined) return engine.perform(effect);
  if (crash === "after") {
    engine.take(effect);
    await effect.act().catch(() => {});
  }
  const gone = [...engine.tasks].filter((task) =>
    crash === "isolate" ? task.isolate === effect.task.isolate : task === effect.task,
  );
  for (const task of gone) engine.kill(task);
  const isolate = isolates.all.find(({ number }) => number === effect.task.isolate);
  if (crash === "isolate" && isolate) isolates.replace(isolate);
  await engine.idle();
}

export function movesOf(parts: Parts): Move[] {
  const { sim, stragglers, areas: present, focus } = parts;
  const { engine } = sim;
  const dawdle = (what: string) => (focus?.dawdles?.at.test(what) ? focus.dawdles.pace : 1);
  const paceOf = (effect: Effect) => effect.task.pace * dawdle(nameOf(effect));
  const effects = engine.pending.map((effect) => ({ weight: paceOf(effect), run: () => happen(parts, effect) }));
  const late = stragglers.map((straggler) => ({
    weight: dawdle(`late ${straggler.what}`),
    run: () => arrive(parts, straggler),
  }));
  const timers = engine.dueTimers().map((timer) => ({ weight: 4, run: () => engine.goOff(timer) }));
  const isBusy = engine.tasks.size >= mostTasks;
  return [
    ...effects,
    ...timers,
    ...late,
    ...(isBusy ? [] : [...sim.qstash.moves(sim), ...present.flatMap((one) => one.moves())]),
  ];
}

export async function arrive({ sim, stragglers, counted }: Parts, straggler: Straggler): Promise<void> {
  stragglers.splice(stragglers.indexOf(straggler), 1);
  sim.trace(`late at the database: ${straggler.what}`);
  counted.writes += 1;
  await straggler.run();
}

export function weighted(rng: Rng, moves: readonly Move[]): Move | undefined {
  let at = rng.next() * moves.reduce((sum, { weight }) => sum + weight, 0);
  return moves.find(({ weight }) => {
    at -= weight;
    return at < 0;
  });
}

/** Time between two steps; a clock that jumps; an isolate whose clock is off. */
function passTime(sim: Sim, meanMs: number): void {
  const { rng, faults, isolates, qstash, trace } = sim;
  sim.time += rng.below(2 * meanMs);
  if (faults.strikes("clock.jump", 0.02)) {
    sim.time += rng.pick([40, 130, 1200, 7200, 93_600]) * 1000;
    trace(`clock.jump to ${new Date(sim.time).toISOString()}`);
  }
  if (faults.strikes("clock.skew", 0.02)) {
    const isolate = rng.pick(isolates.all) as Isolate;
    isolate.skewMs = rng.pick([-30_000, -2000, 0, 5000, 90_000]);
    trace(`clock.skew: isolate ${isolate.number} by ${isolate.skewMs} ms`);
  }
  qstash.tick(sim);
}

export async function checkStep({ sim, areas: present, accused }: Parts): Promise<void> {
  assertWhole(accused);
  const asked = present.flatMap(({ name, look }) => (look === undefined ? [] : [{ name, look }]));
  const told = asked.length > 0 ? await sim.house.look(asked) : undefined;
  if (!told) return;
  for (const area of present) assertWhole((await area.tell?.(told.get(area.name) ?? [])) ?? []);
}

type Walk = { steps: number; reached: { step: number }; focus: Focus | undefined };

async function unsettle(parts: Parts, { steps, reached, focus }: Walk): Promise<void> {
  const { sim } = parts;
  const drawn = sim.rng.pick(hastes);
  const haste = focus?.haste ?? (focus?.crowded ? hastes[3] : drawn);
  for (reached.step = 1; reached.step <= steps; reached.step += 1) {
    const moves = movesOf(parts);
    const { writes } = parts.counted;

    await weighted(sim.rng, moves)?.run();
    await sim.engine.idle();
    if (parts.counted.writes > writes) await checkStep(parts);
    passTime(sim, haste);
  }
}

/** Runs a seed. A broken invariant is an outcome, anything else that is thrown a mistake of the simulation. */
export async function runSeed(seed: number, options: Options): Promise<Outcome> {
  const parts = await assemble(seed, options);
  const { steps = lengthOf(seed) } = options;
  const reached = { step: 0 };
  let failure: Failure | undefined;
  try {
    await unsettle(parts, { steps, reached, focus: options.focus });
    reached.step = steps;
    parts.sim.faults.end();
    await rest(parts);
  } catch (thrown) {
    if (!(thrown instanceof Broken)) throw thrown;
    failure = { step: reached.step, broken: thrown.broken };
  } finally {
    parts.restore();
  }
  const { sim, lines, counted } = parts;
  const hash = createHash("sha256").update(lines.join("\n")).digest("hex");
  const outcome = {
    seed,
    steps: reached.step,
    effects: counted.effects,
    faults: sim.faults.counts,
    hash,
    trace: lines,
  };
  return failure ? { ...outcome, failure } : outcome;
}
