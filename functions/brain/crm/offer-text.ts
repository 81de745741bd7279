/** An offer in words, as its reader gets them. Pure. */
import type { OfferCard } from "./offer.ts";

const words = {
  en: { tongue: "en-GB", offer: "Offer", off: "off", net: "Without VAT", vat: "VAT", total: "Total", dear: "Hello" },
  da: { tongue: "da-DK", offer: "Tilbud", off: "rabat", net: "Uden moms", vat: "Moms", total: "I alt", dear: "Hej" },
};

/** `DKK 1,450.00`: the currency's own number of digits. */
export function money(minor: number, { currency, tongue }: { currency: string; tongue: string }): string {
  const form = new Intl.NumberFormat(tongue, { style: "currency", currency, currencyDisplay: "code" });
  const digits = form.resolvedOptions().maximumFractionDigits ?? 2;
  return form.format(minor / 10 ** digits).replaceAll(/[\u00a0\u202f]/g, " ");
}

export function offerText(offer: OfferCard): { subject: string; body: string } {
  const say = offer.language === "da" ? words.da : words.en;
  const shown = (minor: number) => money(minor, { currency: offer.currency, tongue: say.tongue });
  const figure = (value: number) => value.toLocaleString(say.tongue, { maximumFractionDigits: 3 });
  const lines = offer.items.map((item) => {
    const off = item.discount_pct > 0 ? `, ${figure(item.discount_pct)} % ${say.off}` : "";
    return `- ${item.description}: ${figure(item.quantity)} x ${shown(item.unit_price_minor)}${off} = ${shown(item.net_minor)}`;
  });
  const subject = `${say.offer} ${offer.number}: ${offer.title}`;
  const body = [
    `${say.dear}${offer.contact_name ? ` ${offer.contact_name}` : ""},`,
    "",
    subject,
    ...lines,
    "",
    `${say.net}: ${shown(offer.net_minor)}`,
    `${say.vat}: ${shown(offer.vat_minor)}`,
    `${say.total}: ${shown(offer.total_minor)}`,
    ...(offer.note ? ["", offer.note] : []),
  ];
  return { subject, body: body.join("\n").slice(0, 20_000) };
}
