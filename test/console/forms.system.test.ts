// The forms of sending in a real browser: what a person has said, rules, templates, segments, campaigns; wide and narrow, with and without a script.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { heard, message } from "#test/inbox/chatwoot.ts";
import { faintTexts, type Look, launchBrowser, openTab, overflow } from "#test/kit/browser.ts";
import { canSend } from "#test/kit/outbound.ts";
import { type Served, served } from "#test/kit/served.ts";
import { password, type World, world } from "#test/kit/world.ts";
import { type Customer, customer } from "#test/outbound/customer.ts";

let browser: Browser | null;
let w: World;
let c: Customer;
let site: Served;

beforeAll(async () => {
  browser = await launchBrowser();
  if (!browser) return;
  w = await world();
  await canSend(w, w.a);
  c = await customer(w, w.a);
  const wish = { content: "Please don't text me again with offers.", created_at: w.clock.now().toISOString() };
  await heard(w, w.a, message(c.talk, { ...wish, conversation: c.conversation() }));
  site = await served(w);
});

beforeEach(({ skip }) => {
  if (!browser) skip("no browser starts on this machine");
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function enter(page: Page, path: string): Promise<void> {
  await page.goto(site.url + path);
  await page.fill("#username", w.a.username);
  await page.fill("#password", password);
  await page.click("button[type=submit]");
  await page.waitForURL(site.url + path);
}

const looks: Look[] = [
  { width: 1440, scheme: "light", script: "on" },
  { width: 390, scheme: "dark", script: "off" },
];

test.each(looks)(
  "at $width pixels, $scheme, with the script $script, they fit, can be read and are sent",
  async (look) => {
    if (!browser) throw new Error("no browser");
    const { page, context, complaints, picture } = await openTab(browser, look);
    const fits = async (name: string) => {
      expect([name, await overflow(page), await faintTexts(page)]).toEqual([name, 0, []]);
      await picture(`form-${name}-${look.width}`);
    };
    const person = `/console/people/${c.person}`;
    await enter(page, person);
    await fits("person");
    await page.locator("summary", { hasText: "Write down a consent on SMS" }).click();
    await page.getByLabel("The words that were shown").locator("visible=true").fill("Yes, offers by SMS.");
    await page.getByLabel("Where it was said").locator("visible=true").fill("Counter");
    await fits("consent");
    await page.getByRole("button", { name: "Write it down" }).locator("visible=true").click();
    await page.getByText("a consent needs the words that were shown, and a proof").waitFor();
    expect(await page.getByLabel("Where it was said").locator("visible=true").inputValue()).toBe("Counter");
    await fits("consent-refused");
    await page.getByLabel("Proof: where it is kept").locator("visible=true").fill("paper-118");
    await page.getByRole("button", { name: "Write it down" }).locator("visible=true").click();
    await page.getByText("Written down, with its proof.").waitFor();

    await page.goto(`${site.url}/console/wishes`);
    await fits("wishes");
    await page.goto(`${site.url}/console/rules?ahead=day`);
    await fits("rules");
    await page.getByLabel("The name customers know you by").fill(`Nordvarme ${look.width}`);
    await page.getByRole("button", { name: "Change the rules" }).click();
    await page.getByText("What was approved under other rules goes back").first().waitFor();

    await page.goto(`${site.url}/console/templates/new`);
    await page.getByLabel("Name: small letters").fill(`offer-${look.width}`);
    await page.getByLabel("Language", { exact: true }).fill("en");
    await page.getByLabel("Text", { exact: true }).fill("Hi {{contact_name}}, {{price}} off until {{day}}.");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Its row is below now").waitFor();
    await page.getByLabel("Gap 1: kind").selectOption("money");
    await page.getByLabel("Gap 2: kind").selectOption("date");
    await fits("template");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Look at what it says to a real person.").waitFor();
    await page.getByLabel("price (money)").fill("100 DKK");
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByText("Nothing is known to say for {{day}}.").waitFor();
    await page.getByLabel("day (date)").fill("2026-11-30");
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByText("off until 30 November 2026.").waitFor();
    await fits("template-preview");

    await page.goto(`${site.url}/console/segments/new`);
    await page.getByLabel("Name", { exact: true }).fill(`Holm ${look.width}`);
    await page.getByLabel("Condition 2: what").selectOption("name");
    await page.getByLabel("Condition 2: of which").fill("holm");
    if (look.script === "off") await page.getByRole("button", { name: "Count" }).click();
    await page.getByText("1 person fits now").waitFor();
    await fits("segment");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The segment is saved.").waitFor();
    await fits("segments");

    await page.goto(`${site.url}/console/campaigns/new`);
    await page.getByLabel("Name", { exact: true }).fill(`Autumn ${look.width}`);
    await page.getByText("About their own job", { exact: true }).click();
    await page.locator("select[name=segment]").selectOption(`Holm ${look.width}`);
    await page.getByLabel("Step 1: template").selectOption(`offer-${look.width}`);
    await page.getByRole("button", { name: "Save as a draft" }).click();
    await page.getByText("Nothing is known to say for {{price}}").waitFor();
    await page.getByLabel("price (money)").fill("100 DKK");
    await page.getByLabel("day (date)").fill("2026-11-30");
    await fits("campaign");
    await page.getByRole("button", { name: "Save as a draft" }).click();
    await page.getByText("Drafted.").first().waitFor();
    await page.getByRole("link", { name: "Dry run" }).click();
    await page.getByText("would be sent to").waitFor();
    await fits("dry-run");

    for (const place of ["senders", "approvals"]) {
      await page.goto(`${site.url}/console/${place}`);
      await fits(place);
    }

    expect(complaints.filter((text) => !/^4(00|22)|status of 4(00|22)/.test(text))).toEqual([]);
    await context.close();
  },
);
