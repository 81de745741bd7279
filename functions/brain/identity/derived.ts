/** Secrets that are shown once and stored nowhere: derived from a row's name, so that a repeated request shows them again. */
import { type SQL, sql } from "drizzle-orm";
import type { Ctx } from "../kernel/ctx.ts";
import { Fault } from "../kernel/fault.ts";

export const notShownAgain = "secret_not_shown_again";

/** Goes into the stored answer: which of the installation's keys the secret was made with. */
export const madeWith = (ctx: Ctx): SQL => sql`${ctx.ports.secrets.newest}::text as made_with`;

/** The secret of a stored answer. Under another key it would be another one, which opens nothing. */
export async function derivedAgain(ctx: Ctx, stored: Record<string, unknown>, name: string): Promise<string> {
  const secret = await ctx.ports.secrets.macWith(String(stored["made_with"]), name);
  if (secret !== undefined) return secret;
  throw new Fault("conflict", notShownAgain, {
    detail:
      "What this request made is there, but the server's key has changed since, so its secret cannot be shown again. Revoke or rotate it, and ask anew with a new Idempotency-Key.",
  });
}
