// People in a real browser: the list and one person, wide and light, narrow and dark, keyboard and pictures.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Cookies, faintTexts, launchBrowser, openTab, overflow } from "#test/kit/browser.ts";
import { deliver } from "#test/kit/jobs.ts";
import { type Served, served } from "#test/kit/served.ts";
import { password, type World, world } from "#test/kit/world.ts";
import { type Customer, customer, queueMessage } from "#test/outbound/customer.ts";
import { known, merge } from "#test/people/office.ts";

let browser: Browser | null;
let w: World;
let c: Customer;
let site: Served;
let cookies: Cookies;

beforeAll(async () => {
  browser = await launchBrowser();
  if (!browser) return;
  w = await world();
  c = await customer(w, w.a);
  await queueMessage(w, w.a, c);
  const old = await known(w, w.a, { name: "M. Holm", phone: "+4529292929", email: "mette.holm@northfjord.example" });
  await merge(w, w.a, old, c.person);
  await known(w, w.a, {
    name: "Somebody with the same address",
    email: "mette.holm@northfjord.example",
    proof: "told",
  });
  for (const name of ["Karen Blom", "Jørgen Bjerregård-Quist", "Mads Friis"])
    await known(w, w.a, { name, phone: "+4521314151" });
  await deliver(w, "people.link", { project: w.a.project });
  site = await served(w);
  const { page, context } = await openTab(browser);
  await page.goto(`${site.url}/console`);
  await page.fill("#username", w.a.username);
  await page.fill("#password", password);
  await page.click("button[type=submit]");
  await page.waitForURL(`${site.url}/console`);
  cookies = await context.cookies();
  await context.close();
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
] as const)("at %i wide and %s nothing is cut off, too faint or wrong", async (width, scheme) => {
  if (!browser) return;
  const { page, context, complaints, picture } = await openTab(browser, { cookies, width, scheme });
  for (const [name, path] of [
    ["people", "/console/people"],
    ["person", `/console/people/${c.person}`],
    ["same", `/console/people?with=${c.person}`],
  ] as const) {
    await page.goto(`${site.url}${path}`);
    await picture(`${name}-${width}`);
    expect([name, await overflow(page), await faintTexts(page)]).toEqual([name, 0, []]);
  }
  await page.goto(`${site.url}/console/people/${c.person}`);
  await page.getByText("Change", { exact: true }).click();
  await page.getByLabel("Time zone").fill("Europe/London");
  await picture(`person-edit-${width}`);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  expect(await page.locator("dl.about").first().innerText()).toContain("Europe/London");
  await page.locator("#timeline").scrollIntoViewIfNeeded();
  await picture(`person-timeline-${width}`);
  expect(complaints).toEqual([]);
  await context.close();
});
