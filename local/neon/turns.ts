// First come, first served: one session, so one request at a time, and nobody waits without end.
import { SqlError } from "./protocol.ts";

type Turn = { start: () => void; timer: NodeJS.Timeout };

export class Turns {
  readonly #waiting: Turn[] = [];
  readonly #timeout: number;
  #busy = false;

  /** @param timeout milliseconds that a request may wait before it fails with 55P03 (lock not available) */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> {
    if (!this.#busy) {
      this.#busy = true;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const turn: Turn = {
        start: resolve,
        timer: setTimeout(() => {
          this.#waiting.splice(this.#waiting.indexOf(turn), 1);
          reject(tooLong(this.#timeout));
        }, this.#timeout),
      };
      this.#waiting.push(turn);
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#busy = false;
      return;
    }
    clearTimeout(next.timer);
    next.start();
  }
}

function tooLong(ms: number): SqlError {
  return new SqlError(`the local database was busy for ${ms} ms with other requests`, {
    severity: "ERROR",
    code: "55P03",
    hint: "PGlite has one session; look for a long statement, or use a Postgres by DATABASE_URL.",
  });
}
