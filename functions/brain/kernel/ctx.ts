/** What a verb is given: who asks, the database to build on, time, ids and the outside world. */
import type { SQL } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import type { Clock } from "./clock.ts";
import type { Ids } from "./ids.ts";
import type { Ports } from "./ports.ts";
import type { Tally } from "./tally.ts";

export type Scope = "none" | "user" | "project";

/** A proof of who is asking. Secrets are hashed before they get here; enter() in SQL checks them. */
export type Credential =
  | { kind: "key"; id: string; hash: string }
  | { kind: "session"; hash: string; csrf?: string }
  | { kind: "source"; id: string; version: number }
  | { kind: "system"; project: string; job: string }
  | { kind: "login"; username: string }
  /** Somebody proven by a domain's own door: its function stands in place of identity.enter(), and ends in it. */
  | { kind: "proven"; enter(permissionAndContext: SQL): SQL }
  | { kind: "none" };

export type Who = {
  project: string | null;
  account_scope: string | null;
  user: string | null;
  actor: string;
  username: string | null;
  csrf: string | null;
  permissions: string[];
  /** Requests a minute that this API key is held to. */
  rate_limit: number | null;
  /** When the person behind this session last gave a password; null for a key. */
  proven_at: string | null;
  /** Filled when the entry asked for them. */
  projects: { id: string; name: string; timezone: string; role: string | null }[];
  now: string;
};

/** What the running verb asks of whoever enters, and the idempotency key it was called with. */
export type Entry = {
  permission: string;
  scope: Scope;
  /** Enter this project instead of the session's own. */
  project?: string;
  /** Tell which projects this caller may choose. */
  projects?: true;
  /** Hash of an invitation's token: enter its project with it. */
  invitation?: string;
  /** Seconds since a person gave the password, at most. A key has no password to give again. */
  provenWithin?: number;
  idempotency?: { key: string; route: string; hash: string };
};

/** What an act is called in the audit trail, and what it is done to. */
export type Act = { action: string; ref?: [type: string, id: string] };

export type Settings = {
  publicUrl: string;
  /** Texts a single embedding call may carry. */
  embedBatch: number;
  /** The issuer that agents are sent to for a token; absent: keys are handed out by hand. */
  authorizationServer?: string;
  /** Addresses of private networks and of this machine may be called as sources. */
  privateSources?: true;
  /** Traffic of a project sweeps it along at most so often in an isolate; absent: never. */
  sweepSeconds?: number;
  /** What hashing a password costs from now on (RFC 7914); absent: what a Worker may spend. */
  passwordCost?: PasswordCost;
};

export type PasswordCost = { N: number; r: number; p: number };

export type Ctx = {
  /** Builds queries; only the kernel sends them. */
  db: Db;
  credential: Credential;
  entry: Entry;
  requestId: string;
  /** The network that the request came from, where somebody trustworthy names it. */
  network?: string;
  /** Our `traceparent`. */
  trace: string;
  clock: Clock;
  ids: Ids;
  ports: Ports;
  settings: Settings;
  /** Database requests made for this answer. */
  meter: { requests: number };
  /** What this isolate has done so far. */
  tally: Tally;
  /** Known after the first batch. */
  who?: Who;
  /** The critical act that the running verb is about to do; written down as refused or failed if it is. */
  attempt?: { act?: Act };
  /** Runs after the response; failures are logged, never thrown. */
  after(work: () => Promise<void>): void;
  /** One wide line without personal data. */
  log(line: Record<string, unknown>): void;
};

/** The text form that identity.enter() reads; what another function reads in its place is no credential to it. */
export function credentialText(credential: Credential): string {
  switch (credential.kind) {
    case "key":
      return `key:${credential.id}:${credential.hash}`;
    case "session":
      return `session:${credential.hash}`;
    case "source":
      return `source:${credential.id}:${credential.version}`;
    case "system":
      return `system:${credential.project}:${credential.job}`;
    case "login":
      return `login:${credential.username}`;
    case "none":
      return "none";
    case "proven":
      return "proven";
  }
}

/** The same caller with other proof or another demand, counted on the same meter. */
export const as = (ctx: Ctx, change: Partial<Pick<Ctx, "credential" | "entry" | "attempt" | "meter">>): Ctx => ({
  ...ctx,
  ...change,
});
