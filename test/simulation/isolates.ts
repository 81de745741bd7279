/** The isolates that serve requests: memory of their own, clocks that may be a little off, keys as of their deploy. */
import type { Clock } from "#brain/kernel/clock.ts";
import { makeIds } from "#brain/kernel/ids.ts";
import type { Ports } from "#brain/kernel/ports.ts";
import type { Db } from "#db/client.ts";
import type { Runtime } from "#gateway/runtime.ts";
import { secretsFrom } from "#providers/secrets.ts";
import { publicUrl } from "#test/kit/world.ts";
import type { Rng } from "./rng.ts";

export type Isolate = { number: number; runtime: Runtime; skewMs: number };

/** What a deploy hands to an isolate. */
export type Deployed = { ring: string; signingKeys: { current: string; next: string } };

type Made = {
  rng: Rng;
  now(): number;
  db: Db;
  ports: Omit<Ports, "secrets">;
  deployed: Deployed;
  log(line: Record<string, unknown>): void;
};

const many = 2;
/** So small that a seed's few passages make more than one batch. */
const embedBatch = 3;

export type Isolates = ReturnType<typeof makeIsolates>;

export function makeIsolates({ rng, now, db, ports, deployed, log }: Made) {
  let last = 0;
  const current = { ...deployed };
  const start = (): Isolate => {
    last += 1;
    const stream = rng.fork(`isolate ${last}`);
    const isolate: Isolate = { number: last, skewMs: 0, runtime: undefined as unknown as Runtime };
    const at = () => new Date(now() + isolate.skewMs);
    const clock: Clock = { now: at, fixed: () => at().toISOString() };
    isolate.runtime = {
      db,
      clock,
      ids: makeIds(clock, (count) => stream.bytes(count)),
      ports: { ...ports, secrets: secretsFrom(current.ring) },
      settings: { publicUrl, embedBatch, sweepSeconds: 60 },
      signingKeys: { ...current.signingKeys },
      log,
    };
    return isolate;
  };
  let all = Array.from({ length: many }, start);
  return {
    current,
    get all(): readonly Isolate[] {
      return all;
    },
    replace(isolate: Isolate): void {
      all = all.map((one) => (one === isolate ? start() : one));
    },
    /** New isolates everywhere; requests under way go on in the old ones. */
    deploy(next: Partial<Deployed>): void {
      Object.assign(current, next);
      all = all.map(start);
    },
  };
}
