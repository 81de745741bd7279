/** What has been started, to be ended once, the last first; one that hangs or fails does not keep the others. */
import { setTimeout as wait } from "node:timers/promises";

const PATIENCE_MS = 6_000;

export class Closers {
  readonly #open: (() => unknown)[] = [];
  #closing: Promise<void> | null = null;

  /** Something that started after the closing began is closed at once. */
  add(close: () => unknown): void {
    if (this.#closing === null) this.#open.push(close);
    else void patiently(close);
  }

  get closing(): boolean {
    return this.#closing !== null;
  }

  closeAll(): Promise<void> {
    this.#closing ??= this.#run();
    return this.#closing;
  }

  async #run(): Promise<void> {
    for (let close = this.#open.pop(); close !== undefined; close = this.#open.pop()) await patiently(close);
  }
}

async function patiently(close: () => unknown): Promise<void> {
  const work = Promise.resolve()
    .then(close)
    .catch((error: unknown) => console.error(error));
  await Promise.race([work, wait(PATIENCE_MS, null, { ref: false })]);
}
