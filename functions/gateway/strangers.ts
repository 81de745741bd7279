/** Credentials that turn out to be none count against their address: made-up ones are all different, and each costs a request to the database. */
import type { Context } from "hono";
import { type Caller, policies } from "./limit-policies.ts";
import type { App, Runtime } from "./runtime.ts";

/** What this isolate has seen: credentials that were good, and addresses that showed too many that were not. */
type Seen = { good: Set<string>; shut: Map<string, number> };

const seen = new WeakMap<Runtime, Seen>();
/** An isolate that has met more forgets them all and begins anew. */
const mostRemembered = 10_000;

function seenBy(runtime: Runtime): Seen {
  const known = seen.get(runtime) ?? { good: new Set(), shut: new Map() };
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
    if (wasLookedUp && c.res.status < 500) good.add(caller.key);
    return;
  }
  good.delete(caller.key);
  const charge = async () => {
    const taken = await limiter.take(caller.address, policies.anonymous);
    if (taken === "unavailable" || taken.allowed) return;
    shut.set(caller.address, runtime.clock.now().getTime() + taken.resetSeconds * 1000);
  };
  c.executionCtx.waitUntil(charge());
}
