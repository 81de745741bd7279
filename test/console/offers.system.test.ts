// Offers in a real browser, wide and narrow, light and dark, without the script: one that needs a look, changed, approved, handed over.
import { expect, test } from "vitest";
import { offering } from "#test/crm/offering.ts";
import { faintTexts, overflow } from "#test/kit/browser.ts";
import { visitor } from "#test/kit/visitor.ts";
import { world } from "#test/kit/world.ts";
import { customer } from "#test/outbound/customer.ts";
import { known } from "./known.ts";

const visit = visitor();

test.each([
  [1440, "light"],
  [390, "dark"],
] as const)(
  "an offer whose price has changed is looked at, changed and handed over, at %i pixels, %s",
  async (width, scheme) => {
    const w = await world({ now: "2026-11-16T08:00:00.000Z" });
    const k = await known(w);
    const o = offering(w);
    const of = await customer(w, w.a);
    await w.neon.query("update people.contacts set name = 'Mads Holm' where id = $1", [of.person]);
    const account = String((await o.office("/v1/crm/accounts", { name: "Harbour House" })).body["id"]);
    await o.office(`/v1/crm/accounts/${account}/link`, { contact: of.person, role: "caretaker" });
    const offer = await o.write({
      title: "Service contract",
      account,
      contact: of.person,
      note: "The offer stands for thirty days.",
      items: [
        {
          description: "Hours on site",
          quantity: 6.5,
          unit_price_minor: 69_500,
          vat_pct: 25,
          discount_pct: 10,
          fact: k.dear,
        },
        { description: "Filters", quantity: 4, unit_price_minor: 12_000, vat_pct: 25, evidence: of.evidence },
      ],
    });
    await o.move(offer, "approve-discount");
    const now = await k.fact({
      subject: k.firm,
      attribute: "price.hourly",
      value: { amount_minor: 74_500, currency: "DKK" },
      value_type: "currency",
      unit: "per hour",
      valid_from: "2026-06-01T00:00:00Z",
    });
    expect(now).toMatch(/^fct_/);

    const { page, context, complaints, picture, site } = await visit(w, "/console/offers", {
      width,
      scheme,
      script: "off",
    });
    const looks = async (name: string) => {
      await picture(`offers-${name}-${width}`);
      expect([name, await overflow(page), await faintTexts(page)]).toEqual([name, 0, []]);
    };
    await looks("list");
    await page.getByRole("link", { name: "1: Service contract" }).click();
    await page.getByText("A fact that it states is not so any more.").first().waitFor();
    await page.getByText("Now: Northwind Cooling – Price hourly: 745.00 DKK per hour").waitFor();
    await looks("needs-review");
    await page.getByRole("link", { name: "Change" }).click();
    await looks("form");
    await page.getByLabel("Each, without VAT").first().fill("745.00");
    await page.getByLabel("Rests on").first().selectOption(now);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "I have looked at it" }).waitFor();
    await page.getByLabel("What was done").fill("The new price.");
    await page.getByRole("button", { name: "I have looked at it" }).click();
    await page.getByRole("button", { name: "Approve the discount" }).click();
    await page.getByRole("button", { name: "Approve that it is sent" }).click();
    await page.getByLabel("By").selectOption("sms");
    await looks("ready");
    await page.getByRole("button", { name: "Write the message" }).click();
    await page.getByRole("link", { name: "Open the message" }).waitFor();
    await looks("handed");
    await page.getByRole("link", { name: "Open the message" }).click();
    await page.getByText("Total: DKK 6,047.81").filter({ visible: true }).first().waitFor();
    await page.goto(`${site.url}/console/accounts/${account}`);
    await page.getByText("caretaker").first().waitFor();
    await looks("account");
    await page.goto(`${site.url}/console/accounts`);
    await looks("accounts");
    expect(complaints).toEqual([]);
    await context.close();
  },
);
