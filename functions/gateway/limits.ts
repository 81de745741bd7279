/** Limits on the doors of people and agents, before anything is read, hashed or looked up. When nobody can count, all may pass. */
import type { Context, MiddlewareHandler } from "hono";
import { Fault } from "#brain/kernel/fault.ts";
import type { LimitPolicy, Taken } from "#brain/kernel/ports.ts";
import { type Caller, callerOf, isUnlimited, policyOf } from "./limit-policies.ts";
import type { PolicyName } from "./quotas.ts";
import type { App } from "./runtime.ts";
import { policyFor, remember, shutSeconds } from "./strangers.ts";

/** draft-ietf-httpapi-ratelimit-headers: quota and window of the policy; what remains and for how many seconds. */
export function limitHeaders(limit: { policy: LimitPolicy; taken: Taken } | undefined): [string, string][] {
  if (!limit) return [];
  const { policy, taken } = limit;
  return [
    ["ratelimit-policy", `"${policy.name}";q=${policy.quota};w=${policy.windowSeconds}`],
    ["ratelimit", `"${policy.name}";r=${taken.remaining};t=${taken.resetSeconds}`],
  ];
}

/** Throws when the quota is used up; what was counted is left for the headers of the answer. */
async function count(c: Context<App>, caller: Caller): Promise<void> {
  const runtime = c.get("runtime");
  const shut = shutSeconds(runtime, caller);
  const policy = shut > 0 ? policyOf(runtime, "anonymous") : policyFor(runtime, caller);
  const taken =
    shut > 0
      ? { allowed: false, limit: policy.quota, remaining: 0, resetSeconds: shut }
      : await runtime.ports.limiter?.take(caller.key, policy);
  if (taken === undefined || taken === "unavailable") return;
  c.set("limit", { policy, taken });
  if (taken.allowed) return;
  const { quota, windowSeconds, name } = policy;
  throw new Fault("limited", "rate_limited", {
    detail: `${quota} requests in ${windowSeconds} seconds are allowed here; wait ${taken.resetSeconds} seconds.`,
    "violated-policies": [name],
    retryAfter: taken.resetSeconds,
  });
}

/** One more policy for the same caller, where only the body says what is wanted. */
export async function countUnder(c: Context<App>, name: PolicyName): Promise<void> {
  const runtime = c.get("runtime");
  if (!runtime.ports.limiter) return;
  await count(c, { ...(await callerOf(c)), policy: policyOf(runtime, name) });
}

/** For the console, which mounts it among its pages, so that a refusal is a page too. */
export const limitedPages: MiddlewareHandler<App> = async (c, next) => {
  if (!c.get("runtime").ports.limiter) return next();
  const caller = await callerOf(c);
  await count(c, caller);
  await next();
  remember(c, caller);
};

/** For everybody else. */
export const limited: MiddlewareHandler<App> = (c, next) =>
  isUnlimited(c.req.path) || /^\/console(\/|$)/.test(c.req.path) ? next() : limitedPages(c, next);
