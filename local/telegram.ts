/** Telegram on the laptop: one bot's API, and people who write to it; what the bot sent can be read on a page. */
import { type Answer, type Asked, listen } from "./loopback.ts";
import { sentPage } from "./telegram/page.ts";

export type TelegramOptions = {
  port?: number;
  token: string;
  /** The time of messages. */
  clock?: { now(): Date };
  /** Told about every text that the bot sends. */
  onSent?(text: string): void;
};

export type Sent = { message_id: number; chat_id: string; text: string; date: number };

/** Somebody writes to the bot in a chat of two. */
export type Written = { from: string | number; text: string; chat?: string | number; update?: string | number };

export type LocalTelegram = {
  port: number;
  url: string;
  sent: readonly Sent[];
  updates: {
    /** Delivers to the webhook with its secret header; resolves with the status. */
    send(written: Written): Promise<number>;
  };
  faults: {
    /** The user has blocked the bot: 403. */
    block(): void;
    /** 429 with so many seconds to wait. */
    limit(seconds: number): void;
    ok(): void;
  };
  close(): Promise<void>;
};

type Refusal = { status: number; description: string; parameters?: { retry_after: number } };
type Hook = { url: string; secret: string };

const refuse = ({ status, description, parameters }: Refusal): Answer => ({
  status,
  json: { ok: false, error_code: status, description, ...(parameters ? { parameters } : {}) },
});
const grant = (result: unknown): Answer => ({ status: 200, json: { ok: true, result } });

/** The largest text, in characters. */
const LONGEST = 4096;
const BOT = { id: 7_000_000_001, is_bot: true, first_name: "Omneuro", username: "omneuro_local_bot" };

export async function startTelegram(options: TelegramOptions): Promise<LocalTelegram> {
  const now = () => (options.clock?.now() ?? new Date()).getTime();
  const sent: Sent[] = [];
  let hook: Hook | null = null;
  let refusal: Refusal | null = null;
  let lastUpdate = 0;

  function sendMessage(given: Record<string, unknown>): Answer {
    const { chat_id, text } = given;
    if (chat_id === undefined) return refuse({ status: 400, description: "Bad Request: chat_id is empty" });
    if (typeof text !== "string" || text === "")
      return refuse({ status: 400, description: "Bad Request: message text is empty" });
    if (text.length > LONGEST) return refuse({ status: 400, description: "Bad Request: message is too long" });
    if (refusal) return refuse(refusal);
    const made = { message_id: sent.length + 1, chat_id: String(chat_id), text, date: Math.floor(now() / 1000) };
    sent.push(made);
    options.onSent?.(text);
    const { message_id, date } = made;
    return grant({ message_id, date, from: BOT, chat: { id: chat_id, type: "private" }, text });
  }

  const methods: Record<string, (given: Record<string, unknown>) => Answer> = {
    getme: () => grant(BOT),
    sendmessage: sendMessage,
    setwebhook: ({ url, secret_token }) => {
      hook = url ? { url: String(url), secret: String(secret_token ?? "") } : null;
      return grant(true);
    },
    getwebhookinfo: () => grant({ url: hook?.url ?? "", has_custom_certificate: false, pending_update_count: 0 }),
  };

  function handle({ method, target, body }: Asked): Answer {
    const { pathname } = new URL(target, "http://telegram.invalid");
    if (method === "GET" && pathname === "/sent") return { status: 200, json: sent };
    if (method === "GET" && pathname === "/") return sentPage(sent);
    const [, token, name] = /^\/bot([^/]+)\/(\w+)$/.exec(pathname) ?? [];
    if (token !== options.token) return refuse({ status: 401, description: "Unauthorized" });
    const act = methods[(name ?? "").toLowerCase()];
    if (!act) return refuse({ status: 404, description: "Not Found" });
    return act(body.length === 0 ? {} : (JSON.parse(body.toString("utf8")) as Record<string, unknown>));
  }

  async function deliver({ from, text, chat = from, update }: Written): Promise<number> {
    if (!hook) throw new Error("no webhook is set");
    lastUpdate = Math.max(lastUpdate + 1, now());
    // Written by hand: ids may be larger than a number of JavaScript holds exactly.
    const message = `{"message_id":${lastUpdate},"date":${Math.floor(now() / 1000)},"chat":{"id":${chat},"type":"private"},"from":{"id":${from},"is_bot":false,"first_name":"Someone"},"text":${JSON.stringify(text)}}`;
    const answer = await fetch(hook.url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": hook.secret },
      body: `{"update_id":${update ?? lastUpdate},"message":${message}}`,
    });
    await answer.arrayBuffer();
    return answer.status;
  }

  const server = await listen({
    ...(options.port === undefined ? {} : { port: options.port }),
    handle,
    failure: (description) => ({ ok: false, error_code: 500, description }),
  });
  return {
    port: server.port,
    url: server.url,
    sent,
    updates: { send: deliver },
    faults: {
      block: () => {
        refusal = { status: 403, description: "Forbidden: bot was blocked by the user" };
      },
      limit: (retry_after) => {
        refusal = { status: 429, description: "Too Many Requests", parameters: { retry_after } };
      },
      ok: () => {
        refusal = null;
      },
    },
    close: () => server.close(),
  };
}
