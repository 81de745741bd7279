/** The formula that says how long a failed message waits. */
import { describe, expect, it } from "vitest";
import { retryDelayFrom } from "#local/qstash/retry-delay.ts";

const first = (text: string, count = 4) => Array.from({ length: count }, (_, n) => retryDelayFrom(text)?.(n));

describe("a retry delay", () => {
  it.each([
    ["1000", [1000, 1000, 1000, 1000]],
    ["1000 * (1 + retried)", [1000, 2000, 3000, 4000]],
    ["pow(2, retried) * 1000", [1000, 2000, 4000, 8000]],
    ["max(1000, pow(2, retried) * 100)", [1000, 1000, 1000, 1000]],
    ["min(5000, 1000 + retried * 3000)", [1000, 4000, 5000, 5000]],
    ["floor(7 / 2) + ceil(0.1) + round(1.4) + abs(-3) + sqrt(16) - 10 % 4", [10, 10, 10, 10]],
    ["2 - 3 - 4 + -retried", [-5, -6, -7, -8]],
  ])("%s", (text, expected) => expect(first(text)).toEqual(expected));

  it.each(["", "retries", "pow(2", "pow 2", "1 +", "1 2", "constructor(1)", "2 ** 3", "1; 2", "1/0"])(
    "%j is none",
    (text) => {
      expect(retryDelayFrom(text)).toBeUndefined();
    },
  );
});
