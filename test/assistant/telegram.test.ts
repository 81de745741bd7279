// The assistant on Telegram: what a person says, edits and presses there, once however often it arrives.
import { beforeAll, describe, expect, test } from "vitest";
import { tenant, type World, world } from "#test/kit/world.ts";
import {
  boundPhone,
  button,
  buttons,
  edit,
  post,
  press,
  pressUpdate,
  tell,
  titles,
  update,
  weight,
} from "./chatting.ts";
import { call, rowsOf, say } from "./talking.ts";

let w: World;
let ignored: { status: number; says: unknown };

beforeAll(async () => {
  // A Monday.
  w = await world({ now: "2026-11-16T08:00:00.000Z" });
  ignored = { status: 200, says: { outcome: "ignored" } };
});

describe("a message", () => {
  test("is captured in one request and confirmed exactly, in its own language", async () => {
    const own = await tenant(w.neon, "chatting");
    const phone = await boundPhone(w, own.apiKey);
    await w.settled();
    w.neon.resetStats();
    const told = await tell(w, phone, "Renovate bathrooms this year; call plumber Friday; blocked by budget");
    expect([told.status, w.neon.stats().requests]).toEqual([200, 1]);
    expect(told.says).toMatchObject({ method: "sendMessage", chat_id: phone.user });
    expect(told.says.text?.split("\n")).toEqual([
      "Task: Call plumber — Friday 20 Nov",
      "  ↳ waits for Budget",
      "  ↳ supports Renovate bathrooms",
      "Goal: Renovate bathrooms — Thursday 31 Dec",
      "Problem: Budget",
    ]);
    expect(buttons(told).map(({ text }) => text)).toEqual(["Undo"]);
    expect((await tell(w, phone, "Ring til VVS'eren på fredag")).says.text).toBe(
      "Opgave: Ring til VVS'eren — fredag 20. nov.",
    );
    expect((await tell(w, phone, "Thanks!")).says.text).toBe("Nothing to do in that; I kept it.");
    expect((await tell(w, phone, "Somehow the thing with the roof")).says.text).toBe(
      "I could not read “Somehow the thing with the roof”. I kept it; say it in other words?",
    );
    expect(await rowsOf(w, own, "inbox_items", "distinct source, chat_id")).toEqual([
      { source: "telegram", chat_id: `tg:${phone.user}` },
    ]);
  });

  test("delivered again, also ten times at once, is answered alike and written once", async () => {
    const own = await tenant(w.neon, "twice");
    const phone = await boundPhone(w, own.apiKey);
    const same = { message: 31, update: 1_000_201 };
    const all = await Promise.all(Array.from({ length: 10 }, () => tell(w, phone, "Order gaskets on Thursday", same)));
    expect(all.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(all.map(({ bytes }) => bytes)).size).toBe(1);
    const before = await weight(w, own);
    // The same message under another number of the update as well, and after the answer is no longer remembered.
    expect((await tell(w, phone, "Order gaskets on Thursday", { message: 31 })).bytes).toBe(all[0]?.bytes);
    await w.neon.query("delete from shared.idempotency_keys where project_id = $1", [own.project]);
    expect((await tell(w, phone, "Order gaskets on Thursday", same)).bytes).toBe(all[0]?.bytes);
    expect(await titles(w, own)).toEqual(["Order gaskets on Thursday".replace(" on Thursday", "")]);
    expect(await weight(w, own)).toEqual(before);
  });

  test('a question is answered from the plan, and "the first one" means its first line', async () => {
    const own = await tenant(w.neon, "asking");
    const phone = await boundPhone(w, own.apiKey, "da");
    expect((await tell(w, phone, "What is due?")).says.text).toBe("Nothing is due within a week.");
    expect((await tell(w, phone, "What are my goals?")).says.text).toBe("No open goals.");
    await tell(w, phone, "Call the plumber on Friday. Pay the rent tomorrow");
    const due = await tell(w, phone, "What is due?", { message: 41, update: 1_000_301 });
    expect(due.says.text?.split("\n")).toEqual([
      "Due within a week:",
      "1. Pay the rent — Tuesday 17 Nov",
      "2. Call the plumber — Friday 20 Nov",
    ]);
    expect(buttons(due)).toEqual([]);
    const before = await weight(w, own);
    expect((await tell(w, phone, "What is due?", { message: 41, update: 1_000_301 })).bytes).toBe(due.bytes);
    expect(await weight(w, own)).toEqual(before);
    expect((await tell(w, phone, "hvad skal jeg i dag")).says.text).toMatch(/^I dag:\n1\. /);
    expect((await tell(w, phone, "/due@omneuro_bot")).says.text).toMatch(/^Forfalder inden for en uge:/);
    const done = await tell(w, phone, "Done with the first one");
    expect(done.says.text).toBe("Done: Pay the rent — Tuesday 17 Nov");
    expect(await titles(w, own, "done")).toEqual(["Pay the rent"]);
    await tell(w, phone, "Goal: more boiler work by March");
    expect((await tell(w, phone, "/goals")).says.text).toBe("Mål:\n1. More boiler work — onsdag 31. mar. 2027");
    const found = await tell(w, phone, "What about the plumber?");
    expect(found.says.text).toMatch(/^Found:\n1\. Call the plumber — Friday 20 Nov$/);
    expect((await tell(w, phone, "Who is the king of Spain?")).says.text).toMatch(/^I have no answer to that\./);
    const both = await tell(w, phone, "Order gaskets. What is due?");
    expect(both.says.text?.split("\n")).toEqual([
      "Task: Order gaskets",
      "",
      "Due within a week:",
      "1. Call the plumber — Friday 20 Nov",
    ]);
  });
});

describe("a button", () => {
  test("chooses once, whichever is pressed first and however often", async () => {
    const own = await tenant(w.neon, "choosing");
    const phone = await boundPhone(w, own.apiKey);
    for (const place of ["north", "south"])
      await call(w, own.apiKey, "/v1/assistant/tasks", { title: "Call Jensen", notes: place });
    const which = await tell(w, phone, "Done with call Jensen");
    expect(which.says.text?.split("\n")).toEqual([
      "Which “Call Jensen” do you mean?",
      "1. Call Jensen",
      "2. Call Jensen",
    ]);
    const [one, two] = buttons(which).map(({ callback_data }) => callback_data);
    for (const { callback_data } of buttons(which)) expect(callback_data.length).toBeLessThanOrEqual(64);
    const stranger = await boundPhone(w, w.b.apiKey);
    expect((await press(w, stranger, one ?? "")).says.text).toBe("That is not here any more.");
    const twice = pressUpdate(phone, two ?? "");
    const [chosen, again] = [await post(w, twice), await post(w, twice)];
    expect(chosen.says).toMatchObject({ method: "sendMessage", text: "Done: Call Jensen" });
    expect(again.bytes).toBe(chosen.bytes);
    const before = await weight(w, own);
    // The other one, later: the question has had its answer.
    expect((await press(w, phone, one ?? "")).says.text).toBe("Done: Call Jensen");
    expect(await weight(w, own)).toEqual(before);
    expect(await titles(w, own, "done")).toEqual(["Call Jensen"]);
    await w.settled();
    expect(w.messenger.calls.filter(({ method }) => method === "answerCallbackQuery").length).toBeGreaterThanOrEqual(4);
    // Typed is as good as pressed; then the buttons have nothing left to say.
    for (const place of ["north", "south"])
      await call(w, own.apiKey, "/v1/assistant/tasks", { title: "Call Holm", notes: place });
    const typed = await tell(w, phone, "Done with call Holm");
    expect((await tell(w, phone, "1")).says.text).toBe("Done: Call Holm");
    expect((await press(w, phone, button(typed, /2/))).says.text).toBe("Nothing left to change there.");
    for (const data of ["", "c:e:none:1", "u:e:cap_none", "x:e:1", "p:e:1"])
      expect((await press(w, phone, data)).status).toBe(200);
    expect((await titles(w, own, "done")).toSorted()).toEqual(["Call Holm", "Call Jensen"]);
  });

  test("takes back what its message did; what has moved on stays, and is said", async () => {
    const own = await tenant(w.neon, "undoing");
    const phone = await boundPhone(w, own.apiKey);
    const told = await tell(w, phone, "Call the plumber; order gaskets");
    const undo = pressUpdate(phone, button(told, /Undo/));
    const [task] = await rowsOf(w, own, "tasks", "id, version");
    await call(
      w,
      own.apiKey,
      `/v1/assistant/tasks/${task?.["id"]}`,
      { notes: "moved on", version: task?.["version"] },
      "PATCH",
    );
    const back = await post(w, undo);
    expect(back.says).toMatchObject({ method: "editMessageText", message_id: 77, chat_id: phone.user });
    expect(back.says.text).toMatch(/^Taken back: .+\.\nLeft as it is, because it has moved on since: .+\.$/);
    expect(back.says).not.toHaveProperty("reply_markup");
    expect((await post(w, undo)).bytes).toBe(back.bytes);
    expect(await titles(w, own)).toHaveLength(1);
    // Not somebody else's, though he has the button's very words.
    const stranger = await boundPhone(w, w.b.apiKey);
    const other = await tell(w, phone, "Sweep the yard");
    expect((await press(w, stranger, button(other, /Undo/))).says.text).toBe("That is not here any more.");
    expect(await titles(w, own)).toContain("Sweep the yard");
  });

  test("and so do the words: the latest of this chat, and only it when delivered again", async () => {
    const own = await tenant(w.neon, "fortryd");
    const phone = await boundPhone(w, own.apiKey);
    expect((await tell(w, phone, "undo")).says.text).toBe("There is nothing to take back.");
    await tell(w, phone, "Call Bo");
    await say(w, own, "Call Ib");
    await tell(w, phone, "Call Eva");
    const same = { message: 51, update: 1_000_401 };
    const back = await tell(w, phone, "fortryd", same);
    expect(back.says.text).toContain("Call Eva");
    expect((await tell(w, phone, "fortryd", same)).bytes).toBe(back.bytes);
    expect((await titles(w, own)).toSorted()).toEqual(["Call Bo", "Call Ib"]);
    expect((await tell(w, phone, "/undo")).says.text).toBe("Taken back: Call Bo.");
    // What was said elsewhere is not this chat's to take back.
    expect((await tell(w, phone, "/undo")).says.text).toBe("There is nothing to take back.");
  });
});

describe("an edited message", () => {
  test("is read anew once for each wording; the same words change nothing", async () => {
    const own = await tenant(w.neon, "editing");
    const phone = await boundPhone(w, own.apiKey);
    await tell(w, phone, "Call Bo on Friday", { message: 61 });
    const reworded = await edit(w, phone, "Call Eva on Friday", { message: 61, update: 2_000_001 });
    expect(reworded.says.text?.split("\n")).toEqual([
      "Read anew.",
      "Taken back: Call Bo.",
      "Task: Call Eva — Friday 20 Nov",
    ]);
    expect(await titles(w, own)).toEqual(["Call Eva"]);
    const before = await weight(w, own);
    expect((await edit(w, phone, "Call Eva on Friday", { message: 61, update: 2_000_001 })).bytes).toBe(reworded.bytes);
    expect(await weight(w, own)).toEqual(before);
    expect((await edit(w, phone, "Call Eva on Friday", { message: 61, update: 2_000_002 })).status).toBe(200);
    // An earlier wording that arrives late, and the message as it first was.
    await edit(w, phone, "Call Ib on Friday", { message: 61, update: 2_000_000 });
    await tell(w, phone, "Call Bo on Friday", { message: 61 });
    expect(await titles(w, own)).toEqual(["Call Eva"]);
    const kept = await rowsOf(w, own, "inbox_items", "message_raw as said, edit::text as edit");
    expect(kept.map(({ said, edit }) => `${edit} ${said}`).toSorted()).toEqual([
      "0 Call Bo on Friday",
      "2000001 Call Eva on Friday",
    ]);
  });

  test("leaves what somebody has gone on from, and says so; edited into a question it is answered", async () => {
    const own = await tenant(w.neon, "edited-on");
    const phone = await boundPhone(w, own.apiKey);
    await tell(w, phone, "Call Bo", { message: 71 });
    await tell(w, phone, "Done with call Bo");
    const reworded = await edit(w, phone, "Call Eva", { message: 71 });
    expect(reworded.says.text?.split("\n")).toEqual([
      "Read anew.",
      "Left as it is, because it has moved on since: Call Bo.",
      "Task: Call Eva",
    ]);
    const question = await edit(w, phone, "What is due?", { message: 71 });
    expect(question.says.text).toMatch(/^Read anew\.\nTaken back: Call Eva\.\n[\s\S]*Nothing is due within a week\.$/);
    expect(await titles(w, own)).toEqual([]);
  });
});

test("what it cannot do yet it says, and keeps nothing; what it does not know it acknowledges", async () => {
  const own = await tenant(w.neon, "limits");
  const phone = await boundPhone(w, own.apiKey);
  const before = await weight(w, own);
  const sent: [string, RegExp][] = [
    [`"voice":{"file_id":"x","duration":3}`, /cannot listen yet, and kept nothing/],
    [`"photo":[{"file_id":"x"}],"caption":"Order this"`, /pictures and files/],
    [`"sticker":{"file_id":"x"}`, /stickers/],
    [`"location":{"latitude":1,"longitude":2}`, /only read text/],
    [`"text":${JSON.stringify("Call Bo. ".repeat(450))}`, /longer than 4,000 characters, and I kept nothing/],
    [`"text":"/nonsense"`, /do not know \/nonsense/],
    [`"text":"/help"`, /Write as you would on a list/],
  ];
  for (const [body, says] of sent) {
    const answer = await post(w, update(phone, "message", body));
    expect(answer).toMatchObject({ status: 200, says: { method: "sendMessage", text: expect.stringMatching(says) } });
  }
  const chat = `"chat":{"id":${phone.user},"type":"private"}`;
  for (const unknown of [
    `{"update_id":3000001,"my_chat_member":{${chat}}}`,
    `{"update_id":3000002,"poll":{"id":"1"}}`,
    `{"update_id":3000003}`,
    `{"update_id":3000004,"edited_message":{"message_id":1,${chat},"from":{"id":${phone.user}},"location":{}}}`,
    `{"update_id":3000005,"message":{"message_id":1,"chat":{"id":-5,"type":"group"},"from":{"id":${phone.user}},"text":"Call Bo"}}`,
    `{"update_id":3000006,"message":{"message_id":1,${chat},"from":{"id":${phone.user}},"text":"\\ud800"}}`,
    `{"update_id":3000007,"message":{"message_id":1,${chat},"from":{"id":${phone.user}},"new_chat_title":"x"}}`,
    "nonsense",
  ])
    expect(await post(w, unknown)).toMatchObject(ignored);
  expect(await weight(w, own)).toEqual(before);
});

test("a long answer arrives in parts, in their order", async () => {
  const own = await tenant(w.neon, "long-list");
  const phone = await boundPhone(w, own.apiKey);
  for (let i = 0; i < 20; i++)
    await call(w, own.apiKey, "/v1/assistant/tasks", {
      title: `${i} ${"very long ".repeat(28)}`.trim(),
      due_date: "2026-11-17",
    });
  w.messenger.calls.length = 0;
  expect((await tell(w, phone, "/due")).says).toEqual({ outcome: "answered" });
  await w.settled();
  const parts = w.messenger.calls.map(({ text }) => String(text));
  expect(parts.length).toBe(2);
  for (const part of parts) expect(part.length).toBeLessThanOrEqual(4096);
  const numbers = parts.join("\n").match(/^\d+(?=\.)/gm);
  expect(numbers).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 1)));
});
