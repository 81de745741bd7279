// Signatures of message providers: the vectors that their own libraries agree with, and ten thousand changed bytes.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Fault } from "#brain/kernel/fault.ts";
import { verifyBasic, verifySecretToken, verifyStandard, verifyTelnyx, verifyTwilio } from "#gateway/signatures.ts";
import { telnyxPublicKey, twilioSignature } from "#test/kit/providers.ts";

const bytes = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
const codeOf = (verified: Promise<unknown>) =>
  verified.then(
    () => "accepted",
    (thrown: Fault) => (thrown.kind === "unauthenticated" ? "refused" : String(thrown)),
  );

const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
const call = { CallSid: "CA1234567890ABCDE", Digits: "1234", To: "+18005551212" };
const p = new URLSearchParams({ ...call, Caller: "+14158675309", From: "+14158675309" });
const repeated = (name: string, values: string[]) => new URLSearchParams(values.map((value) => [name, value]));
const sample = new URLSearchParams({
  ToCountry: "US",
  SmsMessageSid: "SM00000000000000000000000000000001",
  NumMedia: "0",
  SmsSid: "SM00000000000000000000000000000001",
  SmsStatus: "received",
  Body: "Is the heat pump fixed? ❤️",
  FromCountry: "US",
  To: "+15005550006",
  MessagingServiceSid: "MG00000000000000000000000000000001",
  NumSegments: "1",
  MessageSid: "SM00000000000000000000000000000001",
  AccountSid: "AC00000000000000000000000000000001",
  From: "+15005550009",
  ApiVersion: "2010-04-01",
  Empty: "",
});
const edge = "https://edge.example.test/v1/webhooks/twilio/inbound?project=p1";
const hashed = `${url}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620`;
const json = '{"property": "value", "boolean": true}';

type Case = [string, { url: string; form: URLSearchParams | undefined; body?: string; token?: string }, string];
const cases: Case[] = [
  ["a call", { url, form: p }, "RSOYDt4T1cUTdK1PDd93/VVr8B8="],
  [
    "the documentation's example",
    { url, form: new URLSearchParams({ ...call, Caller: "+12349013030", From: "+12349013030" }) },
    "0/KCTR6DLpKmkAf8muzZqo1nDgQ=",
  ],
  ["the same with its port", { url: url.replace(".com/", ".com:443/"), form: p }, "kvajT1Ptam85bY51eRf/AJRuM3w="],
  ["signed with the port, called without", { url, form: p }, "kvajT1Ptam85bY51eRf/AJRuM3w="],
  [
    "signed without the port, called with it",
    { url: url.replace(".com/", ".com:443/"), form: p },
    "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
  ],
  [
    "a name twice",
    { url, form: repeated("MessagingBinding.Address", ["+1325xxxxxxx", "+1415xxxxxxx"]) },
    "83O6e2vORAoJHUNzJjDWN1jz+BA=",
  ],
  [
    "a name twice, the other way round",
    { url, form: repeated("MessagingBinding.Address", ["+1415xxxxxxx", "+1325xxxxxxx"]) },
    "83O6e2vORAoJHUNzJjDWN1jz+BA=",
  ],
  [
    "values that repeat themselves",
    {
      url,
      form: new URLSearchParams([
        ["Sid", "CA123"],
        ["SidAccount", "AC123"],
        ["Digits", "5678"],
        ["Digits", "1234"],
        ["Digits", "1234"],
      ]),
    },
    "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
  ],
  ["a body named by its hash", { url: hashed, form: undefined, body: json }, "a9nBmqA0ju/hNViExpshrM61xv4="],
  [
    "an SMS with an emoji and an empty field",
    { url: edge, form: sample, token: "test-token" },
    "L/Hh1u2lKPfCCAhxUc9w3kKehjQ=",
  ],
];

describe("Twilio", () => {
  test.each(cases)("signs %s as we do", async (_, { url: address, form, body = "", token = "12345" }, signature) => {
    const given = { url: address, form, body: bytes(body), signature };
    expect(await codeOf(verifyTwilio(given, [token]))).toBe("accepted");
    expect(await codeOf(verifyTwilio(given, ["an-older-token", token]))).toBe("accepted");
    expect(await codeOf(verifyTwilio(given, ["another"]))).toBe("refused");
    expect(await codeOf(verifyTwilio(given, []))).toBe("refused");
  });

  test("a body whose hash is another's, and a body without any, are refused", async () => {
    const signature = "a9nBmqA0ju/hNViExpshrM61xv4=";
    for (const body of [`${json} `, ""])
      expect(
        await codeOf(verifyTwilio({ url: hashed, form: undefined, body: bytes(body), signature }, ["12345"])),
      ).toBe("refused");
    const bare = twilioSignature("12345", url, new URLSearchParams());
    expect(await codeOf(verifyTwilio({ url, form: undefined, body: bytes("x"), signature: bare }, ["12345"]))).toBe(
      "refused",
    );
    expect(await codeOf(verifyTwilio({ url, form: undefined, body: bytes(""), signature: bare }, ["12345"]))).toBe(
      "accepted",
    );
  });
});

const telnyxBody =
  '{"data":{"event_type":"message.received","id":"b301ed3f-1490-491f-995f-6e64e69674d4","payload":{"text":"Hej — varmen virker ikke"}}}';
const telnyx = {
  body: telnyxBody,
  timestamp: "1794726302",
  signature: "Nwqsmh9fPsWkxonTqOUggqCf9/HtS8hd+FBGXezvuvpBloSyzIR488JIMQICQTRUjvyCuPtQ5tnZgclsmD7cDw==",
};
const resend = {
  body: '{"type":"email.bounced","created_at":"2026-11-20T10:00:00.000Z","data":{"email_id":"56761188-7520-42d8-8898-ff6fc54ce618","to":["mette@example.dk"],"bounce":{"type":"Permanent","subType":"General","message":"550"}}}',
  id: "msg_2resendBounce1",
  timestamp: "1794726302",
  signature: "v1,pLb5CVw2miD3FnHapkfxIZFvLSbloEvOGf7rVuXHH8Y=",
};
const whsec = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const now = new Date(1_794_726_302_000);
const late = new Date(now.getTime() + 301_000);

test("Telnyx's vector holds, for its second and for five minutes", async () => {
  const given = { ...telnyx, body: bytes(telnyx.body) };
  const by = { publicKey: telnyxPublicKey, now };
  expect(given.body.length).toBe(134);
  expect(await codeOf(verifyTelnyx(given, by))).toBe("accepted");
  expect(await codeOf(verifyTelnyx({ ...given, timestamp: "1794726303" }, by))).toBe("refused");
  expect(await codeOf(verifyTelnyx(given, { ...by, now: late }))).toBe("refused");
});

test("Resend's vector holds, alone and beside another secret's signature", async () => {
  const given = { ...resend, body: bytes(resend.body) };
  const by = { secret: whsec, now };
  expect(given.body.length).toBe(215);
  expect(await codeOf(verifyStandard(given, by))).toBe("accepted");
  const other = `v1,${btoa("x".repeat(32))}`;
  expect(await codeOf(verifyStandard({ ...given, signature: `${other} v2,abc ${resend.signature}` }, by))).toBe(
    "accepted",
  );
  expect(await codeOf(verifyStandard({ ...given, signature: other }, by))).toBe("refused");
  expect(await codeOf(verifyStandard({ ...given, signature: resend.signature.replace("v1,", "v2,") }, by))).toBe(
    "refused",
  );
  expect(await codeOf(verifyStandard(given, { ...by, now: late }))).toBe("refused");
});

const runs = { numRuns: 10_000, seed: 20261122 };

/** One byte of one part becomes another; a header holds what HTTP lets stand in one. */
function change(parts: Record<string, string>) {
  return fc
    .record({ part: fc.constantFrom(...Object.keys(parts)), at: fc.nat(), flip: fc.integer({ min: 1, max: 255 }) })
    .map(({ part, at, flip }) => {
      const raw = bytes(parts[part] ?? "");
      const place = at % raw.length;
      raw[place] = (raw[place] ?? 0) ^ flip;
      return { part, raw, text: String.fromCharCode(...raw) };
    });
}

describe("no other byte is taken for the right one:", () => {
  test("Twilio", async () => {
    const signature = "L/Hh1u2lKPfCCAhxUc9w3kKehjQ=";
    const plain = (form: URLSearchParams) => JSON.stringify([...form]);
    await fc.assert(
      fc.asyncProperty(change({ body: sample.toString(), signature }), async ({ part, raw, text }) => {
        const form = part === "body" ? new URLSearchParams(new TextDecoder().decode(raw)) : sample;
        // Another spelling of the same form (%2b for %2B) says the same.
        const isSame = part === "body" && plain(form) === plain(sample);
        const given = { url: edge, form, body: raw, signature: part === "body" ? signature : text };
        expect(await codeOf(verifyTwilio(given, ["test-token"]))).toBe(isSame ? "accepted" : "refused");
      }),
      runs,
    );
  });

  test("Telnyx", async () => {
    const by = { publicKey: telnyxPublicKey, now };
    await fc.assert(
      fc.asyncProperty(change(telnyx), async ({ part, raw, text }) => {
        const given = { ...telnyx, body: bytes(telnyx.body), [part]: part === "body" ? raw : text };
        expect(await codeOf(verifyTelnyx(given, by))).toBe("refused");
      }),
      runs,
    );
  });

  test("Resend", async () => {
    const by = { secret: whsec, now };
    await fc.assert(
      fc.asyncProperty(change(resend), async ({ part, raw, text }) => {
        const given = { ...resend, body: bytes(resend.body), [part]: part === "body" ? raw : text };
        expect(await codeOf(verifyStandard(given, by))).toBe("refused");
      }),
      runs,
    );
  });

  test("Telegram and Postmark, which show a secret and sign nothing", async () => {
    const token = "telegram_secret_of_the_tests";
    const pair = "inbound:postmark-password";
    const basic = `Basic ${btoa(pair)}`;
    verifySecretToken(token, token);
    verifyBasic(basic, pair);
    verifyBasic(`Basic ${btoa("omneuro:alone")}`, "alone");
    const refused = (verify: () => void) =>
      expect(verify).toThrow(expect.objectContaining({ kind: "unauthenticated" }));
    fc.assert(
      fc.property(change({ token, basic }), ({ part, text }) => {
        refused(() => (part === "token" ? verifySecretToken(text, token) : verifyBasic(text, pair)));
      }),
      runs,
    );
    for (const given of [undefined, "", `${token}x`, token.slice(1)]) refused(() => verifySecretToken(given, token));
    for (const given of [undefined, "", "Basic", btoa(pair), `${basic}=`]) refused(() => verifyBasic(given, pair));
  });
});
