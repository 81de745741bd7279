// The demo story: the same every time, and fit to be shown.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayBefore, dayOf } from "#local/business/calendar.ts";
import { script } from "#local/business/script.ts";
import { agents, demoQuestions, demoStory, type StoryAction } from "#local/business/story.ts";

const NOW = new Date("2026-11-22T09:00:00Z");
const story = demoStory(NOW);
const told = (actions: readonly StoryAction[]) => actions.flatMap((a) => ("text" in a && a.do !== "edit" ? [a] : []));

/** What stands in the books once edits and deletions have been replayed. */
function final(actions: readonly StoryAction[]) {
  const texts = new Map<string, { text: string; conversation: string; isPrivate: boolean }>();
  for (const a of actions) {
    if (a.do === "message" || a.do === "reply" || a.do === "note")
      texts.set(a.key, { text: a.text, conversation: a.conversation, isPrivate: a.do === "note" });
    if (a.do === "edit")
      texts.set(a.key, { ...(texts.get(a.key) ?? { conversation: "", isPrivate: true }), text: a.text });
    if (a.do === "delete") texts.delete(a.key);
  }
  return texts;
}

describe("on any day of any year", () => {
  const nows = fc.date({ min: new Date("2024-01-01"), max: new Date("2034-01-01"), noInvalidDate: true });

  test("the story is in order, ends yesterday and spans three months", () => {
    fc.assert(
      fc.property(nows, (now) => {
        const times = demoStory(now).map((a) => a.at.getTime());
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(dayOf(new Date(times.at(-1) ?? 0))).toBe(dayBefore(dayOf(now)));
        const days = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 86_400_000;
        expect(days).toBeGreaterThan(80);
        expect(days).toBeLessThan(95);
      }),
      { numRuns: 25 },
    );
  });

  test("no text keeps an unfilled slot, and nothing is said twice under one key", () => {
    fc.assert(
      fc.property(nows, (now) => {
        const said = told(demoStory(now));
        expect(said.filter(({ text }) => /[{}]|\bundefined\b|NaN/.test(text) || !text.trim())).toEqual([]);
        expect(new Set(said.map(({ key }) => key)).size).toBe(said.length);
      }),
      { numRuns: 25 },
    );
  });
});

test("the same day tells the same story", () => {
  expect(JSON.stringify(demoStory(NOW))).toBe(JSON.stringify(story));
  expect(JSON.stringify(demoStory(new Date("2026-11-25T09:00:00Z")))).not.toBe(JSON.stringify(story));
});

test("it is about three hundred messages of twelve to eighteen customers in two languages", () => {
  const said = told(story);
  expect(said.length).toBeGreaterThan(280);
  expect(said.length).toBeLessThan(330);
  const english = said.filter((a) => a.language === "en").length / said.length;
  expect(english).toBeGreaterThan(0.3);
  expect(english).toBeLessThan(0.7);
  const count = (kind: StoryAction["do"]) => story.filter((a) => a.do === kind).length;
  expect(count("contact.created")).toBeGreaterThanOrEqual(12);
  expect(count("contact.created")).toBeLessThanOrEqual(18);
  expect(count("edit")).toBeGreaterThanOrEqual(5);
  expect(count("edit")).toBeLessThanOrEqual(8);
  expect(count("delete")).toBe(1);
  expect(count("contact.changed")).toBeGreaterThanOrEqual(2);
  expect(count("note")).toBeGreaterThanOrEqual(10);
});

test("everything refers to what came before it", () => {
  const known = new Set<string>();
  const status = new Map<string, "open" | "resolved">();
  for (const a of story) {
    if (a.do === "contact.created") known.add(a.contact.key);
    if (a.do === "contact.changed" || a.do === "message") expect(known).toContain(a.contact);
    if (a.do === "edit" || a.do === "delete") expect(known).toContain(a.key);
    if (a.do === "resolve") expect(status.get(a.conversation)).not.toBe("resolved");
    if (a.do === "reopen") expect(status.get(a.conversation)).toBe("resolved");
    if (a.do === "resolve" || a.do === "reopen") status.set(a.conversation, a.do === "resolve" ? "resolved" : "open");
    if ("key" in a) known.add(a.key);
    if ("agent" in a) expect(agents.map(({ key }) => key)).toContain(a.agent);
  }
});

test("a customer who writes into a resolved conversation opens it at once", () => {
  for (const { key } of story.flatMap((a) => (a.do === "contact.created" ? [a.contact] : []))) {
    const hers = story.filter((a) => "conversation" in a && a.conversation === key);
    const again = hers.filter(
      (a, i) =>
        a.do === "message" && hers.slice(0, i).findLast((b) => /^re/.test(b.do) && b.do !== "reply")?.do === "resolve",
    );
    expect(again.map((a) => hers[hers.indexOf(a) + 1]?.do)).toEqual(again.map(() => "reopen"));
  }
  expect(story.filter((a) => a.do === "reopen").length).toBeGreaterThan(8);
});

test("no two customers share a number or an address, and all of them are invented", () => {
  const people = story.flatMap((a) => (a.do === "contact.created" ? [a.contact] : []));
  const changes = story.flatMap((a) => (a.do === "contact.changed" ? [a.changes] : []));
  const points = [...people, ...changes].flatMap(({ phone, email }) => [phone, email]).filter((p) => p !== undefined);
  expect(new Set(points).size).toBe(points.length);
  for (const point of points) expect(point).toMatch(/^\+45 20( \d\d){3}$|^\+44 7700 900\d{3}$|[@.]example\.(dk|com)$/);
});

test("questions rest on messages that exist and say what the answer must say", () => {
  const books = final(story);
  for (const { id, evidence, expect: answers } of demoQuestions) {
    const texts = evidence.map((key) => books.get(key)?.text);
    expect(texts, id).not.toContain(undefined);
    for (const { includes, excludes } of answers) {
      for (const part of includes) expect(texts.join("\n"), id).toContain(part);
      for (const part of excludes) expect(demoQuestions.map(({ text }) => text).join("\n"), id).not.toContain(part);
    }
  }
});

test("what a customer must not hear stands in no public message of hers, and no question gives it away", () => {
  const books = [...final(story).values()];
  for (const { id, expect: answers } of demoQuestions)
    for (const { audience, excludes } of answers) {
      const hers = books.filter(
        (m) => !m.isPrivate && (audience.kind === "staff" || m.conversation === audience.contact),
      );
      for (const part of excludes) expect(hers.map(({ text }) => text).join("\n"), id).not.toContain(part);
    }
});

test("a line that is no entry is refused with its text", () => {
  expect(() => script("mette chat da\nhello")).toThrow("mette: hello");
});
