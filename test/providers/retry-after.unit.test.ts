// When a provider wants to be asked again, in every form it may say so.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { askedToWait, retryAfterSeconds } from "#providers/retry-after.ts";

const now = new Date("2026-11-15T08:00:00Z");

describe("Retry-After", () => {
  test.each([
    ["30", 30],
    [" 30 ", 30],
    ["0", 0],
    ["1.5", 1.5],
    ["6m0s", 360],
    ["1h2m3s", 3723],
    ["120ms", 0.12],
    ["1d", 86_400],
    ["Sun, 15 Nov 2026 08:01:30 GMT", 90],
    ["Sun, 15 Nov 2026 07:00:00 GMT", 0],
    ["Sunday, 15-Nov-26 08:00:10 GMT", 10],
  ])("%s is %d seconds", (text, seconds) => {
    expect(retryAfterSeconds(text, now)).toBeCloseTo(seconds, 6);
  });

  test.each([
    "",
    "soon",
    "-5",
    "5 minutes",
    "6m0",
    "NaN",
    "1e9x",
    "2026-11-15",
    "Sun, nonsense",
    "9".repeat(400),
    `${"9".repeat(400)}h`,
  ])("%j says nothing", (text) => {
    expect(retryAfterSeconds(text, now)).toBeUndefined();
  });

  test("goes before the rate-limit resets, of which the later counts", () => {
    const resets = { "x-ratelimit-reset-requests": "6m0s", "x-ratelimit-reset-tokens": "120ms" };
    expect(askedToWait(new Headers(resets), now)).toBe(360);
    expect(askedToWait(new Headers({ ...resets, "retry-after": "7" }), now)).toBe(7);
    expect(askedToWait(new Headers({ ...resets, "retry-after": "soon" }), now)).toBe(360);
    expect(askedToWait(new Headers(), now)).toBeUndefined();
  });

  test("never is negative, infinite or no number, whatever a server sends", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."0123456789hmsd.:, GMTSunNov-") })),
        (text) => {
          const seconds = retryAfterSeconds(text, now);
          if (seconds !== undefined) expect(seconds).toSatisfy((x: number) => Number.isFinite(x) && x >= 0);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("a duration means the sum of its parts", () => {
    const part = fc.nat({ max: 59 });
    fc.assert(
      fc.property(part, part, part, (h, m, s) => {
        expect(retryAfterSeconds(`${h}h${m}m${s}s`, now)).toBe(h * 3600 + m * 60 + s);
      }),
    );
  });

  test("a date means the time until then", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
        const text = new Date(now.getTime() + seconds * 1000).toUTCString();
        expect(retryAfterSeconds(text, now)).toBe(seconds);
      }),
    );
  });
});
