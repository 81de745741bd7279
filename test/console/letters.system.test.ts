// Dead letters in a real browser, wide and narrow, light and dark, without the script.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { faintTexts, launchBrowser, openTab, overflow } from "#test/kit/browser.ts";
import { type Served, served } from "#test/kit/served.ts";
import { password, type World, world } from "#test/kit/world.ts";
import { died } from "#test/shared/dead.ts";

let browser: Browser | null;
let w: World;
let site: Served;

beforeAll(async () => {
  browser = await launchBrowser();
  if (!browser) return;
  w = await world();
  site = await served(w);
});
beforeEach(({ skip }) => {
  if (!browser) skip("no browser starts on this machine");
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

test.each([
  [1440, "light"],
  [390, "dark"],
] as const)("read, retried and discarded at %i pixels, %s", async (width, scheme) => {
  if (!browser) throw new Error("no browser");
  const works = ["embed", "sweep"].map((name) => `obx_${name}_${width}`);
  const [embed = "", sweep = ""] = works;
  await died(w, { work: embed, message: embed, job: "memory.embed", payload: { chunk: "c1" } });
  await died(w, { work: sweep, message: sweep, status: 0, answer: "" });
  const { page, context, complaints, picture } = await openTab(browser, { width, scheme, script: "off" });
  await page.goto(`${site.url}/console/letters`);
  await page.fill("#username", w.a.username);
  await page.fill("#password", password);
  await page.click("button[type=submit]");
  await page.waitForURL(`${site.url}/console/letters`);
  await picture(`letters-${width}`);
  expect([await overflow(page), await faintTexts(page)]).toEqual([0, []]);
  await page.getByRole("link", { name: "shared.sweep" }).click();
  expect(await page.locator("main").innerText()).toContain("No answer");
  await picture(`letter-${width}`);
  expect([await overflow(page), await faintTexts(page)]).toEqual([0, []]);
  await page.getByLabel("Why it is discarded").fill("Done by hand");
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByText("Put away.").waitFor();
  await page.getByRole("link", { name: "memory.embed" }).click();
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByText("On its way again").first().waitFor();
  await picture(`letter-retried-${width}`);
  await w.settled();
  expect(w.queue.published.filter(({ id }) => id === embed)).toMatchObject([{ round: 1 }]);
  expect(complaints).toEqual([]);
  await context.close();
});
