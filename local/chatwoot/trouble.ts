/** What can be wrong with an API: it refuses, fails, cuts the line, keeps one waiting, or counts the calls of a minute. */
import { setTimeout as wait } from "node:timers/promises";
import type { Answer, Asked } from "../loopback.ts";

/** `skip` lets so many calls pass first; `times` ends it. Paths are those below the account, with their query. */
export type Trouble = { path?: RegExp; skip?: number; times?: number } & (
  | { kind: "status"; status: number; retryAfter?: number; body?: unknown }
  | { kind: "drop" }
  | { kind: "hang"; ms: number }
);

export class Troubles {
  /** Calls answered or refused so far, as `GET /conversations?page=1`. */
  readonly calls: string[] = [];
  /** Called before each answer: for what happens in the account while somebody reads. */
  onCall: (call: string) => void = () => undefined;
  readonly #planned: Trouble[] = [];
  readonly #clock: { now(): Date };
  #quota: { calls: number; seconds: number } | null = null;
  #window = { begins: 0, used: 0 };

  constructor(clock: { now(): Date }) {
    this.#clock = clock;
  }

  plan(trouble: Trouble): void {
    this.#planned.push({ ...trouble });
  }

  clear(): void {
    this.#planned.length = 0;
    this.#quota = null;
  }

  /** Rack::Attack's way: so many calls in each whole window, then 429 until it is over. Null ends it. */
  limit(quota: { calls: number; seconds: number } | null): void {
    this.#quota = quota;
  }

  /** What to answer instead; null when all is well. */
  async meet(asked: Asked): Promise<Answer | null> {
    const path = asked.target.replace(/^\/api\/v1\/accounts\/\d+/, "");
    const call = `${asked.method} ${path}`;
    this.calls.push(call);
    this.onCall(call);
    const throttled = this.#throttle();
    if (throttled) return throttled;
    const trouble = this.#next(path);
    if (!trouble) return null;
    if (trouble.kind === "drop") return { drop: true };
    if (trouble.kind === "hang") {
      await wait(trouble.ms, null, { ref: false });
      return { drop: true };
    }
    const headers = trouble.retryAfter === undefined ? {} : { "retry-after": String(trouble.retryAfter) };
    return { status: trouble.status, json: trouble.body ?? { error: "trouble" }, headers };
  }

  #throttle(): Answer | null {
    if (!this.#quota) return null;
    const { calls, seconds } = this.#quota;
    const now = Math.floor(this.#clock.now().getTime() / 1000);
    const begins = now - (now % seconds);
    if (this.#window.begins !== begins) this.#window = { begins, used: 0 };
    this.#window.used += 1;
    if (this.#window.used <= calls) return null;
    return {
      status: 429,
      bytes: Buffer.from("Retry later\n"),
      headers: { "retry-after": String(begins + seconds - now) },
    };
  }

  #next(path: string): Trouble | undefined {
    const place = this.#planned.findIndex((one) => one.path === undefined || one.path.test(path));
    const found = this.#planned[place];
    if (!found) return undefined;
    if ((found.skip ?? 0) > 0) {
      found.skip = (found.skip ?? 0) - 1;
      return undefined;
    }
    found.times = (found.times ?? Number.POSITIVE_INFINITY) - 1;
    if (found.times <= 0) this.#planned.splice(place, 1);
    return found;
  }
}
