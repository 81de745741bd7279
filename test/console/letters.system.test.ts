// Dead letters in a real browser, wide and narrow, light and dark, without the script.
import { expect, test } from "vitest";
import { faintTexts, overflow } from "#test/kit/browser.ts";
import { visitor } from "#test/kit/visitor.ts";
import { world } from "#test/kit/world.ts";
import { died } from "#test/shared/dead.ts";

const visit = visitor();

test.each([
  [1440, "light"],
  [390, "dark"],
] as const)("read, retried and discarded at %i pixels, %s", async (width, scheme) => {
  const w = await world();
  // Before the address changes, which signatures are bound to.
  await died(w, { work: "obx_embed", message: "msg_1", job: "memory.embed", payload: { chunk: "c1" } });
  await died(w, { work: "obx_sweep", message: "msg_2", status: 0, answer: "" });
  const look = { width, scheme, script: "off" } as const;
  const { page, context, complaints, picture } = await visit(w, "/console/letters", look);
  await picture(`letters-${width}`);
  expect([await overflow(page), await faintTexts(page)]).toEqual([0, []]);
  await page.getByRole("link", { name: "shared.sweep" }).click();
  expect(await page.locator("main").innerText()).toContain("No answer");
  await picture(`letter-${width}`);
  expect([await overflow(page), await faintTexts(page)]).toEqual([0, []]);
  await page.getByLabel("Why it is discarded").fill("Done by hand");
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByText("Put away.").waitFor();
  await page.getByRole("link", { name: "memory.embed" }).click();
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByText("On its way again").first().waitFor();
  await picture(`letter-retried-${width}`);
  await w.settled();
  expect(w.queue.published.filter(({ id }) => id === "obx_embed")).toMatchObject([{ round: 1 }]);
  expect(complaints).toEqual([]);
  await context.close();
});
