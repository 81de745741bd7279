// The Telegram stand-in and the adapter that speaks to it.
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalTelegram, startTelegram } from "#local/telegram.ts";
import { telegram } from "#providers/telegram.ts";

const token = "7000000001:abcdefghijklmnopqrstuvwxyz";
let stand: LocalTelegram;
beforeEach(async () => {
  stand = await startTelegram({ token });
});
afterEach(() => stand.close());

const call = async (name: string, body: unknown, as = token) => {
  const answer = await fetch(`${stand.url}/bot${as}/${name}`, { method: "POST", body: JSON.stringify(body) });
  return {
    status: answer.status,
    body: (await answer.json()) as { ok: boolean; error_code?: number; result?: unknown },
  };
};

test("a text arrives, is kept, and stands escaped on the page", async () => {
  await telegram({ url: stand.url, token }).send("9007199254740993", "PIN 123456 <b>");
  expect(stand.sent).toMatchObject([{ chat_id: "9007199254740993", text: "PIN 123456 <b>" }]);
  expect(await (await fetch(`${stand.url}/sent`)).json()).toHaveLength(1);
  const page = await (await fetch(stand.url)).text();
  expect(page).toContain("PIN 123456 &lt;b&gt;");
});

test("refusals have names, and none of them holds the token", async () => {
  const bot = telegram({ url: stand.url, token });
  stand.faults.block();
  await expect(bot.send("1", "x")).rejects.toMatchObject({ code: "telegram_blocked", retryable: false });
  stand.faults.limit(7);
  await expect(bot.send("1", "x")).rejects.toMatchObject({
    code: "rate_limited",
    retryable: true,
    retryAfterSeconds: 7,
  });
  stand.faults.ok();
  await expect(bot.send("1", "")).rejects.toMatchObject({ code: "telegram_refused_400", retryable: false });
  const wrong = telegram({ url: stand.url, token: "1:wrong" });
  await expect(wrong.send("1", "x")).rejects.toMatchObject({ code: "telegram_refused_401" });
  const nowhere = telegram({ url: "http://127.0.0.1:1", token });
  const failure = await nowhere.send("1", "x").catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({ code: "telegram_unreachable" });
  expect(`${String(failure)} ${String((failure as Error).cause)} ${(failure as Error).stack}`).not.toContain(token);
});

test("the API's own words: an unknown method, a missing chat, the bot itself", async () => {
  expect(await call("getMe", {})).toMatchObject({ status: 200, body: { ok: true, result: { is_bot: true } } });
  expect(await call("nothing", {})).toMatchObject({ status: 404, body: { ok: false, error_code: 404 } });
  expect(await call("sendMessage", { text: "x" })).toMatchObject({ status: 400 });
  expect(await call("getMe", {}, "1:x")).toMatchObject({ status: 401 });
  await expect(stand.updates.send({ from: 1, text: "/bind" })).rejects.toThrow("no webhook");
});
