/** Keys and what they hold: five kinds of value, a time of expiry each, and no empty collection ever. */
import { RedisError } from "./reply.ts";

export type Kinds = {
  string: string;
  hash: Map<string, string>;
  list: string[];
  set: Set<string>;
  zset: Map<string, number>;
};
export type Kind = keyof Kinds;

type Entry = { kind: Kind; value: Kinds[Kind]; expiresAt: number | null; born: number };
export type Stored = { key: string; kind: Kind; value: Kinds[Kind]; expiresAt: number | null };

const fresh: { [K in Kind]: () => Kinds[K] } = {
  string: () => "",
  hash: () => new Map(),
  list: () => [],
  set: () => new Set(),
  zset: () => new Map(),
};

export class Keyspace {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly #entries = new Map<string, Entry>();
  #born = 0;

  constructor(now: () => number) {
    this.now = now;
  }

  /** What the key holds; a key that holds something else is refused. */
  read<K extends Kind>(key: string, kind: K): Kinds[K] | undefined {
    const entry = this.#live(key);
    if (entry === undefined) return undefined;
    if (entry.kind !== kind) {
      throw new RedisError("WRONGTYPE Operation against a key holding the wrong kind of value");
    }
    return entry.value as Kinds[K];
  }

  /** The same, made empty where there is none: whoever asks puts something in. */
  open<K extends Kind>(key: string, kind: K): Kinds[K] {
    const known = this.read(key, kind);
    if (known !== undefined) return known;
    const value = fresh[kind]();
    this.#set(key, { kind, value, expiresAt: null });
    return value;
  }

  /** Replaces whatever was there; the time of expiry goes with it unless given. */
  put<K extends Kind>(key: string, given: { kind: K; value: Kinds[K]; expiresAt?: number | null }): void {
    if (given.kind !== "string" && sizeOf(given.value) === 0) this.delete(key);
    else this.#set(key, { kind: given.kind, value: given.value, expiresAt: given.expiresAt ?? null });
  }

  /** A new text under the old time of expiry. */
  rewrite(key: string, text: string): void {
    this.put(key, { kind: "string", value: text, expiresAt: this.expiry(key) ?? null });
  }

  /** After something was taken out. */
  prune(key: string): void {
    const entry = this.#live(key);
    if (entry !== undefined && entry.kind !== "string" && sizeOf(entry.value) === 0) this.#entries.delete(key);
  }

  kindOf(key: string): Kind | undefined {
    return this.#live(key)?.kind;
  }

  /** Null is a key that stays, undefined one that is not there. */
  expiry(key: string): number | null | undefined {
    return this.#live(key)?.expiresAt;
  }

  expire(key: string, at: number | null): void {
    const entry = this.#live(key);
    if (entry === undefined) return;
    if (at !== null && at <= this.now()) this.#entries.delete(key);
    else entry.expiresAt = at;
  }

  delete(key: string): boolean {
    return this.#live(key) !== undefined && this.#entries.delete(key);
  }

  /** Under another name, with its time of expiry; the old name is gone unless kept. */
  move(from: string, to: string): void {
    const entry = this.#live(from);
    if (entry === undefined) throw new RedisError("ERR no such key");
    this.#entries.delete(from);
    this.#set(to, entry);
  }

  clear(): void {
    this.#entries.clear();
  }

  names(): string[] {
    return [...this.#entries.keys()].filter((key) => this.#live(key) !== undefined);
  }

  /** Names in the order in which they came, from after the one that `cursor` stands for: deletions on the way skip nothing. */
  scan(cursor: number, count: number): { cursor: number; names: string[] } {
    const names: string[] = [];
    let last = 0;
    for (const [key, entry] of this.#entries) {
      if (entry.born <= cursor || this.#live(key) === undefined) continue;
      if (names.length === count) return { cursor: last, names };
      names.push(key);
      last = entry.born;
    }
    return { cursor: 0, names };
  }

  *all(): Iterable<Stored> {
    for (const key of this.names()) {
      const entry = this.#entries.get(key);
      if (entry) yield { key, kind: entry.kind, value: entry.value, expiresAt: entry.expiresAt };
    }
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expiresAt === null || entry.expiresAt > this.now()) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  #set(key: string, entry: Omit<Entry, "born">): void {
    const known = this.#entries.get(key);
    if (known) Object.assign(known, { kind: entry.kind, value: entry.value, expiresAt: entry.expiresAt });
    else {
      this.#born += 1;
      this.#entries.set(key, { ...entry, born: this.#born });
    }
  }
}

const sizeOf = (value: Kinds[Kind]): number =>
  typeof value === "string" || Array.isArray(value) ? value.length : value.size;
