// What is sent, in plain words: verdicts at the recipient's clock, codes, costs.
import { expect, test } from "vitest";
import { isWorded, reasonWords } from "#gateway/console/outbound-reasons.ts";
import { culpritWords, momentAt, verdictWords, whoWords, zoneName } from "#gateway/console/outbound-words.ts";
import type { Review } from "#gateway/console/shapes.ts";

const now = new Date("2026-11-15T21:10:00Z");
const from = { name: "Workshop", address: "+4570100001", provider: "twilio", paused_until: null };

function said(change: Partial<Review> & { outlook: Review["outlook"] }): string | undefined {
  const message = { zones: ["Europe/Copenhagen"], from, state: "pending", reason: null, ...change } as Review;
  const told = verdictWords(message, now);
  return told ? [told.said, told.why].filter((part) => part).join(": ") : undefined;
}

const outlook = (verdict: NonNullable<Review["outlook"]>["verdict"], reason: string | null, more = {}) => ({
  verdict,
  reason,
  retry_at: null,
  judged_at: now.toISOString(),
  ...more,
});

test.each<[string, Partial<Review> & { outlook: Review["outlook"] }]>([
  ["Goes now", { outlook: outlook("send", null) }],
  ["Goes at 23:30 today in Copenhagen", { outlook: outlook("send", null, { judged_at: "2026-11-15T22:30:00Z" }) }],
  [
    "Waits until 08:00 on Monday in Copenhagen: Quiet hours: the recipient is not written to at this time of day.",
    { outlook: outlook("wait", "quiet_hours", { retry_at: "2026-11-16T07:00:00Z" }) },
  ],
  [
    "Waits until 08:00 on Monday in New York (one of 2 zones it may be in): Quiet hours: the recipient is not written to at this time of day.",
    {
      zones: ["America/New_York", "America/Chicago"],
      outlook: outlook("wait", "quiet_hours", { retry_at: "2026-11-16T13:00:00Z" }),
    },
  ],
  [
    "Waits until 22:15 today in Copenhagen: The provider answered with status 503.",
    { state: "queued", reason: "http_503", outlook: outlook("send", null, { judged_at: "2026-11-15T21:15:00Z" }) },
  ],
  [
    "Waits: This person has not consented to marketing on this channel.",
    { outlook: outlook("wait", "consent_missing", { retry_at: "2026-11-16T21:10:00Z" }) },
  ],
  [
    "Waits until 23:00 today in Copenhagen: The provider takes nothing from Workshop before.",
    { from: { ...from, paused_until: "2026-11-15T22:00:00Z" }, outlook: outlook("send", null) },
  ],
  ["Blocked: This person has opted out.", { outlook: outlook("block", "opt_out") }],
  ["Never leaves: This person’s record was erased.", { outlook: outlook("cancel", "person_erased") }],
])("%s", (words, change) => expect(said(change)).toBe(words));

test("what has left has no verdict", () => expect(said({ outlook: null })).toBeUndefined());

test("moments are the recipient's, through midnight and the change of clocks", () => {
  const here = { now: new Date("2026-10-24T22:30:00Z"), timezone: "Europe/Copenhagen" };
  expect(momentAt("2026-10-25T07:00:00Z", here)).toBe("08:00 today");
  expect(momentAt("2026-10-24T21:59:00Z", here)).toBe("23:59 on Saturday");
  expect(momentAt("2026-11-09T07:00:00Z", here)).toBe("08:00 on Monday 9 November");
  expect(zoneName("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
});

test("codes are sentences where somebody wrote one, else they stand for themselves", () => {
  expect(reasonWords("twilio_30005")).toBe("The number is unknown, or no longer in use.");
  expect(reasonWords("http_418")).toBe("The provider answered with status 418.");
  for (const code of ["made_up", "constructor", "toString", "http_4180", ""]) {
    expect(reasonWords(code)).toBe(code);
    expect(isWorded(code)).toBe(false);
  }
});

test("who did it, and characters nobody sees", () => {
  const people = new Map([["u1", "mads"]]);
  expect(["user:u1", "user:u2", "key:k", "system:x", "source:s"].map((one) => whoWords(one, people))).toEqual([
    "mads",
    "a colleague",
    "an API key",
    "the system",
    "a webhook",
  ]);
  expect(culpritWords(["—", "🔧", "\u200b"])).toBe("“—”, “🔧”, U+200B");
});
