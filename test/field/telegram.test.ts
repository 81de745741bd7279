// A customer writes to the project's Telegram bot: in a chat of two, edited later, with files; groups are nobody's conversation.
import { beforeEach, expect, test } from "vitest";
import { type Bound, bound, calls, fresh } from "#test/kit/providers.ts";
import { type World, world } from "#test/kit/world.ts";
import { rows } from "./reading.ts";

let w: World;
let bot: Bound;
let n = 0;

beforeEach(async () => {
  w = await world();
  bot = await bound(w, w.a, "telegram");
});

const chat = Number(`9${fresh()}`);
const at = (iso: string) => Date.parse(iso) / 1000;
const message = (text: string, more: Record<string, unknown> = {}) => ({
  message_id: 41,
  date: at("2026-11-15T07:58:00Z"),
  chat: { id: chat, type: "private", first_name: "Mette" },
  from: { id: chat, is_bot: false, first_name: "Mette", last_name: "Holm", language_code: "da" },
  text,
  ...more,
});
const update = (what: Record<string, unknown>) => ({ update_id: 1000 + ++n, ...what });
const send = async (json: unknown) => {
  const answer = await calls(w, bot, json);
  return { status: answer.status, ...((await answer.json()) as { outcomes?: string[] }) };
};

test("a message is stored once, with its writer's name", async () => {
  const told = update({ message: message("Varmen virker ikke i stuen") });
  expect([await send(told), await send(told)]).toMatchObject([{ outcomes: ["stored"] }, { outcomes: ["duplicate"] }]);
  expect(await rows(w, w.a, "field.messages")).toMatchObject([
    { channel: "telegram", address: String(chat), provider_message_id: `${chat}:41` },
  ]);
  expect(await rows(w, w.a, "people.contacts")).toMatchObject([
    { name: "Mette Holm", preferred_channel: "telegram", language: "da" },
  ]);
});

test("an edit changes words, evidence and passages, in whatever order it comes", async () => {
  const first = update({ message: message("Kom klokken ti") });
  const edit = (text: string, iso: string) => update({ edited_message: message(text, { edit_date: at(iso) }) });
  const [second, third] = [
    edit("Kom klokken elleve", "2026-11-15T07:59:00Z"),
    edit("Kom klokken tolv", "2026-11-15T07:59:30Z"),
  ];
  const told = [];
  for (const one of [first, third, second, third]) told.push((await send(one)).outcomes);
  expect(told).toEqual([["stored"], ["edited"], ["stale"], ["duplicate"]]);
  expect(await rows(w, w.a, "field.messages")).toMatchObject([{ body: "Kom klokken tolv", version: 2 }]);
  expect(await rows(w, w.a, "memory.chunks")).toMatchObject([{ text: "Kom klokken tolv" }]);
  expect(await rows(w, w.a, "shared.evidence_items")).toMatchObject([{ version: 2 }]);
  expect((await rows(w, w.a, "shared.events", "kind like 'client.%'")).map((row) => row["kind"]).sort()).toEqual([
    "client.message",
    "client.message.edited",
  ]);
});

test("an edit that overtakes its message is the message", async () => {
  await send(update({ edited_message: message("Det rigtige", { edit_date: at("2026-11-15T07:59:00Z") }) }));
  expect(await send(update({ message: message("Det forkerte") }))).toMatchObject({ outcomes: ["stale"] });
  expect(await rows(w, w.a, "field.messages")).toMatchObject([{ body: "Det rigtige" }]);
});

test("a photo with a caption is words and a file; a file alone is no passage", async () => {
  const photo = [
    { file_id: "a", file_size: 10 },
    { file_id: "b", file_size: 99 },
  ];
  await send(update({ message: message("", { text: undefined, caption: "Sådan ser den ud", photo }) }));
  await send(
    update({
      message: message("", {
        message_id: 42,
        text: undefined,
        document: { file_name: "faktura.pdf", mime_type: "application/pdf" },
      }),
    }),
  );
  const stored = (await rows(w, w.a, "field.messages")).sort((a, b) => Number(a["seq"]) - Number(b["seq"]));
  expect(stored.map((row) => row["attachments"])).toEqual([
    [{ name: null, type: "photo", bytes: 99, url: null }],
    [{ name: "faktura.pdf", type: "application/pdf", bytes: null, url: null }],
  ]);
  expect(await rows(w, w.a, "memory.chunks")).toMatchObject([{ text: "Sådan ser den ud" }]);
});

test("groups, other bots and updates we do not know are acknowledged and kept as they came", async () => {
  const told = [
    update({ message: message("hello all", { chat: { id: -100, type: "supergroup" } }) }),
    update({ message: message("I am a bot", { from: { id: 5, is_bot: true } }) }),
    update({ my_chat_member: { chat: { id: chat, type: "private" }, new_chat_member: { status: "kicked" } } }),
    update({ invented_update: { deep: [{ deeper: "\u0000 and a half \ud800" }] } }),
  ];
  for (const one of told) expect(await send(one)).toMatchObject({ status: 200, outcomes: ["ignored"] });
  expect(await rows(w, w.a, "field.messages")).toEqual([]);
  expect(await rows(w, w.a, "field.deliveries", "expires_at is not null")).toHaveLength(4);
});

test("a number beyond 2^53 stays the one it is", async () => {
  const body = JSON.stringify(update({ message: message("Hej") })).replaceAll(String(chat), "9007199254740993");
  const headers = { "x-telegram-bot-api-secret-token": bot.secret };
  expect((await w.fetch(`/v1/hooks/telegram/${bot.id}`, { method: "POST", headers, body })).status).toBe(200);
  expect(await rows(w, w.a, "field.messages")).toMatchObject([{ address: "9007199254740993" }]);
});
