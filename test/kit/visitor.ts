// An owner in a real browser: each visit has a served world of its own, signs in, and is closed when its test is over.
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type Look, launchBrowser, openTab, type Tab } from "./browser.ts";
import { type Served, served } from "./served.ts";
import { password, type World } from "./world.ts";

export type Visit = Tab & { site: Served };

/** Call once in a file: its tests are skipped, and say so, where no browser starts. */
export function visitor(): (w: World, path: string, look: Look) => Promise<Visit> {
  let browser: Browser | null = null;
  const sites: Served[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  beforeEach(({ skip }) => {
    if (!browser) skip("no browser starts on this machine");
  });
  afterEach(async () => {
    for (const site of sites.splice(0)) await site.close();
  });
  afterAll(async () => browser?.close());

  return async (w, path, look) => {
    if (!browser) throw new Error("no browser");
    const site = await served(w);
    sites.push(site);
    const tab = await openTab(browser, look);
    await tab.page.goto(site.url + path);
    await tab.page.fill("#username", w.a.username);
    await tab.page.fill("#password", password);
    await tab.page.click("button[type=submit]");
    await tab.page.waitForURL(site.url + path);
    return { ...tab, site };
  };
}
