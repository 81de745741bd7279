// The rehearsal room in a real browser, wide and narrow, light and dark, without the script.
import { expect, test } from "vitest";
import { faintTexts, overflow } from "#test/kit/browser.ts";
import { visitor } from "#test/kit/visitor.ts";
import { world } from "#test/kit/world.ts";
import { rehearsing } from "#test/world/rehearsing.ts";

const visit = visitor();

test.each([
  [1440, "light"],
  [390, "dark"],
] as const)("a talk is rehearsed with a coach beside it, at %i pixels, %s", async (width, scheme) => {
  const w = await world({ now: "2026-11-16T08:00:00.000Z" });
  const a = rehearsing(w);
  const [self, counterparty] = [await a.entity("Person", "Tom Vale"), await a.entity("Company", "Brandt Housing")];
  await a.fact({ subject: self, attribute: "address.street", value: "Harbour Street 5", visibility: "public" });
  const session = await a.begin({
    counterparty,
    self,
    counterparty_style: "tough",
    template: "rent",
    title: "The rent from June",
  });
  await a.say(session, "Good morning. My rent is 1 400 GBP, and I would like to pay less.");
  await a.say(session, "How do I go on?", "coach");
  const look = { width, scheme, script: "off" } as const;
  const { page, context, complaints, picture, site } = await visit(w, `/console/rehearse/${session}`, look);
  const looks = async (name: string) => {
    await picture(`rehearsal-${name}-${width}`);
    expect([name, await overflow(page), await faintTexts(page)]).toEqual([name, 0, []]);
  };
  await page.getByPlaceholder("What you say about yourself").fill("My deadline is 1 June 2027.");
  await page.getByRole("button", { name: "Say it" }).click();
  await page.getByText("deadline: 2027-06-01").first().waitFor();
  await looks("room");
  await page.goto(`${site.url}/console/rehearse`);
  await looks("list");
  expect(complaints).toEqual([]);
  await context.close();
});
