// W3C Trace Context: what is continued, and what begins anew.
import { describe, expect, test } from "vitest";
import { settableClock } from "#brain/kernel/clock.ts";
import { makeIds } from "#brain/kernel/ids.ts";
import { makeTally } from "#brain/kernel/tally.ts";
import { traceFrom, traceId } from "#brain/kernel/trace.ts";

const ids = makeIds(settableClock("2026-11-15T08:00:00.000Z"));
const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const span = "00f067aa0ba902b7";

describe("a traceparent", () => {
  test.each([
    [`00-${trace}-${span}-01`, "01"],
    [`00-${trace}-${span}-00`, "00"],
    [`00-${trace}-${span}-ff`, "01"],
    [`01-${trace}-${span}-01-what-a-later-version-adds`, "01"],
  ])("%s is continued with a span of our own", (header, flags) => {
    const ours = traceFrom(header, ids);
    expect(ours).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-${flags}$`));
    expect(ours).not.toContain(span);
    expect(traceId(ours)).toBe(trace);
  });

  test.each([
    undefined,
    "",
    "garbage",
    `00-${"0".repeat(32)}-${span}-01`,
    `00-${trace}-${"0".repeat(16)}-01`,
    `ff-${trace}-${span}-01`,
    `00-${trace.toUpperCase()}-${span}-01`,
    `00-${trace}-${span}-01-more`,
    `00-${trace}-${span}`,
    `00-${trace}-${span}-0x`,
    `00-${trace}x-${span}-01`,
  ])("%s begins a new trace", (header) => {
    const [one, other] = [traceFrom(header, ids), traceFrom(header, ids)];
    expect(one).toMatch(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/);
    expect(traceId(one)).not.toBe(trace);
    expect(traceId(one)).not.toBe(traceId(other));
  });
});

test("a tally counts by verb and outcome, sums durations and sorts them into buckets", () => {
  const tally = makeTally(new Date("2026-11-15T08:00:00Z"));
  for (const ms of [5, 10, 11, 5000]) tally.count({ verb: "a.b", outcome: "ok", ms, requests: 1 });
  tally.count({ verb: "a.b", outcome: "invalid_input", ms: 1, requests: 0 });
  expect(tally.all()).toEqual([
    { verb: "a.b", outcome: "ok", count: 4, ms: 5026, slowest: 5000, requests: 4, buckets: [2, 1, 0, 0, 0, 0, 1] },
    { verb: "a.b", outcome: "invalid_input", count: 1, ms: 1, slowest: 1, requests: 0, buckets: [1, 0, 0, 0, 0, 0, 0] },
  ]);
});
