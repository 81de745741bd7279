/** The story's webhooks on their way through the signed door: a few at a time, tried again, and counted honestly. */
import { setTimeout as wait } from "node:timers/promises";
import type { Told } from "../business/retelling.ts";
import { signedHeaders } from "../chatwoot/sign.ts";
import { post } from "../chatwoot/webhooks.ts";
import type { Demo } from "./state.ts";

export type Replay = {
  webhooks: readonly Told[];
  hook: string;
  secret: string;
  /** Where to go on; brought up to date as answers come in. */
  demo: Demo;
  save(): void;
  progress(done: number): void;
  signal: AbortSignal;
};

/** Reasons why webhooks were not accepted, with how many; empty when all were. */
export type Refused = Map<string, number>;

/** As many as a small Chatwoot has senders. */
const AT_ONCE = 4;
/** A Worker that reloads is away for some seconds. */
const PAUSES_MS = [250, 500, 1_000, 2_000, 4_000, 8_000];
const SAVE_EVERY = 20;

/** Sends what has not been answered yet. A stop leaves the rest for the next start. */
export async function replay(given: Replay): Promise<Refused> {
  const { webhooks, demo, signal } = given;
  const again = demo.failed.splice(0).filter((index) => index < webhooks.length);
  const open = new Set([...again, ...range(demo.next, webhooks.length)]);
  const waiting = [...open];
  const refused: Refused = new Map();
  const settle = (index: number, reason: string | null) => {
    open.delete(index);
    if (reason !== null) {
      demo.failed.push(index);
      refused.set(reason, (refused.get(reason) ?? 0) + 1);
    }
    const [first = webhooks.length] = open;
    demo.next = Math.max(demo.next, first);
    if (open.size % SAVE_EVERY === 0) given.save();
    given.progress(webhooks.length - open.size);
  };
  const sender = async () => {
    for (let index = waiting.shift(); index !== undefined && !signal.aborted; index = waiting.shift()) {
      const told = webhooks[index];
      const reason = told === undefined ? null : await deliver(given, told);
      if (!signal.aborted) settle(index, reason);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  // What was to be tried again and was not reached is still owed.
  demo.failed.push(...again.filter((index) => open.has(index)));
  given.save();
  return refused;
}

function* range(from: number, to: number): Generator<number> {
  for (let number = from; number < to; number += 1) yield number;
}

/** Null when it was accepted, else why not. */
async function deliver({ hook, secret, signal }: Replay, told: Told): Promise<string | null> {
  for (let attempt = 0; ; attempt += 1) {
    const { reason, passing } = await once({ hook, secret }, told);
    const pause = PAUSES_MS[attempt];
    if (reason === null || !passing || pause === undefined || signal.aborted) return reason;
    await wait(pause, null, { signal }).catch(() => {});
  }
}

type Outcome = { reason: string | null; passing: boolean };

async function once({ hook, secret }: { hook: string; secret: string }, told: Told): Promise<Outcome> {
  const { event, id, body } = told;
  try {
    const headers = signedHeaders(secret, { id, at: new Date(), body });
    const { ok, status, text } = await post({ event, url: hook, headers, body });
    if (ok) return { reason: null, passing: false };
    const code = /"code":\s*"([a-z_]+)"/.exec(text)?.[1];
    return { reason: `${status}${code ? ` ${code}` : ""}`, passing: status >= 500 || status === 429 || status === 408 };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error), passing: true };
  }
}
