// An invitation's link in a real browser: what stands behind the # comes along through signing in and signing up.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bound, goodPassword, invited, signIn } from "#test/identity/joining.ts";
import { launchBrowser, openTab } from "#test/kit/browser.ts";
import { type Served, served } from "#test/kit/served.ts";
import { password, type World, world } from "#test/kit/world.ts";

let browser: Browser | null;
let w: World;
let site: Served;

beforeAll(async () => {
  browser = await launchBrowser();
  if (!browser) return;
  w = await world();
  await bound(w, password);
  site = await served(w);
});

beforeEach(({ skip }) => {
  if (!browser) skip("no browser starts on this machine");
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const tokenOf = async () => {
  const owner = await signIn(w, { username: w.a.username, password });
  return (await invited(w, owner, "office")).token;
};

const stranger = async (token: string) => {
  if (!browser) throw new Error("no browser");
  const tab = await openTab(browser);
  await tab.page.goto(`${site.url}/console/join#${token}`);
  await tab.page.waitForURL(/\/console\/login/);
  return tab;
};

describe("a stranger opens an invitation's link", () => {
  test("signs in, mistyping once, and finds it filled in; no request ever carries it but the form that takes it", async () => {
    const token = await tokenOf();
    const { page, context, picture } = await stranger(token);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(`${request.url().split("#")[0]} ${JSON.stringify(request.headers())}`));
    for (const word of ["wrong", password]) {
      await page.fill("#username", w.b.username);
      await page.fill("#password", word);
      await page.click("button[type=submit]");
      await page.waitForLoadState();
    }
    await page.waitForURL(/\/console\/join/);
    expect(await page.inputValue("#token")).toBe(token);
    expect(page.url()).toBe(`${site.url}/console/join`);
    await picture("invited");
    expect(asked.join(" ")).not.toContain(token);
    await context.close();
  });

  test("signs up instead, and finds it filled in", async () => {
    const token = await tokenOf();
    const { page, context } = await stranger(token);
    await page.click("text=Sign up");
    await page.waitForURL(/\/console\/signup/);
    await page.fill("#username", `guest-${w.a.accountId}`);
    await page.fill("#password", goodPassword);
    await page.click("button[type=submit]");
    await page.waitForSelector("#pin");
    await page.fill("#pin", /PIN (\d{6})/.exec(w.messenger.sent.at(-1)?.text ?? "")?.[1] ?? "");
    await page.click("button[type=submit]");
    await page.waitForURL(/\/console\/join/);
    expect(await page.inputValue("#token")).toBe(token);
    await page.locator("form[action='/console/join'] button").click();
    await page.waitForURL(/\/console(\?note=joined.*)?$/);
    await context.close();
  });
});
