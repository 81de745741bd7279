// The page of sources in a real browser while a run is under way: live, wide and narrow, with and without a script.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { faintTexts, launchBrowser, openTab, overflow } from "#test/kit/browser.ts";
import { type Served, served } from "#test/kit/served.ts";
import { password, publicUrl } from "#test/kit/world.ts";
import { type Bound, bound, step } from "./account.ts";

let browser: Browser | null;
let it: Bound;
let site: Served;
beforeAll(async () => {
  browser = await launchBrowser();
  if (!browser) return;
  it = await bound();
  for (let i = 0; i < 70; i += 1) {
    const contact = { name: `Kunde ${i}`, phone: `+452030${4000 + i}` };
    it.office.customer.writes({ contact, text: `Varmepumpen larmer, ${i}` });
  }
  it.office.webhooks.drain();
  it.w.clock.advance(60_000);
  site = await served(it.w);
});
beforeEach(({ skip }) => {
  if (!browser) skip("no browser starts on this machine");
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await it?.close();
});

/** The queue signs for the address it was told of. */
async function oneMessage(run: string): Promise<void> {
  it.w.runtime.settings.publicUrl = publicUrl;
  it.w.clock.advance(4_000);
  await step(it, run);
  it.w.runtime.settings.publicUrl = site.url;
}

test("a run is watched without reloading, and fits a phone", async () => {
  if (!browser) throw new Error("no browser");
  const { page, context, complaints, picture } = await openTab(browser);
  await page.goto(`${site.url}/console/sources`);
  await page.fill("#username", it.w.a.username);
  await page.fill("#password", password);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Read everything" }).click();
  await page.getByText("First import").waitFor();
  const [row] = await it.w.neon.query("select id from inbox.sync_runs where project_id = $1", [it.w.a.project]);
  const run = String(row?.["id"]);
  await oneMessage(run);
  await page.getByText(/\d+ of 70 conversations/).waitFor();
  await picture("sync-running");
  expect(await faintTexts(page)).toEqual([]);
  const cookies = await context.cookies();
  const phone = await openTab(browser, { width: 390, scheme: "dark", script: "off", cookies });
  await phone.page.goto(`${site.url}/console/sources`);
  await phone.picture("sync-phone");
  expect([await overflow(page), await overflow(phone.page)]).toEqual([0, 0]);
  for (let i = 0; i < 4; i += 1) await oneMessage(run);
  await page.getByText("Complete").waitFor();
  await picture("sync-done");
  expect([...complaints, ...phone.complaints]).toEqual([]);
  await phone.context.close();
  await context.close();
});
