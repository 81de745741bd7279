// The carriers' stand-ins: reports signed as the vendors sign them, in any order, and what a newcomer sees.
import { afterEach, beforeEach, expect, test } from "vitest";
import { twilioSignature } from "#local/carriers/reports.ts";
import { type LocalCarriers, startCarriers } from "#local/carriers.ts";
import { type Loopback, listen } from "#local/loopback.ts";
import { telnyx } from "#providers/carriers/telnyx.ts";
import { twilio } from "#providers/carriers/twilio.ts";
import { accounts, outgoing } from "#test/kit/carriers.ts";

/** Bytes 00 to 1f, and the public key that belongs to them. */
const telnyxSeed = Uint8Array.from({ length: 32 }, (_, i) => i);
const telnyxPublicKey = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";

type Heard = { target: string; headers: Record<string, string>; body: string };
let office: LocalCarriers;
let hook: Loopback;
let heard: Heard[];

beforeEach(async () => {
  heard = [];
  hook = await listen({
    handle: ({ target, headers, body }) => {
      heard.push({ target, headers, body: body.toString("utf8") });
      return { status: 204 };
    },
  });
  office = await startCarriers({ accounts, telnyxSeed });
});
afterEach(async () => {
  await office.close();
  await hook.close();
});

const sms = () => outgoing({ statusUrl: `${hook.url}/status?ref=msg_1` });
const sendTwilio = () =>
  twilio({ url: `${office.url}/twilio` }).send(
    { account: accounts.twilio.account, secrets: { token: accounts.twilio.token } },
    sms(),
  );
const sendTelnyx = () =>
  telnyx({ url: `${office.url}/telnyx` }).send({ account: null, secrets: { api_key: accounts.telnyx.key } }, sms());
const idOf = (answer: unknown) => String((answer as { id: string }).id);

/** Vectors of the vendor's documentation and its library's tests. */
test.each([
  ["+12349013030", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="],
  ["+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="],
])("Twilio's signature for a call from %s", (number, expected) => {
  const form = { CallSid: "CA1234567890ABCDE", Caller: number, Digits: "1234", From: number, To: "+18005551212" };
  expect(twilioSignature("12345", { url: "https://mycompany.com/myapp.php?foo=1&bar=2", form })).toBe(expected);
});

test("Twilio's reports come as told: late ones first, twice, each signed over its address and form", async () => {
  const id = idOf(await sendTwilio());
  expect(await office.report(id, ["delivered", "sent", "sent"])).toEqual([204, 204, 204]);
  expect(heard.map(({ body }) => new URLSearchParams(body).get("MessageStatus"))).toEqual([
    "delivered",
    "sent",
    "sent",
  ]);
  for (const { target, headers, body } of heard) {
    const form = Object.fromEntries(new URLSearchParams(body));
    const url = `${hook.url}${target}`;
    expect([target, form["MessageSid"]]).toEqual(["/status?ref=msg_1", id]);
    expect(headers["x-twilio-signature"]).toBe(twilioSignature(accounts.twilio.token, { url, form }));
    expect(headers["x-twilio-signature"]).not.toBe(twilioSignature("another", { url, form }));
  }
  await office.report(id, ["undelivered"], "30005");
  expect(new URLSearchParams(heard.at(-1)?.body).get("ErrorCode")).toBe("30005");
});

test("Telnyx's reports verify with its public key over time and body, and with nothing else", async () => {
  expect(office.telnyxPublicKey).toBe(telnyxPublicKey);
  const id = idOf(await sendTelnyx());
  await office.report(id, ["delivered"]);
  const [told] = heard;
  if (!told) throw new Error("nothing was told");
  expect(JSON.parse(told.body)).toMatchObject({
    data: { event_type: "message.finalized", payload: { id, to: [{ status: "delivered" }] } },
  });
  const bytes = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes(telnyxPublicKey), { name: "Ed25519" }, false, ["verify"]);
  const signature = bytes(told.headers["telnyx-signature-ed25519"] ?? "");
  const isRight = (text: string) => crypto.subtle.verify("Ed25519", key, signature, new TextEncoder().encode(text));
  expect(await isRight(`${told.headers["telnyx-timestamp"]}|${told.body}`)).toBe(true);
  expect(await isRight(`${told.headers["telnyx-timestamp"]}|${told.body} `)).toBe(false);
});

test("what was taken is a page and JSON; words of a message are never markup", async () => {
  await twilio({ url: `${office.url}/twilio` }).send(
    { account: accounts.twilio.account, secrets: { token: accounts.twilio.token } },
    outgoing({ text: "<b>Hi</b> & welcome" }),
  );
  const html = await (await fetch(office.url)).text();
  expect(html).toContain("&lt;b&gt;Hi&lt;/b&gt; &amp; welcome");
  expect(html).not.toContain("<b>Hi");
  expect(await (await fetch(`${office.url}/sent`)).json()).toMatchObject([
    { provider: "twilio", text: "<b>Hi</b> & welcome" },
  ]);
});

test("it can be told from outside how to fail, and to stop failing", async () => {
  const tell = (body: unknown) => fetch(`${office.url}/faults`, { method: "POST", body: JSON.stringify(body) });
  expect((await tell({ provider: "twilio", fault: { kind: "answer", status: 503 }, times: 2 })).status).toBe(200);
  expect(await sendTwilio()).toMatchObject({ outcome: "later", httpStatus: 503 });
  await tell({});
  expect(await sendTwilio()).toMatchObject({ outcome: "accepted" });
  expect((await tell({ provider: "pigeon", fault: { kind: "drop" } })).status).toBe(400);
  expect((await tell({ provider: "twilio", fault: { kind: "explode" } })).status).toBe(400);
});

test("reports by itself, sent and then delivered, where nobody directs it", async () => {
  await office.close();
  office = await startCarriers({ accounts, reportAfterMs: 5 });
  await sendTwilio();
  await expect
    .poll(() => heard.map(({ body }) => new URLSearchParams(body).get("MessageStatus")))
    .toEqual(["sent", "delivered"]);
});
