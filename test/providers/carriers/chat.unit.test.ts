// Chatwoot conversations and a Telegram bot as ways out.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { outsideUrl } from "#brain/kernel/outside-url.ts";
import { chatwootCarrier } from "#providers/carriers/chatwoot.ts";
import { carriers } from "#providers/carriers/index.ts";
import { carrierOf, type Office, openOffice, outgoing, questionAbout } from "#test/kit/carriers.ts";

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());
beforeEach(() => office.troubles.ok());

describe("Chatwoot", () => {
  const chat = (more: Parameters<typeof outgoing>[0] = {}) =>
    outgoing({ channel: "chat", thread: { conversation: office.conversation }, ...more });
  const send = (message = chat()) => carrierOf(office, "chatwoot").send(office.account("chatwoot"), message);
  const lookup = (message: ReturnType<typeof chat>, since?: Date) =>
    carrierOf(office, "chatwoot").lookup(office.account("chatwoot"), questionAbout(message, since));

  test("gets an outgoing message that everybody sees, with our id kept in it", async () => {
    const message = chat();
    const answer = await send(message);
    const kept = office.chatwoot.account.messagesOf(office.conversation).at(-1);
    expect(answer).toEqual({ outcome: "accepted", id: String(kept?.id), state: "sent" });
    expect(kept).toMatchObject({
      type: "outgoing",
      private: false,
      content: message.text,
      contentAttributes: { omneuro_ref: message.ref },
    });
  });

  test("takes a conversation's number at the end of a mirrored id", async () => {
    const thread = { conversation: `cw:3f1c:7:${office.conversation}` };
    expect(await send(chat({ thread }))).toMatchObject({ outcome: "accepted" });
  });

  test("without a conversation, or with one that is gone, never gets the message", async () => {
    expect(await send(chat({ thread: {} }))).toEqual({ outcome: "refused", code: "conversation_missing" });
    expect(await send(chat({ thread: { conversation: "1/../../2" } }))).toMatchObject({ code: "conversation_missing" });
    expect(await send(chat({ thread: { conversation: 987654 } }))).toMatchObject({
      outcome: "refused",
      code: "conversation_missing",
      httpStatus: 404,
    });
  });

  test("refuses a wrong token for the sender, not for the message", async () => {
    const { account, secrets } = office.account("chatwoot");
    const answer = await carrierOf(office, "chatwoot").send({ account, secrets: { ...secrets, token: "x" } }, chat());
    expect(answer).toMatchObject({ outcome: "later", sender: true, httpStatus: 401 });
  });

  test("is read back page by page until the message is found, or the time before it", async () => {
    const since = new Date();
    const message = chat();
    office.troubles.next("chatwoot", { kind: "lose" });
    expect(await send(message)).toMatchObject({ outcome: "unknown" });
    const id = office.chatwoot.account.messagesOf(office.conversation).at(-1)?.id;
    for (let i = 0; i < 45; i++) await send();
    expect(await lookup(message, since)).toEqual({ outcome: "found", id: String(id), state: "sent" });
    expect(await lookup(chat(), since)).toEqual({ outcome: "absent" });
  });

  test("at an address inside our own network is not called", async () => {
    const guarded = chatwootCarrier({ reach: (url) => outsideUrl(url, { private: false }) });
    expect(await guarded.send(office.account("chatwoot"), chat())).toMatchObject({ code: "credentials_incomplete" });
  });
});

describe("Telegram", () => {
  const send = (to = "5200000009") =>
    carrierOf(office, "telegram").send(office.account("telegram"), outgoing({ channel: "telegram", to }));

  test("gets the text as it stands, and its ids are told apart by chat", async () => {
    const answer = await send("5200000009");
    expect(answer).toMatchObject({
      outcome: "accepted",
      id: `5200000009:${office.telegram.sent.at(-1)?.message_id}`,
      state: "sent",
    });
  });

  test.each([
    [
      403,
      { description: "Forbidden: bot was blocked by the user" },
      { outcome: "refused", code: "telegram_403", optOut: true },
    ],
    [400, { description: "Bad Request: chat not found" }, { outcome: "refused", code: "telegram_chat_unknown" }],
    [400, { description: "Bad Request: can't parse entities" }, { outcome: "refused", code: "telegram_400" }],
    [
      400,
      { description: "upgraded", parameters: { migrate_to_chat_id: -100 } },
      { outcome: "refused", code: "telegram_chat_moved" },
    ],
    [
      429,
      { description: "Too Many Requests", parameters: { retry_after: 35 } },
      { outcome: "later", sender: true, afterSeconds: 35 },
    ],
    [404, { description: "Not Found" }, { outcome: "later", sender: true, code: "telegram_404" }],
  ])("error %i %o", async (status, more, expected) => {
    office.troubles.next("telegram", { kind: "answer", status, json: { ok: false, error_code: status, ...more } });
    expect(await send()).toMatchObject({ ...expected, httpStatus: status });
  });

  test("a sender without a bot of its own writes by the installation's, where there is one", async () => {
    const message = outgoing({ channel: "telegram", to: "5200000003" });
    const none = { account: null, secrets: {} };
    const token = office.account("telegram").secrets["token"];
    expect(await carriers(office.settings)["telegram"]?.send(none, message)).toMatchObject({ outcome: "later" });
    const own = carriers({ ...office.settings, telegramToken: token })["telegram"];
    expect(await own?.send(none, message)).toMatchObject({ outcome: "accepted", state: "sent" });
  });

  test("does not get more than one message holds", async () => {
    const message = outgoing({ channel: "telegram", to: "1", text: "a".repeat(4097) });
    expect(await carrierOf(office, "telegram").send(office.account("telegram"), message)).toEqual({
      outcome: "refused",
      code: "text_too_long",
    });
  });
});
