/** How many requests who may make: which policy applies, and by what a caller is told from others. */
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { LimitPolicy } from "#brain/kernel/ports.ts";
import { unsubscribePath } from "#brain/outbound/index.ts";
import { cookieName } from "./actor.ts";
import { networkOf } from "./network.ts";
import { defaultQuotas, type PolicyName } from "./quotas.ts";
import type { App, Runtime } from "./runtime.ts";

export const policyOf = (runtime: Pick<Runtime, "quotas">, name: PolicyName): LimitPolicy => ({
  name,
  quota: runtime.quotas?.[name] ?? defaultQuotas[name],
  windowSeconds: 60,
});

const special: Record<string, PolicyName> = {
  "POST /v1/ask": "ask",
  "POST /console/ask": "ask",
  "POST /v1/identity/login": "login",
  "POST /console/login": "login",
  "POST /v1/auth/signup/start": "login",
  "POST /console/signup": "login",
  "POST /v1/identity/password/confirm": "login",
  "POST /console/confirm": "login",
  "POST /v1/identity/password/change": "login",
  "POST /console/password": "login",
};

/** Through a door that all verbs share, these are counted on their own as well. */
export const verbPolicies: Readonly<Record<string, PolicyName>> = { "memory.ask": "ask" };

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
  const runtime = c.get("runtime");
  const keyed = async (text: string) => (await runtime.ports.secrets.mac(`limit ${text}`)).slice(0, 22);
  const address = await keyed(`address ${networkOf(c.req.header("cf-connecting-ip") ?? "")}`);
  const name = c.req.path.startsWith(`${unsubscribePath}/`) ? "unsubscribe" : special[`${c.req.method} ${c.req.path}`];
  const shown = c.req.header("authorization") ?? getCookie(c, cookieName(runtime.settings.publicUrl));
  // Doors for people who have no credential, or not yet.
  const open = name === "login" || name === "unsubscribe" ? name : undefined;
  if (shown === undefined || open) return { policy: policyOf(runtime, open ?? "anonymous"), key: address, address };
  return { policy: policyOf(runtime, name ?? "caller"), key: await keyed(`credential ${shown}`), address };
}
