/** The keys as a file: written a moment after a change and when closed, read at the next start. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Keyspace, Kind, Kinds } from "./keyspace.ts";

/** A killed process loses at most this much, as Redis does that syncs every second. */
const DELAY_MS = 1_000;

type Line = [key: string, kind: Kind, value: unknown, expiresAt: number | null];

export class Snapshot {
  readonly #file: string | undefined;
  readonly #keys: Keyspace;
  #timer: NodeJS.Timeout | undefined;

  constructor(keys: Keyspace, file: string | undefined) {
    this.#keys = keys;
    this.#file = file;
    if (file !== undefined && existsSync(file)) restore(keys, readFileSync(file, "utf8"));
  }

  changed(): void {
    if (this.#file === undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#write(), DELAY_MS);
    this.#timer.unref();
  }

  close(): void {
    this.#write();
  }

  /** Into a new file which then takes the place of the old one: a kill leaves either, never half of one. */
  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#file === undefined) return;
    const lines = [...this.#keys.all()].map(
      ({ key, kind, value, expiresAt }): Line => [key, kind, plain(value), expiresAt],
    );
    mkdirSync(dirname(this.#file), { recursive: true });
    const fd = openSync(`${this.#file}.new`, "w", 0o600);
    writeFileSync(fd, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    fsyncSync(fd);
    closeSync(fd);
    renameSync(`${this.#file}.new`, this.#file);
  }
}

/** Infinite scores are no JSON numbers. */
function plain(value: Kinds[Kind]): unknown {
  if (value instanceof Set) return [...value];
  if (value instanceof Map) return [...value].map(([name, of]) => [name, String(of)]);
  return value;
}

function restore(keys: Keyspace, text: string): void {
  for (const line of text.split("\n").filter(Boolean)) {
    const [key, kind, value, expiresAt] = JSON.parse(line) as Line;
    if (expiresAt !== null && expiresAt <= keys.now()) continue;
    keys.put(key, { kind, value: revived(kind, value), expiresAt });
  }
}

function revived(kind: Kind, value: unknown): Kinds[Kind] {
  if (kind === "set") return new Set(value as string[]);
  if (kind === "hash") return new Map(value as [string, string][]);
  if (kind === "zset") return new Map((value as [string, string][]).map(([member, score]) => [member, Number(score)]));
  return value as string | string[];
}
