/** The door of a project's own Telegram bot, to which customers write in chats of two: `/v1/hooks/telegram/{source}`. */
import { verifySecretToken } from "../signatures.ts";
import { idIn, jsonOf, kept, objectIn, type ProviderDoor, providerDoor, type Said, textIn } from "./provider.ts";

type Json = Record<string, unknown>;

const files = ["document", "photo", "voice", "audio", "video", "video_note", "sticker"];

/** Of a photo's sizes the last is the largest. */
const fileOf = (value: unknown): Json | undefined =>
  Array.isArray(value) ? objectIn(value.at(-1)) : value === undefined ? undefined : objectIn(value);

const attachmentsOf = (message: Json) =>
  files.flatMap((kind) => {
    const file = fileOf(message[kind]);
    if (!file) return [];
    const type = textIn(file["mime_type"]) ?? kind;
    return [
      {
        name: textIn(file["file_name"]),
        type,
        bytes: typeof file["file_size"] === "number" ? file["file_size"] : null,
        url: null,
      },
    ];
  });

const instantOf = (seconds: unknown, now: Date): string => {
  const at = Number(seconds) * 1000;
  return (at > 0 && at <= now.getTime() + 86_400_000 ? new Date(at) : now).toISOString();
};

type Update = { update: string; bot: string; message: Json; isEdit: boolean; now: Date };

function textOf({ update, bot, message, isEdit, now }: Update): Said | undefined {
  const [chat, from] = [objectIn(message["chat"]), objectIn(message["from"])];
  const [chatId, number] = [idIn(chat["id"]), idIn(message["message_id"])];
  // Groups and channels are nobody's conversation with the house; a bot is no customer.
  if (!chatId || !number || chat["type"] !== "private" || from["is_bot"] === true) return undefined;
  const name = [textIn(from["first_name"]), textIn(from["last_name"])].filter((part) => part).join(" ");
  const answered = idIn(objectIn(message["reply_to_message"])["message_id"]);
  const told = {
    channel: "telegram" as const,
    address: chatId,
    name: name || null,
    to: { kind: "telegram_bot", account: bot },
    providerMessageId: `${chatId}:${number}`,
    subject: null,
    body: textIn(message["text"]) ?? textIn(message["caption"]) ?? "",
    cutAt: null,
    attachments: attachmentsOf(message),
    mailId: null,
    refs: [],
    tag: null,
    automatic: false,
    ts: instantOf(message["date"], now),
    editedAt: isEdit ? instantOf(message["edit_date"], now) : null,
    meta: { provider_id: `${chatId}:${number}`, ...(answered ? { replies_to: `${chatId}:${answered}` } : {}) },
  };
  return {
    heard: [{ delivery: `update:${update}`, event: isEdit ? "edited_message" : "message", message: told, raw: null }],
    reports: [],
  };
}

export const telegramBotDoor: ProviderDoor = {
  provider: "telegram",
  kind: "telegram_bot",
  limit: 256 * 1024,
  prove: async (call, secret) => verifySecretToken(call.header("x-telegram-bot-api-secret-token"), secret),
  read: (call, source) => {
    const body = jsonOf(call.body);
    const update = idIn(body["update_id"]) ?? "";
    const isEdit = body["edited_message"] !== undefined;
    const message = body["message"] ?? body["edited_message"];
    const said =
      message && update
        ? textOf({ update, bot: source.account, message: objectIn(message), isEdit, now: call.now })
        : undefined;
    const [type = "update"] = Object.keys(body).filter((key) => key !== "update_id");
    return said ?? kept(update ? `update:${update}` : null, type, body);
  },
};

export const receiveTelegramBot = providerDoor(telegramBotDoor);
