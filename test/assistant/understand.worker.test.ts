// The rules and their date parser where they are deployed: in workerd, in both languages.
import { expect, test } from "vitest";
import { understand } from "#brain/assistant/understand/understand.ts";

test("days are understood in workerd as they are in Node", () => {
  const dueOf = (said: string) => understand(said, { today: "2026-11-16" }).tasks.map(({ due_date }) => due_date);
  expect(dueOf("Call the plumber on Friday")).toEqual(["2026-11-20"]);
  expect(dueOf("Ring til VVS'eren på fredag")).toEqual(["2026-11-20"]);
  expect(dueOf("Gør værkstedet rent hver første mandag")).toEqual(["2026-12-07"]);
});
