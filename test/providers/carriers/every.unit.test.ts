// What every way out promises, shown on all six against their stand-ins: one of four answers, whatever the network does.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Carrier, Outgoing } from "#brain/kernel/ports.ts";
import { listen } from "#local/loopback.ts";
import { carriers } from "#providers/carriers/index.ts";
import { carrierOf, letter, type Office, openOffice, outgoing, questionAbout } from "#test/kit/carriers.ts";

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());
beforeEach(() => office.troubles.ok());

const providers = ["twilio", "telnyx", "chatwoot", "telegram", "resend", "postmark"] as const;
type Provider = (typeof providers)[number];

const message = (provider: Provider): Outgoing => {
  if (provider === "resend" || provider === "postmark") return letter();
  if (provider === "chatwoot") return outgoing({ channel: "chat", thread: { conversation: office.conversation } });
  return outgoing(provider === "telegram" ? { channel: "telegram", to: "5200000002" } : {});
};

/** How often these words have arrived. */
const arrived = (provider: Provider, { text }: Outgoing) =>
  office.got(provider).filter((got) => got.text === text).length;

const impatient = (provider: Provider): Carrier => {
  const carrier = carriers({ ...office.settings, timeoutMs: 80 })[provider];
  if (!carrier) throw new Error(provider);
  return carrier;
};

describe.each(providers)("%s", (provider) => {
  const send = (sent: Outgoing) => carrierOf(office, provider).send(office.account(provider), sent);

  test("takes a message and names it", async () => {
    const sent = message(provider);
    expect(await send(sent)).toMatchObject({ outcome: "accepted", id: expect.stringMatching(/.+/) });
    expect(arrived(provider, sent)).toBe(1);
    expect(office.got(provider).at(-1)).toMatchObject({ text: sent.text });
  });

  test("busy says when to come again, and that all of the sender's messages wait", async () => {
    office.troubles.next(provider, { kind: "answer", status: 429, headers: { "retry-after": "6.2" } });
    office.troubles.next(provider, { kind: "answer", status: 429 });
    const sent = message(provider);
    expect(await send(sent)).toMatchObject({ outcome: "later", sender: true, afterSeconds: 7, httpStatus: 429 });
    expect(await send(sent)).toMatchObject({ outcome: "later", sender: true, afterSeconds: 30, httpStatus: 429 });
    expect(arrived(provider, sent)).toBe(0);
  });

  test("closed for maintenance is asked later; the sender's other messages are not held up", async () => {
    office.troubles.next(provider, { kind: "answer", status: 503, headers: { "retry-after": "120" } });
    const answer = await send(message(provider));
    expect(answer).toEqual({ outcome: "later", code: "http_503", afterSeconds: 120, httpStatus: 503 });
  });

  test.each([500, 502, 504])("broken with %i may have taken it: nobody knows", async (status) => {
    office.troubles.next(provider, { kind: "answer", status, json: { message: "oops" } });
    expect(await send(message(provider))).toEqual({ outcome: "unknown", code: `http_${status}` });
  });

  test("that takes it and loses the answer leaves an unknown, and has it once", async () => {
    const sent = message(provider);
    office.troubles.next(provider, { kind: "lose" });
    expect(await send(sent)).toEqual({ outcome: "unknown", code: "connection_lost" });
    expect(arrived(provider, sent)).toBe(1);
  });

  test("that answers too late leaves an unknown", async () => {
    const sent = message(provider);
    office.troubles.next(provider, { kind: "late", ms: 5_000 });
    expect(await impatient(provider).send(office.account(provider), sent)).toEqual({
      outcome: "unknown",
      code: "timeout",
    });
  });

  test("that hangs and never took it leaves an unknown, too", async () => {
    const sent = message(provider);
    office.troubles.next(provider, { kind: "hang", ms: 5_000 });
    expect(await impatient(provider).send(office.account(provider), sent)).toMatchObject({ outcome: "unknown" });
    expect(arrived(provider, sent)).toBe(0);
  });

  test("that is not there has certainly not taken it", async () => {
    const server = await listen({ handle: () => ({ status: 200 }) });
    await server.close();
    const nowhere = carriers({
      twilioUrl: server.url,
      telnyxUrl: server.url,
      telegramUrl: server.url,
      resendUrl: server.url,
      postmarkUrl: server.url,
      reachChatwoot: () => server.url,
    })[provider];
    expect(await nowhere?.send(office.account(provider), message(provider))).toEqual({
      outcome: "later",
      code: "unreachable",
    });
  });

  test("whose yes cannot be read leaves an unknown", async () => {
    office.troubles.next(provider, { kind: "answer", status: 200, json: { hello: "world" } });
    expect(await send(message(provider))).toEqual({ outcome: "unknown", code: "answer_unreadable" });
  });

  test.each([401, 302])("that refuses the sender with %i is not asked again for other messages", async (status) => {
    office.troubles.next(provider, { kind: "answer", status, headers: { location: "http://127.0.0.1:9/" } });
    expect(await send(message(provider))).toMatchObject({ outcome: "later", sender: true, httpStatus: status });
  });

  test("without its credentials is not called at all", async () => {
    const answer = await carrierOf(office, provider).send({ account: "AC1", secrets: {} }, message(provider));
    expect(answer).toEqual({ outcome: "later", code: "credentials_incomplete", sender: true });
  });

  test("that cannot be asked is never taken for one that has nothing", async () => {
    const sent = message(provider);
    const lookup = () => carrierOf(office, provider).lookup(office.account(provider), questionAbout(sent));
    for (const fault of [{ kind: "answer", status: 500 }, { kind: "drop" }, { kind: "answer", status: 200 }] as const) {
      office.troubles.nextLookup(provider, fault);
      expect(await lookup()).toEqual({ outcome: "unable" });
    }
  });
});

describe.each(["twilio", "chatwoot", "resend", "postmark"] as const)("%s, asked about a lost answer", (provider) => {
  test("finds what it took, under the id that its list shows", async () => {
    const carrier = carrierOf(office, provider);
    const before = new Date();
    const sent = message(provider);
    office.troubles.next(provider, { kind: "lose" });
    await carrier.send(office.account(provider), sent);
    expect(await carrier.lookup(office.account(provider), questionAbout(sent, before))).toMatchObject({
      outcome: "found",
      id: expect.stringMatching(/.+/),
    });
  });

  test("says so when it has nothing", async () => {
    const carrier = carrierOf(office, provider);
    const sent = message(provider);
    office.troubles.next(provider, { kind: "drop" });
    expect(await carrier.send(office.account(provider), sent)).toMatchObject({ outcome: "unknown" });
    expect(await carrier.lookup(office.account(provider), questionAbout(sent))).toEqual({ outcome: "absent" });
  });
});
