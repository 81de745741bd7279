/** What a summary states: facts of a session, of a day as made of its sessions, of a week as made of its days; and their plain words. */

export const factKinds = ["made", "done", "changed", "dropped", "linked", "question"] as const;
export const factRefs = ["task", "goal", "problem", "link", "inbox_item"] as const;

export type Fact = {
  kind: (typeof factKinds)[number];
  ref_type: (typeof factRefs)[number];
  ref_id: string;
  /** Of a link, that of the end it begins at; of a question, what it is about. */
  title: string;
  status?: string;
  due_date?: string | null;
  link_type?: string;
  to_title?: string;
  from_id?: string;
  to_id?: string;
};

const mostFacts = 300;

const keyOf = ({ ref_type, ref_id, title }: Fact): string =>
  ref_type === "inbox_item" ? `${ref_id} ${title}` : `${ref_type} ${ref_id}`;

/** Of one thing the last state counts; what was made in that time stays made until it is done or dropped. */
export function merged(parts: readonly (readonly Fact[])[]): Fact[] {
  const found = new Map<string, Fact>();
  for (const fact of parts.flat()) {
    const was = found.get(keyOf(fact));
    const isStillNew = was?.kind === "made" && fact.kind === "changed";
    found.set(keyOf(fact), isStillNew ? { ...fact, kind: "made" } : fact);
  }
  return [...found.values()].slice(-mostFacts);
}

const linkWords: Record<string, string> = {
  depends_on: "waits for",
  blocks: "blocks",
  supports_goal: "supports",
  related: "is related to",
  addresses_problem: "addresses",
};

export function factText({ ref_type, title, due_date, link_type = "", to_title }: Fact): string {
  if (ref_type === "link") return `${title} ${linkWords[link_type] ?? link_type} ${to_title ?? ""}`;
  if (ref_type === "inbox_item") return `“${title}”`;
  return due_date ? `${title} (due ${due_date})` : title;
}

/** Named in one sentence; what is more is counted. */
const named = 12;

const sections: [string, (fact: Fact) => boolean][] = [
  ["Tasks", ({ kind, ref_type }) => kind === "made" && ref_type === "task"],
  ["Goals", ({ kind, ref_type }) => kind === "made" && ref_type === "goal"],
  ["Problems", ({ kind, ref_type }) => kind === "made" && ref_type === "problem"],
  ["Done", ({ kind }) => kind === "done"],
  ["Changed", ({ kind }) => kind === "changed"],
  ["Dropped", ({ kind }) => kind === "dropped"],
  ["Linked", ({ kind }) => kind === "linked"],
  ["Asked back about", ({ kind }) => kind === "question"],
];

/** Without a model: each sentence names the facts it is made of. */
export function plainSummary(facts: readonly Fact[]): string {
  const sentences = sections.flatMap(([name, belongs]) => {
    const own = facts.filter(belongs);
    if (own.length === 0) return [];
    const more = own.length > named ? ` and ${own.length - named} more` : "";
    return [`${name}: ${own.slice(0, named).map(factText).join(", ")}${more}.`];
  });
  return sentences.length > 0 ? sentences.join(" ") : "Nothing was written down.";
}
