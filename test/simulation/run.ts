/** One seed: two tenants, people, machines and faults for a while; then nothing goes wrong any more, and everything must come to rest. */
import { createHash } from "node:crypto";
import { makeIds } from "#brain/kernel/ids.ts";
import { install } from "#db/bootstrap.ts";
import { createApp } from "#functions/app.ts";
import type { Runtime } from "#gateway/runtime.ts";
import { secretsFrom } from "#providers/secrets.ts";
import { publicUrl, signingKeys } from "#test/kit/world.ts";
import { areas } from "./areas.ts";
import { type Effect, Engine } from "./engine.ts";
import { type FaultKind, type Focus, makeFaults } from "./faults.ts";
import type { Asking, House } from "./house.ts";
import { type Isolate, makeIsolates } from "./isolates.ts";
import { databaseDoor, embedderPort, modelPort, queuePort, type Straggler } from "./outside.ts";
import { Qstash } from "./qstash.ts";
import { rest } from "./rest.ts";
import { type Rng, rngOf } from "./rng.ts";
import type { Area, AreaOf, Move, Sim, SimTenant } from "./sim.ts";

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

export type Options = { house: House; steps?: number; areas?: readonly AreaOf[]; focus?: Focus };

/** What may happen in one seed before everything is let come to rest. */
export const usualSteps = 120;
const start = Date.parse("2026-11-15T08:00:00.000Z");
/** Requests under way at once. */
const mostTasks = 8;
/** Weights of a task's effects among all that may happen next: of each world one row, so that in some requests pile up. */
const paces = [[0.2, 2, 4, 8], [0.2, 8], [0.6]] as const;
/** Mean milliseconds between two steps: in some worlds leases end while little happens. */
const hastes = [150, 500, 3000, 12_000] as const;
const words = ["nordvarme", "sydklima"] as const;
export const firstRing = `k1:${Buffer.alloc(32, 1).toString("base64")}`;

export class Broken extends Error {
  readonly broken: string[];
  constructor(broken: string[]) {
    super(broken.join("; "));
    this.broken = broken;
  }
}

const assertWhole = (broken: string[]): void => {
  if (broken.length > 0) throw new Broken(broken);
};

async function tenantOf(house: House, { rng, word }: { rng: Rng; word: string }): Promise<SimTenant> {
  const clock = { now: () => new Date(start), fixed: () => new Date(start).toISOString() };
  const ids = makeIds(clock, (count) => rng.bytes(count));
  const accountId = word === words[0] ? 1 : 2;
  const installed = await install({ query: house.query, exec: house.exec }, secretsFrom(firstRing), {
    scopeKey: word,
    projectName: word,
    owner: { username: word, passwordHash: "none" },
    chatwoot: { accountId: String(accountId) },
    ids,
  });
  // Made by the database at random otherwise.
  const hmacKey = `\\x${Buffer.from(rng.bytes(32)).toString("hex")}`;
  await house.query("update identity.projects set hmac_key = $2::bytea where id = $1", [installed.project, hmacKey]);
  return { ...installed, accountId, username: word, readKey: "", word };
}

type Parts = {
  sim: Sim;
  accused: string[];
  areas: Area[];
  stragglers: Straggler[];
  lines: string[];
  counted: { effects: number; writes: number };
};

/** Everybody and everything, before the first step. */
async function assemble(
  seed: number,
  { house, areas: wanted = areas, focus }: Options,
): Promise<Parts & { restore(): void }> {
  const rng = rngOf(`seed ${seed}`);
  const lines: string[] = [];
  const counted = { effects: 0, writes: 0 };
  const stragglers: Straggler[] = [];
  const engine = new Engine(() => sim.time);
  const faults = makeFaults(rng.fork("faults"), focus);
  const trace = (line: string) => void lines.push(line);
  const qstash = new Qstash(start, signingKeys.current);
  const present: Area[] = [];
  const around = {
    engine,
    faults,
    rng: rng.fork("outside"),
    trace,
    stragglers,
    atDatabase: (asking: Asking) => watched(present, asking),
    accept: (message: Parameters<Qstash["accept"]>[0]) => qstash.accept(message, sim.time),
    passTime: (ms: number) => {
      sim.time += ms;
    },
  };
  const direct = house.redirect(databaseDoor(around));
  const restore = () => {
    direct();
    engine.close();
  };
  const drawn: readonly number[] = rng.pick(paces);
  const pace = focus?.crowded ? paces[2] : drawn;
  const hasModel = rng.chance(0.5);
  const isolates = makeIsolates({
    rng: rng.fork("isolates"),
    now: () => sim.time,
    db: house.db(),
    ports: {
      queue: queuePort(around),
      embedder: embedderPort(around),
      ...(hasModel ? { language: modelPort(around) } : {}),
    },
    deployed: { ring: firstRing, signingKeys },
    log: () => {},
  });
  const app = createApp((bindings) => bindings["runtime"] as Runtime);
  const accused: string[] = [];
  const accuse = (broken: string) => void accused.push(broken);
  const constant = { seed, rng, faults, engine, house, isolates, qstash, app, trace, accuse, ask };
  const sim: Sim = { ...constant, time: start, tenants: [] };

  function ask(label: string, { path, init }: { path: string; init: RequestInit }, heard: Parameters<Sim["ask"]>[2]) {
    const isolate = rng.pick(isolates.all);
    trace(`${label} begins in isolate ${isolate.number}`);
    const told = (line: string) => trace(`${label} → ${line}`);
    engine.spawn(
      { label, isolate: isolate.number, pace: rng.pick(pace) },
      async (waitUntil) => {
        const context = { waitUntil, passThroughOnException: () => {}, props: {} };
        const answer = await app.fetch(new Request(`${publicUrl}${path}`, init), { runtime: isolate.runtime }, context);
        return { status: answer.status, body: await answer.text() };
      },
      {
        ended: (answer) => {
          // Roots of the audit chain hash transaction numbers, which go on counting from seed to seed.
          const said = answer.body.replaceAll(/"root":"[0-9a-f]+"/g, "");
          told(`${answer.status} ${createHash("sha256").update(said).digest("hex").slice(0, 8)}`);
          heard(answer);
        },
        abandoned: () => {
          told("no answer");
          heard(undefined);
        },
      },
    );
  }

  await house.wipe();
  await house.query("select set_config('app.now', $1, false)", [new Date(start).toISOString()]);
  for (const word of words) {
    sim.tenants = [...sim.tenants, await tenantOf(house, { rng: rng.fork(word), word })];
  }
  await house.query("select set_config('app.now', '', false)");
  present.push(...wanted.map((areaOf) => areaOf(sim)));
  return { sim, accused, areas: present, stragglers, lines, counted, restore };
}

async function watched(present: Area[], asking: Asking): Promise<Response> {
  const looks = [];
  for (const area of present) looks.push(await area.watch?.(asking.request));
  const answer = await asking.answer();
  const broken: string[] = [];
  for (const look of looks) broken.push(...((await look?.()) ?? []));
  assertWhole(broken);
  return answer;
}

function crashMoves({ sim }: Parts, effect: Effect): "before" | "after" | "isolate" | undefined {
  if (sim.faults.strikes("crash.before_effect", 0.03)) return "before";
  if (sim.faults.strikes("crash.after_effect", 0.05)) return "after";
  return sim.faults.strikes("crash.isolate", 0.015) && effect.task.isolate > 0 ? "isolate" : undefined;
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
    await effect.act().catch((thrown: unknown) => {
      if (thrown instanceof Broken) throw thrown;
    });
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
  const { sim, stragglers, areas: present } = parts;
  const { engine } = sim;
  const effects = engine.pending.map((effect) => ({ weight: effect.task.pace, run: () => happen(parts, effect) }));
  const late = stragglers.map((straggler) => ({ weight: 1, run: () => arrive(parts, straggler) }));
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

export async function checkStep({ areas: present, accused }: Parts): Promise<void> {
  assertWhole(accused);
  for (const area of present) assertWhole((await area.afterStep?.()) ?? []);
}

type Walk = { steps: number; reached: { step: number }; focus: Focus | undefined };

async function unsettle(parts: Parts, { steps, reached, focus }: Walk): Promise<void> {
  const { sim } = parts;
  const drawn = sim.rng.pick(hastes);
  const haste = focus?.crowded ? hastes[3] : drawn;
  for (reached.step = 1; reached.step <= steps; reached.step += 1) {
    const moves = movesOf(parts);
    const { writes } = parts.counted;

    sim.trace(
      `MOVES ${reached.step} t=${sim.time} ${moves.map((m) => m.weight).join(",")} tasks ${[...sim.engine.tasks].map((t) => t.id + t.label + t.open)} pend ${sim.engine.pending.map((e) => e.task.id + e.what)}`,
    );
    await weighted(sim.rng, moves)?.run();
    await sim.engine.idle();
    if (parts.counted.writes > writes) await checkStep(parts);
    passTime(sim, haste);
  }
}

/** Runs a seed. A broken invariant is an outcome, anything else that is thrown a mistake of the simulation. */
export async function runSeed(seed: number, options: Options): Promise<Outcome> {
  const parts = await assemble(seed, options);
  const { steps = usualSteps } = options;
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

export type { Parts };
