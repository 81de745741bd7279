/** The outside world as the brain sees it: types only, adapters live in functions/providers. */
import type { Chatwoot } from "./chatwoot-port.ts";
import { Fault, isPassing } from "./fault.ts";

export * from "./chatwoot-port.ts";

/** Hands a staged row to QStash; the outbox id, with its round, is the deduplication id. Throws ProviderFailure. */
export type Queue = {
  publish(message: QueueMessage): Promise<{ messageId: string }>;
};

export type QueueMessage = {
  kind: string;
  project: string;
  id: string;
  body: Record<string, unknown>;
  delaySeconds?: number;
  /** How often an operator sent this work again; each round is a message of its own to QStash. */
  round?: number;
  /** Of whoever asked for it: the job runs under the same request id and in the same trace. */
  request?: string;
  trace?: string;
};

/** Deliveries under one name: so many at once, and so many begun in a period. */
export type Flow = { name: string; parallelism: number; rate: number; periodSeconds: number };

/** Texts in, unit vectors of `dimensions` floats out, in the same order. Throws ProviderFailure. */
export type Embedder = {
  model: string;
  dimensions: 1536;
  embed(texts: string[]): Promise<number[][]>;
};

export type LanguageModel = {
  provider: string;
  model: string;
  complete(prompt: {
    system: string;
    user: string;
    schema?: Record<string, unknown>;
    /** An answer may be so long; a few sentences unless said. */
    mostTokens?: number;
  }): Promise<{
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
  /** Keyed hash of a text (base64url), for cursors and tokens that must not be forged. */
  mac(text: string): Promise<string>;
  /** Which key that is done with now. */
  readonly newest: string;
  /** The same under the key of this name; undefined when it is no longer configured. */
  macWith(key: string, text: string): Promise<string | undefined>;
};

/** Keys that passwords are mixed with before they are hashed, named by their ids; they stand nowhere in the database. */
export type Pepper = {
  /** The one that new hashes are made with. */
  newest: string;
  /** HMAC-SHA-256 under the key of this id; throws when it is not configured any more. */
  mac(id: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
};

/** So many requests in so many seconds; callers are shown the name. */
export type LimitPolicy = { name: string; quota: number; windowSeconds: number };

export type Taken = { allowed: boolean; limit: number; remaining: number; resetSeconds: number };

/** Counts requests by key. Never throws: when nobody can count, it says so, and what that means is the door's to decide. */
export type Limiter = {
  take(key: string, policy: LimitPolicy): Promise<Taken | "unavailable">;
  /** Since this isolate began. */
  readonly counts: { allowed: number; denied: number; uncounted: number };
  /** True while nobody can count, and so all may pass. */
  readonly degraded: boolean;
};

/** One method of Telegram's Bot API with what it is given. */
export type BotCall = { method: "sendMessage" | "editMessageText" | "answerCallbackQuery"; [given: string]: unknown };

/** Brings a short text to one person, named as the messenger names him. Throws ProviderFailure. */
export type Messenger = {
  send(to: string, text: string): Promise<void>;
  call(call: BotCall): Promise<void>;
};

/** Where documents come from, and what opens it. */
export type DocumentPlace = {
  source: "github" | "notion" | "gdrive";
  repository: string;
  branch: string | null;
  /** Only what is below this path. */
  folder: string | null;
  token: string | null;
};

/** A document as its place lists it: `ref` is what its content is asked for by, `sha` changes whenever the content does. */
export type ListedDocument = {
  path: string;
  ref: string;
  sha: string;
  title: string | null;
  url: string | null;
  /** When it was last changed, where the place says so. */
  occurred_at: string | null;
  /** Why it cannot be copied. */
  skipped?: string;
};

/** Cursor and checkpoint are the adapter's own JSON. */
export type DocumentListing = {
  entries: ListedDocument[];
  cursor: unknown;
  /** This was the last page. */
  complete: boolean;
  /** Nothing has changed since the checkpoint. */
  unchanged: boolean;
  checkpoint: unknown;
};

/** Documents written elsewhere. Each call is a bounded piece of work; throws ProviderFailure. */
export type Documents = {
  list(place: DocumentPlace, at: { cursor: unknown; checkpoint: unknown }): Promise<DocumentListing>;
  read(
    place: DocumentPlace,
    entry: Pick<ListedDocument, "path" | "ref" | "sha">,
  ): Promise<{ text: string } | { skipped: string }>;
  /** Whether a document that the listing left out has really vanished. */
  isGone(place: DocumentPlace, entry: { path: string; ref: string | null }): Promise<boolean>;
};

/** One text on its way to one person. `ref` is ours: it travels with the message where the provider has room for it. */
export type Outgoing = {
  ref: string;
  channel: string;
  from: string;
  to: string;
  text: string;
  /** Of an e-mail: the same words once more. */
  html?: string;
  subject?: string;
  language: string;
  class: string;
  /** Where it belongs: a Chatwoot conversation, an e-mail's references, a campaign's unsubscribe link. */
  thread: Record<string, unknown>;
  /** Where the provider shall report what becomes of it. */
  statusUrl: string;
};

/** The sender's account at its provider; `secrets` were sealed until now. */
export type CarrierAccount = { account: string | null; secrets: Record<string, string> };

/**
 * What a provider said. `accepted`: it has the message. `later`: it has not, and may take it another time; with `sender`, it takes
 * nothing from this sender for now. `refused`: never this message. `unknown`: nobody can say whether it has it.
 */
export type Carried =
  | { outcome: "accepted"; id: string; state?: "submitted" | "sent" }
  | { outcome: "later"; code: string; afterSeconds?: number; sender?: true; httpStatus?: number }
  | { outcome: "refused"; code: string; optOut?: true; httpStatus?: number }
  | { outcome: "unknown"; code: string };

/** Whether a provider has a message whose fate is unknown; `unable` when it cannot be asked. */
export type LookedUp =
  | { outcome: "found"; id: string; state?: "submitted" | "sent" }
  | { outcome: "absent" }
  | { outcome: "unable" };

/** A way out of the house. Never throws: whatever happens is one of its answers. */
export type Carrier = {
  send(account: CarrierAccount, message: Outgoing): Promise<Carried>;
  lookup(
    account: CarrierAccount,
    sent: { ref: string; from: string; to: string; text: string; since: Date; thread: Record<string, unknown> },
  ): Promise<LookedUp>;
};

/** Files too big for the database; keys hold ids, never names. Throws ProviderFailure. */
export type Objects = {
  put(key: string, file: { bytes: Uint8Array<ArrayBuffer>; type: string }): Promise<void>;
  get(key: string): Promise<{ body: ReadableStream<Uint8Array>; size: number; type: string } | null>;
  remove(keys: string[]): Promise<void>;
};

export type Ports = {
  queue: Queue;
  objects?: Objects;
  documents?: Documents;
  chatwoot?: Chatwoot;
  embedder?: Embedder;
  language?: LanguageModel;
  limiter?: Limiter;
  messenger?: Messenger;
  pepper?: Pepper;
  carriers?: Readonly<Record<string, Carrier>>;
  mailboxes?: Readonly<Record<string, import("./mailbox.ts").Mailbox>>;
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

/** Coming again would change nothing. What is neither fault nor failure is our mistake, and a deploy may mend it. */
export const isLasting = (thrown: unknown): boolean =>
  (thrown instanceof Fault && !isPassing(thrown)) || (thrown instanceof ProviderFailure && !thrown.retryable);
