// Words and addresses of the console: pure rules.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safePlace } from "#gateway/console/door.ts";
import { ago, channelName, dayName, fileSize, initials, shortTime, span } from "#gateway/console/words.ts";

const here = { now: new Date("2026-11-15T08:00:00Z"), timezone: "Europe/Copenhagen" };

describe("times as people say them", () => {
  test.each([
    ["2026-11-15T07:05:00Z", "08:05"],
    ["2026-11-14T22:59:00Z", "Yesterday"],
    ["2026-11-14T23:01:00Z", "00:01"],
    ["2026-11-11T09:00:00Z", "Wed"],
    ["2026-11-08T09:00:00Z", "8 Nov"],
    ["2025-11-14T09:00:00Z", "14 Nov 2025"],
    ["2026-11-18T09:00:00Z", "18 Nov"],
  ])("%s is %s in the list", (instant, said) => expect(shortTime(instant, here)).toBe(said));

  test.each([
    ["2026-11-15T07:59:31Z", "just now"],
    ["2026-11-15T07:58:00Z", "2 minutes ago"],
    ["2026-11-15T07:00:00Z", "1 hour ago"],
    ["2026-11-12T07:00:00Z", "3 days ago"],
    ["2026-11-15T11:00:00Z", "in 3 hours"],
  ])("%s was %s", (instant, said) => expect(ago(instant, here)).toBe(said));

  test("a day begins at midnight where the firm is", () => {
    expect(dayName("2026-11-14T23:30:00Z", here)).toBe("Today");
    expect(dayName("2026-11-14T22:30:00Z", here)).toBe("Yesterday");
    expect(dayName("2026-11-13T12:00:00Z", here)).toBe("Friday 13 November");
    expect(dayName("2025-12-31T23:30:00Z", here)).toBe("Thursday 1 January");
  });

  test("a span names one unit and never none", () =>
    fc.assert(fc.property(fc.nat(), (ms) => /^(a moment|[\d,]+ (year|month|week|day|hour|minute)s?)$/.test(span(ms)))));
});

test.each([
  ["Mette Holm", "MH"],
  ["mette", "M"],
  ["Anna Maria van Dyk", "AD"],
  ["+45 20 30 40 50", "50"],
  ["", "?"],
  [null, "?"],
  ["😀 Åse", "Å"],
])("initials of %j are %s", (name, said) => expect(initials(name)).toBe(said));

test("channels and sizes have their usual names", () => {
  expect(["Channel::TwilioSms", "Channel::WebWidget", "Channel::Line", "chat"].map(channelName)).toEqual([
    "SMS",
    "Website",
    "Line",
    "Chat",
  ]);
  expect([900, 182_233, 4_600_000].map(fileSize)).toEqual(["900 B", "182 kB", "4.6 MB"]);
});

test("whatever the address says, the place is one of ours", () => {
  const odd = fc.oneof(
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.string().map((text) => `/console${text}`),
    fc.string().map((text) => `/${text}`),
    fc
      .constantFrom("/", "//", "/\\", "/console/..", "/console/%2e%2e/", "/console/..;/")
      .chain((start) => fc.string().map((rest) => start + rest)),
  );
  fc.assert(
    fc.property(odd, (text) => {
      const place = safePlace(text, "https://omneuro.test");
      const url = new URL(place, "https://omneuro.test");
      expect(url.origin).toBe("https://omneuro.test");
      expect(url.pathname).toMatch(/^\/console(\/|$)/);
      expect(url.pathname).not.toMatch(/^\/console\/login/);
    }),
    { numRuns: 2000 },
  );
  expect(safePlace("/console/conversations/482?turn=9#turn-9", "https://omneuro.test")).toBe(
    "/console/conversations/482?turn=9",
  );
});
