// What the demo's owner and a newcomer say is understood whole: the first page that somebody sees asks nothing back.
import { expect, test } from "vitest";
import { understand } from "#brain/assistant/understand/understand.ts";
import { examples } from "#gateway/console/day-words.ts";
import { drawn, spoken } from "#local/business/data/day.ts";

const read = (text: string) => understand(text, { today: "2026-11-22" });

test.each([...spoken, ...examples].filter((text) => text !== "Good morning"))("%s", (text) => {
  const { tasks, goals, problems, changes, questions } = read(text);
  expect(questions).toEqual([]);
  expect(tasks.length + goals.length + problems.length + changes.length).toBeGreaterThan(0);
  for (const { title } of [...tasks, ...goals, ...problems]) expect(title).not.toMatch(/\b(by|the|on|for)$/);
});

test("what is named again was named before: no title is made twice under another name", () => {
  const made = new Set(
    spoken.flatMap((text) => [...read(text).tasks, ...read(text).problems].map(({ title }) => title)),
  );
  expect([drawn.from, drawn.to].filter((title) => !made.has(title))).toEqual([]);
  const known = spoken.flatMap((text) => read(text).goals);
  const first = known.filter(({ prefer_known }) => !prefer_known).map(({ title }) => title);
  expect(known.filter(({ title, prefer_known }) => prefer_known && !first.includes(title))).toEqual([]);
  expect(read("Good morning").tasks).toEqual([]);
});
