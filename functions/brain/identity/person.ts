/** What only a person who is signed in may do: a key acts for a project, not for somebody. */
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";

export function assertPerson(ctx: Ctx): void {
  if (ctx.credential.kind === "session") return;
  throw new Fault("forbidden", "session_required", { detail: "Sign in for this; a key cannot do it." });
}
