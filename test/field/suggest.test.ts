// A suggested answer: from what this customer may know, cited, into the approval queue; or an honest no. Nothing leaves.
import { beforeEach, expect, test } from "vitest";
import { hashEmbedder } from "#local/embeddings-hash.ts";
import { type ScriptedCarrier, scriptedCarrier } from "#test/kit/carrier.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { type Bound, bound, calls, fresh, smsForm, twilioCalls } from "#test/kit/providers.ts";
import { type World, world } from "#test/kit/world.ts";
import { remember } from "#test/memory/remember.ts";
import { rows } from "./reading.ts";

let w: World;
let carrier: ScriptedCarrier;
let source: Bound;
let s: Sending;
let n = 0;

beforeEach(async () => {
  carrier = scriptedCarrier();
  w = await world({ embedder: hashEmbedder, carriers: { twilio: carrier.port } });
  source = await bound(w, w.a, "twilio");
  s = await canSend(w, w.a);
  await w.neon.query("update outbound.senders set source_id = $2 where id = $1", [s.sender, source.id]);
});

async function suggest(id: unknown, key = `s${++n}`) {
  const answer = await w.fetch(`/v1/field/messages/${id}/suggest-reply`, {
    key: w.a.apiKey,
    json: {},
    headers: { "idempotency-key": `"${key}"` },
  });
  await w.settled();
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function asked(text: string, from = `+45${fresh()}`) {
  await twilioCalls(w, source, smsForm(source, from, text));
  await w.settled();
  const [message] = await rows(w, w.a, "field.messages", `address = '${from}'`);
  return { id: message?.["id"], from };
}

const knowledge = () =>
  remember(w.neon, w.a, [
    { text: "The yearly service of a heat pump costs DKK 1,200.", visibility: 0 },
    { text: "The yearly service costs Bob DKK 900, because he complained.", contact: 2, conversation: 2 },
    { text: "The yearly service costs us DKK 640, codename zanzibar.", contact: 2, conversation: 2, visibility: 2 },
  ]);

test("is a draft that cites what the customer may know, answers where he wrote, and waits", async () => {
  await knowledge();
  const { id, from } = await asked("What does the yearly service cost?");
  const { status, body } = await suggest(id, "once");
  expect([status, body]).toMatchObject([201, { status: "drafted", answer: expect.stringMatching(/^ans_/) }]);
  expect(await suggest(id, "once")).toEqual({ status, body });
  const [draft, ...others] = await rows(w, w.a, "outbound.messages");
  expect(others).toEqual([]);
  expect(draft).toMatchObject({
    id: body["message"],
    state: "draft",
    class: "reply",
    channel: "sms",
    recipient: from,
    sender_id: s.sender,
    answers_to: id,
    language: "en",
  });
  expect(draft?.["body"]).toContain("1,200");
  expect(draft?.["body"]).not.toMatch(/900|640|zanzibar/);
  const refs = draft?.["evidence_refs"] as string[];
  const cited = (await rows(w, w.a, "shared.evidence_items")).filter((row) => refs.includes(String(row["id"])));
  expect(cited).toMatchObject([{ source_table: "memory.kb_entries" }]);
  expect(carrier.asked).toEqual([]);
});

test("is none where nothing answers: his own question is no answer to itself", async () => {
  const { id } = await asked(
    "The boiler shows the code E42 and it is cold. What does the code E42 of the boiler mean?",
  );
  expect(await suggest(id)).toMatchObject({ status: 201, body: { status: "insufficient_evidence", message: null } });
  expect(await rows(w, w.a, "outbound.messages")).toEqual([]);
});

test("to a mail goes into its thread", async () => {
  await knowledge();
  const mail = await bound(w, w.a, "postmark");
  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, source_id, credentials_sealed)
     values ($1, $2, 'snd_mail', 'postmark', 'email', 'Mail', 'service@nordvarme.example', $3, 'v1.none')`,
    [w.a.project, w.a.accountScope, mail.id],
  );
  const headers = [
    { Name: "Message-ID", Value: "<q1@example.dk>" },
    { Name: "References", Value: "<q0@example.dk>" },
  ];
  await calls(w, mail, {
    From: "m@example.dk",
    MessageID: "pm-1",
    Subject: "Price",
    TextBody: "What does the yearly service cost?",
    Headers: headers,
  });
  const [message] = await rows(w, w.a, "field.messages");
  expect(await suggest(message?.["id"])).toMatchObject({ body: { status: "drafted" } });
  expect(await rows(w, w.a, "outbound.messages")).toMatchObject([
    {
      channel: "email",
      subject: "Re: Price",
      recipient: "m@example.dk",
      thread: { in_reply_to: "<q1@example.dk>", references: ["<q0@example.dk>", "<q1@example.dk>"] },
    },
  ]);
});

test("of another tenant's message, of none, and without words is refused", async () => {
  const theirs = await bound(w, w.b, "twilio");
  await twilioCalls(w, theirs, smsForm(theirs, "+4520111213", "hello"));
  const [foreign] = await rows(w, w.b, "field.messages");
  expect(await suggest(foreign?.["id"])).toMatchObject({ status: 404, body: { code: "message_unknown" } });
  expect(await suggest("msg_none")).toMatchObject({ status: 404 });
  const { id } = await asked("   ");
  expect(await suggest(id)).toMatchObject({ status: 409, body: { code: "message_wordless" } });
});
