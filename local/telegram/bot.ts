/** The Bot API's methods, as far as ours are called: over HTTP, or in the answer to an update. */
import type { Answer } from "../loopback.ts";
import type { Button, Line, Talk } from "./talk.ts";

type Refusal = { status: number; description: string; parameters?: { retry_after: number } };
type Given = Record<string, unknown>;

export const refuse = ({ status, description, parameters }: Refusal): Answer => ({
  status,
  json: { ok: false, error_code: status, description, ...(parameters ? { parameters } : {}) },
});
const grant = (result: unknown): Answer => ({ status: 200, json: { ok: true, result } });
const bad = (description: string): Answer => refuse({ status: 400, description: `Bad Request: ${description}` });

/** The largest text, in characters; and of a button's data, in bytes. */
const LONGEST = 4096;
const LONGEST_DATA = 64;
const BOT = { id: 7_000_000_001, is_bot: true, first_name: "Omneuro", username: "omneuro_local_bot" };

export type Hook = { url: string; secret: string; allowed: readonly string[] };

export type BotOptions = {
  talk: Talk;
  setHook(hook: Hook | null): void;
  hookInfo(): { url: string; pending: number; lastError: string };
  /** How every sending is refused for now. */
  refusal(): Refusal | null;
  onSent(line: Line): void;
};

/** Undefined when a button holds more than the API takes. */
function keyboardIn(markup: unknown): Button[][] | undefined {
  const read = typeof markup === "string" ? (JSON.parse(markup) as unknown) : markup;
  const rows = (read as { inline_keyboard?: Button[][] } | undefined)?.inline_keyboard ?? [];
  const fits = rows
    .flat()
    .every(({ text, callback_data: data }) => text && data && Buffer.byteLength(data) <= LONGEST_DATA);
  return fits ? rows : undefined;
}

/** The text and buttons of a message, or why they are none. */
function contentIn({ text, reply_markup }: Given): { text: string; buttons: Button[][] } | Answer {
  if (typeof text !== "string" || text === "") return bad("message text is empty");
  if (text.length > LONGEST) return bad("message is too long");
  const buttons = keyboardIn(reply_markup);
  return buttons ? { text, buttons } : bad("BUTTON_DATA_INVALID");
}

const shown = ({ id, chat, text, date }: Line) => ({
  message_id: id,
  date,
  from: BOT,
  chat: { id: Number(chat), type: "private" },
  text,
});

export function botMethods({ talk, setHook, hookInfo, refusal, onSent }: BotOptions) {
  function sendMessage(given: Given): Answer {
    if (given["chat_id"] === undefined) return bad("chat_id is empty");
    const content = contentIn(given);
    if (!("buttons" in content)) return content;
    const refused = refusal();
    if (refused) return refuse(refused);
    const line = talk.put({ chat: String(given["chat_id"]), own: false, ...content });
    onSent(line);
    return grant(shown(line));
  }

  function editMessageText(given: Given): Answer {
    const line = talk.find(String(given["chat_id"]), Number(given["message_id"]));
    if (!line || line.own) return bad("message to edit not found");
    const content = contentIn(given);
    if (!("buttons" in content)) return content;
    if (line.text === content.text && JSON.stringify(line.buttons) === JSON.stringify(content.buttons))
      return bad("message is not modified");
    Object.assign(line, content, { edited: true });
    return grant(shown(line));
  }

  function answerCallbackQuery({ callback_query_id, text }: Given): Answer {
    if (!talk.pressed.delete(String(callback_query_id)))
      return bad("query is too old and response timeout expired or query ID is invalid");
    talk.toast = typeof text === "string" ? text : "";
    return grant(true);
  }

  const methods: Record<string, (given: Given) => Answer> = {
    getme: () => grant(BOT),
    sendmessage: sendMessage,
    editmessagetext: editMessageText,
    answercallbackquery: answerCallbackQuery,
    setwebhook: ({ url, secret_token, allowed_updates }) => {
      const allowed = Array.isArray(allowed_updates) ? allowed_updates.map(String) : [];
      setHook(url ? { url: String(url), secret: String(secret_token ?? ""), allowed } : null);
      return grant(true);
    },
    getwebhookinfo: () => {
      const { url, pending, lastError } = hookInfo();
      const error = lastError ? { last_error_message: lastError } : {};
      return grant({ url, has_custom_certificate: false, pending_update_count: pending, ...error });
    },
  };

  /** Names are not case-sensitive. */
  return (name: string, given: Given): Answer => {
    const act = methods[name.toLowerCase()];
    return act ? act(given) : refuse({ status: 404, description: "Not Found" });
  };
}
