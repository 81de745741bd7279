// Campaigns and templates in a real browser, wide and narrow, light and dark, without the script.
import { expect, test } from "vitest";
import { faintTexts, overflow } from "#test/kit/browser.ts";
import { visitor } from "#test/kit/visitor.ts";
import { campaigning, members, optedOut } from "#test/outbound/campaigning.ts";

const visit = visitor();

test.each([
  [1440, "light"],
  [390, "dark"],
] as const)("approved, started, read and paused at %i pixels, %s", async (width, scheme) => {
  const c = await campaigning();
  const people = await members(c.w, c.w.a, { count: 40, tag: `w${width}` });
  for (const contact of people.slice(0, 6)) await optedOut(c.w, c.w.a, contact);
  const steps = [{}, { wait_seconds: 259_200 }];
  const made = await c.campaign({ steps });
  // Before the address changes, which signatures are bound to.
  const done = await c.campaign({ steps, text: "Hi {{contact_name}}, shall we come by?" });
  await c.post(`/campaigns/${done.id}/approve`, { version: 1 });
  await c.post(`/campaigns/${done.id}/start`, {});
  await c.run();
  c.w.clock.advance(3_600_000);
  await c.w.neon.query(
    "update outbound.messages set state = 'delivered' where campaign_id = $1 and contact_id = any($2::text[])",
    [done.id, people.slice(10, 25)],
  );
  const look = { width, scheme, script: "off" } as const;
  const { page, context, complaints, picture, site } = await visit(c.w, "/console/campaigns", look);
  await picture(`campaigns-${width}`);
  expect([await overflow(page), await faintTexts(page)]).toEqual([0, []]);

  await page.goto(`${site.url}/console/campaigns/${done.id}`);
  await picture(`campaign-${width}`);
  expect([await overflow(page), await faintTexts(page)]).toEqual([0, []]);
  const text = await page.locator("main").innerText();
  expect(text).toContain("Not sent 6");
  expect(text).toContain("Delivered 15");
  await page.getByRole("link", { name: "Opt out" }).click();
  expect(await page.locator("#events ~ table tr").count()).toBe(6);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("Paused: nothing more leaves.").waitFor();

  await page.goto(`${site.url}/console/campaigns/${made.id}`);
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Approved and sealed").waitFor();
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByText("Started").first().waitFor();

  await page.goto(`${site.url}/console/templates?template=${done.template.id}`);
  await page.getByLabel("Person").selectOption(people[7] ?? "");
  await page.getByRole("button", { name: "Preview" }).click();
  expect(await page.locator("main").innerText()).toContain("Hi Member 8, shall we come by?");
  await picture(`templates-${width}`);
  expect([await overflow(page), await faintTexts(page)]).toEqual([0, []]);
  expect(complaints).toEqual([]);
  await context.close();
});
