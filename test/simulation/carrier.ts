/** A provider of text messages with a memory of its own: it takes, refuses, limits, loses its answers and dawdles. */
import type { Carried, Carrier, LookedUp, Outgoing } from "#brain/kernel/ports.ts";
import type { Engine } from "./engine.ts";
import { carrierFaults, type Faults, lookupFaults } from "./faults.ts";
import type { Rng } from "./rng.ts";

export type Taken = Outgoing & { at: number };
export type Network = { taken: Taken[] };

type Around = { engine: Engine; faults: Faults; rng: Rng; trace(line: string): void; now(): number; network: Network };

const often = 0.25;
/** The adapter's own patience: whoever is reached later than this was not reached by us. */
const patienceMs = 20_000;
/** Its index knows a message only some time after its queue took it. */
const indexMs = 10_000;

export function carrierPort(around: Around): Carrier {
  const { engine, faults, rng, trace, now, network } = around;
  const take = (message: Outgoing): Carried => {
    network.taken.push({ ...message, at: now() });
    trace(`  taken: ${message.ref}`);
    return { outcome: "accepted", id: `sid-${message.ref}`, state: rng.chance(0.5) ? "sent" : "submitted" };
  };
  const goes: Record<(typeof carrierFaults)[number], (message: Outgoing) => Carried> = {
    "carrier.answer_lost": (message) => {
      take(message);
      return { outcome: "unknown", code: "timeout" };
    },
    "carrier.not_reached": () => ({ outcome: "unknown", code: "connection_lost" }),
    "carrier.http_429": () => ({
      outcome: "later",
      code: "http_429",
      afterSeconds: 1 + rng.below(90),
      httpStatus: 429,
    }),
    "carrier.http_503": () => ({ outcome: "later", code: "http_503", httpStatus: 503 }),
    "carrier.refuses": () => ({ outcome: "refused", code: "21211", httpStatus: 400 }),
    "carrier.opted_out_there": () => ({ outcome: "refused", code: "21610", optOut: true }),
    "carrier.sender_suspended": () => ({ outcome: "later", code: "30002", sender: true, afterSeconds: 60 }),
  };
  return {
    send: (_account, message) => {
      const began = now();
      return engine.park("carrier", `send ${message.ref}`, async () => {
        if (now() - began > patienceMs) return { outcome: "unknown", code: "timeout" } as const;
        const fault = faults.among(carrierFaults, { atLeast: often });
        if (fault) trace(`  ${fault}: ${message.ref}`);
        return fault ? goes[fault](message) : take(message);
      });
    },
    lookup: (_account, { ref }) =>
      engine.park("carrier", `look up ${ref}`, async (): Promise<LookedUp> => {
        if (faults.among(lookupFaults, { atLeast: often })) return { outcome: "unable" };
        const found = network.taken.some((one) => one.ref === ref && now() - one.at >= indexMs);
        return found ? { outcome: "found", id: `sid-${ref}`, state: "sent" } : { outcome: "absent" };
      }),
  };
}
