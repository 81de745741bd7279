// Dead letters in a real browser, wide and narrow, light and dark, without the script.
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { faintTexts, launchBrowser, openTab, overflow } from "#test/kit/browser.ts";
import { type Served, served } from "#test/kit/served.ts";
import { password, world } from "#test/kit/world.ts";
import { died } from "#test/shared/dead.ts";

let browser: Browser | null;
let site: Served | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});
beforeEach(({ skip }) => {
  if (!browser) skip("no browser starts on this machine");
});
afterEach(async () => site?.close());
afterAll(async () => browser?.close());

test.each([
  [1440, "light"],
  [390, "dark"],
] as const)("read, retried and discarded at %i pixels, %s", async (width, scheme) => {
  if (!browser) throw new Error("no browser");
  const w = await world();
  // Before the address changes, which signatures are bound to.
  await died(w, { work: "obx_embed", message: "msg_1", job: "memory.embed", payload: { chunk: "c1" } });
  await died(w, { work: "obx_sweep", message: "msg_2", status: 0, answer: "" });
  site = await served(w);
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
  expect(w.queue.published.filter(({ id }) => id === "obx_embed")).toMatchObject([{ round: 1 }]);
  expect(complaints).toEqual([]);
  await context.close();
});
