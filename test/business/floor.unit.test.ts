// The demo's floor holds together: whom it names is in the story, and what it books lies in working time.
import { expect, test } from "vitest";
import { statuses } from "#brain/field/job.ts";
import { type Act, caller, canaries, entries, technicians, works } from "#local/business/data/floor.ts";
import { storyPeople } from "#local/business/data/story-people.ts";

const keys = new Map(technicians.map((one) => [one.key, one]));
const bookings = works.flatMap((work) =>
  work.acts.flatMap((act) => (act.do === "book" ? [{ ...act, minutes: work.minutes ?? 60, kind: work.kind }] : [])),
);

const after = (state: string, act: Act): string => {
  if (act.do === "move") return act.to;
  return act.do === "book" ? "scheduled" : act.do === "cancel" ? "cancelled" : state;
};

test("clients are people of the story, work goes to technicians that there are", () => {
  const people = new Set([...storyPeople.map(({ name }) => name), caller.name]);
  expect(works.filter(({ client }) => !people.has(client))).toEqual([]);
  const named = [...works.flatMap(({ tech }) => tech ?? []), ...bookings.map(({ tech }) => tech)];
  expect(named.filter((tech) => !keys.has(tech))).toEqual([]);
  for (const said of [works, entries, canaries]) expect(new Set(said.map(({ key }) => key)).size).toBe(said.length);
});

test("a job is found in every state", () => {
  const ends = works.map(({ acts }) => acts.reduce(after, "intake"));
  expect(new Set(ends)).toEqual(new Set(statuses));
});

test("an hour that is told lies in its technician's week, whatever the day", () => {
  const told = bookings.flatMap(({ when, ...rest }) =>
    typeof when === "string" ? [] : [{ ...rest, time: when.time }],
  );
  expect(told.length).toBeGreaterThan(0);
  const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  for (const { tech, time, minutes, kind } of told)
    for (const weekday of [1, 2, 3, 4, 5]) {
      const end = minuteOf(time) + minutes;
      const fits = keys.get(tech)?.blocks.filter((block) => block.weekday === weekday && block.kind === kind);
      expect(fits?.some(({ from, until }) => minuteOf(from) <= minuteOf(time) && end <= minuteOf(until))).toBe(true);
    }
});
