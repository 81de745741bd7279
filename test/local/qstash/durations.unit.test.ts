/** Spans of time in headers, and the waits between retries. */
import { describe, expect, it } from "vitest";
import { askedToWaitMs, documentedBackoff, durationMs } from "#local/qstash/durations.ts";

const now = new Date("2026-11-21T12:00:00Z");
const asked = (headers: Record<string, string>) => askedToWaitMs(new Headers(headers), now);

describe("spans of time", () => {
  it.each([
    ["10s", 10_000],
    ["7d", 604_800_000],
    ["6m5s", 365_000],
    ["1h30m", 5_400_000],
    ["120ms", 120],
    ["15", 15_000],
  ])("%s", (text, ms) => expect(durationMs(text)).toBe(ms));

  it.each(["", "soon", "10 s", "-5", "5x", "s10"])("%j is none", (text) => expect(durationMs(text)).toBeUndefined());

  it("an answer asks to wait in seconds, by a date or by a span, at most a day", () => {
    expect(asked({ "retry-after": "3" })).toBe(3_000);
    expect(asked({ "retry-after": "Sat, 21 Nov 2026 12:00:30 GMT" })).toBe(30_000);
    expect(asked({ "retry-after": "Sat, 21 Nov 2026 11:00:00 GMT" })).toBe(0);
    expect(asked({ "x-ratelimit-reset-tokens": "6m5s" })).toBe(365_000);
    expect(asked({ "retry-after": "2", "x-ratelimit-reset": "9" })).toBe(2_000);
    expect(asked({ "retry-after": "900000" })).toBe(86_400_000);
    expect(asked({ "retry-after": "whenever" })).toBeUndefined();
    expect(asked({})).toBeUndefined();
  });

  it("without being asked, retries come after 12 s, 2 m 28 s, 30 m 8 s, 6 h 7 m, then a day", () => {
    expect([1, 2, 3, 4, 5, 6].map((n) => Math.round(documentedBackoff(n) / 1_000))).toEqual([
      12, 148, 1_808, 22_026, 86_400, 86_400,
    ]);
  });
});
