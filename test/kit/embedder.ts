// An embedder that answers at once, remembers what it was asked, and misbehaves on order.
import { type Embedder, ProviderFailure } from "#brain/kernel/ports.ts";
import { embedByHash } from "#local/embeddings-hash.ts";

type Behaviour = (texts: string[], call: number) => void | Promise<void>;

export function scriptedEmbedder(model = "hash-test@1") {
  const calls: string[][] = [];
  let behaviour: Behaviour = () => {};
  const port: Embedder = {
    model,
    dimensions: 1536,
    embed: async (texts) => {
      calls.push(texts);
      await behaviour(texts, calls.length);
      return texts.map((text) => Array.from(embedByHash(text)));
    },
  };
  return {
    port,
    calls,
    /** Runs before each answer; what it throws is the answer. */
    behave: (next: Behaviour) => {
      behaviour = next;
    },
    well: () => {
      behaviour = () => {};
    },
  };
}

export type ScriptedEmbedder = ReturnType<typeof scriptedEmbedder>;

export const down = () => new ProviderFailure("embedder_unreachable", { retryable: true, blames: "unknown" });
export const crashed = () => new ProviderFailure("embedder_failed", { retryable: true, blames: "unknown" });
export const refusedText = () => new ProviderFailure("input_refused", { retryable: false, blames: "input" });
export const limited = (retryAfterSeconds: number) =>
  new ProviderFailure("rate_limited", { retryable: true, blames: "provider", retryAfterSeconds });
