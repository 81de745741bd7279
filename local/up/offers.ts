/** The demo's accounts and offers, written through the API after the facts that they cite. */
import { accounts, offers } from "../business/data/known.ts";
import { type Ground, type Made, send } from "./known.ts";

type Offering = { people: Made["data"]; made: Map<string, string>; idOf(key: string): string };

export async function plantOffers(ground: Ground, { people, made, idOf }: Offering): Promise<void> {
  const firms = new Map<string, string>();
  const personOf = (name: string) => people.find((one) => one.name === name)?.id;
  for (const { name, person, role, of } of accounts) {
    const { id } = await send(ground, "crm/accounts", { key: `account-${of}`, body: { name } });
    firms.set(name, id);
    const contact = personOf(person);
    if (contact) await send(ground, `crm/accounts/${id}/link`, { key: `speaks-${of}`, body: { contact, role } });
    const entity = await send(ground, `world/entities/${idOf(of)}`);
    const body = { version: entity.version, firm: id };
    await send(ground, `world/entities/${entity.id}`, { key: `firm-${of}-${entity.version}`, method: "PATCH", body });
  }
  for (const [place, { title, account, person, lines }] of offers.entries()) {
    const items = lines.map(({ description, quantity, kroner, discount, attribute }) => ({
      description,
      quantity,
      unit_price_minor: kroner * 100,
      discount_pct: discount ?? 0,
      vat_pct: 25,
      fact: attribute && made.get(attribute),
    }));
    const body = { title, currency: "DKK", account: firms.get(account), contact: personOf(person), items };
    await send(ground, "crm/offers", { key: `offer-${place}`, body });
  }
}
