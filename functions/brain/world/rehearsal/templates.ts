/** What a rehearsal is about, and what its counterparty cannot do without. A template is never changed: a turn is rebuilt from it. */

/** Attributes, or groups of them: `rent` is answered by `rent.monthly` too. */
export const templates = {
  rent: ["rent", "deadline"],
  salary: ["salary", "start_date"],
  price: ["price", "deadline"],
  complaint: ["visit", "price"],
} as const;

export type Template = keyof typeof templates;
export const templateNames = Object.keys(templates) as [Template, ...Template[]];

export const slotsOf = (template: string | null): readonly string[] =>
  template !== null && Object.hasOwn(templates, template) ? templates[template as Template] : [];

export const fills = (slot: string, attribute: string): boolean =>
  attribute === slot || attribute.startsWith(`${slot}.`);

/** `start_date` as people say it. */
export const spoken = (attribute: string): string => attribute.replaceAll(/[._]/g, " ");
