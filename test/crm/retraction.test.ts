// What an offer rests on is not so any more: whoever wants to send it has to look at it, and what was sent says why.
import { beforeAll, expect, test } from "vitest";
import { scriptedCarrier } from "#test/kit/carrier.ts";
import { type World, world } from "#test/kit/world.ts";
import { customer, dispatchDue } from "#test/outbound/customer.ts";
import { offering } from "./offering.ts";

let w: World;
let o: ReturnType<typeof offering>;
let firm: string;

beforeAll(async () => {
  w = await world({ carriers: { twilio: scriptedCarrier().port }, now: "2026-11-23T09:00:00.000Z" });
  o = offering(w);
  firm = String((await o.office("/v1/world/entities", { type: "Company", name: "Holm VVS" })).body["id"]);
});

async function price(attribute: string, amount: number, more: Record<string, unknown> = {}): Promise<string> {
  const made = await o.office("/v1/world/facts", {
    subject: firm,
    attribute,
    value: { amount_minor: amount, currency: "DKK" },
    value_type: "currency",
    provenance: { source_type: "user_entered", source_ref: "list" },
    ...more,
  });
  expect([made.status, made.body["code"]]).toEqual([201, undefined]);
  return String(made.body["id"]);
}

const hour = (fact: string, amount = 69_500) => ({
  description: "An hour",
  unit_price_minor: amount,
  vat_pct: 25,
  fact,
});
const grounds = async (id: string) =>
  (await o.office(`/v1/crm/offers/${id}/grounds`)).body["grounds"] as Record<string, unknown>[];

test("a price is superseded: the draft, the approved, the handed over and the sent offer that cite it need a look, others do not", async () => {
  const of = await customer(w, w.a);
  const old = await price("price.hourly", 69_500);
  const other = await price("price.visit", 145_000);
  const way = { channel: "sms", sender: of.sender };
  const to = { contact: of.person };
  const draft = await o.write({ ...to, items: [{ ...hour(old), discount_pct: 10 }] });
  const handed = await o.move(
    await o.move(await o.write({ ...to, title: "Handed", items: [hour(old)] }), "approve-send"),
    "send",
    way,
  );
  const sent = await o.move(
    await o.move(await o.write({ ...to, title: "Sent", items: [hour(old), hour(other)] }), "approve-send"),
    "send",
    way,
  );
  await o.letOut(sent);
  const aside = await o.write({ ...to, items: [hour(other)] });
  const settled = await o.move(await o.write({ ...to, items: [hour(old)] }), "settle", { outcome: "withdrawn" });
  const messages = `/v1/outbound/messages/${handed.message?.id}`;
  const { version } = (await o.office(messages)).body;
  expect((await o.office(`${messages}/approve`, { version })).status).toBe(200);

  // What holds until the new year is offered until then.
  await price("price.visit", 150_000, { valid_from: "2027-01-01T00:00:00.000Z" });
  expect((await o.get(aside)).state).toBe("approved");
  const now = await price("price.hourly", 74_500);

  for (const [offer, was] of [
    [draft, "draft"],
    [handed, "approved"],
    [sent, "sent"],
  ] as const)
    expect(await o.get(offer)).toMatchObject({
      state: "needs_review",
      review: { was, reason: "cited_fact_changed" },
      items: expect.arrayContaining([expect.objectContaining({ stale: "cited_fact_changed" })]),
    });
  expect((await o.get(aside)).state).toBe("approved");
  expect((await o.get(settled)).state).toBe("withdrawn");
  expect((await o.list("state=needs_review")).map(({ id }) => id).sort()).toEqual(
    [draft.id, handed.id, sent.id].sort(),
  );

  // The message that was approved does not leave.
  expect((await o.office(messages)).body).toMatchObject({ state: "cancelled", reason: "offer_changed" });
  await dispatchDue(w, w.a);
  let seen = await o.get(handed);
  expect(seen.approvals).toMatchObject([{ kind: "send", dropped_because: "cited_fact_changed" }]);
  for (const act of ["send", "approve-send"]) expect(await o.refused(seen, act)).toEqual([409, "offer_needs_review"]);
  expect(await grounds(seen.id)).toMatchObject([
    {
      fact: old,
      holds: false,
      statement: "Holm VVS – Price hourly: 695.00 DKK",
      now: "Holm VVS – Price hourly: 745.00 DKK",
      now_fact: now,
    },
  ]);

  // Either its line is changed, or somebody says why it stands.
  expect(await o.refused(seen, "review")).toEqual([400, "reason_required"]);
  const again = await o.patch(seen, { items: [hour(old)] });
  expect([again.status, again.body["code"]]).toEqual([409, "cited_fact_changed"]);
  seen = await o.edit(seen, { items: [hour(now, 74_500)] });
  expect(seen.state).toBe("needs_review");
  seen = await o.move(seen, "review");
  expect(seen).toMatchObject({ state: "approved", review: null, net_minor: 74_500 });
  seen = await o.move(await o.move(seen, "approve-send"), "send", way);
  await o.letOut(seen);
  expect((await o.get(seen)).state).toBe("sent");

  const stands = await o.move(await o.get(draft), "review", { reason: "Agreed with him in October." });
  expect(stands).toMatchObject({ state: "draft", review_note: "Agreed with him in October." });
  expect(stands.items).toMatchObject([{ fact: null, stale: null }]);

  // What was sent keeps what it said, and why that is not so any more.
  const kept = await o.get(sent);
  expect(await o.refused(kept, "settle", { outcome: "accepted", evidence: [of.evidence] })).toEqual([
    409,
    "offer_needs_review",
  ]);
  const looked = await o.move(kept, "review", { reason: "He was called." });
  expect(looked).toMatchObject({ state: "sent", items: [{ stale: "cited_fact_changed", fact: old }, { stale: null }] });
  expect((await o.move(looked, "settle", { outcome: "accepted", evidence: [of.evidence] })).state).toBe("accepted");
});

test("evidence edited or taken back, a fact that ended, a fact that was erased", async () => {
  const of = await customer(w, w.a);
  const item = { description: "As agreed", unit_price_minor: 100, vat_pct: 25 };
  const offer = await o.write({ items: [{ ...item, evidence: of.evidence }] });
  expect(offer.items).toMatchObject([{ evidence: { id: of.evidence, version: 1 } }]);
  const nowhere = await o.office("/v1/crm/offers", {
    title: "x",
    currency: "DKK",
    items: [{ ...item, evidence: "evi_none" }],
  });
  expect([nowhere.status, nowhere.body["code"]]).toEqual([404, "evidence_unknown"]);
  const as = async (statement: string) =>
    w.neon.exec(`begin; select set_config('app.project_id', '${w.a.project}', true), set_config('app.account_scope_id', '${w.a.accountScope}', true),
      set_config('app.actor', 'system', true), set_config('app.request_id', 'req_test', true); ${statement}; commit`);
  await as(
    `select shared.put_evidence(jsonb_build_array(jsonb_build_object('evidence', id, 'source_table', source_table, 'source_pk', source_pk, 'content_hash', 'other',
      'visibility', visibility, 'contact', contact_id, 'occurred_at', occurred_at))) from shared.evidence_items where id = '${of.evidence}'`,
  );
  const edited = await o.get(offer);
  expect(edited.review).toMatchObject({ was: "approved", reason: "cited_evidence_changed" });
  const fresh = await o.move(await o.edit(edited, { items: [{ ...item, evidence: of.evidence }] }), "review");
  expect(fresh.items).toMatchObject([{ evidence: { version: 2 }, stale: null }]);
  await as(
    `select shared.withdraw_evidence(source_table, array[source_pk]) from shared.evidence_items where id = '${of.evidence}'`,
  );
  expect((await o.get(offer)).review?.reason).toBe("cited_evidence_gone");

  const ends = await price("price.parking", 5000);
  const ending = await o.write({ items: [hour(ends, 5000)] });
  expect((await o.office(`/v1/world/facts/${ends}/close`, {})).status).toBe(200);
  expect((await o.get(ending)).review?.reason).toBe("cited_fact_changed");

  const goes = await price("price.bridge", 9000);
  const going = await o.write({ items: [hour(goes, 9000)] });
  await as(`delete from world.facts where id = '${goes}'`);
  expect((await o.get(going)).review?.reason).toBe("cited_fact_erased");
  expect(await grounds(going.id)).toMatchObject([{ fact: goes, statement: null, holds: false }]);

  // A fact that holds until a day is not sent after it.
  const until = await price("price.autumn", 7000, { valid_to: "2026-12-01T00:00:00.000Z" });
  const late = await o.move(await o.write({ contact: of.person, items: [hour(until, 7000)] }), "approve-send");
  w.clock.set("2026-12-02T09:00:00.000Z");
  expect(await o.refused(late, "send", { channel: "sms", sender: of.sender })).toEqual([409, "cited_fact_changed"]);
});
