// Jobs in a real browser, wide and narrow, light and dark, without the script.
import { expect, test } from "vitest";
import { caller, client, technician } from "#test/field/floor.ts";
import { faintTexts, overflow } from "#test/kit/browser.ts";
import { memoryBucket } from "#test/kit/objects.ts";
import { visitor } from "#test/kit/visitor.ts";
import { world } from "#test/kit/world.ts";

/** One point, as a PNG. */
const dot = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

const visit = visitor();

test.each([
  [1440, "light"],
  [390, "dark"],
] as const)("a job is taken in, moved and written about at %i pixels, %s", async (width, scheme) => {
  const w = await world({ now: "2026-11-16T08:00:00.000Z", bucket: memoryBucket().bucket });
  const call = caller(w, w.a.apiKey);
  const mette = await client(w, w.a, "Mette Holm", "+4520304050");
  const thomas = await technician(w, w.a);
  for (const [title, status] of [
    ["Boiler makes a knocking noise in the morning and again after the shower", "repairing"],
    ["Door squeaks", "intake"],
    ["Wheel shuts off on bumps", "scheduled"],
  ] as const) {
    const made = await call("/v1/field/jobs", {
      client: mette,
      title,
      tech: thomas.id,
      location: "Mill Lane 3, Aarhus",
    });
    const move = { to: status, scheduled_for: "2026-11-16T09:00:00Z" };
    if (status !== "intake") await call(`/v1/field/jobs/${made.body["id"]}/move`, move);
  }
  await w.neon.query(
    `insert into field.messages (project_id, account_scope_id, id, contact_id, client_id, direction, channel, source_id, provider, provider_message_id,
       address, body, thread_id, seq, ts, waits) values ($1, $2, $5, $3, $3, 'inbound', 'sms', $4, 'twilio', $5, '+4520304050', 'When do you come to see it?', 'thr_1', 1, '2026-11-16T07:00:00Z', true)`,
    [w.a.project, w.a.accountScope, mette, w.a.source.id, `msg_seen_${width}`],
  );
  const look = { width, scheme, script: "off" } as const;
  const { page, context, complaints, picture, site } = await visit(w, "/console/jobs", look);
  await picture(`jobs-${width}`);
  expect([await overflow(page), await faintTexts(page)]).toEqual([0, []]);
  await page.getByRole("button", { name: "Tie it" }).click();
  await page.getByText("Placed.").waitFor();

  await page.goto(`${site.url}/console/jobs/new?client=${mette}`);
  await picture(`job-new-${width}`);
  expect([await overflow(page), await faintTexts(page)]).toEqual([0, []]);
  await page.getByLabel("What is to be done").fill("Chair tilts to the left");
  await page.getByRole("button", { name: "Take it in" }).click();
  await page.getByText("Taken in.").waitFor();
  await page.locator("summary", { hasText: "Schedule" }).click();
  await page.getByLabel("When").fill("2026-11-16T13:00");
  await page.locator("details[open]").getByRole("button", { name: "Schedule" }).click();
  await page.getByText("Moved.").waitFor();
  await page.getByLabel("Part").fill("Caster wheel, 75 mm");
  await page.getByLabel("Price of one").fill("129,50");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("Written down.").waitFor();
  await page.getByLabel("Note", { exact: true }).fill("The left bearing is worn; a new one is ordered.");
  await page.getByRole("button", { name: "Write it down" }).click();
  await page.getByText("Noted.").waitFor();
  await page.getByRole("button", { name: "On site" }).click();
  await page.getByText("Moved.").waitFor();
  await page.getByLabel("Photo", { exact: true }).setInputFiles({ name: "a.png", mimeType: "image/png", buffer: dot });
  await page.getByLabel("What it shows").fill("The worn wheel");
  await page.getByRole("button", { name: "Add the photo" }).click();
  await page.getByText("Added.").waitFor();
  const seen = page.getByAltText("The worn wheel");
  await seen.scrollIntoViewIfNeeded();
  expect(await seen.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(1);
  await picture(`job-photo-${width}`);
  await page.evaluate(() => window.scrollTo(0, 0)).catch(() => undefined);
  await picture(`job-${width}`);
  expect([await overflow(page), await faintTexts(page)]).toEqual([0, []]);
  expect(await page.locator("main").innerText()).toContain("Scheduled → On site");
  expect(complaints).toEqual([]);
  await context.close();
});
