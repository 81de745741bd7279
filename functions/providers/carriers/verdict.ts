/** From what an HTTP API said to what becomes of the message, where the provider's own codes say nothing more precise. */
import type { Carried, Carrier, LookedUp } from "#brain/kernel/ports.ts";
import type { Answer, Told } from "./call.ts";

/** How a provider's own code is to be taken; what is in none of these follows its HTTP status. */
export type CodeTable = {
  /** The person said no to this provider. */
  optOut: readonly string[];
  /** The sender, its account or its credentials are wrong: nothing of its will pass. */
  sender: readonly string[];
  /** Busy: the same request may pass later. */
  later: readonly string[];
  /** This message never. */
  final: readonly string[];
};

type Coded = { table: CodeTable; provider: string; code: string | undefined };

/** Too many requests is about the sender's account, so its other messages wait too; this long where nobody says how long. */
const crowdedSeconds = 30;

export function refusalOf(answer: Answer, { table, provider, code }: Coded): Carried {
  const named = code === undefined ? undefined : `${provider}_${code}`;
  const httpStatus = answer.status;
  if (code !== undefined && named !== undefined) {
    if (table.optOut.includes(code)) return { outcome: "refused", code: named, optOut: true, httpStatus };
    if (table.sender.includes(code))
      return { outcome: "later", code: named, sender: true, httpStatus, ...waited(answer) };
    if (table.later.includes(code)) return { outcome: "later", code: named, httpStatus, ...waited(answer) };
    if (table.final.includes(code)) return { outcome: "refused", code: named, httpStatus };
  }
  return byStatus(answer, named ?? `http_${answer.status}`);
}

export function byStatus(answer: Answer, code: string): Carried {
  const { status: httpStatus, wait } = answer;
  if (httpStatus === 429)
    return { outcome: "later", code: "rate_limited", sender: true, afterSeconds: wait ?? crowdedSeconds, httpStatus };
  // Said before anything was begun.
  if (httpStatus === 503 || httpStatus === 408 || httpStatus === 425)
    return { outcome: "later", code: `http_${httpStatus}`, httpStatus, ...waited(answer) };
  // It broke in the middle, or a gateway gave up on it: the message may have been taken.
  if (httpStatus >= 500) return { outcome: "unknown", code: `http_${httpStatus}` };
  // A key, an account or an address is wrong.
  if (httpStatus < 400 || [401, 402, 403, 404, 405, 407].includes(httpStatus))
    return { outcome: "later", code, sender: true, httpStatus };
  return { outcome: "refused", code, httpStatus };
}

const waited = ({ wait }: Answer) => (wait === undefined ? {} : { afterSeconds: wait });

/** Ends what was no answer; what was one is the provider's to read. */
export function carriedBy(told: Told, read: (answer: Answer) => Carried): Carried {
  if (told.kind === "answer") return read(told);
  if (told.kind === "unreached") return { outcome: "later", code: told.code };
  return { outcome: "unknown", code: told.code };
}

/** It was taken, but what was said about it cannot be read. */
export const unreadable: Carried = { outcome: "unknown", code: "answer_unreadable" };

/** The account lacks what every call needs. */
export const incomplete: Carried = { outcome: "later", code: "credentials_incomplete", sender: true };

/** Whatever goes wrong inside is one of the answers: of a message that may be on the wire, nobody knows. */
export function careful(carrier: Carrier): Carrier {
  return {
    send: (account, message) =>
      carrier.send(account, message).catch((): Carried => ({ outcome: "unknown", code: "carrier_failed" })),
    lookup: (account, sent) => carrier.lookup(account, sent).catch((): LookedUp => ({ outcome: "unable" })),
  };
}

/** What every carrier promises: an exception before the call would be one, too. */
export const refused = (code: string): Carried => ({ outcome: "refused", code });
