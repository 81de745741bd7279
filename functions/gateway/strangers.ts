/** Credentials that turn out to be none count against their address: made-up ones are all different, and each costs a request to the database. */
import type { Context } from "hono";
import type { LimitPolicy } from "#brain/kernel/ports.ts";
import { type Caller, policyOf } from "./limit-policies.ts";
import type { App, Runtime } from "./runtime.ts";

/** What this isolate has seen: credentials that were good with the quota of their own that some have, and addresses that showed too many that were not. */
type Seen = { good: Map<string, number | null>; shut: Map<string, number> };

const seen = new WeakMap<Runtime, Seen>();
/** An isolate that has met more forgets them all and begins anew. */
const mostRemembered = 10_000;

function seenBy(runtime: Runtime): Seen {
  const known = seen.get(runtime) ?? { good: new Map(), shut: new Map() };
  seen.set(runtime, known);
  if (known.good.size > mostRemembered) known.good.clear();
  if (known.shut.size > mostRemembered) known.shut.clear();
  return known;
}

/** Seconds during which an unknown credential from this address is not even looked up; 0 is the rule. Good ones are not held up. */
export function shutSeconds(runtime: Runtime, caller: Caller): number {
  const { good, shut } = seenBy(runtime);
  const until = shut.get(caller.address) ?? 0;
  const left = until - runtime.clock.now().getTime();
  return left <= 0 || caller.key === caller.address || good.has(caller.key) ? 0 : Math.ceil(left / 1000);
}

/** The policy for this caller. What a key is held to is learned with its first answer in an isolate, and then asked of nobody. */
export function policyFor(runtime: Runtime, caller: Caller): LimitPolicy {
  const own = seenBy(runtime).good.get(caller.key);
  return own ? { ...caller.policy, quota: Math.min(own, caller.policy.quota) } : caller.policy;
}

/** The console sends away to sign in where the API answers 401. */
const isRefused = (answer: Response): boolean =>
  answer.status === 401 || (answer.status === 303 && /^\/console\/login/.test(answer.headers.get("location") ?? ""));

/** After the answer: what the credential was worth. */
export function remember(c: Context<App>, caller: Caller): void {
  const runtime = c.get("runtime");
  const { limiter } = runtime.ports;
  if (!limiter || caller.key === caller.address) return;
  const { good, shut } = seenBy(runtime);
  const wasLookedUp = (c.get("ctx")?.meter.requests ?? 0) > 0;
  if (!isRefused(c.res)) {
    // Who was refused for lack of a permission was found, but not told about.
    const own = c.get("ctx")?.who?.rate_limit ?? good.get(caller.key) ?? null;
    if (wasLookedUp && c.res.status < 500) good.set(caller.key, own);
    return;
  }
  good.delete(caller.key);
  const charge = async () => {
    const taken = await limiter.take(caller.address, policyOf(runtime, "anonymous"));
    if (taken === "unavailable" || taken.allowed) return;
    shut.set(caller.address, runtime.clock.now().getTime() + taken.resetSeconds * 1000);
  };
  c.executionCtx.waitUntil(charge());
}
