// STOP and its relatives on every direct door, in the webhook's own batch; and what a reply overtakes.
import { beforeEach, expect, test } from "vitest";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type Bound, bound, calls, fresh, smsForm, twilioCalls } from "#test/kit/providers.ts";
import { type World, world } from "#test/kit/world.ts";
import { rows } from "./reading.ts";

let w: World;
let carrier: ScriptedCarrier;
let source: Bound;
let s: Sending;
let n = 0;

beforeEach(async () => {
  carrier = scriptedCarrier();
  w = await world({ carriers: { twilio: carrier.port } });
  source = await bound(w, w.a, "twilio");
  s = await canSend(w, w.a);
  await w.neon.query("update outbound.senders set source_id = $2 where id = $1", [s.sender, source.id]);
});

async function post(path: string, json: unknown): Promise<Record<string, unknown>> {
  const headers = { "idempotency-key": `"o${++n}"` };
  const answer = await w.fetch(`/v1/outbound/messages${path}`, { method: "POST", key: w.a.apiKey, json, headers });
  await w.settled();
  return (await answer.json()) as Record<string, unknown>;
}

/** Approved and queued for tomorrow. */
async function waiting() {
  const text = `The visit is tomorrow, number ${n}.`;
  const due_at = "2026-11-16T08:00:00Z";
  const draft = await post("", { contact: s.contact, channel: "sms", text, evidence: [s.evidence], due_at });
  await post(`/${draft["id"]}/approve`, { version: draft["version"] });
  return post(`/${draft["id"]}/send`, {});
}

const stateOf = async (id: unknown) =>
  (await rows(w, w.a, "outbound.messages", `id = '${id}'`)).map((row) => [row["state"], row["code"]]);

test("STOP opts out at once, blocks what waits, and is confirmed once, to the number it came from", async () => {
  const { id } = await waiting();
  w.clock.advance(60_000);
  const form = smsForm(source, s.phone, "Stop!");
  for (const _ of [1, 2]) expect((await twilioCalls(w, source, form)).status).toBe(200);
  await w.settled();
  expect(await stateOf(id)).toEqual([["blocked_opt_out", "opt_out"]]);
  expect(await rows(w, w.a, "outbound.suppressions")).toMatchObject([{ reason: "keyword", channel: "sms" }]);
  for (let i = 0; i < 3; i++) await deliverPublished(w);
  expect(carrier.accepted).toMatchObject([{ to: s.phone, text: expect.stringContaining("START") }]);
});

test("a word that Twilio took for STOP is one, whatever it says", async () => {
  await twilioCalls(w, source, smsForm(source, s.phone, "basta", { OptOutType: "STOP" }));
  expect(await rows(w, w.a, "outbound.contact_channel_policies")).toMatchObject([{ opted_out_by: "keyword" }]);
});

test("a reply cancels what it overtook; the word in a sentence opts nobody out", async () => {
  const { id } = await waiting();
  w.clock.advance(60_000);
  await twilioCalls(w, source, smsForm(source, s.phone, "Can you cancel Tuesday's visit?"));
  expect(await stateOf(id)).toEqual([["cancelled", "stop_on_reply"]]);
  expect(await rows(w, w.a, "outbound.contact_channel_policies")).toEqual([]);
});

test("a mail's own words count, its quotes and its machines do not", async () => {
  const mail = await bound(w, w.a, "postmark");
  const quote = "\n\nDen 14. nov. 2026 kl. 09.12 skrev Nordvarme <s@nordvarme.example>:\n> Afmeld";
  const write = (text: string, headers: { Name: string; Value: string }[] = []) =>
    calls(w, mail, {
      From: `m${fresh()}@example.dk`,
      MessageID: `pm-${fresh()}`,
      TextBody: text + quote,
      Headers: headers,
    });
  await write("Tak for besøget");
  await write("Stop", [{ Name: "Auto-Submitted", Value: "auto-replied" }]);
  expect(await rows(w, w.a, "outbound.contact_channel_policies")).toEqual([]);
  await write("Afmeld");
  expect(await rows(w, w.a, "outbound.contact_channel_policies")).toMatchObject([
    { channel: "email", opted_out_by: "keyword" },
  ]);
});

test("Telegram: STOP is heard, START takes it back", async () => {
  const bot = await bound(w, w.a, "telegram");
  const chat = Number(`8${fresh()}`);
  const write = (text: string) =>
    calls(w, bot, {
      update_id: ++n,
      message: {
        message_id: n,
        date: Math.floor(w.clock.now().getTime() / 1000),
        chat: { id: chat, type: "private" },
        from: { id: chat },
        text,
      },
    });
  const out = async () =>
    (await rows(w, w.a, "outbound.contact_channel_policies")).map((row) => [
      row["channel"],
      row["opted_out_at"] !== null,
    ]);
  await write("stop");
  expect(await out()).toEqual([["telegram", true]]);
  w.clock.advance(60_000);
  await write("START");
  expect(await out()).toEqual([["telegram", false]]);
});
