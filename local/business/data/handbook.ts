/** What Nordvarme Service has written down for its customers: the demo's documents, in English and Danish. */

export const HANDBOOK = "nordvarme/handbook";

export const handbook: Record<string, string> = {
  "README.md": `# Handbook

What we tell every customer. Staff keep it in this repository; Omneuro copies it and cites it.
`,
  "en/opening-hours.md": `# Opening hours

## Workshop

The workshop in Hellerup is open Monday to Thursday from 8.00 to 16.00 and Friday from 8.00 to 14.00.
It is closed on Saturdays, Sundays and public holidays.

## Emergency line

Outside opening hours the emergency line answers until 22.00 every day.
A call-out in the evening or at the weekend carries a surcharge of DKK 650.
`,
  "da/aabningstider.md": `# Åbningstider

## Værkstedet

Værkstedet i Hellerup har åbent mandag til torsdag kl. 8.00-16.00 og fredag kl. 8.00-14.00.
Vi holder lukket lørdag, søndag og på helligdage.

## Vagttelefonen

Uden for åbningstiden svarer vagttelefonen til kl. 22.00 alle ugens dage.
Et udkald om aftenen eller i weekenden koster et tillæg på 650 kr.
`,
  "en/warranty.md": `# Warranty

## On our work

We give two years of warranty on our own work, counted from the date of the invoice.

## On parts

Circulation pumps carry five years of warranty, all other parts two years.
The warranty lapses when somebody else has opened the unit.

### How to claim

Send a photo of the type plate and the invoice number; a technician calls back within two working days.
`,
  "da/garanti.md": `# Garanti

## På vores arbejde

Vi giver to års garanti på vores eget arbejde, regnet fra fakturadatoen.

## På reservedele

På cirkulationspumper giver vi fem års garanti, på alle andre dele to år.
Garantien bortfalder, hvis andre har åbnet anlægget.
`,
  "en/prices.md": `# Price list

All prices include VAT.

## Hourly rates

A technician costs DKK 795 per hour, an apprentice DKK 495 per hour.

## Fixed prices

| job | price |
| --- | --- |
| flushing one radiator | DKK 890 |
| replacing a thermostat | DKK 1,190 |

## Remote reset

\`\`\`
Hold RESET for five seconds.
Wait for the green light.
\`\`\`
`,
  "da/priser.md": `# Prisliste

Alle priser er inklusive moms.

## Timepriser

En tekniker koster 795 kr. i timen, en lærling 495 kr. i timen.
`,
};
