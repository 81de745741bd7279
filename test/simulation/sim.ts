/** What everybody in a simulation shares, and what an area of the product adds to it. */
import type { Hono } from "hono";
import type { App } from "#gateway/runtime.ts";
import type { SqlRequest } from "#local/neon/protocol.ts";
import type { Row } from "#local/neon/values.ts";
import type { Tenant } from "#test/kit/world.ts";
import type { Network } from "./carrier.ts";
import type { Engine } from "./engine.ts";
import type { Faults } from "./faults.ts";
import type { House } from "./house.ts";
import type { Isolates } from "./isolates.ts";
import type { SimOffice } from "./office.ts";
import type { Qstash } from "./qstash.ts";
import type { Rng } from "./rng.ts";

/** `word` stands in everything that is written for the tenant, and in nothing of the other's. */
export type SimTenant = Tenant & { word: string };

export type Answer = { status: number; body: string };

export type Sim = {
  readonly seed: number;
  readonly rng: Rng;
  readonly faults: Faults;
  readonly engine: Engine;
  readonly house: House;
  readonly isolates: Isolates;
  readonly qstash: Qstash;
  readonly app: Hono<App>;
  /** Milliseconds since 1970, as the world outside goes; isolates may be a little off. */
  time: number;
  tenants: readonly SimTenant[];
  /** Of some worlds' last tenant: a whole Chatwoot that can be asked. The others' only send webhooks. */
  office: SimOffice | undefined;
  /** What the provider of text messages took, in the worlds that send any. */
  network: Network | undefined;
  /** The secret that a tenant's Chatwoot signs with now, where it is not the first one any more. */
  secrets: Map<SimTenant, string>;
  /** A line of the trace: what happened, in words that are the same whenever the seed is. */
  trace(line: string): void;
  /** Says that an invariant is broken; the seed ends after this step. */
  accuse(broken: string): void;
  /** A request to the app, on one of the isolates. Without an answer its process died, or the line did. */
  ask(label: string, request: { path: string; init: RequestInit }, heard: (answer: Answer | undefined) => void): void;
};

/** Something that may begin now. */
export type Move = { weight: number; run(): void | Promise<void> };

/** Looked at around one request to the database, before and after; says what is wrong. */
export type Watch = (request: SqlRequest) => Promise<(() => Promise<string[]>) | undefined>;

/** What one area brings along: people and machines that act, and what must be true. */
export type Area = {
  name: string;
  moves(): Move[];
  /** At rest, with nothing going wrong any more: what must still be done before everything can be settled. */
  remaining?(): Move[];
  watch?: Watch;
  /** After every effect that wrote something: a query, and what its rows tell; each text is a broken invariant. */
  look?: string;
  tell?(rows: Row[]): string[] | Promise<string[]>;
  /** Whether the area has come to rest. */
  isSettled?(): Promise<boolean>;
  /** When everything has come to rest. */
  atRest?(): Promise<string[]>;
};

export type AreaOf = (sim: Sim) => Area;
