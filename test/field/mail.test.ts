// A customer writes an e-mail: through Postmark whole, through Resend in two steps; his thread is found, and machines are not taken for people.
import { beforeEach, describe, expect, test } from "vitest";
import { deliverPublished } from "#test/kit/jobs.ts";
import { type Bound, bound, calls, fresh } from "#test/kit/providers.ts";
import { type World, world } from "#test/kit/world.ts";
import { counts, rows } from "./reading.ts";

let w: World;
let domain: Bound;
let mails: Record<string, string | undefined>;
let asked: { token: string; id: string }[];

beforeEach(async () => {
  mails = {};
  asked = [];
  w = await world({
    mailboxes: {
      resend: {
        read: async (token, id) => {
          asked.push({ token, id });
          const text = mails[id];
          return text === undefined ? undefined : new TextEncoder().encode(text);
        },
      },
    },
  });
});

const mette = () => `mette${fresh()}@example.dk`;
const letter = (from: string, more: Record<string, unknown> = {}) => ({
  From: from,
  FromFull: { Email: from, Name: "Mette Holm", MailboxHash: "" },
  ToFull: [{ Email: `service@${domain.account}`, Name: "", MailboxHash: "" }],
  OriginalRecipient: `service@${domain.account}`,
  Subject: "Besøg",
  Date: "Sun, 15 Nov 2026 08:00:00 +0100",
  MessageID: `pm-${fresh()}`,
  TextBody:
    "Kan I komme torsdag?\n\nDen 14. nov. 2026 kl. 09.12 skrev Nordvarme <service@nordvarme.example>:\n> Vi kommer onsdag.",
  HtmlBody: "<p>Kan I komme <b>torsdag</b>?</p>",
  Headers: [{ Name: "Message-ID", Value: `<m-${fresh()}@example.dk>` }],
  Attachments: [{ Name: "pumpe.jpg", Content: "aGVq", ContentType: "image/jpeg", ContentLength: 3 }],
  ...more,
});
const header = (Name: string, Value: string) => ({ Name, Value });
const stored = () => rows(w, w.a, "field.messages");

/** A mail of ours that went out, as its provider's report would leave it. */
async function sentMail(contact: string, mailId: string): Promise<string> {
  const id = w.runtime.ids.next("message");
  const place = [w.a.project, w.a.accountScope];
  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, credentials_sealed)
     values ($1, $2, 'snd_mail', 'postmark', 'email', 'Mail', 'service@nordvarme.example', 'v1.none') on conflict do nothing`,
    place,
  );
  await w.neon.query(
    `insert into outbound.messages (project_id, account_scope_id, id, contact_id, channel, sender_id, class, recipient, recipient_hash, zones,
       body, idempotency_key, dedupe_key, written_by, mail_id)
     values ($1, $2, $3, $4, 'email', 'snd_mail', 'reply', 'x@example.dk', 'h', '{UTC}', 'Hi', $3, $3, 'user:x', $5)`,
    [...place, id, contact, mailId],
  );
  return id;
}

describe("through Postmark", () => {
  beforeEach(async () => {
    domain = await bound(w, w.a, "postmark");
  });

  test("the whole text is kept, his own words are remembered, files are named", async () => {
    const told = letter(mette());
    for (const outcome of ["stored", "duplicate"])
      expect(await (await calls(w, domain, told)).json()).toEqual({ outcomes: [outcome] });
    const [message] = await stored();
    expect(message).toMatchObject({
      channel: "email",
      subject: "Besøg",
      body: told.TextBody,
      attachments: [{ name: "pumpe.jpg", type: "image/jpeg", bytes: 3, url: null }],
      automatic: false,
    });
    expect(await rows(w, w.a, "memory.chunks")).toMatchObject([{ text: "Kan I komme torsdag?" }]);
    const read = await (await w.fetch(`/v1/field/messages/${message?.["id"]}`, { key: w.a.apiKey })).json();
    expect(read).toMatchObject({
      text: "Kan I komme torsdag?",
      quoted: expect.stringContaining("> Vi kommer onsdag."),
      written_at: "2026-11-15T07:00:00Z",
    });
  });

  test("a mail without plain text is its words, never its markup", async () => {
    await calls(
      w,
      domain,
      letter(mette(), { TextBody: "", HtmlBody: "<p>Hej</p><script>alert(1)</script><p>Kom nu</p>" }),
    );
    expect(await stored()).toMatchObject([{ body: "Hej\nKom nu" }]);
  });

  test("an answer joins the thread it refers to: ours first, then his own, then the tag in the address", async () => {
    const from = mette();
    await calls(w, domain, letter(from, { Headers: [header("Message-ID", "<first@example.dk>")] }));
    const [first] = await stored();
    const ours = await sentMail(String(first?.["contact_id"]), "ours@nordvarme.example");
    await w.neon.query("update outbound.messages set answers_to = $2 where id = $1", [ours, first?.["id"]]);
    const references = header("References", "<older@example.dk> <ours@nordvarme.example>");
    await calls(w, domain, letter(from, { Headers: [header("In-Reply-To", "<ours@nordvarme.example>"), references] }));
    await calls(w, domain, letter(from, { Headers: [header("In-Reply-To", "<first@example.dk>")] }));
    const [tag] = await w.neon.query(
      "select outbound.reply_tag($3) as tag from (select set_config('app.project_id', $1, true), set_config('app.account_scope_id', $2, true)) x",
      [w.a.project, w.a.accountScope, ours],
    );
    await calls(w, domain, letter(from, { OriginalRecipient: `reply+${tag?.["tag"]}@${domain.account}` }));
    const forged = String(tag?.["tag"]).replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    await calls(w, domain, letter(from, { OriginalRecipient: `reply+${forged}@${domain.account}` }));
    const threads = (await stored()).sort((a, b) => String(a["id"]).localeCompare(String(b["id"])));
    expect(threads.map((row) => [row["thread_id"] === first?.["thread_id"], row["answers"]])).toEqual([
      [true, null],
      [true, ours],
      [true, null],
      [true, ours],
      [false, null],
    ]);
  });

  test.each([
    ["an out-of-office note", { Headers: [header("Auto-Submitted", "auto-replied (vacation)")] }],
    ["a newsletter", { Headers: [header("List-Id", "<news.example>")] }],
    ["bulk mail", { Headers: [header("Precedence", "bulk")] }],
    ["a mail server's complaint", { FromFull: { Email: "MAILER-DAEMON@mx.example", Name: "" } }],
    ["mail without a way back", { Headers: [header("Return-Path", "<>")] }],
  ])("%s is kept, makes no person, is not remembered and not answered", async (_, more) => {
    await calls(w, domain, letter(mette(), more));
    const [message] = await stored();
    expect(message).toMatchObject({ automatic: true, contact_id: null });
    expect(await rows(w, w.a, "memory.chunks")).toEqual([]);
    expect(await rows(w, w.a, "people.contacts")).toEqual([]);
    const answer = await w.fetch(`/v1/field/messages/${message?.["id"]}/suggest-reply`, {
      key: w.a.apiKey,
      json: {},
      headers: { "idempotency-key": '"s1"' },
    });
    expect([answer.status, await answer.json()]).toMatchObject([409, { code: "message_automatic" }]);
  });

  test("a mail that says it is no machine's is a person's", async () => {
    await calls(w, domain, letter(mette(), { Headers: [header("Auto-Submitted", "no")] }));
    expect(await stored()).toMatchObject([{ automatic: false }]);
  });
});

describe("through Resend", () => {
  beforeEach(async () => {
    domain = await bound(w, w.a, "resend");
  });

  const news = (id: string) => ({
    type: "email.received",
    created_at: "2026-11-15T07:59:00Z",
    data: { email_id: id, from: "Mette <m@example.dk>", to: [`service@${domain.account}`], subject: "x" },
  });
  const raw = (from: string, text: string) =>
    [
      `From: =?utf-8?Q?Mette_H=C3=B8st?= <${from}>`,
      `To: service@${domain.account}`,
      "Subject: =?iso-8859-1?Q?Bes=F8g?=",
      "Message-ID: <r1@example.dk>",
      "Date: Sun, 15 Nov 2026 08:00:00 +0100",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=iso-8859-1",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      text,
    ].join("\r\n");

  test("the news waits, a job fetches the mail, and it is heard once, in its own letters", async () => {
    const from = mette();
    mails["em-1"] = raw(from, "Varmen virker ikke p=E5 1. sal");
    for (const outcome of ["awaiting", "duplicate"])
      expect(await (await calls(w, domain, news("em-1"))).json()).toEqual({ outcomes: [outcome] });
    await w.settled();
    expect(await stored()).toEqual([]);
    const job = w.queue.published.filter(({ kind }) => kind === "field.fetch");
    expect(job).toHaveLength(1);
    expect(await deliverPublished(w)).toMatchObject([{ status: 200, body: { outcome: "stored" } }]);
    w.queue.published.splice(0, w.queue.published.length, ...job);
    expect(await deliverPublished(w)).toMatchObject([{ status: 200, body: { outcome: "duplicate" } }]);
    expect(asked).toEqual([{ token: "api-token-of-the-tests", id: "em-1" }]);
    expect(await stored()).toMatchObject([
      { subject: "Besøg", body: "Varmen virker ikke på 1. sal", address: from, mail_id: "r1@example.dk" },
    ]);
    expect(await rows(w, w.a, "people.contacts")).toMatchObject([{ name: "Mette Høst", language: "da" }]);
    expect(await rows(w, w.a, "field.deliveries")).toMatchObject([{ outcome: "stored", raw: null }]);
  });

  test("a mail that is there no longer is on record as lost", async () => {
    await calls(w, domain, news("em-gone"));
    await w.settled();
    expect(await deliverPublished(w)).toMatchObject([{ body: { outcome: "lost" } }]);
    expect(await rows(w, w.a, "field.deliveries")).toMatchObject([{ outcome: "lost" }]);
    expect(await stored()).toEqual([]);
  });

  test("what it does not know is acknowledged and kept; a wrong signature leaves nothing", async () => {
    expect(await (await calls(w, domain, { type: "email.opened", data: { email_id: "e" } })).json()).toEqual({
      outcomes: ["ignored"],
    });
    const before = await counts(w, w.a);
    const answer = await calls(w, { ...domain, secret: `whsec_${btoa("another secret of theirs")}` }, news("em-2"));
    expect(answer.status).toBe(401);
    expect(await counts(w, w.a)).toEqual(before);
  });
});
