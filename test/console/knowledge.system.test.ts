// Knowledge in a real browser, wide and narrow, light and dark, without the script.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { faintTexts, overflow } from "#test/kit/browser.ts";
import { visitor } from "#test/kit/visitor.ts";
import { world } from "#test/kit/world.ts";
import { knowing } from "#test/memory/knowing.ts";

const visit = visitor();

/** What a house has after some weeks. */
async function house() {
  const w = await world();
  const k = await knowing(w);
  const body =
    "Clean the pump filter. Then reset the overheat cutout by hand, with the gas shut.\n\nIf it trips again, call Karim.";
  const live = await k.live({ title: "The overheat cutout trips", body, tags: ["boiler", "z900"] });
  await k.ask("What do we do about the overheat cutout?");
  const next = {
    title: "The overheat cutout trips",
    body: body.replace("call Karim", "change the sensor"),
    replaces: live.id,
  };
  const review = (await k.write(next)).body;
  await k.call("lead", `knowledge/${review.id}/submit`, { version: 1 });
  await k.write({ type: "faq", title: "Do you service Zanussi dryers?", body: "" });
  await k.live({
    type: "faq",
    title: "Warranty",
    body: "A heat pump carries five years of warranty.",
    visibility: "client",
  });
  const canary = {
    question: "How long is the warranty on a heat pump?",
    audience: { kind: "public" },
    words: ["six years"],
  };
  const wrong = (await k.call("owner", "canaries", canary)).body;
  await k.call("owner", "canaries", { ...canary, words: ["five years"], forbidden: ["margin"] });
  await k.call("owner", "canary-runs", {});
  return { w, k, live, review, wrong };
}

const readable = async (page: Page) => expect([await overflow(page), await faintTexts(page)]).toEqual([0, []]);

test.each([
  [1440, "light"],
  [390, "dark"],
] as const)("written, reviewed, published, replaced and asked at %i pixels, %s", async (width, scheme) => {
  const { w, live, review, wrong } = await house();
  const look = { width, scheme, script: "off" } as const;
  const { page, context, complaints, picture, site } = await visit(w, "/console/knowledge", look);
  await picture(`knowledge-${width}`);
  await readable(page);

  await page.getByRole("link", { name: "Under review" }).first().click();
  await page.locator(`a[href="/console/knowledge/${review.id}"]`).click();
  expect(await page.locator(".between del").allInnerTexts()).toEqual([expect.stringContaining("call Karim")]);
  expect(await page.locator(".between ins").allInnerTexts()).toEqual([expect.stringContaining("change the sensor")]);
  await picture(`entry-review-${width}`);
  await readable(page);
  await page.getByText("Send back").first().click();
  await page.fill("[name=reason]", "Which sensor?");
  await page.getByRole("button", { name: "Send it back" }).click();
  await page.getByText("Sent back: Which sensor?").waitFor();
  await page.getByRole("link", { name: "Edit" }).click();
  await picture(`entry-edit-${width}`);
  await readable(page);
  await page.fill("[name=body]", "Change the sensor B4. Then reset the overheat cutout.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Put under review" }).click();
  await page.getByRole("button", { name: "Publish and replace" }).click();
  await page.getByText("Live: people are answered from it now.").waitFor();
  await picture(`entry-live-${width}`);
  await readable(page);
  await page.goto(`${site.url}/console/knowledge/${live.id}?version=1`);
  await page.getByRole("link", { name: "To what replaced it" }).waitFor();
  await picture(`entry-replaced-${width}`);
  await readable(page);

  await page.goto(`${site.url}/console/canaries`);
  await picture(`canaries-${width}`);
  await readable(page);
  await page.locator(`a[href="/console/canaries/${wrong.id}"]`).click();
  await page.getByText("Words are missing from the answer.").waitFor();
  await picture(`canary-${width}`);
  await readable(page);
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByText("Switched off: it is not asked any more.").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
