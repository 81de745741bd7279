/** Messages in the order they fall due, and one timer for the next of them. */

/** setTimeout overflows at 2^31-1 ms and then fires at once; waking hourly also follows a laptop that slept. */
const LONGEST_SLEEP_MS = 3_600_000;

type Entry = { id: string; at: number };

export class DueList {
  readonly #entries: Entry[] = [];
  readonly #clock: { now(): Date };
  readonly #wake: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: { now(): Date }, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** Equal times keep the order of arrival. */
  add(id: string, at: number): void {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, { id, at });
  }

  /** The next id that is due now, taken out of the list; otherwise a timer is set for it. */
  take(): string | undefined {
    const next = this.#entries[0];
    if (next === undefined) return undefined;
    const sleep = next.at - this.#clock.now().getTime();
    if (sleep <= 0) {
      this.#entries.shift();
      return next.id;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#wake, Math.min(sleep, LONGEST_SLEEP_MS));
    return undefined;
  }

  get nextAt(): number | undefined {
    return this.#entries[0]?.at;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#entries.length = 0;
  }
}
