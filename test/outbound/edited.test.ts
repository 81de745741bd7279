// A message that is edited into a STOP or a wish is heard as one, when it was edited; no other edit commands anything.
import { beforeEach, expect, test } from "vitest";
import { edit, heard, type Json, message, rows } from "#test/inbox/chatwoot.ts";
import { bound, calls, fresh } from "#test/kit/providers.ts";
import { type World, world } from "#test/kit/world.ts";
import { type Customer, customer, queueMessage } from "./customer.ts";

let w: World;
let c: Customer;
beforeEach(async () => {
  w = await world();
  c = await customer(w, w.a);
});

const at = () => w.clock.now().toISOString();
const policies = async (channel: string) =>
  (
    await rows(
      w,
      w.a,
      `select opted_out_by as by, opted_out_at is not null as out, held_at is not null as held
        from outbound.contact_channel_policies where project_id = $1 and channel = $2`,
      [channel],
    )
  )[0];
const confirmations = () =>
  rows(w, w.a, "select id from outbound.messages where project_id = $1 and purpose = 'stop_confirmation'");

test("in Chatwoot: STOP by an edit opts out and blocks what waits, once; the same words in another edit do not again", async () => {
  const waiting = await queueMessage(w, w.a, c);
  const said = message(c.talk, { content: "See you", created_at: at(), conversation: c.conversation() });
  await heard(w, w.a, said);
  const change = async (content: string, more: Json = {}) => {
    w.clock.advance(60_000);
    const version = at();
    const newest = {
      id: said["id"],
      updated_at: version,
      account_id: c.talk.account,
      created_at: Date.parse(version) / 1000,
    };
    const where = { ...c.conversation(), messages: [newest] };
    return heard(w, w.a, edit(c.talk, said, { version, content, conversation: where, ...more }));
  };
  await change("See you there");
  expect(await policies("sms")).toBeUndefined();
  await change("STOP");
  expect(await policies("sms")).toEqual({ by: "keyword", out: true, held: false });
  expect(
    await rows(w, w.a, "select state from outbound.messages where project_id = $1 and id = $2", [waiting]),
  ).toEqual([{ state: "blocked_opt_out" }]);
  expect(await confirmations()).toHaveLength(1);
  // Taken back by START; then only the files of the old message change.
  w.clock.advance(60_000);
  await heard(w, w.a, message(c.talk, { content: "START", created_at: at(), conversation: c.conversation() }));
  expect(await policies("sms")).toMatchObject({ out: false });
  const files = [{ id: 7, message_id: said["id"], file_type: "image", data_url: "https://chat.example/f.png" }];
  await change("STOP", { attachments: files });
  expect(await policies("sms")).toMatchObject({ out: false });
  // An edit opens nothing.
  await change("Stop");
  expect(await policies("sms")).toMatchObject({ out: true });
  await change("START");
  expect(await policies("sms")).toMatchObject({ out: true });
});

test("in Telegram: a wish and a STOP by an edit are heard, at the time of the edit; the same edit delivered again is not", async () => {
  const bot = await bound(w, w.a, "telegram");
  const chat = Number(`9${fresh()}`);
  let n = 0;
  const told = async (text: string, editedAt?: string) => {
    const seconds = (iso: string) => Date.parse(iso) / 1000;
    const one = {
      message_id: 41,
      date: seconds("2026-11-15T07:58:00Z"),
      chat: { id: chat, type: "private", first_name: "Mette" },
      from: { id: chat, is_bot: false, first_name: "Mette" },
      text,
      ...(editedAt ? { edit_date: seconds(editedAt) } : {}),
    };
    n += 1;
    const answer = await calls(w, bot, { update_id: 5000 + n, [editedAt ? "edited_message" : "message"]: one });
    return ((await answer.json()) as { outcomes: string[] }).outcomes[0];
  };
  expect(await told("Hej")).toBe("stored");
  expect(await told("Please don't message me again", "2026-11-15T07:58:30Z")).toBe("edited");
  expect(await policies("telegram")).toEqual({ by: null, out: false, held: true });
  expect(await told("STOP", "2026-11-15T07:59:00Z")).toBe("edited");
  expect(await told("STOP", "2026-11-15T07:59:00Z")).toBe("stale");
  expect(await policies("telegram")).toMatchObject({ by: "keyword", out: true });
  const [row] = await rows(
    w,
    w.a,
    "select opted_out_at::text as at from outbound.contact_channel_policies where project_id = $1 and channel = 'telegram'",
  );
  expect(row?.["at"]).toContain("07:59:00");
  expect(await told("HELP", "2026-11-15T07:59:20Z")).toBe("edited");
  expect(await told("START", "2026-11-15T07:59:30Z")).toBe("edited");
  expect(await policies("telegram")).toMatchObject({ out: true });
});
