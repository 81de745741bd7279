// What we know in a real browser, wide and narrow, light and dark, without the script.
import { expect, test } from "vitest";
import { faintTexts, overflow } from "#test/kit/browser.ts";
import { visitor } from "#test/kit/visitor.ts";
import { world } from "#test/kit/world.ts";
import { known } from "./known.ts";

const visit = visitor();

test.each([
  [1440, "light"],
  [390, "dark"],
] as const)("what is known is looked at then and now, and drawn, at %i pixels, %s", async (width, scheme) => {
  const w = await world({ now: "2026-11-16T08:00:00.000Z" });
  const k = await known(w);
  const { body } = await k.post("/world/sessions", { counterparty: k.sara, self: k.firm });
  await k.post(`/world/sessions/${body.id}/turns`, {
    text: "My rent is 1200 EUR. My deposit is 3 600 EUR.",
    channel: "roleplay",
  });
  const place = `/console/world/${k.firm}`;
  const { page, context, complaints, picture, site } = await visit(w, place, { width, scheme, script: "off" });
  const looks = async (name: string) => {
    await picture(`world-${name}-${width}`);
    expect([name, await overflow(page), await faintTexts(page)]).toEqual([name, 0, []]);
  };
  await looks("known");
  await page.getByLabel("What held: changes").press("ArrowLeft");
  await page.getByRole("button", { name: "Look" }).click();
  await page.getByText("600.00 DKK per hour").first().waitFor();
  await looks("then");
  await page.getByText("Back to now").click();
  await page.locator("summary", { hasText: "Write a fact down" }).click();
  await page.locator("summary", { hasText: "Who knows it" }).first().click();
  await page.locator("summary", { hasText: "All that was" }).last().click();
  await looks("forms");
  await page.goto(`${site.url}/console/world`);
  await looks("list");
  await page.goto(`${site.url}/console/world/proposals`);
  await looks("proposals");
  await page.goto(`${site.url}/console/world/graph`);
  await looks("graph");
  expect(complaints).toEqual([]);
  await context.close();
});
