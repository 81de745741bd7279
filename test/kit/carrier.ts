// A provider that does as it is told and remembers what it accepted. A mock: the real one is somebody's telephone network.
import type { Carried, Carrier, LookedUp, Outgoing } from "#brain/kernel/ports.ts";

export type ScriptedCarrier = {
  port: Carrier;
  /** What it was asked to send, in order. */
  asked: Outgoing[];
  /** What it took: a message may stand here more than once, and must not. */
  accepted: Outgoing[];
  /** The next answers, first to last; then it accepts everything. `take` accepts and loses the answer. */
  next: (Carried | "take" | "throw")[];
  lookups: { ref: string; answer: LookedUp }[];
  /** Answers of a provider that cannot be asked. */
  blind: boolean;
};

export function scriptedCarrier(): ScriptedCarrier {
  const made: ScriptedCarrier = {
    asked: [],
    accepted: [],
    next: [],
    lookups: [],
    blind: false,
    port: { send, lookup },
  };
  async function send(_account: unknown, message: Outgoing): Promise<Carried> {
    made.asked.push(message);
    const answer = made.next.shift();
    if (answer && typeof answer === "object" && answer.outcome !== "accepted") return answer;
    if (answer === "throw") throw new Error("the worker died here");
    made.accepted.push(message);
    if (answer === "take") return { outcome: "unknown", code: "timeout" };
    return answer ?? { outcome: "accepted", id: `sid-${message.ref}` };
  }
  async function lookup(_account: unknown, { ref }: { ref: string }): Promise<LookedUp> {
    const has = made.accepted.some((message) => message.ref === ref);
    const answer: LookedUp = made.blind
      ? { outcome: "unable" }
      : has
        ? { outcome: "found", id: `sid-${ref}`, state: "sent" }
        : { outcome: "absent" };
    made.lookups.push({ ref, answer });
    return answer;
  }
  return made;
}
