// Offers and accounts in the console, as somebody without a script uses them.
import { expect, test } from "vitest";
import { offering } from "#test/crm/offering.ts";
import { scriptedCarrier } from "#test/kit/carrier.ts";
import { world } from "#test/kit/world.ts";
import { customer } from "#test/outbound/customer.ts";
import { known } from "./known.ts";
import { signedIn, textOf } from "./visitor.ts";

test("an offer is written, needs a look, is changed, approved, handed over and answered; an account has its people", async () => {
  const w = await world({ carriers: { twilio: scriptedCarrier().port }, now: "2026-11-16T08:00:00.000Z" });
  const k = await known(w);
  const o = offering(w);
  const of = await customer(w, w.a);
  const clerk = await signedIn(w, w.a);
  const versionOf = async (place: string) =>
    /name="version" value="(\d+)"/.exec((await clerk.get(place)).html)?.[1] ?? "";
  const seen = async (place: string) => textOf((await clerk.get(place)).html);

  const entered = await clerk.post("/console/accounts", { name: "Harbour House", registration: "", note: "" });
  const account = entered.place.split("?")[0] ?? "";
  await clerk.post(`${account}/link`, { contact: of.person, role: "caretaker" });
  expect(await seen(account)).toContain("caretaker");
  expect(await seen("/console/accounts?q=har")).toContain("Harbour House");

  const lines = (price: string, fact: string) => ({
    title: "Service contract",
    currency: "DKK",
    contact: of.person,
    account: account.split("/").at(-1) ?? "",
    note: "",
    "description-0": "Hours on site",
    "quantity-0": "6,5",
    "price-0": price,
    "off-0": "10",
    "vat-0": "25",
    "fact-0": fact,
    "description-1": "",
  });
  const wrong = await clerk.post("/console/offers", lines("dear", k.dear));
  expect([wrong.status, textOf(wrong.html)]).toEqual([400, expect.stringContaining("Each, without VAT")]);
  expect(wrong.html).toContain('value="dear"');
  const written = await clerk.post("/console/offers", lines("695,00", k.dear));
  const place = written.place.split("?")[0] ?? "";
  expect(await seen(place)).toContain("To pay DKK 5,082.19");
  const act = async (name: string, fields: Record<string, string> = {}) =>
    clerk.post(`${place}/${name}`, { version: await versionOf(place), ...fields });
  expect((await act("approve-discount")).status).toBe(303);

  const now = await k.fact({
    subject: k.firm,
    attribute: "price.hourly",
    value: { amount_minor: 74_500, currency: "DKK" },
    value_type: "currency",
    unit: "per hour",
    valid_from: "2026-06-01T00:00:00Z",
  });
  const told = await seen(place);
  expect(told).toContain("A fact that it states is not so any more.");
  expect(told).toContain("Now: Northwind Cooling – Price hourly: 745.00 DKK per hour");
  expect(told).not.toContain("Approve that it is sent");
  expect(await seen("/console/offers?state=needs_review")).toContain("1: Service contract");
  expect((await act("send")).status).toBe(409);
  expect((await act("review")).status).toBe(400);
  await clerk.post(`${place}/edit`, { ...lines("745.00", now), version: await versionOf(place) });
  for (const name of ["review", "approve-discount", "approve-send"]) expect((await act(name)).status).toBe(303);
  expect((await act("send", { channel: "sms" })).status).toBe(303);
  expect(await seen(place)).toContain("It leaves when it is approved and sent.");
  const [offer] = await o.list("");
  if (!offer) throw new Error("no offer");
  await o.letOut(offer);
  await act("settle", { outcome: "accepted", evidence: "" });
  expect(await seen(place)).toContain("Accepted");
  expect(await seen(account)).toContain("1: Service contract");
});
