/** What the demo's firm knows of itself and its customers, and who knows it: a price told wrong, two that disagree, one that ended. */

export type Named = { key: string; type: string; name: string; person?: true };
export type Standing = { from: string; type: string; to: string };
export type Belief = { knower: string; status: "confirmed" | "unknown" | "false_belief"; instead?: unknown };
export type Said = {
  of: string;
  attribute: string;
  value: unknown;
  type: "string" | "number" | "currency";
  unit?: string;
  since?: string;
  visibility?: "public";
  from?: string;
  knowers?: readonly Belief[];
};

const kroner = (amount: number) => ({ amount_minor: amount * 100, currency: "DKK" });

/** What was offered, and what changes after that: an offer that cites it needs a look from then on. */
export type Offered = {
  title: string;
  account: string;
  person: string;
  lines: readonly { description: string; quantity: number; kroner: number; discount?: number; attribute?: string }[];
};

export const accounts = [
  { name: "Strandhøj Housing Association", person: "Mads Lauritzen", role: "chair of the board", of: "association" },
  { name: "Café Kanel", person: "Nadia Rahimi", role: "owner", of: "cafe" },
] as const;

export const offers: readonly Offered[] = [
  {
    title: "Service contract for twelve flats",
    account: "Strandhøj Housing Association",
    person: "Mads Lauritzen",
    lines: [
      { description: "Yearly service of twelve units", quantity: 1, kroner: 14_400, attribute: "offer.yearly" },
      { description: "Filters", quantity: 12, kroner: 180, discount: 10 },
    ],
  },
  {
    title: "New fan for the cold room",
    account: "Café Kanel",
    person: "Nadia Rahimi",
    lines: [
      { description: "Call-out", quantity: 1, kroner: 450, attribute: "price.call_out" },
      { description: "Fan and fitting", quantity: 1, kroner: 3_900 },
    ],
  },
];

/** `person`: one of the story, under his record where there is one. */
export const entities: readonly Named[] = [
  { key: "firm", type: "Company", name: "Nordvarme Service" },
  { key: "mads", type: "Person", name: "Mads Lauritzen", person: true },
  { key: "nadia", type: "Person", name: "Nadia Rahimi", person: true },
  { key: "association", type: "Company", name: "Strandhøj Housing Association" },
  { key: "house", type: "Property", name: "Strandhøj, 12 flats" },
  { key: "contract", type: "Offer", name: "Service contract for Strandhøj" },
  { key: "cafe", type: "Company", name: "Café Kanel" },
];

export const standings: readonly Standing[] = [
  { from: "mads", type: "WORKS_AT", to: "association" },
  { from: "association", type: "OWNS", to: "house" },
  { from: "association", type: "CLIENT_OF", to: "firm" },
  { from: "association", type: "NEGOTIATING_WITH", to: "firm" },
  { from: "contract", type: "OFFERED_FOR", to: "house" },
  { from: "nadia", type: "WORKS_AT", to: "cafe" },
  { from: "cafe", type: "CLIENT_OF", to: "firm" },
];

/** In this order: the same source replaces what it said of the same time. */
export const facts: readonly Said[] = [
  {
    of: "firm",
    attribute: "price.hourly",
    value: kroner(745),
    type: "currency",
    unit: "per hour",
    visibility: "public",
  },
  {
    of: "firm",
    attribute: "price.hourly",
    value: kroner(795),
    type: "currency",
    unit: "per hour",
    since: "2026-07-01T00:00:00Z",
    visibility: "public",
    knowers: [{ knower: "mads", status: "false_belief", instead: kroner(745) }],
  },
  { of: "firm", attribute: "price.call_out", value: kroner(450), type: "currency", visibility: "public" },
  {
    of: "firm",
    attribute: "opening_hours",
    value: "Monday to Friday, 7:30 to 16:00",
    type: "string",
    visibility: "public",
    from: "website",
  },
  {
    of: "firm",
    attribute: "opening_hours",
    value: "Monday to Thursday, 8:00 to 16:00",
    type: "string",
    from: "answering machine",
  },
  { of: "association", attribute: "flats", value: 12, type: "number" },
  { of: "association", attribute: "office_address", value: "Strandhøj 4, ground floor", type: "string" },
  {
    of: "contract",
    attribute: "price.yearly",
    value: kroner(14_400),
    type: "currency",
    unit: "per year",
    knowers: [{ knower: "mads", status: "confirmed" }],
  },
  {
    of: "contract",
    attribute: "price.lowest",
    value: kroner(12_600),
    type: "currency",
    unit: "per year",
    knowers: [{ knower: "mads", status: "unknown" }],
  },
  { of: "cafe", attribute: "best_day_for_visits", value: "Monday, when the café is closed", type: "string" },
];

export const afterwards: readonly Said[] = [
  { of: "firm", attribute: "price.call_out", value: kroner(495), type: "currency", visibility: "public" },
];

/** Told in a message that leaves the house, and no longer so soon after: a correction waits for somebody to approve it. */
export const told = {
  person: "Grace Miller",
  of: "firm",
  attribute: "evening_surcharge",
  was: kroner(550),
  is: kroner(650),
  unit: "per visit",
  text: "Hi Grace, a visit in the evening costs DKK 550 extra. We come tomorrow at 10:00. Nordvarme Service",
} as const;

/** What people agreed to, so that a dataset has something in it. */
export const agreed = [
  { person: "Mads Lauritzen", use: "memory" },
  { person: "Mads Lauritzen", use: "telemetry" },
  { person: "Grace Miller", use: "memory" },
  { person: "Grace Miller", use: "raw_text" },
] as const;
