// A Telegram chat that speaks for a person: bound by a code of his own, to as many projects as he is in, and ended.
import { beforeAll, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { tenant, type World, world } from "#test/kit/world.ts";
import {
  boundPhone,
  button,
  buttons,
  codeFor,
  edit,
  newPhone,
  post,
  press,
  tell,
  textUpdate,
  titles,
  update,
  weight,
} from "./chatting.ts";
import { call, rowsOf } from "./talking.ts";

let w: World;
let ignored: { status: number; says: unknown };

beforeAll(async () => {
  // A Monday.
  w = await world({ now: "2026-11-16T08:00:00.000Z" });
  ignored = { status: 200, says: { outcome: "ignored" } };
});

describe("binding", () => {
  test("a code of his own binds a chat once; nobody else's words, codes or tries are answered", async () => {
    const own = await tenant(w.neon, "binding");
    const [phone, other] = [newPhone(), newPhone()];
    expect(await tell(w, phone, "Call the plumber")).toMatchObject(ignored);
    expect(await tell(w, phone, "/start")).toMatchObject(ignored);
    expect(await tell(w, phone, "/start nonsense")).toMatchObject(ignored);
    const stale = await codeFor(w, own.apiKey);
    const code = await codeFor(w, own.apiKey);
    expect(await tell(w, phone, `/start ${stale}`)).toMatchObject(ignored);
    const bound = await tell(w, phone, `/start ${code}`, { message: 5, update: 1_000_001 });
    expect(bound.says).toMatchObject({
      method: "sendMessage",
      chat_id: phone.user,
      text: expect.stringContaining("Project binding"),
    });
    // Delivered again: the same bytes, and nothing new.
    const before = await weight(w, own);
    expect((await tell(w, phone, `/start ${code}`, { message: 5, update: 1_000_001 })).bytes).toBe(bound.bytes);
    expect(await tell(w, other, `/link ${code}`)).toMatchObject(ignored);
    expect(await weight(w, own)).toEqual(before);
    const told = (kind: string) =>
      w.neon.query("select actor from shared.events where project_id = $1 and kind = $2", [own.project, kind]);
    expect(await told("assistant.telegram.bound")).toEqual([{ actor: `user:${own.user}` }]);
    expect(JSON.stringify(await rowsOf(w, own, "telegram_codes"))).not.toContain(code);
    expect((await call(w, own.apiKey, "/v1/assistant/telegram")).body).toMatchObject({ bound_at: expect.any(String) });
    const late = await codeFor(w, own.apiKey);
    w.clock.advance(3600_000);
    expect(await tell(w, other, `/start ${late}`)).toMatchObject(ignored);
    w.clock.set("2026-11-16T08:00:00.000Z");
  });

  test("ten tries in a quarter of an hour, then silence even for the right code", async () => {
    const own = await tenant(w.neon, "guessing");
    const [guesser, honest] = [newPhone(), newPhone()];
    const code = await codeFor(w, own.apiKey);
    for (let i = 0; i < 10; i++) await tell(w, guesser, `/start wrong${i}`);
    expect(await tell(w, guesser, `/start ${code}`)).toMatchObject(ignored);
    expect((await tell(w, honest, `/start ${code}`)).says.text).toContain("Linked to");
  });

  test("one account in two projects chooses between them; what it said in one stays there", async () => {
    const [one, two] = [await tenant(w.neon, "first-shop"), await tenant(w.neon, "second-shop")];
    const phone = await boundPhone(w, one.apiKey);
    expect((await tell(w, phone, "/project")).says.text).toBe("You speak to Project first-shop.");
    const first = await tell(w, phone, "Order gaskets", { message: 901, update: 1_000_101 });
    await tell(w, phone, `/start ${await codeFor(w, two.apiKey)}`);
    await tell(w, phone, "Sweep the yard");
    expect([await titles(w, one), await titles(w, two)]).toEqual([["Order gaskets"], ["Sweep the yard"]]);
    // Redelivered, edited and pressed where it belongs, though the other project is spoken to now.
    expect((await tell(w, phone, "Order gaskets", { message: 901, update: 1_000_101 })).bytes).toBe(first.bytes);
    await edit(w, phone, "Order ten gaskets", { message: 901 });
    expect([await titles(w, one), await titles(w, two)]).toEqual([["Order ten gaskets"], ["Sweep the yard"]]);
    const list = await tell(w, phone, "/project");
    expect(buttons(list).map(({ text }) => text)).toEqual(["Project first-shop", "✓ Project second-shop"]);
    expect((await press(w, phone, button(list, /first/))).says).toMatchObject({
      method: "editMessageText",
      message_id: 77,
      text: "You speak to Project first-shop.",
    });
    await tell(w, phone, "Paint the door");
    expect(await titles(w, one)).toContain("Paint the door");
    // A project of somebody else cannot be chosen, whatever a button says.
    expect((await press(w, phone, `p:e:${w.b.project}`)).says.text).toBe("That is not here any more.");
    await w.neon.query("update identity.memberships set ended_at = now() where project_id = $1", [one.project]);
    const before = await weight(w, one);
    expect((await tell(w, phone, "Call Bo")).says.text).toContain("/project");
    expect(await weight(w, one)).toEqual(before);
    expect((await tell(w, phone, "/project")).says.text).toBe("You speak to Project second-shop.");
  });

  test("ends with /unlink, by REST, with the membership, or with another chat; then there is silence", async () => {
    const own = await tenant(w.neon, "ending");
    const first = await boundPhone(w, own.apiKey);
    const second = await boundPhone(w, own.apiKey);
    expect(await tell(w, first, "Call Bo")).toMatchObject(ignored);
    expect((await tell(w, second, "/unlink")).says.text).toBe("Unlinked. I will not answer here any more.");
    expect(await tell(w, second, "Call Bo")).toMatchObject(ignored);
    const third = await boundPhone(w, own.apiKey);
    expect(await call(w, own.apiKey, "/v1/assistant/telegram/unlink", {})).toMatchObject({ status: 200 });
    expect(await call(w, own.apiKey, "/v1/assistant/telegram/unlink", {})).toMatchObject({ status: 409 });
    expect(await tell(w, third, "Call Bo")).toMatchObject(ignored);
    const fourth = await boundPhone(w, own.apiKey);
    const captured = await tell(w, fourth, "Call Bo");
    await w.neon.query("update identity.memberships set ended_at = now() where project_id = $1", [own.project]);
    const before = await weight(w, own);
    for (const answer of [
      await tell(w, fourth, "Call Ib"),
      await tell(w, fourth, "/help"),
      await tell(w, fourth, "/project"),
      await press(w, fourth, button(captured, /Undo/)),
      await post(w, update(fourth, "message", `"voice":{"file_id":"x"}`)),
    ])
      expect(answer).toMatchObject(ignored);
    expect(await weight(w, own)).toEqual(before);
    expect(await titles(w, own)).toEqual(["Call Bo"]);
  });

  test("only a person makes a code; a forged secret is a 401 and leaves no row", async () => {
    const own = await tenant(w.neon, "forging");
    const nobody = await addKey(w.neon, {
      project: own.project,
      accountScope: own.accountScope,
      permissions: ["assistant:use"],
      name: "a machine",
    });
    expect(await call(w, nobody, "/v1/assistant/telegram/code", {})).toMatchObject({
      status: 403,
      body: { code: "person_required" },
    });
    const phone = await boundPhone(w, own.apiKey);
    const before = await weight(w, own);
    // What enters a bound sender is no credential that anybody could bring.
    for (const bearer of [`member:${own.project}:${own.user}`, "proven", phone.user])
      expect(await call(w, bearer, "/v1/assistant/tasks")).toMatchObject({ status: 401 });
    for (const secret of ["", "telegram-secret-of-the-testz"])
      expect(await post(w, textUpdate(phone, "Call Bo"), secret)).toMatchObject({
        status: 401,
        says: { code: "secret_token_invalid" },
      });
    expect(await weight(w, own)).toEqual(before);
  });
});
