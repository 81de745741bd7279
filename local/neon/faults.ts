// Accidents on order: what a network or a server may do to one request, for tests.

export type Fault = {
  /** `before`: fails without running. `after-commit`: runs, commits, then fails. `delay`: waits `ms`, then runs. */
  kind: "before" | "after-commit" | "delay";
  /** Milliseconds of a delay. */
  ms?: number;
  /** HTTP status of the failure; without one the connection is cut. */
  status?: number;
  /** Only a request with a statement that matches is hit. */
  match?: RegExp;
};

export class Faults {
  #planned: Fault[] = [];

  /** Plans one accident for the next request (that matches). */
  next(fault: Fault): void {
    this.#planned.push(fault);
  }

  /** Accidents that have not happened yet. */
  get pending(): number {
    return this.#planned.length;
  }

  clear(): void {
    this.#planned = [];
  }

  /** Takes the first accident that fits these statements. */
  take(queries: readonly string[]): Fault | null {
    const index = this.#planned.findIndex(
      ({ match }) => match === undefined || queries.some((query) => query.search(match) >= 0),
    );
    return index < 0 ? null : (this.#planned.splice(index, 1)[0] ?? null);
  }
}
