/** Ways for the embeddings endpoint to misbehave, set by a test in process or by `POST /_faults` from outside. */
import type { Answer } from "../loopback.ts";
import { ApiError } from "./wire.ts";

export class Faults {
  #down = false;
  #slowMs = 0;
  #limited = { times: 0, retryAfterSeconds: 1 };
  #poison: string[] = [];

  /** Connections are cut without an answer. */
  down(): void {
    this.#down = true;
  }

  /** Every answer comes this much later. */
  slow(ms: number): void {
    this.#slowMs = ms;
  }

  /** The next requests are answered 429. */
  rateLimit(given: { retryAfterSeconds: number; times: number }): void {
    this.#limited = { ...given };
  }

  /** A request with such a text among its inputs fails whole, as one bad text spoils its batch. */
  failFor(textIncludes: string): void {
    this.#poison.push(textIncludes);
  }

  ok(): void {
    this.#down = false;
    this.#slowMs = 0;
    this.#limited = { times: 0, retryAfterSeconds: 1 };
    this.#poison = [];
  }

  /** An answer in place of the true one; throws the error a fault stands for. */
  async before(inputs: string[]): Promise<Answer | undefined> {
    if (this.#down) return { drop: true };
    if (this.#slowMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#slowMs));
    if (this.#limited.times > 0) {
      this.#limited.times -= 1;
      const { retryAfterSeconds: retryAfter } = this.#limited;
      const message = `Rate limit reached. Please try again in ${retryAfter}s.`;
      throw new ApiError(429, { message, type: "requests", code: "rate_limit_exceeded", retryAfter });
    }
    if (inputs.some((text) => this.#poison.some((part) => text.includes(part)))) {
      throw new ApiError(400, { message: "'$.input' is invalid.", param: "input", code: "invalid_input" });
    }
    return undefined;
  }

  /** `{"down":true}`, `{"slow":200}`, `{"rateLimit":{…}}`, `{"failFor":"…"}`, `{"ok":true}`; several at once are fine. */
  set(body: Buffer): void {
    const wanted = JSON.parse(body.toString("utf8")) as {
      ok?: boolean;
      down?: boolean;
      slow?: number;
      rateLimit?: { retryAfterSeconds: number; times: number };
      failFor?: string;
    };
    if (wanted.ok) this.ok();
    if (wanted.down) this.down();
    if (wanted.slow !== undefined) this.slow(wanted.slow);
    if (wanted.rateLimit !== undefined) this.rateLimit(wanted.rateLimit);
    if (wanted.failFor !== undefined) this.failFor(wanted.failFor);
  }
}
