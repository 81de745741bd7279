// E-mail by Resend and Postmark: headers, threads, the way out of marketing, keys and metadata, error tables.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { settableClock } from "#brain/kernel/clock.ts";
import { mailHeaders } from "#providers/carriers/mail.ts";
import { carrierOf, letter, type Office, openOffice, questionAbout } from "#test/kit/carriers.ts";

const clock = settableClock("2026-11-15T08:00:00.000Z");
let office: Office;
beforeAll(async () => {
  office = await openOffice({ clock });
  office.settings.now = clock.now;
});
afterAll(() => office.close());
beforeEach(() => office.troubles.ok());

const link = "https://omneuro.test/u/opaque";

describe("headers", () => {
  test("of marketing hold the one-click way out, and without a link there are none", () => {
    expect(mailHeaders({ class: "marketing", thread: { unsubscribe: link } })).toEqual({
      "List-Unsubscribe": `<${link}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
    });
    expect(mailHeaders({ class: "marketing", thread: {} })).toBeUndefined();
    expect(mailHeaders({ class: "marketing", thread: { unsubscribe: "javascript:alert(1)" } })).toBeUndefined();
    expect(
      mailHeaders({ class: "marketing", thread: { unsubscribe: "https://x.test/>\r\nBcc: a@b.example" } }),
    ).toMatchObject({
      "List-Unsubscribe": expect.not.stringMatching(/[\r\n]|>./),
    });
  });

  test("of other mail hold none, even where a link is known", () => {
    expect(mailHeaders({ class: "transactional", thread: { unsubscribe: link } })).not.toHaveProperty(
      "List-Unsubscribe",
    );
  });

  test("of a reply continue the thread, and do not call a person a machine", () => {
    const thread = { in_reply_to: "<b@x.example>", references: "<a@x.example> <b@x.example>" };
    expect(mailHeaders({ class: "reply", thread })).toEqual({
      "In-Reply-To": "<b@x.example>",
      References: "<a@x.example> <b@x.example>",
    });
    expect(mailHeaders({ class: "reply", thread: { in_reply_to: "<c@x.example>" } })).toEqual({
      "In-Reply-To": "<c@x.example>",
      References: "<c@x.example>",
    });
  });

  test("take no line of their own from what somebody wrote", () => {
    const thread = { in_reply_to: "<a@x.example>\r\nBcc: all@example.dk", references: ["<b@x\n.example>", 7] };
    expect(mailHeaders({ class: "reply", thread })).toEqual({
      "In-Reply-To": "<a@x.example>",
      References: "<a@x.example>",
    });
  });

  test("keep the beginning and the end of a long thread", () => {
    const references = Array.from({ length: 60 }, (_, i) => `<${i}@x.example>`);
    const kept = mailHeaders({ class: "reply", thread: { references } })?.["References"]?.split(" ") ?? [];
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([20, "<0@x.example>", "<59@x.example>"]);
  });
});

test.each([
  ["resend", (body: Record<string, unknown>) => [body["text"], body["html"]]],
  ["postmark", (body: Record<string, unknown>) => [body["TextBody"], body["HtmlBody"]]],
] as const)(
  "%s is given the words twice: as text and as HTML; a mail without HTML is text alone",
  async (provider, read) => {
    const send = async (more: Parameters<typeof letter>[0]) => {
      await carrierOf(office, provider).send(office.account(provider), letter(more));
      return read(office.taken.at(-1)?.asked as Record<string, unknown>);
    };
    expect(await send({ text: "a < b", html: "<body>a &lt; b</body>" })).toEqual(["a < b", "<body>a &lt; b</body>"]);
    expect(await send({ text: "Bare" })).toEqual(["Bare", undefined]);
  },
);

describe("Resend", () => {
  const send = (more: Parameters<typeof letter>[0] = {}) =>
    carrierOf(office, "resend").send(office.account("resend"), letter(more));

  test("is sent text, headers and our id as tag and key", async () => {
    const message = letter({ class: "marketing", thread: { unsubscribe: link, reply_to: "reply@nordvarme.example" } });
    await carrierOf(office, "resend").send(office.account("resend"), message);
    expect(office.taken.at(-1)).toMatchObject({
      ref: message.ref,
      asked: {
        from: "service@nordvarme.example",
        to: ["mette@example.dk"],
        subject: "Your boiler",
        text: message.text,
        reply_to: "reply@nordvarme.example",
        headers: { "List-Unsubscribe": `<${link}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
        tags: [{ name: "omneuro_ref", value: message.ref }],
      },
    });
  });

  test("does not get marketing without a way out", async () => {
    const count = office.taken.length;
    expect(await send({ class: "marketing" })).toEqual({ outcome: "refused", code: "unsubscribe_link_missing" });
    expect(office.taken).toHaveLength(count);
  });

  test("asked twice for one message, lost answer or not, has it once and says the same id", async () => {
    const message = letter();
    office.troubles.next("resend", { kind: "lose" });
    const carrier = carrierOf(office, "resend");
    expect(await carrier.send(office.account("resend"), message)).toMatchObject({ outcome: "unknown" });
    const first = await carrier.send(office.account("resend"), message);
    expect(await carrier.send(office.account("resend"), message)).toEqual(first);
    expect(office.got("resend").filter(({ text }) => text === message.text)).toHaveLength(1);
    // The same id with other words is refused, never a second e-mail.
    expect(await carrier.send(office.account("resend"), { ...message, text: "Other words" })).toMatchObject({
      outcome: "refused",
      code: "resend_invalid_idempotent_request",
    });
  });

  test("asked about a lost answer, tells our e-mail from others to the same person by its tag", async () => {
    const carrier = carrierOf(office, "resend");
    const message = letter();
    office.troubles.next("resend", { kind: "lose" });
    await carrier.send(office.account("resend"), message);
    const id = office.taken.at(-1)?.id;
    await send({ text: message.text });
    const ask = (sent: typeof message, since = clock.now()) =>
      carrier.lookup(office.account("resend"), questionAbout(sent, since));
    expect(await ask(message)).toEqual({ outcome: "found", id, state: "sent" });
    expect(await ask({ ...message, ref: "msg_another" })).toEqual({ outcome: "absent" });
    // Sent long before this attempt began.
    expect(await ask(message, new Date(clock.now().getTime() + 3_600_000))).toEqual({ outcome: "absent" });
  });

  test("with a key that may only send, is safe to repeat until it may have forgotten our id", async () => {
    const hours = (count: number) => questionAbout(letter(), new Date(clock.now().getTime() - count * 3_600_000));
    const restricted = { statusCode: 401, name: "restricted_api_key", message: "This API key is restricted" };
    for (const [since, outcome] of [
      [hours(22), "absent"],
      [hours(23), "unable"],
    ] as const) {
      office.troubles.nextLookup("resend", { kind: "answer", status: 401, json: restricted });
      expect(await carrierOf(office, "resend").lookup(office.account("resend"), since)).toEqual({ outcome });
    }
  });

  test.each([
    ["concurrent_idempotent_requests", 409, { outcome: "later" }],
    ["restricted_api_key", 401, { outcome: "later", sender: true }],
    ["invalid_from_address", 422, { outcome: "later", sender: true }],
    ["monthly_quota_exceeded", 429, { outcome: "later", sender: true }],
    ["suppressed", 422, { outcome: "refused", optOut: true }],
    ["validation_error", 422, { outcome: "refused" }],
    // The domain is not verified: the sender's matter.
    ["validation_error", 403, { outcome: "later", sender: true }],
  ])("error %s (HTTP %i)", async (name, status, expected) => {
    office.troubles.next("resend", { kind: "answer", status, json: { statusCode: status, name, message: "No" } });
    const answer = await send();
    expect(answer).toMatchObject({ ...expected, code: `resend_${name}`, httpStatus: status });
    expect(["optOut" in answer, "sender" in answer]).toEqual(["optOut" in expected, "sender" in expected]);
  });

  test("says by ratelimit-reset when it is less busy", async () => {
    office.troubles.next("resend", { kind: "answer", status: 429, headers: { "ratelimit-reset": "3" } });
    expect(await send()).toMatchObject({ outcome: "later", sender: true, afterSeconds: 3 });
  });
});

describe("Postmark", () => {
  const send = (more: Parameters<typeof letter>[0] = {}) =>
    carrierOf(office, "postmark").send(office.account("postmark"), letter(more));

  test("is sent our id in the metadata, by the stream of its kind", async () => {
    const message = letter({ subject: "Two\r\nlines", thread: { in_reply_to: "<a@x.example>" }, class: "reply" });
    await carrierOf(office, "postmark").send(office.account("postmark"), message);
    expect(office.taken.at(-1)).toMatchObject({
      ref: message.ref,
      asked: {
        Subject: "Two lines",
        MessageStream: "outbound",
        Metadata: { omneuro_ref: message.ref },
        Headers: [
          { Name: "In-Reply-To", Value: "<a@x.example>" },
          { Name: "References", Value: "<a@x.example>" },
        ],
      },
    });
    await send({ class: "marketing", thread: { unsubscribe: link } });
    expect(office.taken.at(-1)).toMatchObject({ asked: { MessageStream: "broadcast" } });
  });

  test("finds a lost answer in either stream", async () => {
    for (const more of [{}, { class: "marketing", thread: { unsubscribe: link } }]) {
      const message = letter(more);
      office.troubles.next("postmark", { kind: "lose" });
      const carrier = carrierOf(office, "postmark");
      await carrier.send(office.account("postmark"), message);
      const id = office.taken.at(-1)?.id;
      expect(await carrier.lookup(office.account("postmark"), questionAbout(message))).toEqual({
        outcome: "found",
        id,
        state: "sent",
      });
    }
  });

  test.each([
    [406, 422, { outcome: "refused", optOut: true }],
    [10, 401, { outcome: "later", sender: true }],
    [400, 422, { outcome: "later", sender: true }],
    [405, 422, { outcome: "later", sender: true }],
    [412, 422, { outcome: "later", sender: true }],
    [100, 422, { outcome: "later" }],
    [300, 422, { outcome: "refused" }],
  ])("error %i (HTTP %i)", async (code, status, expected) => {
    office.troubles.next("postmark", { kind: "answer", status, json: { ErrorCode: code, Message: "No" } });
    const answer = await send();
    expect(answer).toMatchObject({ ...expected, code: `postmark_${code}`, httpStatus: status });
    expect(["optOut" in answer, "sender" in answer]).toEqual(["optOut" in expected, "sender" in expected]);
  });
});
