// The console as people meet it: a real browser, wide and narrow, light and dark, with and without its script.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Cookies, faintTexts, type Look, launchBrowser, openTab, overflow, type Tab } from "#test/kit/browser.ts";
import { type Served, served } from "#test/kit/served.ts";
import { password } from "#test/kit/world.ts";
import { type Morning, morning } from "./story.ts";

let browser: Browser | null;
let told: Morning;
let site: Served;
let cookies: Cookies;

async function signIn({ page }: Tab): Promise<void> {
  await page.goto(`${site.url}/console`);
  await page.fill("#username", told.w.a.username);
  await page.fill("#password", password);
  await page.click("button[type=submit]");
  await page.waitForURL(`${site.url}/console`);
}

const tab = (look: Look = {}): Promise<Tab> => {
  if (!browser) throw new Error("no browser");
  return openTab(browser, { cookies, ...look });
};

beforeAll(async () => {
  browser = await launchBrowser();
  if (!browser) return;
  told = await morning();
  site = await served(told.w);
  const first = await openTab(browser);
  await signIn(first);
  cookies = await first.context.cookies();
  await first.context.close();
});

beforeEach(({ skip }) => {
  if (!browser) skip("no browser starts on this machine");
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

describe("at a desk", () => {
  test("signing in, reading a conversation, its evidence beside it", async () => {
    const { page, context, complaints, picture } = await tab({ cookies: [] });
    await page.goto(`${site.url}/console/conversations/${told.mette.conversation}`);
    await picture("sign-in");
    await page.fill("#username", told.w.a.username);
    await page.fill("#password", password);
    await page.keyboard.press("Enter");
    await page.waitForURL(/conversations/);
    await page.getByText("We replace the fan bearing on Thursday at nine.").first().waitFor();
    const boxes = await Promise.all(
      [".list", ".thread", ".beside"].map(
        async (pane) => (await page.locator(pane).boundingBox()) ?? { x: 0, y: 0, width: 0 },
      ),
    );
    expect(boxes.every(({ width }) => width > 250)).toBe(true);
    expect(new Set(boxes.map(({ y }) => y)).size).toBe(1);
    expect(boxes.map(({ x }) => x)).toEqual(boxes.map(({ x }) => x).toSorted((a, b) => a - b));
    const note = page.locator(".turn.inside");
    expect(await note.innerText()).toMatch(/Lars Toft\s+Private note, staff only\s+\d\d:\d\d\s+The spare key/);
    expect(await page.locator(".beside").innerText()).toMatch(/all 3 remembered/);
    await picture("conversation");
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("the keyboard: move, open, ask, help, go", async () => {
    const { page, context, complaints } = await tab();
    await page.goto(`${site.url}/console`);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("j");
    const second = await page.evaluate(() => document.activeElement?.getAttribute("href"));
    expect(second).toBe(`/console/conversations/${told.mette.conversation}`);
    await page.keyboard.press("Enter");
    await page.waitForURL(/conversations/);
    await page.keyboard.press("?");
    expect(await page.locator("#keys").innerText()).toMatch(/Next, previous/);
    await page.getByRole("button", { name: "Close" }).click();
    expect(await page.locator("#keys").isVisible()).toBe(false);
    await page.keyboard.press("?");
    await page.getByRole("button", { name: "Close" }).click();
    await page.keyboard.press("?");
    await page.keyboard.press("Escape");
    expect(await page.locator("#keys").isVisible()).toBe(false);
    await page.keyboard.press("/");
    await page.keyboard.type("j/?");
    expect(await page.locator(".quick input[name=question]").inputValue()).toBe("j/?");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("m");
    await page.waitForURL(`${site.url}/console/memory`);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a question from anywhere, its answer beside the words it rests on, and the way to them", async () => {
    const { page, context, complaints, picture } = await tab();
    await page.goto(`${site.url}/console/memory`);
    await page.keyboard.press("/");
    await page.keyboard.type("What does a service visit cost?");
    await page.keyboard.press("Enter");
    await page.waitForURL(/console\/ask\/ans_/);
    const claim = page.locator(".claim").first();
    expect(await claim.locator("> p").innerText()).toContain("1,450 kroner");
    const proof = claim.locator(".proof").first();
    expect(await proof.innerText()).toMatch(/1,450 kroner\.\s+Lars Toft\s+15 Nov 2026, 08:22\s+Conversation #\d+/);
    const [said, shown] = [await claim.locator("> p").boundingBox(), await proof.boundingBox()];
    expect(shown?.x).toBeGreaterThan((said?.x ?? 0) + (said?.width ?? 0));
    await picture("answer");
    await proof.getByRole("link", { name: /Conversation/ }).click();
    await page.waitForURL(/#turn-/);
    expect(await page.locator(".turn:target").innerText()).toContain("1,450 kroner");
    const seen = await page.locator(".turn:target").boundingBox();
    expect(seen && seen.y > 0 && seen.y < 900).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a message that arrives shows without a reload, and focus stays where it was", async () => {
    const { page, context, complaints } = await tab();
    await page.goto(`${site.url}/console/conversations/${told.mette.conversation}`);
    await page.evaluate(() => document.body.setAttribute("data-same", "page"));
    await page.keyboard.press("j");
    const focused = await page.evaluate(() => document.activeElement?.getAttribute("href"));
    await told.say(told.mette, "Mette Holm", "Thursday suits us, thank you.");
    await page.locator(".turns").getByText("Thursday suits us, thank you.").waitFor({ timeout: 15_000 });
    expect(await page.locator(".hit .last").first().innerText()).toBe("Thursday suits us, thank you.");
    expect(await page.locator(".beside").innerText()).toContain("Thursday suits us, thank you.");
    expect(await page.locator("body").getAttribute("data-same")).toBe("page");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("href"))).toBe(focused);
    const last = await page.locator(".turn").last().boundingBox();
    expect(last && last.y < 900).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test("without its script everything can still be read, asked and left", async () => {
  const { page, context, complaints } = await tab({ script: "off", cookies: [] });
  await signIn({ page, context, complaints, picture: async () => {} });
  await page.getByRole("link", { name: /Karl Bech/ }).click();
  await page.getByText("A service visit costs 1,450 kroner.").first().waitFor();
  expect(await page.content()).toContain('http-equiv="refresh"');
  await page.getByRole("link", { name: "Ask", exact: true }).click();
  await page.fill("textarea[name=question]", "When is the fan bearing replaced?");
  await page.getByRole("button", { name: "Ask" }).click();
  await page.waitForURL(/console\/ask\/ans_/);
  expect(await page.locator(".proof").first().innerText()).toContain("We replace the fan bearing on Thursday at nine.");
  await page.locator(".menu summary").last().click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

const looks = ([1440, 390] as const).flatMap((width) =>
  (["light", "dark"] as const).map((scheme) => ({ width, scheme }) satisfies Look),
);

describe.each(looks)("at $width pixels in the $scheme", (look) => {
  test("every page fits, can be read, and complains of nothing", async () => {
    const { page, context, complaints, picture } = await tab(look);
    const asked = await page.request.get(`${site.url}/console/ask`).then((answer) => answer.text());
    const answer = /\/console\/ask\/ans_\w+/.exec(asked)?.[0] ?? "";
    const pages = {
      list: "/console",
      thread: `/console/conversations/${told.mette.conversation}`,
      ask: "/console/ask",
      answer,
      memory: "/console/memory",
      ledger: "/console/ledger",
      keys: "/console/keys",
      sources: "/console/sources",
      audit: "/console/audit?verify=1",
      retention: "/console/retention?kind=inbox.turns&days=1",
      login: "/console/login",
      confirm: "/console/confirm",
      password: "/console/password",
    };
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(site.url + path);
      expect([path, await overflow(page)]).toEqual([path, 0]);
      expect([path, await faintTexts(page)]).toEqual([path, []]);
      await picture(`${name}-${look.width}-${look.scheme}`);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test("on a phone the list, the talk and the evidence follow each other", async () => {
  const { page, context, complaints } = await tab({ width: 390 });
  await page.goto(`${site.url}/console`);
  await page.getByRole("link", { name: /Mette Holm/ }).click();
  await page.locator(".turns").waitFor();
  expect(await page.locator(".list").isVisible()).toBe(false);
  const [talk, evidence] = [await page.locator(".thread").boundingBox(), await page.locator(".beside").boundingBox()];
  expect(evidence?.y).toBeGreaterThanOrEqual((talk?.y ?? 0) + (talk?.height ?? 0));
  await page.getByRole("link", { name: "Back to the list" }).click();
  await page.locator(".list").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
