/** Texts to one person through a Telegram bot: methods of the Bot API, their refusals as ProviderFailure. */
import * as z from "zod/v4";
import { type BotCall, type Messenger, ProviderFailure } from "#brain/kernel/ports.ts";

export type TelegramSettings = {
  /** Base: `https://api.telegram.org`. */
  url: string;
  token: string;
  timeoutMs?: number;
};

/** Somebody waits for the answer. */
const patienceMs = 10_000;
/** Telegram takes 1 to 4096 characters. */
const longest = 4096;

const reply = () =>
  z.object({ ok: z.boolean(), parameters: z.object({ retry_after: z.number().optional() }).optional() });

export function telegram({ url, token, timeoutMs = patienceMs }: TelegramSettings): Messenger {
  const base = `${url.replace(/\/$/, "")}/bot${token}`;
  const call = async ({ method, ...given }: BotCall): Promise<void> => {
    const response = await post(`${base}/${method}`, { body: JSON.stringify(given), timeoutMs });
    const read = reply().safeParse(await response.json().catch(() => undefined));
    if (response.ok && read.data?.ok === true) return;
    throw refusal(response.status, read.data?.parameters?.retry_after);
  };
  return {
    call,
    send: (to, text) => call({ method: "sendMessage", chat_id: to, text: text.slice(0, longest) }),
  };
}

/** The address holds the token, so what fetch says about it stays inside. */
async function post(address: string, given: { body: string; timeoutMs: number }): Promise<Response> {
  const signal = AbortSignal.timeout(given.timeoutMs);
  const headers = { "content-type": "application/json" };
  try {
    const response = await fetch(address, { method: "POST", headers, body: given.body, signal });
    return new Response(await response.arrayBuffer(), { status: response.status });
  } catch (thrown) {
    const isLate = thrown instanceof Error && thrown.name === "TimeoutError";
    throw new ProviderFailure(isLate ? "telegram_timeout" : "telegram_unreachable", { retryable: true });
  }
}

function refusal(status: number, retryAfterSeconds: number | undefined): ProviderFailure {
  if (status === 429) return new ProviderFailure("rate_limited", { retryable: true, retryAfterSeconds });
  if (status === 403) return new ProviderFailure("telegram_blocked", { retryable: false, blames: "input" });
  if (status >= 500) return new ProviderFailure("telegram_failed", { retryable: true });
  return new ProviderFailure(`telegram_refused_${status}`, { retryable: false });
}
