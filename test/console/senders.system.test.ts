// Senders in a real browser, wide and narrow, light and dark, without the script.
import { expect, test } from "vitest";
import { faintTexts, overflow } from "#test/kit/browser.ts";
import { visitor } from "#test/kit/visitor.ts";
import { world } from "#test/kit/world.ts";

const visit = visitor();

test.each([
  [1440, "light"],
  [390, "dark"],
] as const)("added, paused and let send again at %i pixels, %s", async (width, scheme) => {
  const w = await world();
  const look = { width, scheme, script: "off" } as const;
  const { page, context, complaints, picture, site } = await visit(w, "/console/senders", look);
  await page.getByRole("link", { name: "SMS by Twilio" }).click();
  await page.getByLabel("What you call it").fill("Workshop");
  await page.getByLabel("Number, name or messaging service").fill("+4570101010");
  await page.getByLabel("Account SID").fill(`AC${"1".repeat(32)}`);
  await page.getByLabel("Auth token").fill("a-token-of-twilio");
  await picture(`sender-new-${width}`);
  expect([await overflow(page), await faintTexts(page)]).toEqual([0, []]);
  await page.getByRole("button", { name: "Add it" }).click();
  await page.getByText("The sender is added").waitFor();
  await w.neon.query(
    "update outbound.senders set paused_until = $2, paused_code = 'twilio_21606' where project_id = $1",
    [w.a.project, new Date(w.clock.now().getTime() + 300_000).toISOString()],
  );
  await page.goto(`${site.url}/console/senders`);
  await page.getByText("not the account's, or may not send").waitFor();
  await picture(`senders-${width}`);
  expect([await overflow(page), await faintTexts(page)]).toEqual([0, []]);
  await page.getByRole("button", { name: "Let it send again" }).click();
  await page.getByText("It sends again").waitFor();
  expect(complaints).toEqual([]);
  await w.settled();
  await context.close();
});
