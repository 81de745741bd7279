// A real Chromium: the one that comes with the packages, else one installed here; and a page that remembers what went wrong.
import chromium from "@sparticuz/chromium";
import { type Browser, type BrowserContext, type Page, chromium as playwright } from "playwright-core";

/** Those of the package's own arguments that start it without a sandbox; the others weaken what is tested. */
const args = ["--no-sandbox", "--font-render-hinting=none", "--disable-dev-shm-usage", "--disable-gpu"];

/** Null where there is none, after saying so. */
export async function launchBrowser(): Promise<Browser | null> {
  const reasons: string[] = [];
  const attempts = [
    async () => playwright.launch({ args, executablePath: await chromium.executablePath(), headless: true }),
    () => playwright.launch({ channel: "chrome", headless: true }),
    () => playwright.launch({ channel: "chromium", headless: true }),
    () => playwright.launch({ channel: "msedge", headless: true }),
  ];
  for (const attempt of attempts) {
    try {
      return await attempt();
    } catch (error) {
      reasons.push(String(error).split("\n")[0] ?? "");
    }
  }
  console.error(`No browser starts on this machine, so the console was not tried in one: ${reasons.join(" | ")}`);
  return null;
}

export type Look = { width?: 1440 | 390; scheme?: "light" | "dark"; script?: "on" | "off"; cookies?: Cookies };
export type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>;

export type Tab = { page: Page; context: BrowserContext; complaints: string[]; picture(name: string): Promise<void> };

/** A tab of its own; `complaints` gathers console errors, failed requests and answers of 400 and more. */
export async function openTab(browser: Browser, look: Look = {}): Promise<Tab> {
  const width = look.width ?? 1440;
  const context = await browser.newContext({
    viewport: { width, height: width === 390 ? 844 : 900 },
    colorScheme: look.scheme ?? "light",
    javaScriptEnabled: look.script !== "off",
    locale: "en-GB",
  });
  if (look.cookies) await context.addCookies(look.cookies);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (said) => {
    if (said.type() === "error" || said.type() === "warning") complaints.push(`console: ${said.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  // A poll that is under way when the page is left is cancelled by the browser itself.
  page.on("requestfailed", (request) => {
    if (request.failure()?.errorText !== "net::ERR_ABORTED") complaints.push(`failed: ${request.url()}`);
  });
  page.on("response", (answer) => {
    if (answer.status() >= 400) complaints.push(`${answer.status()}: ${answer.url()}`);
  });
  const folder = process.env["OMNEURO_PICTURES"];
  const picture = async (name: string) => {
    if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
  };
  return { page, context, complaints, picture };
}

/** Pixels by which the page is wider than the window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Texts whose contrast with what lies behind them is below WCAG's 4.5 : 1. */
export const faintTexts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const isClear = (color: string) => color === "transparent" || channels(color)[3] === 0;
    const light = (color: string) => {
      const [r = 0, g = 0, b = 0] = channels(color).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element: Element): string => {
      const own = getComputedStyle(element).backgroundColor;
      if (!isClear(own)) return own;
      return element.parentElement ? behind(element.parentElement) : "rgb(255, 255, 255)";
    };
    const speaks = (element: Element) =>
      [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    const shown = [...document.querySelectorAll("body *")].filter((one) => speaks(one) && one.checkVisibility());
    return shown.flatMap((element) => {
      const [a, b] = [light(getComputedStyle(element).color), light(behind(element))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return contrast < 4.5 ? [`${contrast.toFixed(2)} ${element.textContent?.trim().slice(0, 40)}`] : [];
    });
  });
