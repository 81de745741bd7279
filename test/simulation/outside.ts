/** The app's ports: each call parks its task, and when it is let happen it may go wrong. */

import type { QueueMessage } from "#brain/kernel/ports.ts";
import { type Embedder, type LanguageModel, ProviderFailure, type Queue } from "#brain/kernel/ports.ts";
import type { Engine } from "./engine.ts";
import { databaseFaults, embedderFaults, type FaultKind, type Faults, modelFaults, queueFaults } from "./faults.ts";
import type { Asking } from "./house.ts";
import type { Rng } from "./rng.ts";

/** A request that the network kept, and that reaches the database when nobody waits for it any more. */
export type Straggler = { what: string; run(): Promise<unknown> };

type Around = {
  engine: Engine;
  faults: Faults;
  rng: Rng;
  trace(line: string): void;
  /** Runs a request at the database, with whoever looks at it. */
  atDatabase(asking: Asking): Promise<Response>;
  stragglers: Straggler[];
  accept(message: QueueMessage): { messageId: string };
  passTime(ms: number): void;
};

const cut = () => new TypeError("fetch failed");
const refusedWith = (code: string) =>
  Response.json({ message: "an accident on order", code, severity: "ERROR" }, { status: 400 });

const nameOf = ({ request }: Asking): string => {
  const text = request.statements.map(({ query }) => query).join(" ");
  const named = [...text.matchAll(/\b(?:identity|shared|people|memory|inbox|outbound)\.[a-z_]+/g)].map(
    ([name]) => name,
  );
  const plain = new Set(["identity.enter", "shared.scope", "shared.clock"]);
  return (
    [...new Set(named)]
      .filter((name) => !plain.has(name))
      .slice(0, 3)
      .join(" ") || "identity.enter"
  );
};

/** The door between driver and database. */
export function databaseDoor(around: Around): (asking: Asking) => Promise<Response> {
  const { engine, faults, trace, stragglers } = around;
  const goes: Record<(typeof databaseFaults)[number], (asking: Asking, what: string) => Promise<Response>> = {
    "database.lost_before_commit": async () => {
      throw cut();
    },
    "database.answer_lost_after_commit": async (asking) => {
      await around.atDatabase(asking);
      throw cut();
    },
    "database.commits_after_timeout": async (asking, what) => {
      stragglers.push({ what, run: () => around.atDatabase(asking) });
      throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
    },
    "database.request_repeated_later": async (asking, what) => {
      stragglers.push({ what, run: () => around.atDatabase(asking) });
      return around.atDatabase(asking);
    },
    "database.http_500": async () => new Response("upstream failed", { status: 500 }),
    "database.http_429": async () => new Response("slow down", { status: 429 }),
    "database.deadlock": async () => refusedWith("40P01"),
    "database.too_many_connections": async () => refusedWith("53300"),
  };
  return (asking) => {
    const what = nameOf(asking);
    return engine.park("database", what, async () => {
      const fault = faults.among(databaseFaults, { what });
      if (fault) trace(`  ${fault}: ${what}`);
      return fault ? goes[fault](asking, what) : around.atDatabase(asking);
    });
  };
}

const queueFailure = (code: string, cause?: unknown) => new ProviderFailure(code, { retryable: true, cause });

export function queuePort({ engine, faults, trace, accept }: Around): Queue {
  return {
    publish: (message) =>
      engine.park("queue", message.kind, async () => {
        const fault = faults.among(queueFaults, { what: message.kind });
        if (fault) trace(`  ${fault}: ${message.kind}`);
        if (fault === "queue.unreachable") throw queueFailure("queue_unreachable");
        if (fault === "queue.http_429") throw queueFailure("queue_limited");
        if (fault === "queue.http_500") throw queueFailure("queue_refused_500");
        if (fault === "queue.message_vanishes") return { messageId: "msg_gone" };
        const accepted = accept(message);
        if (fault === "queue.timeout_after_accepting") throw queueFailure("queue_unreachable");
        return accepted;
      }),
  };
}

export const dimensions = 1536;
const marks = 16;

/** A vector that tells its text: unit length, sixteen places of 0.25, exact in half precision. */
export function simulatedVector(text: string): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  for (let set = 0; set < marks; ) {
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    const place = (hash >>> 0) % dimensions;
    if (vector[place] === 0) {
      vector[place] = 0.25;
      set += 1;
    }
  }
  return vector;
}

/** Models are asked seldom, and fail more often than databases. */
const often = 0.3;
/** A model is asked so rarely that it has to fail more often to fail at all. */
const moreOften = 0.8;
/** The lease is 120 s; a minute after its end the sweep takes notice. */
const slowMs = { least: 130_000, more: 200_000 };

function embedderFails(fault: (typeof embedderFaults)[number], texts: string[], around: Around): void {
  if (fault === "embedder.slower_than_the_lease") {
    around.passTime(slowMs.least + around.rng.below(slowMs.more));
    return;
  }
  if (fault === "embedder.unreachable") {
    throw new ProviderFailure("embedder_unreachable", { retryable: true, blames: "unknown" });
  }
  if (fault === "embedder.http_429") {
    const retryAfterSeconds = 1 + around.rng.below(90);
    throw new ProviderFailure("rate_limited", { retryable: true, blames: "provider", retryAfterSeconds });
  }
  if (fault === "embedder.refuses_a_text") {
    throw new ProviderFailure("input_refused", { retryable: false, blames: "input" });
  }
  // What the adapter makes of vectors that are too short, not finite or missing: those that are whole, and holes.
  const partial = texts.map((text) => (around.rng.chance(0.5) ? simulatedVector(text) : undefined));
  throw new ProviderFailure("embedding_invalid", { retryable: false, blames: "unknown", partial });
}

export function embedderPort(around: Around): Embedder {
  const { engine, faults, trace } = around;
  return {
    model: "simulated@1",
    dimensions,
    embed: (texts) =>
      engine.park("embedder", `${texts.length} texts`, async () => {
        const fault = faults.among(embedderFaults, { atLeast: often });
        if (fault) trace(`  ${fault}`);
        if (fault) embedderFails(fault, texts, around);
        return texts.map(simulatedVector);
      }),
  };
}

const replies: Partial<Record<FaultKind, string>> = {
  "model.garbage": 'Sure! {"sentences": [{"text": ',
  "model.false_citation": JSON.stringify({ sentences: [{ text: "It costs 9999 kr.", citations: ["E1"] }] }),
};

/** A model that knows nothing, or worse. */
export function modelPort({ engine, faults, trace }: Around): LanguageModel {
  return {
    provider: "simulated",
    model: "simulated@1",
    complete: () =>
      engine.park("model", "completion", async () => {
        const fault = faults.among(modelFaults, { atLeast: moreOften });
        if (fault) trace(`  ${fault}`);
        if (fault === "model.unreachable") throw new ProviderFailure("model_unreachable", { retryable: true });
        return { text: (fault && replies[fault]) ?? '{"sentences": []}' };
      }),
  };
}
