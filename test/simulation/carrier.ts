/** A provider of text messages with a memory of its own: it takes, refuses, limits, loses its answers, dawdles, and reports what became of each. */
import type { Carried, Carrier, LookedUp, Outgoing } from "#brain/kernel/ports.ts";
import type { Engine } from "./engine.ts";
import { carrierFaults, type Faults, lookupFaults } from "./faults.ts";
import type { Rng } from "./rng.ts";

/** `indexed`: from then on the provider finds it when asked. `denied`: it said that it had none. `failed`: it will not arrive. */
export type Taken = { ref: string; id: string; at: number; indexed: number; denied: boolean; failed: boolean };
/** What the provider tells about one message, at the address that came with it. */
export type Report = { taken: Taken; status: string; url: string };
export type Network = { taken: Taken[]; reports: Report[] };

type Around = {
  engine: Engine;
  faults: Faults;
  rng: Rng;
  trace(line: string): void;
  now(): number;
  passTime(ms: number): void;
  network: Network;
};

const often = 0.25;
/** The adapter's own patience: whoever is reached later than this was not reached by us. */
const patienceMs = 20_000;
/** Its index knows a message only some time after its queue took it; sometimes so late that it denies what it has. */
const indexMs = 10_000;
const lateIndexMs = 3_600_000;
/** The lease is 90 s. */
const slowMs = { least: 100_000, more: 200_000 };
const arrives = 0.8;

function take({ network, rng, trace, now }: Around, message: Outgoing, indexedIn = indexMs): Carried {
  const known = network.taken.filter(({ ref }) => ref === message.ref).length;
  const id = `sid-${message.ref}-${known + 1}`;
  const taken = { ref: message.ref, id, at: now(), indexed: now() + indexedIn, denied: false, failed: false };
  network.taken.push(taken);
  trace(`  taken: ${id}`);
  for (const status of ["sent", rng.chance(arrives) ? "delivered" : "undelivered"])
    network.reports.push({ taken, status, url: message.statusUrl ?? "" });
  return { outcome: "accepted", id, state: rng.chance(0.5) ? "sent" : "submitted" };
}

const lost: Carried = { outcome: "unknown", code: "timeout" };

function goings(around: Around): Record<(typeof carrierFaults)[number], (message: Outgoing) => Carried> {
  const { rng, passTime } = around;
  return {
    "carrier.answer_lost": (message) => {
      take(around, message);
      return lost;
    },
    "carrier.index_late": (message) => {
      take(around, message, lateIndexMs);
      return lost;
    },
    // The process stood still meanwhile: it hears of its answer when its lease is over.
    "carrier.slower_than_the_lease": (message) => {
      const answer = take(around, message);
      passTime(slowMs.least + rng.below(slowMs.more));
      return answer;
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
}

export function carrierPort(around: Around): Carrier {
  const { engine, faults, trace, now, network } = around;
  const goes = goings(around);
  return {
    send: (_account, message) => {
      const began = now();
      return engine.park("carrier", `send ${message.ref}`, async () => {
        if (now() - began > patienceMs) return lost;
        const fault = faults.among(carrierFaults, { what: `send ${message.ref}`, atLeast: often });
        if (fault) trace(`  ${fault}: ${message.ref}`);
        return fault ? goes[fault](message) : take(around, message);
      });
    },
    lookup: (_account, { ref }) =>
      engine.park("carrier", `look up ${ref}`, async (): Promise<LookedUp> => {
        if (faults.among(lookupFaults, { atLeast: often })) return { outcome: "unable" };
        const all = network.taken.filter((one) => one.ref === ref);
        const found = all.findLast(({ indexed }) => indexed <= now());
        if (found) return { outcome: "found", id: found.id, state: "sent" };
        for (const one of all) one.denied = true;
        return { outcome: "absent" };
      }),
  };
}
