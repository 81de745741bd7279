/** The outside world as the brain sees it: types only, adapters live in functions/providers. */

/** Hands a staged row to QStash; the outbox id is the deduplication id. Throws ProviderFailure. */
export type Queue = {
  publish(message: QueueMessage): Promise<{ messageId: string }>;
};

export type QueueMessage = {
  kind: string;
  project: string;
  id: string;
  body: Record<string, unknown>;
  delaySeconds?: number;
  /** Of whoever asked for it: the job runs under the same request id and in the same trace. */
  request?: string;
  trace?: string;
};

/** Texts in, unit vectors of `dimensions` floats out, in the same order. Throws ProviderFailure. */
export type Embedder = {
  model: string;
  dimensions: 1536;
  embed(texts: string[]): Promise<number[][]>;
};

export type LanguageModel = {
  provider: string;
  model: string;
  complete(prompt: { system: string; user: string; schema?: Record<string, unknown> }): Promise<{
    text: string;
    inputTokens?: number;
    outputTokens?: number;
  }>;
};

/** Where a sealed secret lives; moved to another place it does not open. */
export type Place = { table: string; column: string; row: string; project: string };

export type Secrets = {
  seal(plain: string, place: Place): Promise<string>;
  open(sealed: string, place: Place): Promise<string>;
  /** False for what an older key sealed. */
  isNewest(sealed: string): boolean;
  /** The name of the newest key: kept beside what was derived with it, so that it can be derived again after a rotation. */
  readonly newest: string;
  /** Keyed hash of a text (base64url), for cursors and tokens that must not be forged; with the newest key unless one is named. */
  mac(text: string, key?: string): Promise<string>;
};

/** So many requests in so many seconds; callers are shown the name. */
export type LimitPolicy = { name: string; quota: number; windowSeconds: number };

export type Taken = { allowed: boolean; limit: number; remaining: number; resetSeconds: number };

/** Counts requests by key. Never throws: when nobody can count, it says so, and what that means is the door's to decide. */
export type Limiter = {
  take(key: string, policy: LimitPolicy): Promise<Taken | "unavailable">;
  /** Since this isolate began. */
  readonly counts: { allowed: number; denied: number; uncounted: number };
};

/** Brings a short text to one person, named as the messenger names him. Throws ProviderFailure. */
export type Messenger = {
  send(to: string, text: string): Promise<void>;
};

export type Ports = {
  queue: Queue;
  embedder?: Embedder;
  language?: LanguageModel;
  limiter?: Limiter;
  messenger?: Messenger;
  secrets: Secrets;
};

/**
 * Whose fault a failure is: `input` was refused and will be again, `provider` refuses everything for now,
 * `unknown` may be either (a crash, a timeout), so that the parts of a batch are worth trying alone.
 */
export type Blame = "input" | "provider" | "unknown";

type How = {
  retryable: boolean;
  blames?: Blame;
  retryAfterSeconds?: number | undefined;
  /** Of a batch, what was answered nevertheless; holes where it was not. */
  partial?: (number[] | undefined)[];
  cause?: unknown;
};

/** An outside party failed: `retryable` says whether the same call may work later. */
export class ProviderFailure extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly blames: Blame;
  readonly retryAfterSeconds: number | undefined;
  readonly partial: readonly (number[] | undefined)[];

  constructor(code: string, how: How) {
    super(code, { cause: how.cause });
    this.name = "ProviderFailure";
    this.code = code;
    this.retryable = how.retryable;
    this.blames = how.blames ?? "provider";
    this.retryAfterSeconds = how.retryAfterSeconds;
    this.partial = how.partial ?? [];
  }
}
