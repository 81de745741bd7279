/**
 * Runs many requests at once, one effect at a time. Code between two effects runs undisturbed; at each effect (the database,
 * the queue, a model) it is parked until the scheduler lets that effect happen, or lets the process die instead.
 */
import { AsyncLocalStorage } from "node:async_hooks";

export type PortName = "database" | "queue" | "embedder" | "model" | "messenger" | "chatwoot" | "carrier";

export type Task = {
  id: number;
  label: string;
  isolate: number;
  alive: boolean;
  /** How often its turn comes, beside the others': some processes are slow, and then much happens meanwhile. */
  pace: number;
  /** Parts of it that have not ended: the answer, and each work after it. */
  open: number;
  abandoned: () => void;
};

export type Effect = {
  id: number;
  task: Task;
  port: PortName;
  what: string;
  act(): Promise<unknown>;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
};

/** A task's `setTimeout`: it goes off when the world's time has come that far. */
export type Timer = { task: Task; dueAt: number; goOff(): void };

const running = new AsyncLocalStorage<Task>();
const real = { setTimeout, clearTimeout };

/** WebCrypto works in other threads: while one of its calls runs, a task is neither parked nor done. */
let crypting = 0;
const watched = ["sign", "verify", "digest", "encrypt", "decrypt", "importKey", "deriveBits"] as const;
let watching = false;

function watchCrypto(): void {
  if (watching) return;
  watching = true;
  const subtle = Object.getPrototypeOf(crypto.subtle) as Record<string, (...args: unknown[]) => Promise<unknown>>;
  for (const name of watched) {
    const real = subtle[name];
    if (!real) throw new Error(`WebCrypto has no ${name}`);
    subtle[name] = async function (this: unknown, ...args: unknown[]) {
      crypting += 1;
      try {
        return await real.apply(this, args);
      } finally {
        crypting -= 1;
      }
    };
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
/** Turns of the event loop after which a task that neither parks nor ends is stuck. */
const mostTurns = 20_000;

export class Engine {
  readonly tasks = new Set<Task>();
  pending: Effect[] = [];
  timers: Timer[] = [];
  /** Requests that begin one after the other, each when the one before is parked. */
  readonly #beginnings: (() => void)[] = [];
  #lastTask = 0;
  #lastEffect = 0;

  readonly #now: () => number;

  /** Until `close`, timers of tasks go by `now`; everybody else's stay what they are. */
  constructor(now: () => number) {
    this.#now = now;
    watchCrypto();
    const set = (work: () => void, ms = 0) => {
      const task = running.getStore();
      if (!task) return real.setTimeout(work, ms);
      const timer = { task, dueAt: this.#now() + ms, goOff: work };
      this.timers.push(timer);
      return timer;
    };
    const clear = (timer: unknown) => {
      const count = this.timers.length;
      this.timers = this.timers.filter((other) => other !== timer);
      if (this.timers.length === count) real.clearTimeout(timer as NodeJS.Timeout);
    };
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  }

  close(): void {
    Object.assign(globalThis, real);
  }

  dueTimers(): Timer[] {
    return this.timers.filter(({ dueAt }) => dueAt <= this.#now());
  }

  async goOff(timer: Timer): Promise<void> {
    this.timers = this.timers.filter((other) => other !== timer);
    running.run(timer.task, timer.goOff);
    await this.idle();
  }

  /** Begins a request; `ended` hears its answer, `abandoned` that its process died before there was one. */
  spawn<T>(
    of: { label: string; isolate: number; pace: number },
    work: (waitUntil: (promise: Promise<unknown>) => void) => Promise<T>,
    hears: { ended(answer: T): void; abandoned(): void },
  ): void {
    this.#lastTask += 1;
    const task: Task = { ...of, id: this.#lastTask, alive: true, open: 1, abandoned: hears.abandoned };
    const close = () => {
      task.open -= 1;
      if (task.open === 0) this.tasks.delete(task);
    };
    const waitUntil = (promise: Promise<unknown>) => {
      task.open += 1;
      promise.then(close, close);
    };
    this.#beginnings.push(() => {
      this.tasks.add(task);
      running
        .run(task, () => work(waitUntil))
        .then((answer) => {
          task.abandoned = () => {};
          if (task.alive) hears.ended(answer);
        })
        .finally(close);
    });
  }

  /** For the ports: parks the running task until `act` is let happen. */
  park<T>(port: PortName, what: string, act: () => Promise<T>): Promise<T> {
    const task = running.getStore();
    if (!task) throw new Error(`${what} happened outside of any task`);
    return new Promise<T>((resolve, reject) => {
      if (!task.alive) return;
      this.#lastEffect += 1;
      const settle = { resolve: resolve as (value: unknown) => void, reject };
      this.pending.push({ id: this.#lastEffect, task, port, what, act, ...settle });
    });
  }

  take(effect: Effect): void {
    this.pending = this.pending.filter((other) => other !== effect);
  }

  /** Lets an effect happen and its task go on to the next one. */
  async perform(effect: Effect): Promise<void> {
    this.take(effect);
    await effect.act().then(effect.resolve, effect.reject);
    await this.idle();
  }

  /** The process dies: nothing of it goes on, whoever waits for its answer gets none. */
  kill(task: Task): void {
    task.alive = false;
    this.tasks.delete(task);
    this.pending = this.pending.filter((effect) => effect.task !== task);
    this.timers = this.timers.filter((timer) => timer.task !== task);
    task.abandoned();
  }

  /** Until every task is parked or done. */
  async idle(): Promise<void> {
    await this.#quiet();
    for (let begin = this.#beginnings.shift(); begin; begin = this.#beginnings.shift()) {
      begin();
      await this.#quiet();
    }
  }

  async #quiet(): Promise<void> {
    for (let quiet = 0, turns = 0; quiet < 2; turns += crypting === 0 ? 1 : 0) {
      await turn();
      quiet = crypting === 0 && this.#allParked() ? quiet + 1 : 0;
      if (turns > mostTurns) throw new Error(`stuck: ${[...this.tasks].map(({ label }) => label).join(", ")}`);
    }
  }

  #allParked(): boolean {
    const isParked = (task: Task) => [...this.pending, ...this.timers].some((one) => one.task === task);
    return [...this.tasks].every(isParked);
  }
}
