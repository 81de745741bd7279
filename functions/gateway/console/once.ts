/** A form's change, made once however often it is sent: the page's own mark and what was typed are its key. */

import type * as z from "zod/v4";
import type { Ctx, Entry } from "#brain/kernel/ctx.ts";
import { Replay } from "#brain/kernel/fault.ts";
import type { Verb } from "#brain/kernel/verb.ts";
import { sha256 } from "../digest.ts";

type Sent<I extends z.ZodType, O extends z.ZodType> = {
  verb: Verb<I, O>;
  input: Record<string, unknown>;
  form: Map<string, string>;
};

export async function once<I extends z.ZodType, O extends z.ZodType>(ctx: Ctx, sent: Sent<I, O>): Promise<z.output<O>> {
  const { verb, input, form } = sent;
  const hash = await sha256(JSON.stringify([form.get("once") ?? "", input]));
  const idempotency: Entry["idempotency"] = { key: hash, route: `console ${verb.name}`, hash };
  return verb.run(ctx, input, idempotency).catch((thrown: unknown) => {
    if (thrown instanceof Replay) return verb.render(ctx, thrown.body);
    throw thrown;
  });
}
