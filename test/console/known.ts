// A small world for the pages of what we know: a firm, its client, a price told wrong, two sources that disagree.

import type { World } from "#test/kit/world.ts";
import { entered, money, saying } from "#test/world/saying.ts";

export type Known = Awaited<ReturnType<typeof known>>;

export async function known(w: World) {
  const a = saying(w);
  const firm = await a.entity("Company", "Northwind Cooling");
  const sara = await a.entity("Person", "Sara Lind");
  const offer = await a.entity("Offer", "Service contract for Harbour House");
  const relate = (from: string, type: string, to: string) =>
    a.post("/world/relationships", { from, type, to, provenance: entered });
  await relate(sara, "WORKS_AT", firm);
  const price = (kroner: number, since: string, more = {}) =>
    a.fact({
      subject: firm,
      attribute: "price.hourly",
      value: money(kroner),
      value_type: "currency",
      unit: "per hour",
      valid_from: since,
      ...more,
    });
  const old = await price(600, "2026-01-01T00:00:00Z");
  const dear = await price(695, "2026-06-01T00:00:00Z");
  await a.put(`/world/facts/${dear}/knowers`, {
    knower: `entity:${sara}`,
    status: "false_belief",
    believed_value: money(600),
  });
  const hours = (value: string, source: string) =>
    a.fact({
      subject: firm,
      attribute: "opening_hours.monday",
      value,
      provenance: { source_type: "user_confirmed_extraction", source_ref: source },
    });
  await hours("8 to 16", "website");
  await hours("9 to 17", "answering-machine");
  await a.fact({ subject: firm, attribute: "company.employees", value: 14, value_type: "number" });
  await relate(offer, "OWNED_BY", firm);
  return { ...a, firm, sara, offer, old, dear };
}
