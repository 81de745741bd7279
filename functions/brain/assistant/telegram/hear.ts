/** What the bot hears, answered in the webhook's own response: written down, planned, taken back or chosen, as the person who sends it. */
import * as z from "zod/v4";
import type { Ctx } from "../../kernel/ctx.ts";
import { Fault } from "../../kernel/fault.ts";
import type { BotCall } from "../../kernel/ports.ts";
import { verb } from "../../kernel/verb.ts";

const telegramId = () => z.string().regex(/^-?[0-9]{1,20}$/);

/** An update of a chat of two, read. */
const Heard = () =>
  z.object({ update: telegramId(), user: telegramId(), chat: telegramId(), language: z.string().max(40) }).and(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("text"), message: telegramId(), text: z.string().min(1), edited: z.boolean() }),
      z.object({ kind: z.literal("other"), what: z.enum(["voice", "picture", "sticker", "other"]) }),
      z.object({
        kind: z.literal("button"),
        id: z.string().max(100),
        data: z.string().max(64),
        message: telegramId().nullable(),
      }),
    ]),
  );
export type Heard = z.output<ReturnType<typeof Heard>>;

/** `first` goes in the response; `later` is sent after it, where one method is not enough. */
export type Said = { outcome: "answered" | "bound" | "ignored"; first?: BotCall; later?: BotCall[] };

/** A bot that is silent tells nobody what it is for. */
const stranger = (thrown: unknown): boolean =>
  thrown instanceof Fault &&
  (thrown.kind === "unauthenticated" || thrown.code === "permission_missing" || thrown.code === "too_many_attempts");

function sendLater(ctx: Ctx, calls: BotCall[]): void {
  const { messenger } = ctx.ports;
  if (!messenger || calls.length === 0) return;
  ctx.after(async () => {
    for (const call of calls) await messenger.call(call);
  });
}

export const hearChat = verb(
  {
    name: "assistant.telegram.hear",
    summary: "An update of the bot, from somebody bound to a planner; a stranger gets no answer",
    needs: "assistant:use",
    scope: "none",
    doors: ["hook"],
    effect: "write",
    steps: 3,
    idempotency: "none",
    input: Heard,
    output: () =>
      z.object({
        outcome: z.enum(["answered", "bound", "ignored"]),
        answer: z.looseObject({ method: z.string() }).nullable(),
      }),
  },
  async (ctx, heard) => {
    const { respond } = await import("./conversation.ts");
    const said: Said = await respond(ctx, heard).catch((thrown: unknown) => {
      if (stranger(thrown)) return { outcome: "ignored" };
      throw thrown;
    });
    sendLater(ctx, said.later ?? []);
    return { outcome: said.outcome, answer: said.first ?? null };
  },
);
