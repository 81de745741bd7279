/** How many requests who may make: the numbers, which of them applies, and by what a caller is told from others. */
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { LimitPolicy } from "#brain/kernel/ports.ts";
import { unsubscribePath } from "#brain/outbound/index.ts";
import { cookieName } from "./actor.ts";
import { networkOf } from "./network.ts";
import type { App } from "./runtime.ts";

export const policies = {
  /** An API key or a session. */
  caller: { name: "caller", quota: 600, windowSeconds: 60 },
  /** Asking costs a search and perhaps a language model. */
  ask: { name: "ask", quota: 30, windowSeconds: 60 },
  /** By address, when nobody says who he is. */
  anonymous: { name: "anonymous", quota: 120, windowSeconds: 60 },
  /** By address, before a password is hashed; Postgres counts tries by username and fails closed. */
  login: { name: "login", quota: 30, windowSeconds: 60 },
  /** By address: a mail provider posts for all of its users from a few. */
  unsubscribe: { name: "unsubscribe", quota: 1200, windowSeconds: 60 },
} as const satisfies Record<string, LimitPolicy>;

const special: Record<string, LimitPolicy> = {
  "POST /v1/ask": policies.ask,
  "POST /console/ask": policies.ask,
  "POST /v1/identity/login": policies.login,
  "POST /console/login": policies.login,
  "POST /v1/auth/signup/start": policies.login,
  "POST /console/signup": policies.login,
};

/** Through a door that all verbs share, these are counted on their own as well. */
export const verbPolicies: Readonly<Record<string, LimitPolicy>> = { "memory.ask": policies.ask };

/** Senders who come once and must be heard, deliveries that are signed, and whoever asks whether we are alive. */
export const isUnlimited = (path: string): boolean => /^\/(v1\/hooks|jobs)\/|^\/(healthz|readyz)$/.test(path);

export type Caller = {
  policy: LimitPolicy;
  /** What is counted: keyed hashes, so that neither secrets nor addresses stand in Redis. */
  key: string;
  /** The same for the address; it is the key itself where no credential was shown. */
  address: string;
};

/** The key goes over the whole credential: who knows but the id of another's key cannot use up its quota. */
export async function callerOf(c: Context<App>): Promise<Caller> {
  const { secrets } = c.get("runtime").ports;
  const keyed = async (text: string) => (await secrets.mac(`limit ${text}`)).slice(0, 22);
  const address = await keyed(`address ${networkOf(c.req.header("cf-connecting-ip") ?? "")}`);
  const policy = c.req.path.startsWith(`${unsubscribePath}/`)
    ? policies.unsubscribe
    : special[`${c.req.method} ${c.req.path}`];
  const shown = c.req.header("authorization") ?? getCookie(c, cookieName(c.get("runtime").settings.publicUrl));
  // Doors for people who have no credential, or not yet.
  const isOpen = policy === policies.login || policy === policies.unsubscribe;
  if (shown === undefined || isOpen) return { policy: isOpen ? policy : policies.anonymous, key: address, address };
  return { policy: policy ?? policies.caller, key: await keyed(`credential ${shown}`), address };
}
