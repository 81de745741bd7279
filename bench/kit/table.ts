// Tables of one run: what was measured, the goal beside it, and plainly whether it is met.

/** `name` as in the list of goals in README.md. */
export type Goal = { name: string } & ({ atLeast: number } | { atMost: number });

export type Row = {
  what: string;
  /** One per column of the table. */
  cells: string[];
  /** The figure the goal speaks of; without a goal it is information only. */
  value?: number;
  unit?: string;
  goal?: Goal;
  /** Why a figure is missing, or what to know when reading it. */
  note?: string;
};

export type Table = { title: string; columns: string[]; rows: Row[] };

export function isMet(value: number, goal: Goal): boolean {
  return "atLeast" in goal ? value >= goal.atLeast : value <= goal.atMost;
}

/** Three significant digits, no exponent. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 4));
}

export const ms = (value: number): string => `${figure(value)} ms`;
export const times = ({ ratio, low, high }: { ratio: number; low: number; high: number }): string =>
  `${figure(ratio)}x (${figure(low)}–${figure(high)})`;

function goalText({ goal, unit = "" }: Row): string {
  if (!goal) return "";
  const bound = "atLeast" in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
  return `${goal.name}: ${bound}${unit}`;
}

function verdict({ goal, value }: Row): string {
  if (!goal) return "";
  if (value === undefined) return "not measured";
  return isMet(value, goal) ? "met" : "NOT MET";
}

/** As lines of text, columns aligned. */
export function render({ title, columns, rows }: Table): string {
  const head = ["", ...columns, "goal", ""];
  const body = rows.map((row) => [row.what, ...columns.map((_, i) => row.cells[i] ?? ""), goalText(row), verdict(row)]);
  const widths = head.map((_, i) => Math.max(...[head, ...body].map((line) => [...(line[i] ?? "")].length)));
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => (i === 0 || i > columns.length ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  const notes = rows.flatMap((row) => (row.note ? [`  ${row.what}: ${row.note}`] : []));
  return [`\n${title}`, line(head), ...body.map(line), ...notes].join("\n");
}

export function print(table: Table): void {
  console.log(render(table));
}
