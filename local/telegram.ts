/** Telegram on the laptop: one bot's API, a telephone as a page, and updates to the webhook as Telegram delivers them. */
import { readFileSync } from "node:fs";
import { type Answer, type Asked, listen } from "./loopback.ts";
import { botMethods, type Hook, refuse } from "./telegram/bot.ts";
import { phoneDesk } from "./telegram/phone.ts";
import { openTalk } from "./telegram/talk.ts";
import { updateCourier } from "./telegram/updates.ts";

export type TelegramOptions = {
  port?: number;
  token: string;
  /** The time of messages. */
  clock?: { now(): Date };
  /** Whose telephone the page is: his id at Telegram. */
  person?: string;
  /** Milliseconds before an update that was not taken is tried again; twice as long before each further time. */
  retryMs?: number;
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
    /** Delivers to the webhook with its secret header, once; resolves with the status. */
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

type Refusal = Parameters<typeof refuse>[0];

/** Larger than 32 bits, as theirs are. */
const PERSON = "5200000001";
const RETRY_MS = 1000;

const script = (): Answer => ({
  status: 200,
  headers: { "content-type": "text/javascript; charset=utf-8" },
  bytes: readFileSync(new URL("./telegram/phone.mjs", import.meta.url)),
});

export async function startTelegram(options: TelegramOptions): Promise<LocalTelegram> {
  const now = () => (options.clock?.now() ?? new Date()).getTime();
  const sent: Sent[] = [];
  const talk = openTalk(now);
  let hook: Hook | null = null;
  let refusal: Refusal | null = null;
  let lastUpdate = 0;
  const updateId = (): number => (lastUpdate = Math.max(lastUpdate + 1, now()));

  const call = botMethods({
    talk,
    setHook: (given) => {
      hook = given;
    },
    hookInfo: () => ({ url: hook?.url ?? "", ...courier.info() }),
    refusal: () => refusal,
    onSent: ({ id, chat, text, date }) => {
      sent.push({ message_id: id, chat_id: chat, text, date });
      options.onSent?.(text);
    },
  });
  const courier = updateCourier({ hook: () => hook, call, retryMs: options.retryMs ?? RETRY_MS });
  const phone = phoneDesk({ person: options.person ?? PERSON, talk, now, updateId, push: courier.push });

  function handle(asked: Asked): Answer {
    const url = new URL(asked.target, "http://telegram.invalid");
    if (asked.method === "GET" && url.pathname === "/sent") return { status: 200, json: sent };
    if (asked.method === "GET" && url.pathname === "/phone.js") return script();
    const page = phone(asked, url);
    if (page) return page;
    const [, token, name = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(url.pathname) ?? [];
    if (token !== options.token) return refuse({ status: 401, description: "Unauthorized" });
    const { body } = asked;
    return call(name, body.length === 0 ? {} : (JSON.parse(body.toString("utf8")) as Record<string, unknown>));
  }

  /** Written by hand: ids may be larger than a number of JavaScript holds exactly. */
  function written({ from, text, chat = from, update }: Written): string {
    const id = updateId();
    const message = `{"message_id":${id},"date":${Math.floor(now() / 1000)},"chat":{"id":${chat},"type":"private"},"from":{"id":${from},"is_bot":false,"first_name":"Someone"},"text":${JSON.stringify(text)}}`;
    return `{"update_id":${update ?? id},"message":${message}}`;
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
    updates: { send: async (given) => courier.deliver(written(given)) },
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
    close: async () => {
      courier.close();
      await server.close();
    },
  };
}
