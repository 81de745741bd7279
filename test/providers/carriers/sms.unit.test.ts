// SMS by Twilio and Telnyx: the exact request, the error tables, and what a lookup can and cannot know.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { settableClock } from "#brain/kernel/clock.ts";
import { listen } from "#local/loopback.ts";
import { telnyx } from "#providers/carriers/telnyx.ts";
import { twilio } from "#providers/carriers/twilio.ts";
import { accounts, carrierOf, type Office, openOffice, outgoing, questionAbout } from "#test/kit/carriers.ts";

const clock = settableClock("2026-11-15T08:00:00.000Z");
let office: Office;
beforeAll(async () => {
  office = await openOffice({ clock });
});
afterAll(() => office.close());
beforeEach(() => office.troubles.ok());

/** The one request that a send makes, as the wire sees it. */
async function wire(act: (url: string) => Promise<unknown>) {
  const seen: { method: string; target: string; headers: Record<string, string>; body: string }[] = [];
  const server = await listen({
    handle: ({ method, target, headers, body }) => {
      seen.push({ method, target, headers, body: body.toString("utf8") });
      return { status: 400, json: {} };
    },
  });
  await act(server.url);
  await server.close();
  expect(seen).toHaveLength(1);
  return seen[0] ?? expect.fail("nothing was sent");
}

describe("Twilio", () => {
  const send = (more: Parameters<typeof outgoing>[0] = {}) =>
    carrierOf(office, "twilio").send(office.account("twilio"), outgoing(more));

  test("is sent a form with our reference in the address of its reports", async () => {
    const message = outgoing({
      ref: "msg_1",
      text: "Vi kommer kl. 10 & 11 – æøå 👍",
      statusUrl: "https://x.test/s?ref=msg_1",
    });
    const { method, target, headers, body } = await wire((url) =>
      twilio({ url: `${url}/` }).send(office.account("twilio"), message),
    );
    expect([method, target]).toEqual(["POST", `/2010-04-01/Accounts/${accounts.twilio.account}/Messages.json`]);
    expect(headers["authorization"]).toBe(`Basic ${btoa(`${accounts.twilio.account}:${accounts.twilio.token}`)}`);
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      To: message.to,
      From: message.from,
      Body: message.text,
      StatusCallback: "https://x.test/s?ref=msg_1",
      SmartEncoded: "false",
    });
  });

  test("is sent a messaging service's id in place of a number, and an API key in place of the token", async () => {
    const service = `MG${"a".repeat(32)}`;
    const { headers, body } = await wire((url) =>
      twilio({ url }).send(
        { account: accounts.twilio.account, secrets: { api_key: "SK1", api_secret: "s" } },
        outgoing({ from: service }),
      ),
    );
    expect(headers["authorization"]).toBe(`Basic ${btoa("SK1:s")}`);
    const form = new URLSearchParams(body);
    expect([form.get("MessagingServiceSid"), form.has("From")]).toEqual([service, false]);
  });

  test.each([
    ["21610", 400, { outcome: "refused", optOut: true }],
    ["20003", 401, { outcome: "later", sender: true }],
    ["21606", 400, { outcome: "later", sender: true }],
    ["21408", 400, { outcome: "later", sender: true }],
    ["21608", 400, { outcome: "later", sender: true }],
    ["21612", 400, { outcome: "later", sender: true }],
    ["30034", 400, { outcome: "later", sender: true }],
    ["21611", 400, { outcome: "later" }],
    ["21211", 400, { outcome: "refused" }],
    ["21614", 400, { outcome: "refused" }],
    ["21635", 400, { outcome: "refused" }],
    ["30007", 400, { outcome: "refused" }],
    // Not in the table: its status decides.
    ["63024", 400, { outcome: "refused" }],
  ])("error %s (HTTP %i)", async (code, status, expected) => {
    office.troubles.next("twilio", { kind: "answer", status, json: { code: Number(code), message: "No", status } });
    const answer = await send();
    expect(answer).toMatchObject({ ...expected, code: `twilio_${code}`, httpStatus: status });
    expect(["optOut" in answer, "sender" in answer]).toEqual(["optOut" in expected, "sender" in expected]);
  });

  test("refuses who said STOP to it, a number that is none, a text that is too long", async () => {
    office.block("twilio", "+4520999999");
    expect(await send({ to: "+4520999999" })).toMatchObject({ outcome: "refused", code: "twilio_21610", optOut: true });
    expect(await send({ to: "20304050" })).toMatchObject({ outcome: "refused", code: "twilio_21211" });
    expect(await send({ text: "a".repeat(1601) })).toEqual({ outcome: "refused", code: "text_too_long" });
    expect(await send({ text: "a".repeat(1600) })).toMatchObject({ outcome: "accepted" });
  });

  describe("asked about a lost answer", () => {
    const lookup = (message: ReturnType<typeof outgoing>, since: string) =>
      carrierOf(office, "twilio").lookup(office.account("twilio"), questionAbout(message, new Date(since)));

    test("does not take older messages of the same words for it", async () => {
      const message = outgoing({ to: "+4520000001", text: "We are on our way." });
      clock.set("2026-11-15T09:00:00.000Z");
      await carrierOf(office, "twilio").send(office.account("twilio"), message);
      expect(await lookup(message, "2026-11-15T09:30:00.000Z")).toEqual({ outcome: "absent" });
      expect(await lookup(message, "2026-11-15T09:00:00.000Z")).toMatchObject({ outcome: "found" });
      expect(await lookup({ ...message, from: "+4570999999" }, "2026-11-15T09:00:00.000Z")).toEqual({
        outcome: "absent",
      });
      expect(await lookup({ ...message, text: "Other words" }, "2026-11-15T09:00:00.000Z")).toEqual({
        outcome: "absent",
      });
    });

    test("says that it cannot tell two of the same words apart", async () => {
      const message = outgoing({ to: "+4520000002", text: "We are on our way." });
      for (let i = 0; i < 2; i++) await carrierOf(office, "twilio").send(office.account("twilio"), message);
      expect(await lookup(message, clock.now().toISOString())).toEqual({ outcome: "unable" });
    });

    test("says that it cannot look further back than its page", async () => {
      const to = "+4520000003";
      const message = outgoing({ to, text: "The first of many" });
      const at = clock.now().toISOString();
      await carrierOf(office, "twilio").send(office.account("twilio"), message);
      for (let i = 0; i < 50; i++) await send({ to });
      expect(await lookup(message, at)).toEqual({ outcome: "unable" });
    });

    test("finds it behind the words of a trial account, and as sent when it is", async () => {
      const message = outgoing({ to: "+4520000004", text: "Hello" });
      const at = clock.now().toISOString();
      await send({ to: message.to, text: `Sent from your Twilio trial account - ${message.text}` });
      const id = office.taken.at(-1)?.id ?? "";
      expect(await lookup(message, at)).toEqual({ outcome: "found", id, state: "submitted" });
      const row = office.taken.at(-1);
      if (row) row.status = "delivered";
      expect(await lookup(message, at)).toEqual({ outcome: "found", id, state: "sent" });
    });
  });
});

describe("Telnyx", () => {
  const send = (more: Parameters<typeof outgoing>[0] = {}) =>
    carrierOf(office, "telnyx").send(office.account("telnyx"), outgoing(more));

  test("is sent JSON whose report address is ours alone", async () => {
    const message = outgoing({ statusUrl: "https://x.test/s?ref=msg_1" });
    const { method, target, headers, body } = await wire((url) =>
      telnyx({ url }).send({ account: "profile-1", secrets: { api_key: "KEY1" } }, message),
    );
    expect([method, target, headers["authorization"]]).toEqual(["POST", "/v2/messages", "Bearer KEY1"]);
    expect(JSON.parse(body)).toEqual({
      from: message.from,
      to: message.to,
      text: message.text,
      type: "SMS",
      encoding: "auto",
      messaging_profile_id: "profile-1",
      webhook_url: "https://x.test/s?ref=msg_1",
      use_profile_webhooks: false,
    });
  });

  test.each([
    ["40300", 400, { outcome: "refused", optOut: true }],
    ["10009", 401, { outcome: "later", sender: true }],
    ["40305", 400, { outcome: "later", sender: true }],
    ["40006", 400, { outcome: "later" }],
    ["40011", 400, { outcome: "later" }],
    ["40001", 400, { outcome: "refused" }],
    ["40002", 400, { outcome: "refused" }],
    ["40009", 400, { outcome: "refused" }],
  ])("error %s (HTTP %i)", async (code, status, expected) => {
    office.troubles.next("telnyx", { kind: "answer", status, json: { errors: [{ code, title: "No" }] } });
    const answer = await send();
    expect(answer).toMatchObject({ ...expected, code: `telnyx_${code}`, httpStatus: status });
    expect(["optOut" in answer, "sender" in answer]).toEqual(["optOut" in expected, "sender" in expected]);
  });

  test("cannot be asked about a lost answer: only its webhook knows", async () => {
    const message = outgoing();
    await carrierOf(office, "telnyx").send(office.account("telnyx"), message);
    expect(await carrierOf(office, "telnyx").lookup(office.account("telnyx"), questionAbout(message))).toEqual({
      outcome: "unable",
    });
  });
});
