/** Telegram's door: `POST /v1/hooks/telegram/owner`. Whatever it sends is answered 200, because it repeats everything else. */
import type { Context } from "hono";
import { hearTelegram } from "#brain/identity/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { readBytes } from "../body.ts";
import { sameBytes } from "../digest.ts";
import { type App, contextOf } from "../runtime.ts";

const header = "x-telegram-bot-api-secret-token";
const bytes = (text: string) => new TextEncoder().encode(text);

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

/** Numbers as they were written: an id above 2^53 would come out as another one. */
const exact: Reviver = (_key, value, context) =>
  typeof value === "number" ? (context?.source ?? String(value)) : value;

type Message = { from?: { id?: unknown }; chat?: { id?: unknown; type?: unknown }; text?: unknown };
type Update = { update_id?: unknown; message?: Message } | null;

function updateOf(body: Uint8Array): Update {
  try {
    return JSON.parse(new TextDecoder().decode(body), exact) as Update;
  } catch {
    return null;
  }
}

/** What somebody wrote to the bot in a chat of two; nothing else can bind. */
function writtenIn(update: Update) {
  const { from, chat, text } = update?.message ?? {};
  const isId = (value: unknown): value is string => typeof value === "string" && /^-?[0-9]{1,20}$/.test(value);
  if (!isId(update?.update_id) || !isId(from?.id) || !isId(chat?.id) || chat.type !== "private") return undefined;
  if (typeof text !== "string" || text.includes("\u0000") || !text.isWellFormed()) return undefined;
  return { update: update.update_id, user: from.id, chat: chat.id, text };
}

export async function receiveTelegram(c: Context<App>): Promise<Response> {
  const secret = c.get("runtime").telegramSecret;
  if (!secret) throw new Fault("unavailable", "telegram_not_configured");
  if (!sameBytes(bytes(c.req.header(header) ?? ""), bytes(secret))) {
    throw new Fault("unauthenticated", "secret_token_invalid");
  }
  const written = writtenIn(updateOf(await readBytes(c.req.raw)));
  if (!written) return c.json({ outcome: "ignored" });
  return c.json(await hearTelegram.run(contextOf(c, { kind: "none" }), written));
}
