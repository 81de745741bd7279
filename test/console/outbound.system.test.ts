// Approving, following and writing messages in a real browser: wide and narrow, light and dark, by keyboard.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Cookies, faintTexts, type Look, launchBrowser, openTab, overflow, type Tab } from "#test/kit/browser.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type Served, served } from "#test/kit/served.ts";
import { password } from "#test/kit/world.ts";
import { type Morning, morning } from "./story.ts";

let browser: Browser | null;
let told: Morning;
let site: Served;
let cookies: Cookies;
let mette: Sending;
let evidence: string;
let n = 0;

async function call(path: string, json: unknown): Promise<{ id: string; version: number }> {
  n += 1;
  const headers = { "idempotency-key": `"s${n}"` };
  const answer = await told.w.fetch(path, { method: "POST", key: told.w.a.apiKey, json, headers });
  return (await answer.json()) as { id: string; version: number };
}

async function pending(text: string, more: Record<string, unknown> = {}): Promise<string> {
  const made = await call("/v1/outbound/messages", {
    contact: mette.contact,
    channel: "sms",
    text,
    evidence: [evidence],
    ...more,
  });
  await call(`/v1/outbound/messages/${made.id}/submit`, { version: made.version });
  return made.id;
}

async function failed(text: string, state: string, code: string): Promise<string> {
  const { id, version } = await call("/v1/outbound/messages", {
    contact: mette.contact,
    channel: "sms",
    text,
    evidence: [evidence],
  });
  await call(`/v1/outbound/messages/${id}/approve`, { version });
  await call(`/v1/outbound/messages/${id}/send`, {});
  const { w } = told;
  await w.neon.query(
    `update outbound.messages set state = 'submitting', token = gen_random_uuid(), lease_until = now(), attempts = 1 where project_id = $1 and id = $2`,
    [w.a.project, id],
  );
  await w.neon.query(
    "update outbound.messages set state = $3, token = null, lease_until = null, code = $4 where project_id = $1 and id = $2",
    [w.a.project, id, state, code],
  );
  await w.neon.query(
    `insert into outbound.attempts (project_id, account_scope_id, id, message_id, number, sender_id, token, outcome, code, http_status, started_at, finished_at)
     values ($1, $2, $3, $4, 1, $5, gen_random_uuid(), 'refused', $6, 400, $7, $7)`,
    [w.a.project, w.a.accountScope, `att_${n}`, id, mette.sender, code, w.clock.now().toISOString()],
  );
  return id;
}

const tab = (look: Look = {}): Promise<Tab> => {
  if (!browser) throw new Error("no browser");
  return openTab(browser, { cookies, ...look });
};

beforeAll(async () => {
  browser = await launchBrowser();
  if (!browser) return;
  told = await morning();
  const { w } = told;
  mette = await canSend(w, w.a);
  const found = await w.neon.query(
    "select id from shared.evidence_items where project_id = $1 and source_table = 'inbox.cw_messages' and id <> $2 order by occurred_at limit 1",
    [w.a.project, mette.evidence],
  );
  evidence = String(found[0]?.["id"]);
  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, account, credentials_sealed)
     values ($1, $2, 'snd_chat', 'chatwoot', 'chat', 'Inbox', $3, $3, 'x')`,
    [w.a.project, w.a.accountScope, String(told.mette.account)],
  );
  await w.neon.query(
    `insert into outbound.contact_channel_policies (project_id, account_scope_id, id, contact_id, channel, opted_out_at, opted_out_by)
     values ($1, $2, 'pol_1', $3, 'email', '2026-11-14T10:00:00Z', 'keyword')`,
    [w.a.project, w.a.accountScope, mette.contact],
  );
  site = await served(w);
  const first = await openTab(browser);
  await first.page.goto(`${site.url}/console`);
  await first.page.fill("#username", w.a.username);
  await first.page.fill("#password", password);
  await first.page.click("button[type=submit]");
  await first.page.waitForURL(`${site.url}/console`);
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

const looks = ([1440, 390] as const).flatMap((width) =>
  (["light", "dark"] as const).map((scheme) => ({ width, scheme }) satisfies Look),
);

/** The places of the bar stand on one line, each whole. */
const barRows = (page: Page): Promise<{ rows: number; cut: string[] }> =>
  page.evaluate(() => {
    const links = [...document.querySelectorAll(".places a")];
    const cut = links.filter((link) => link.scrollWidth > link.clientWidth).map((link) => link.textContent ?? "");
    return { rows: new Set(links.map((link) => Math.round(link.getBoundingClientRect().top))).size, cut };
  });

test.each(looks)("at $width pixels in the $scheme every page of it fits and can be read", async (look) => {
  const id = await pending(
    `We replace the fan bearing on Thursday at nine — see you 🔧 (${look.width} ${look.scheme})`,
  );
  const bad = await failed(`Are you at home on Friday? ${look.width} ${look.scheme}`, "failed", "twilio_30005");
  const doubt = await failed(`Your part has arrived. ${look.width} ${look.scheme}`, "unknown", "timeout");
  const { page, context, complaints, picture } = await tab(look);
  const contact = `contact=${mette.contact}`;
  const thread = await page.request.get(`${site.url}/console/conversations/${told.mette.conversation}`);
  const replyPath = (/\/console\/write\?[^"]+/.exec(await thread.text())?.[0] ?? "").replace("&amp;", "&");
  const pages = {
    queue: "/console/approvals",
    approval: `/console/approvals/${id}`,
    outbox: "/console/outbox",
    life: `/console/outbox/${bad}`,
    doubt: `/console/outbox/${doubt}`,
    person: `/console/people/${mette.contact}`,
    write: `/console/write?${contact}`,
    reply: replyPath,
    thread: `/console/conversations/${told.mette.conversation}`,
  };
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(site.url + path);
    expect([path, await overflow(page)]).toEqual([path, 0]);
    expect([path, await faintTexts(page)]).toEqual([path, []]);
    expect([path, await barRows(page)]).toEqual([path, { rows: 1, cut: [] }]);
    await picture(`out-${name}-${look.width}-${look.scheme}`);
  }
  expect(complaints).toEqual([]);
  await context.close();
});

test("by keyboard: move, open, edit, return, approve; the next one stands there", async () => {
  const first = await pending("Approved by one key.");
  const { page, context, complaints, picture } = await tab();
  await page.goto(`${site.url}/console/approvals/${first}`);
  await page.keyboard.press("e");
  await page.locator("textarea[name=text]").waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "text");
  await picture("out-editing");
  await page.keyboard.type("a");
  await page.keyboard.press("Escape");
  expect(page.url()).toContain(`/console/approvals/${first}`);
  await page.keyboard.press("r");
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "note");
  await page.keyboard.press("Escape");
  await page.keyboard.press("a");
  await page.getByText("Approved; it leaves when it may.").waitFor();
  const answer = await told.w.fetch(`/v1/outbound/messages/${first}`, { key: told.w.a.apiKey });
  expect(await answer.json()).toMatchObject({ state: "queued" });
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await page.waitForURL(`${site.url}/console/outbox`);
  await page.keyboard.press("?");
  expect(await page.locator("#keys").innerText()).toMatch(/Approve the message and send it/);
  expect(complaints).toEqual([]);
  await context.close();
});

test("an SMS counts its parts while it is written, and without a script when asked to", async () => {
  const words = "We come at nine — promised";
  const { page, context, complaints } = await tab();
  await page.goto(`${site.url}/console/write?contact=${mette.contact}`);
  expect(await page.getByRole("button", { name: "Preview the cost" }).isVisible()).toBe(false);
  await page.fill("textarea[name=text]", words);
  expect(await page.locator("[data-cost]").innerText()).toBe("1 SMS part in UCS-2, less room because of —");
  await page.fill("textarea[name=text]", "€".repeat(80));
  expect(await page.locator("[data-cost]").innerText()).toBe("1 SMS part in GSM-7");
  await page.fill("textarea[name=text]", "€".repeat(81));
  expect(await page.locator("[data-cost]").innerText()).toBe("2 SMS parts in GSM-7");
  expect(complaints).toEqual([]);
  await context.close();

  const plain = await tab({ script: "off" });
  await plain.page.goto(`${site.url}/console/write?contact=${mette.contact}`);
  await plain.page.fill("textarea[name=text]", words);
  await plain.page.getByRole("button", { name: "Preview the cost" }).click();
  expect(await plain.page.locator("[data-cost]").innerText()).toMatch(/1 SMS part in UCS-2\s+Less room because of “—”/);
  expect(await plain.page.locator("textarea[name=text]").inputValue()).toBe(words);
  await plain.page.getByRole("button", { name: "Save as a draft" }).click();
  await plain.page.getByText("Written down as a draft.").waitFor();
  expect(plain.complaints).toEqual([]);
  await plain.context.close();
});
