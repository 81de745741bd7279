/** A segment's conditions as rows of a form, and back. Pure. */
import { instantOf, wallOf } from "#brain/kernel/wall-time.ts";
import type { SegmentRow } from "./shapes.ts";

export type Row = { where: string; what: string; value: string };
type Filter = SegmentRow["filter"];
type Condition = Filter["all"][number];
/** What cannot be one is given on as it is, and refused by name. */
type Given = Record<string, unknown>;

export const wheres: Record<string, string> = { all: "Must", any: "One of these", none: "Must not" };

type Kind = {
  word: string;
  hint: string;
  read(value: string, zone: string): Given;
  /** The value as it would be typed; null where the condition is of another kind. */
  show(condition: Condition, zone: string): string | null;
};

const list = (value: string) =>
  value
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((part) => part !== "");

const way = (value: string) => value.trim().toLowerCase();
const days = (value: string): unknown => (/^\d{1,5}$/.test(value) ? Number(value) : value);

const consent = (scope: "marketing" | "transactional", word: string): Kind => ({
  word,
  hint: "sms, email or telegram",
  read: (value) => ({ field: "consent", channel: way(value), scope }),
  show: (one) => (one.field === "consent" && one.scope === scope ? one.channel : null),
});

const recent = (when: "within" | "not_within", word: string): Kind => ({
  word,
  hint: "30",
  read: (value) => ({ field: "last_contact_days", when, days: days(value) }),
  show: (one) => (one.field === "last_contact_days" && one.when === when ? String(one.days) : null),
});

const dated = (when: "before" | "after", word: string): Kind => ({
  word,
  hint: "2026-11-30",
  read: (value, zone) => ({
    field: "last_contact",
    when,
    at:
      /^\d{4}-\d\d-\d\d$/.test(value) && Date.parse(value) ? instantOf(`${value}T00:00:00`, zone).toISOString() : value,
  }),
  show: (one, zone) =>
    one.field === "last_contact" && one.when === when ? wallOf(new Date(one.at), zone).slice(0, 10) : null,
});

export const kinds: Record<string, Kind> = {
  language: {
    word: "speak",
    hint: "da, en",
    read: (value) => ({ field: "language", is: list(value) }),
    show: (one) => (one.field === "language" ? one.is.join(", ") : null),
  },
  reachable: {
    word: "have an address for",
    hint: "sms, email or telegram",
    read: (value) => ({ field: "reachable", on: way(value) }),
    show: (one) => (one.field === "reachable" ? one.on : null),
  },
  marketing: consent("marketing", "have agreed to marketing by"),
  own_job: consent("transactional", "have agreed to messages about their job by"),
  preferred_channel: {
    word: "prefer",
    hint: "sms, phone",
    read: (value) => ({ field: "preferred_channel", is: list(value) }),
    show: (one) => (one.field === "preferred_channel" ? one.is.join(", ") : null),
  },
  name: {
    word: "have a name with",
    hint: "Holm",
    read: (value) => ({ field: "name", contains: value }),
    show: (one) => (one.field === "name" ? one.contains : null),
  },
  within: recent("within", "were in touch in the last so many days"),
  not_within: recent("not_within", "were not in touch for so many days"),
  after: dated("after", "were in touch since"),
  before: dated("before", "were not in touch since"),
};

const groups = ["all", "any", "none"] as const;

export function filterFrom(rows: Row[], zone: string): Record<string, Given[]> {
  const of = (where: string): Given[] =>
    rows
      .filter((row) => row.where === where && Object.hasOwn(kinds, row.what))
      .map(({ what, value }) => kinds[what]?.read(value.trim(), zone) ?? {});
  return Object.fromEntries(groups.map((where) => [where, of(where)]));
}

function rowOf(where: string, condition: Condition, zone: string): Row[] {
  for (const [what, kind] of Object.entries(kinds)) {
    const value = kind.show(condition, zone);
    if (value !== null) return [{ where, what, value }];
  }
  return [];
}

export const rowsFrom = (filter: Filter, zone: string): Row[] =>
  groups.flatMap((where) => filter[where].flatMap((condition) => rowOf(where, condition, zone)));

/** `Must speak da; must not have agreed to marketing by sms`. */
export function filterWords(filter: Filter, zone: string): string {
  const said = rowsFrom(filter, zone).map(
    ({ where, what, value }) => `${(wheres[where] ?? where).toLowerCase()} ${kinds[what]?.word ?? what} ${value}`,
  );
  return said.length === 0 ? "everybody" : said.join("; ");
}
