// An offer from its lines to its reader's answer: who approves what, how it leaves, what its sums are, and what erasure leaves of it.
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { caller } from "#test/field/floor.ts";
import { scriptedCarrier } from "#test/kit/carrier.ts";
import { type World, world } from "#test/kit/world.ts";
import { customer, dispatchDue } from "#test/outbound/customer.ts";
import { ask, foundIn, run } from "#test/shared/forgotten.ts";
import { type OfferSeen, offering } from "./offering.ts";

let w: World;
let o: ReturnType<typeof offering>;

beforeAll(async () => {
  w = await world({ carriers: { twilio: scriptedCarrier().port }, now: "2026-11-23T09:00:00.000Z" });
  o = offering(w);
});

const visit = { description: "Service visit", quantity: 2, unit_price_minor: 145_000, vat_pct: 25 };

test("a discount is approved, sending is approved, the message is approved: then it leaves, and each approval names its audit row", async () => {
  const of = await customer(w, w.a);
  const plain = await o.write({ items: [visit], contact: of.person });
  expect(plain).toMatchObject({ state: "approved", net_minor: 290_000, vat_minor: 72_500, total_minor: 362_500 });
  let offer = await o.write({ items: [{ ...visit, discount_pct: 10 }], contact: of.person, title: "Heat pump" });
  expect(offer).toMatchObject({ state: "draft", number: plain.number + 1, discount_minor: 29_000, net_minor: 261_000 });

  expect(await o.refused(offer, "send")).toEqual([409, "offer_invalid_state"]);
  expect(await o.refused(offer, "approve-send")).toEqual([409, "offer_invalid_state"]);
  offer = await o.move(offer, "approve-discount");
  expect(offer.state).toBe("approved");
  expect(await o.refused(offer, "send")).toEqual([409, "offer_unapproved"]);
  offer = await o.move(offer, "approve-send");

  // Whatever is changed then is approved by nobody.
  const edited = await o.edit(offer, { items: [{ ...visit, discount_pct: 12.5 }] });
  expect(edited.state).toBe("draft");
  expect(edited.approvals.map(({ kind, dropped_because }) => [kind, dropped_because])).toEqual([
    ["discount", "edited"],
    ["send", "edited"],
  ]);
  expect(await o.refused(offer, "send")).toEqual([412, "offer_changed"]);
  offer = await o.move(await o.move(edited, "approve-discount"), "approve-send");
  offer = await o.move(offer, "send", { channel: "sms", sender: of.sender });
  expect(offer).toMatchObject({ state: "approved", message: { state: "draft" } });
  expect(await o.refused(offer, "send", { channel: "sms" })).toEqual([409, "offer_leaving"]);
  const words = (await o.office(`/v1/outbound/messages/${offer.message?.id}`)).body;
  expect(words["text"]).toContain("- Service visit: 2 x DKK 1,450.00, 12.5 % off = DKK 2,537.50");
  expect(words["text"]).toContain("Total: DKK 3,171.88");

  await o.letOut(offer);
  offer = await o.get(offer);
  expect(offer).toMatchObject({ state: "sent", sent_at: expect.any(String) });
  const audited = await w.neon.query(
    "select id, action from shared.audit_events where project_id = $1 and id = any ($2) order by at, id",
    [w.a.project, `{${offer.approvals.map(({ audit_event }) => audit_event).join(",")}}`],
  );
  expect(audited).toHaveLength(4);
  await expect(
    w.neon.query(
      "insert into crm.offer_approvals (project_id, account_scope_id, id, offer_id, kind, audit_event_id, approved_by, dropped_at, dropped_because) values ($1, $2, 'ofa_x', $3, 'send', 'aud_none', 'x', now(), 'edited')",
      [w.a.project, w.a.accountScope, offer.id],
    ),
  ).rejects.toThrow(/audit trail/);
  const patched = await o.patch(offer, { title: "Other" });
  expect([patched.status, patched.body["code"]]).toEqual([409, "offer_invalid_state"]);
  expect(await o.refused(offer, "settle", { outcome: "accepted" })).toEqual([400, "evidence_required"]);
  offer = await o.move(offer, "settle", { outcome: "accepted", evidence: [of.evidence] });
  expect(offer.state).toBe("accepted");
  expect(await o.refused(offer, "settle", { outcome: "withdrawn" })).toEqual([409, "offer_invalid_state"]);
});

test("of two who approve at once one has read something older", async () => {
  const offer = await o.write({ items: [{ ...visit, discount_pct: 5 }] });
  const both = await Promise.all([0, 1].map(() => o.post(offer, "approve-discount")));
  expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
  expect((await o.get(offer)).approvals).toHaveLength(1);
  expect(await o.refused(await o.move(await o.get(offer), "approve-send"), "send")).toEqual([422, "contact_required"]);
});

const amount = (most: number) => fc.integer({ min: 0, max: most });

test("sums are exact, rounded line by line, half away from zero", async () => {
  /** Of nonnegative numbers. */
  const divided = (above: bigint, below: bigint) => (2n * above + below) / (2n * below);
  const line = fc.record({
    milli: fc.integer({ min: 1, max: 100_000_000 }),
    price: amount(1_000_000_000),
    off: amount(10_000),
    vat: amount(10_000),
  });
  const cases = fc.sample(fc.array(line, { minLength: 1, maxLength: 40 }), { numRuns: 12, seed: 46 });
  const half = { milli: 500, price: 1, off: 0, vat: 10_000 };
  for (const lines of [
    ...cases,
    [half],
    Array.from({ length: 40 }, () => ({ milli: 100_000_000, price: 1_000_000_000, off: 0, vat: 10_000 })),
  ]) {
    const items = lines.map(({ milli, price, off, vat }) => ({
      description: "x",
      quantity: milli / 1000,
      unit_price_minor: price,
      discount_pct: off / 100,
      vat_pct: vat / 100,
    }));
    const told = await o.write({ items });
    const sums = lines.map(({ milli, price, off, vat }) => {
      const list = divided(BigInt(milli) * BigInt(price), 1000n);
      const net = divided(list * BigInt(10_000 - off), 10_000n);
      return { list, net, vat: divided(net * BigInt(vat), 10_000n) };
    });
    const sum = (of: "list" | "net" | "vat") => sums.reduce((all, each) => all + each[of], 0n);
    expect([told.list_minor, told.net_minor, told.vat_minor, told.total_minor].map(BigInt)).toEqual([
      sum("list"),
      sum("net"),
      sum("vat"),
      sum("net") + sum("vat"),
    ]);
    expect(told.state).toBe(lines.some(({ off }) => off > 0) ? "draft" : "approved");
  }
});

test("an account has its people and its offers; whoever is erased leaves it, and his offers keep their sums only", async () => {
  const of = await customer(w, w.a);
  const word = `Frida${process.pid}`;
  await w.neon.query("update people.contacts set name = $2 where id = $1", [of.person, word]);
  const made = await o.office("/v1/crm/accounts", { name: "Strandhøj Housing", registration: "12345678" });
  const id = String(made.body["id"]);
  const linked = await o.office(`/v1/crm/accounts/${id}/link`, { contact: of.person, role: "chair" });
  expect(linked.body["contacts"]).toEqual([{ id: of.person, name: word, role: "chair" }]);
  const offer = await o.write({
    items: [{ ...visit, description: `For ${word}` }],
    contact: of.person,
    account: id,
    title: `At ${word}'s`,
  });
  const handed = await o.move(await o.move(offer, "approve-send"), "send", { channel: "sms", sender: of.sender });
  const entity = await o.office("/v1/world/entities", { type: "Company", name: "Strandhøj", firm: id });
  expect(entity.body).toMatchObject({ firm: id });
  expect((await o.office("/v1/world/entities", { type: "Company", name: "No", firm: "act_none" })).body["code"]).toBe(
    "account_unknown",
  );
  expect((await o.list(`account=${id}`)).map((row) => row.id)).toEqual([offer.id]);

  await run(w, w.a, await ask(w, w.a, { kind: "person", id: of.person }));
  expect(await foundIn(w.neon, [word])).toEqual([]);
  expect(await o.get(offer)).toMatchObject({
    title: "[erased]",
    contact: null,
    account: { id },
    state: "withdrawn",
    total_minor: handed.total_minor,
    items: [{ description: "[erased]", net_minor: 290_000 }],
    message: { state: "cancelled" },
  } satisfies Partial<Record<keyof OfferSeen, unknown>>);
  expect((await o.office(`/v1/crm/accounts/${id}`)).body["contacts"]).toEqual([]);
  expect((await caller(w, w.b.apiKey)(`/v1/crm/offers/${offer.id}`)).status).toBe(404);
  await dispatchDue(w, w.a);
});
