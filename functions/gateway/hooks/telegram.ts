/** Telegram's door to the installation's bot: `POST /v1/hooks/telegram/owner`. What it sends is answered 200, because it repeats the rest. */
import type { Context } from "hono";
import { type Heard, hearChat } from "#brain/assistant/index.ts";
import { hearTelegram } from "#brain/identity/index.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { readBytes } from "../body.ts";
import { sameBytes } from "../digest.ts";
import { type App, contextOf } from "../runtime.ts";
import { objectIn, textIn } from "./provider.ts";

const header = "x-telegram-bot-api-secret-token";
const bytes = (text: string) => new TextEncoder().encode(text);

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

/** Numbers as they were written: an id above 2^53 would come out as another one. */
const exact: Reviver = (_key, value, context) =>
  typeof value === "number" ? (context?.source ?? String(value)) : value;

type Json = Record<string, unknown>;

function updateOf(body: Uint8Array): Json {
  try {
    return objectIn(JSON.parse(new TextDecoder().decode(body), exact));
  } catch {
    return {};
  }
}

const isId = (value: unknown): value is string => typeof value === "string" && /^-?[0-9]{1,20}$/.test(value);

/** What a message is that holds no text. */
const kinds = {
  voice: ["voice", "audio", "video_note"],
  picture: ["photo", "video", "animation", "document"],
  sticker: ["sticker"],
  other: ["location", "venue", "contact", "poll", "dice", "story", "game"],
} as const;
const kindOf = (message: Json) =>
  (Object.keys(kinds) as (keyof typeof kinds)[]).find((kind) =>
    kinds[kind].some((name) => message[name] !== undefined),
  );

/** Whose chat of two it is; groups and channels are nobody's, and a bot is no person. */
function whoIn(from: Json, chat: Json) {
  if (!isId(from["id"]) || !isId(chat["id"]) || chat["type"] !== "private" || from["is_bot"] === true) return undefined;
  return { user: from["id"], chat: chat["id"], language: (textIn(from["language_code"]) ?? "").slice(0, 40) };
}

function pressIn(update: string, query: Json): Heard | undefined {
  const message = objectIn(query["message"]);
  const who = whoIn(objectIn(query["from"]), objectIn(message["chat"]));
  const [id, data] = [textIn(query["id"]), textIn(query["data"])];
  if (!who || !id || !data) return undefined;
  const number = message["message_id"];
  return {
    ...who,
    update,
    kind: "button",
    id: id.slice(0, 100),
    data: data.slice(0, 64),
    message: isId(number) ? number : null,
  };
}

/** Digits: wordings of a message are put in order by it, as a bigint. */
const longestUpdate = 18;

/** Undefined for what nobody answers: another kind of update, a service message, bytes that no text is made of. */
function heardIn(body: Json): Heard | undefined {
  const update = body["update_id"];
  if (!isId(update) || update.length > longestUpdate) return undefined;
  if (body["callback_query"]) return pressIn(update, objectIn(body["callback_query"]));
  const edited = body["edited_message"] !== undefined;
  const message = objectIn(edited ? body["edited_message"] : body["message"]);
  const who = whoIn(objectIn(message["from"]), objectIn(message["chat"]));
  if (!who) return undefined;
  const text = textIn(message["text"]);
  const number = message["message_id"];
  if (text !== null) {
    const isText = isId(number) && text !== "" && !text.includes("\u0000") && text.isWellFormed();
    return isText ? { ...who, update, kind: "text", message: number, text, edited } : undefined;
  }
  const what = edited ? undefined : kindOf(message);
  return what && { ...who, update, kind: "other", what };
}

const isOwners = (heard: Heard): heard is Extract<Heard, { kind: "text" }> =>
  heard.kind === "text" && !heard.edited && /^\/bind(?![a-z_])/.test(heard.text);

export async function receiveTelegram(c: Context<App>): Promise<Response> {
  const secret = c.get("runtime").telegramSecret;
  if (!secret) throw new Fault("unavailable", "telegram_not_configured");
  if (!sameBytes(bytes(c.req.header(header) ?? ""), bytes(secret))) {
    throw new Fault("unauthenticated", "secret_token_invalid");
  }
  const heard = heardIn(updateOf(await readBytes(c.req.raw)));
  if (!heard) return c.json({ outcome: "ignored" });
  const ctx = contextOf(c, { kind: "none" });
  if (isOwners(heard)) {
    const { update, user, chat, text } = heard;
    return c.json(await hearTelegram.run(ctx, { update, user, chat, text }));
  }
  // One method of the Bot API may be called by the response itself.
  const { outcome, answer } = await hearChat.run(ctx, heard);
  return c.json(answer ?? { outcome });
}
