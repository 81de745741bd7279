// The planner in a real browser, wide and narrow, light and dark, without the script.
import { expect, test } from "vitest";
import { call, say } from "#test/assistant/talking.ts";
import { faintTexts, overflow } from "#test/kit/browser.ts";
import { visitor } from "#test/kit/visitor.ts";
import { type World, world } from "#test/kit/world.ts";

const visit = visitor();

const spoken = [
  "Goal: ten service contracts by March",
  "Call the housing association about their contract tomorrow, urgent, for the goal ten service contracts",
  "Write the autumn letter to old customers for the goal ten service contracts",
  "Problem: the van does not start in the cold",
  "Buy a battery for the van on Friday",
  "Paint the hall depends on buy paint",
  "Send the letter depends on write the autumn letter to old customers",
  "Order filters on Thursday. Ring Anna about the keys that she left with the neighbour across the yard",
  "Ring Anna about the keys that she left with the neighbour across the yard is done",
];

async function planted(): Promise<World> {
  const w = await world({ now: "2026-11-16T08:00:00.000Z" });
  await call(w, w.a.apiKey, "/v1/assistant/tasks", { title: "Check the pump", due_date: "2026-11-13" });
  for (const text of spoken) await say(w, w.a, text);
  for (let i = 0; i < 2; i++) await call(w, w.a.apiKey, "/v1/assistant/tasks", { title: "Clean the workshop" });
  const { body } = await call<{ things: { id: string; title: string }[] }>(w, w.a.apiKey, "/v1/assistant/map");
  const idOf = (start: string) => body.things.find(({ title }) => title.startsWith(start))?.id;
  const link = (from: string, type: string, to: string) =>
    call(w, w.a.apiKey, "/v1/assistant/links", { from: idOf(from), type, to: idOf(to) });
  await link("Buy a battery", "addresses_problem", "The van");
  await link("Paint the hall", "related", "Order filters");
  return w;
}

test.each([
  [1440, "light"],
  [390, "dark"],
] as const)("a day is spoken, ticked off and linked at %i pixels, %s", async (width, scheme) => {
  const w = await planted();
  const { page, context, complaints, picture, site } = await visit(w, "/console/today", {
    width,
    scheme,
    script: "off",
  });
  const looks = async (name: string) => {
    await picture(`day-${name}-${width}`);
    expect([name, await overflow(page), await faintTexts(page)]).toEqual([name, 0, []]);
  };
  await looks("today");
  await page.getByLabel("Say it once").fill("Clean the workshop is done");
  await page.getByRole("button", { name: "Write it down" }).click();
  await page.getByText("Which “Clean the workshop” is meant?").waitFor();
  await looks("asked");
  await page.getByRole("button", { name: "1. Clean the workshop" }).click();
  await page.getByText("Changed task: Clean the workshop").waitFor();
  await page.getByText("Why here").first().click();
  await page.locator(".plan-item .asking").first().locator("summary").click();
  await looks("open");
  await page.getByRole("button", { name: "Next week" }).click();
  await page.getByText("Saved.").waitFor();
  await page.getByRole("button", { name: /^Done: Order filters/ }).click();
  await page.getByText("Well done").waitFor();
  await page.goto(`${site.url}/console/goals`);
  await looks("goals");
  await page.goto(`${site.url}/console/problems`);
  await looks("problems");
  await page.goto(`${site.url}/console/captures`);
  await looks("captures");
  await page.goto(`${site.url}/console/review`);
  await looks("review");
  await page.locator("#rhythm").scrollIntoViewIfNeeded();
  await picture(`day-rhythm-${width}`);
  await page.goto(`${site.url}/console/links`);
  await looks("links");
  await page.locator(".node.task").first().click();
  await page.getByText("Where it came from").waitFor();
  await looks("task");
  expect(complaints).toEqual([]);
  await context.close();
});
