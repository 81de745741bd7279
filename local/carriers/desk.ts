/** What the stand-ins of the carriers share: what was taken, and how the next calls are to fail. */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Answer, Asked } from "../loopback.ts";

export const PROVIDERS = ["twilio", "telnyx", "chatwoot", "telegram", "resend", "postmark"] as const;
export type Provider = (typeof PROVIDERS)[number];

export type Taken = {
  provider: Provider;
  id: string;
  from: string;
  to: string;
  text: string;
  subject?: string;
  /** Ours, where the provider has room for it. */
  ref?: string;
  /** Unix milliseconds. */
  at: number;
  status: string;
  /** Where its states are reported. */
  callback?: string;
  /** The rest of what was asked, as it came. */
  asked: unknown;
};

/**
 * `answer`: refused with this. `drop`: the connection is cut before anything was taken. `hang`: nothing taken, no answer for so long.
 * `lose`: taken, and the connection cut. `late`: taken, and answered after so long.
 */
export type Fault =
  | { kind: "answer"; status: number; json?: unknown; headers?: Record<string, string> }
  | { kind: "drop" }
  | { kind: "lose" }
  | { kind: "hang"; ms: number }
  | { kind: "late"; ms: number };

export type Accounts = {
  twilio: { account: string; token: string };
  telnyx: { key: string };
  resend: { key: string };
  postmark: { token: string };
};

export type Desk = {
  accounts: Accounts;
  now(): Date;
  /** Newest last. */
  taken: Taken[];
  /** Who said STOP to the provider itself: `provider:address`. */
  blocked: Set<string>;
  take(message: Omit<Taken, "at">): Taken;
};

export function openDesk(given: {
  accounts: Accounts;
  clock?: { now(): Date } | undefined;
  onTaken(t: Taken): void;
}): Desk {
  const now = () => given.clock?.now() ?? new Date();
  const taken: Taken[] = [];
  return {
    accounts: given.accounts,
    now,
    taken,
    blocked: new Set(),
    take: (message) => {
      const made = { ...message, at: now().getTime() };
      taken.push(made);
      given.onTaken(made);
      return made;
    },
  };
}

export const newId = (bytes: number): string => randomBytes(bytes).toString("hex");

export const textIn = (body: Buffer): string => body.toString("utf8");

export function jsonIn(body: Buffer): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(textIn(body));
    return typeof read === "object" && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Faults wait in a row for each provider, for what sends and for what looks up. */
export class Troubles {
  readonly #rows = new Map<string, Fault[]>();
  readonly #closing = new AbortController();

  next(provider: Provider, ...faults: Fault[]): void {
    this.#row(`${provider} send`).push(...faults);
  }

  nextLookup(provider: Provider, ...faults: Fault[]): void {
    this.#row(`${provider} lookup`).push(...faults);
  }

  /** Nothing fails any more. */
  ok(): void {
    this.#rows.clear();
  }

  close(): void {
    this.#closing.abort();
  }

  #row(name: string): Fault[] {
    const row = this.#rows.get(name) ?? [];
    this.#rows.set(name, row);
    return row;
  }

  async around(at: { provider: Provider; asked: Asked }, act: () => Answer | Promise<Answer>): Promise<Answer> {
    const fault = this.#row(`${at.provider} ${at.asked.method === "POST" ? "send" : "lookup"}`).shift();
    switch (fault?.kind) {
      case "answer":
        return fault;
      case "drop":
        return { drop: true };
      case "hang":
        await this.#pause(fault.ms);
        return { drop: true };
      case "lose":
        await act();
        return { drop: true };
      case "late": {
        const answer = await act();
        await this.#pause(fault.ms);
        return answer;
      }
      default:
        return act();
    }
  }

  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#closing.signal }).catch(() => {});
  }
}
