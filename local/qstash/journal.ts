/** What must outlive a killed process: one line per change, on disk before the caller hears of it, rewritten now and then. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export type Kind = "message" | "dead" | "schedule" | "dedup" | "queue" | "flow";
/** A line either sets a row or, without a value, drops it. */
type Line = { kind: Kind; id: string; value?: unknown };
export type Rows = Record<Kind, Map<string, unknown>>;

/** Rewritten when it holds this many lines more than there are rows, so that it stays small without costing much. */
const SLACK_LINES = 5_000;

export class Journal {
  readonly #file: string | null;
  #fd: number | null = null;
  #lines = 0;

  private constructor(file: string | null) {
    this.#file = file;
  }

  /** Reads what a former process left; a last line cut short by a kill was never acknowledged and is dropped. */
  static open(file: string | undefined): { journal: Journal; rows: Rows } {
    const rows: Rows = {
      message: new Map(),
      dead: new Map(),
      schedule: new Map(),
      dedup: new Map(),
      queue: new Map(),
      flow: new Map(),
    };
    const journal = new Journal(file ?? null);
    if (file === undefined) return { journal, rows };
    mkdirSync(dirname(file), { recursive: true });
    for (const line of existsSync(file) ? readFileSync(file, "utf8").split("\n") : []) replay(rows, line);
    journal.rewrite(rows);
    return { journal, rows };
  }

  set(kind: Kind, row: { id: string; value: unknown }): void {
    this.#append({ kind, id: row.id, value: row.value });
  }

  drop(kind: Kind, id: string): void {
    this.#append({ kind, id });
  }

  needsRewrite(rows: number): boolean {
    return this.#file !== null && this.#lines > rows + SLACK_LINES;
  }

  /** Into a new file which then takes the place of the old one: a kill leaves either, never half of one. */
  rewrite(rows: Rows): void {
    if (this.#file === null) return;
    const fresh = `${this.#file}.new`;
    const fd = openSync(fresh, "w", 0o600);
    let lines = 0;
    for (const kind of Object.keys(rows) as Kind[]) {
      for (const [id, value] of rows[kind]) {
        writeLine(fd, { kind, id, value });
        lines += 1;
      }
    }
    fsyncSync(fd);
    renameSync(fresh, this.#file);
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = fd;
    this.#lines = lines;
  }

  close(): void {
    if (this.#fd === null) return;
    fsyncSync(this.#fd);
    closeSync(this.#fd);
    this.#fd = null;
  }

  #append(line: Line): void {
    if (this.#fd === null) return;
    writeLine(this.#fd, line);
    this.#lines += 1;
  }
}

/** Synchronous: once this returns the bytes are the kernel's, and a killed process loses nothing. */
function writeLine(fd: number, line: Line): void {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  let written = 0;
  while (written < bytes.byteLength) written += writeSync(fd, bytes, written);
}

function replay(rows: Rows, text: string): void {
  let line: Line;
  try {
    line = JSON.parse(text) as Line;
  } catch {
    return;
  }
  if (line.value === undefined) rows[line.kind]?.delete(line.id);
  else rows[line.kind]?.set(line.id, line.value);
}
