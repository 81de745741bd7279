/** Bindings → the runtime of this isolate, made once: database, providers, settings. */
import { wallClock } from "#brain/kernel/clock.ts";
import { makeIds } from "#brain/kernel/ids.ts";
import { openDatabase } from "#db/client.ts";
import type { Runtime } from "#gateway/runtime.ts";
import { secretsFrom } from "#providers/secrets.ts";
import { parseEnv } from "./env.ts";

const runtimes = new WeakMap<object, Runtime>();

export function runtimeOf(bindings: Record<string, unknown>): Runtime {
  const known = runtimes.get(bindings);
  if (known) return known;
  const env = parseEnv(bindings);
  const runtime: Runtime = {
    db: openDatabase({ url: env.DATABASE_URL, fetchEndpoint: env.NEON_FETCH_ENDPOINT }),
    clock: wallClock,
    ids: makeIds(wallClock),
    ports: {
      queue: {
        publish: async () => {
          throw new Error("no queue yet");
        },
      },
      secrets: secretsFrom(env.SECRETS_KEYS),
    },
    settings: { publicUrl: env.PUBLIC_URL, embedBatch: 100 },
    signingKeys: { current: env.QSTASH_CURRENT_SIGNING_KEY, next: env.QSTASH_NEXT_SIGNING_KEY },
    log: (line) => console.log(JSON.stringify(line)),
  };
  runtimes.set(bindings, runtime);
  return runtime;
}
