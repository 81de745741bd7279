// Counts requests and statements, so that "one request per step" can be tested and costs can be told.

type Count = { requests: number; statements: number };

/** The owner's requests (migrations, set-up) appear under `byRole` only. */
export type Stats = Count & { byRole: Record<string, Count> };

export class Counts {
  readonly #owner: string;
  readonly #byRole = new Map<string, Count>();

  constructor(owner: string) {
    this.#owner = owner;
  }

  add(role: string, statements: number): void {
    const count = this.#byRole.get(role) ?? { requests: 0, statements: 0 };
    this.#byRole.set(role, { requests: count.requests + 1, statements: count.statements + statements });
  }

  read(): Stats {
    const counted = [...this.#byRole].filter(([role]) => role !== this.#owner).map(([, count]) => count);
    return {
      requests: counted.reduce((sum, count) => sum + count.requests, 0),
      statements: counted.reduce((sum, count) => sum + count.statements, 0),
      byRole: Object.fromEntries(this.#byRole),
    };
  }

  reset(): void {
    this.#byRole.clear();
  }
}
