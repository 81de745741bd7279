/** Whoever writes to the bot, as the person he is bound as: entered by his own door, with the rights of his membership now. */
import { sql } from "drizzle-orm";
import { as, type Ctx } from "../../kernel/ctx.ts";
import { Replay } from "../../kernel/fault.ts";
import type { Verb } from "../../kernel/verb.ts";

export type Sender = { user: string; chat: string };

/** `about`: a message, capture or question that leads to its project; `needed`: without it there is nothing to enter for. */
export type Claim = { about?: string; needed?: true };

/** Only a sender whom Telegram's secret has proven may be handed in here: the hook's verb alone does. */
export const personBehind = (ctx: Ctx, { user, chat, ...claim }: Sender & Claim): Ctx =>
  as(ctx, {
    credential: {
      kind: "proven",
      enter: (asked) =>
        sql`assistant.enter_telegram(${JSON.stringify({ sender: user, chat, ...claim })}::jsonb, ${asked})`,
    },
    entry: { permission: "assistant:use", scope: "project" },
  });

/** The same key is the same act: delivered again, it is answered with what was answered. */
export async function once<T>(
  person: Ctx,
  { verb, input, key }: { verb: Verb; input: unknown; key: string },
): Promise<T> {
  const answer = await verb.run(person, input, { key, route: "telegram", hash: key }).catch((thrown: unknown) => {
    if (!(thrown instanceof Replay)) throw thrown;
    return verb.render(person, thrown.body);
  });
  return answer as T;
}
