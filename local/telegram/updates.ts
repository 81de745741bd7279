/** Updates on their way to the webhook: with its secret, again until they are taken, and their answer carried out. */
import { setTimeout as wait } from "node:timers/promises";
import type { Hook } from "./bot.ts";

/** As often as one is tried; Telegram goes on for a day. */
const TRIES = 6;

export type UpdatesOptions = {
  hook(): Hook | null;
  /** A method of the Bot API, called by the answer to an update. */
  call(name: string, given: Record<string, unknown>): unknown;
  /** Before the second try; twice as long before each further one. */
  retryMs: number;
};

export type Delivered = { status: number; tries: number };

const kindOf = (body: string): string =>
  Object.keys(JSON.parse(body) as object).find((key) => key !== "update_id") ?? "";

export function updateCourier({ hook, call, retryMs }: UpdatesOptions) {
  const closing = new AbortController();
  let pending = 0;
  let lastError = "";

  /** One delivery; 0 when nobody answers. */
  async function deliver(body: string): Promise<number> {
    const to = hook();
    if (!to) throw new Error("no webhook is set");
    const headers = { "content-type": "application/json", "x-telegram-bot-api-secret-token": to.secret };
    const answer = await fetch(to.url, { method: "POST", headers, body, signal: closing.signal }).catch(
      () => undefined,
    );
    const text = (await answer?.text()) ?? "";
    const status = answer?.status ?? 0;
    if (status < 200 || status > 299) lastError = `Wrong response from the webhook: ${status}`;
    else carryOut(text);
    return status;
  }

  function carryOut(text: string): void {
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      return;
    }
    const { method, ...given } = (answer ?? {}) as Record<string, unknown>;
    if (typeof method === "string") call(method, given);
  }

  async function push(body: string): Promise<Delivered> {
    const allowed = hook()?.allowed ?? [];
    if (allowed.length > 0 && !allowed.includes(kindOf(body))) return { status: 0, tries: 0 };
    pending += 1;
    try {
      for (let tries = 1; ; tries++) {
        const status = await deliver(body);
        if ((status >= 200 && status <= 299) || tries === TRIES) return { status, tries };
        await wait(retryMs * 2 ** (tries - 1), undefined, { signal: closing.signal });
      }
    } finally {
      pending -= 1;
    }
  }

  return {
    deliver,
    push,
    info: () => ({ pending, lastError }),
    close: () => closing.abort(),
  };
}
