// The Telegram stand-in and the adapter that speaks to it.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Loopback, listen } from "#local/loopback.ts";
import { type LocalTelegram, startTelegram } from "#local/telegram.ts";
import { telegram } from "#providers/telegram.ts";

const token = "7000000001:abcdefghijklmnopqrstuvwxyz";
let stand: LocalTelegram;
beforeEach(async () => {
  stand = await startTelegram({ token, retryMs: 5 });
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

describe("the telephone", () => {
  type Update = Record<string, Record<string, unknown>>;
  let updates: Update[];
  let answers: { status: number; json?: unknown }[];
  let worker: Loopback;
  const post = (path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    fetch(stand.url + path, { method: "POST", body: new URLSearchParams(form), headers, redirect: "manual" });
  const talk = async () => (await fetch(`${stand.url}/talk`)).text();
  const arrived = (count: number) => vi.waitFor(() => expect(updates).toHaveLength(count));
  const idIn = (html: string, action: string) =>
    new RegExp(`action="/${action}"><input type="hidden" name="id" value="(\\d+)"`).exec(html)?.[1] ?? "";

  beforeEach(async () => {
    [updates, answers] = [[], []];
    worker = await listen({
      handle: ({ headers, body }) => {
        if (headers["x-telegram-bot-api-secret-token"] !== "s3cret") return { status: 401 };
        updates.push(JSON.parse(body.toString("utf8")) as Update);
        return answers.shift() ?? { status: 200, json: { outcome: "ignored" } };
      },
    });
    const allowed = ["message", "edited_message", "callback_query"];
    await call("setWebhook", { url: worker.url, secret_token: "s3cret", allowed_updates: allowed });
  });
  afterEach(() => worker.close());

  test("what is typed arrives as Telegram tells it, again until it is taken, and the answer's method is carried out", async () => {
    const keyboard = { inline_keyboard: [[{ text: "Undo", callback_data: "u:e:cap_1" }]] };
    const says = { method: "sendMessage", chat_id: "5200000001", text: "Task: <Call Bo>", reply_markup: keyboard };
    answers.push({ status: 503 }, { status: 500 }, { status: 200, json: says });
    expect((await post("/say", { text: "Call Bo" })).status).toBe(303);
    await arrived(3);
    expect(new Set(updates.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(updates[0]).toMatchObject({
      update_id: expect.any(Number),
      message: { text: "Call Bo", chat: { id: 5_200_000_001, type: "private" }, from: { is_bot: false } },
    });
    await vi.waitFor(async () => expect(await talk()).toContain("Task: &lt;Call Bo&gt;"));
    expect(await talk()).toContain("delivered after 3 tries");

    const html = await talk();
    await post("/press", { id: idIn(html, "press"), data: "u:e:cap_1" });
    await arrived(4);
    expect(updates[3]).toMatchObject({
      callback_query: { data: "u:e:cap_1", message: { message_id: Number(idIn(html, "press")) } },
    });
    const query = String(updates[3]?.["callback_query"]?.["id"]);
    expect(await call("answerCallbackQuery", { callback_query_id: query })).toMatchObject({ status: 200 });
    expect(await call("answerCallbackQuery", { callback_query_id: query })).toMatchObject({ status: 400 });
    const edit = { chat_id: "5200000001", message_id: Number(idIn(html, "press")), text: "Taken back." };
    expect(await call("editMessageText", edit)).toMatchObject({ status: 200 });
    expect(await call("editMessageText", edit)).toMatchObject({ status: 400 });
    expect(await talk()).not.toContain("u:e:cap_1");
  });

  test("edits, sends twice, speaks; no other site writes here, and nothing presses what is not there", async () => {
    await post("/say", { text: "Call Bo" });
    await arrived(1);
    const id = idIn(await talk(), "again");
    await post("/again", { id });
    await arrived(2);
    expect(updates[1]).toEqual(updates[0]);
    expect(await (await fetch(`${stand.url}/?edit=${id}`)).text()).toContain("Call Bo</textarea>");
    await post("/edit", { id, text: "Call Eva" });
    await arrived(3);
    expect(updates[2]).toMatchObject({
      edited_message: { message_id: Number(id), text: "Call Eva", edit_date: expect.any(Number) },
    });
    await post("/voice");
    await arrived(4);
    expect(updates[3]).toMatchObject({ message: { voice: { duration: 3 } } });
    expect((await post("/say", { text: "x" }, { origin: "http://elsewhere.example" })).status).toBe(403);
    await post("/press", { id, data: "u:e:cap_1" });
    const long = {
      chat_id: "5200000001",
      text: "x",
      reply_markup: { inline_keyboard: [[{ text: "x", callback_data: "x".repeat(65) }]] },
    };
    expect(await call("sendMessage", long)).toMatchObject({ status: 400 });
    expect(updates).toHaveLength(4);
  });
});
