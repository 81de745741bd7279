/** One message of an agent on its way to the verbs and back. */
import type { Ctx } from "#brain/kernel/ctx.ts";
import { Fault } from "#brain/kernel/fault.ts";
import type { PolicyName } from "../quotas.ts";

export type Exchange = {
  ctx: Ctx;
  /** Counts this call under one more policy; throws when that is used up. */
  count(policy: PolicyName): Promise<void>;
  /** Set when HTTP itself must refuse: the answer is then 401, 403 or 429, whatever JSON-RPC would say. */
  refused?: Fault;
};

/** Not a tool's failure but a caller who may not: no key, too little of a key, too often. */
export function isRefusal(thrown: unknown, needs: string): thrown is Fault {
  if (!(thrown instanceof Fault)) return false;
  if (thrown.kind === "unauthenticated" || thrown.kind === "limited") return true;
  return thrown.code === "permission_missing" && (thrown.extra["permission"] ?? needs) === needs;
}
