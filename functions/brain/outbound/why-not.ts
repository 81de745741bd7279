/** Why a guarded move of a message did not happen, in words that say what to do. */
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";
import { stateOf } from "./messages.ts";

export async function whyNot(ctx: Ctx, id: string, next: string): Promise<Fault> {
  const found = await stateOf(ctx, id);
  if (!found) return new Fault("not_found", "outbound_message_unknown");
  const { state, allowed, version } = found;
  if (!allowed.includes(next) && state !== next)
    return new Fault("conflict", "outbound_invalid_state", {
      state,
      allowed,
      detail: `It is ${state}; from there it can become ${allowed.join(", ") || "nothing else"}.`,
    });
  return new Fault("stale", "outbound_message_changed", {
    version,
    detail: "It has changed since you read it: read it again.",
  });
}
