// Writing to people in the console without a script: drafts, replies into a conversation, and what is refused.
import { beforeEach, expect, test } from "vitest";
import { credentialsPlace } from "#brain/outbound/index.ts";
import { heard, message, type Talk, talk } from "#test/inbox/chatwoot.ts";
import { canSend, type Sending } from "#test/kit/outbound.ts";
import { testSecrets, type World, world } from "#test/kit/world.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let w: World;
let s: Sending;
let person: Visitor;
let at: Talk;

beforeEach(async () => {
  w = await world();
  s = await canSend(w, w.a);
  at = talk(w.a);
  await heard(w, w.a, message(at, { content: "When do you come?" }));
  person = await signedIn(w, w.a);
});

/** Whose conversation it is, and the evidence of what was said in it. */
async function said(): Promise<{ contact: string; evidence: string }> {
  const [row] = await w.neon.query(
    `select c.person_id as contact, e.id as evidence from inbox.cw_messages m
       join inbox.cw_contacts c on c.project_id = m.project_id and c.id = m.contact_global_id
       join shared.evidence_items e on e.project_id = m.project_id and e.source_pk = m.id
     where m.project_id = $1`,
    [w.a.project],
  );
  return { contact: String(row?.["contact"]), evidence: String(row?.["evidence"]) };
}

async function chatSender(account: string): Promise<string> {
  const id = `snd_chat_${account}`;
  const sealed = await testSecrets.seal("{}", credentialsPlace({ id, project: w.a.project }));
  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, account, credentials_sealed)
     values ($1, $2, $3, 'chatwoot', 'chat', 'Inbox', $4, $4, $5)`,
    [w.a.project, w.a.accountScope, id, account, sealed],
  );
  return id;
}

const newest = async (): Promise<Record<string, unknown> | undefined> =>
  (
    await w.neon.query(
      "select * from outbound.messages where project_id = $1 order by created_at desc, id desc limit 1",
      [w.a.project],
    )
  )[0];

test("a draft is written to an address of the person, once however often the form is sent", async () => {
  const path = `/console/write?contact=${s.contact}`;
  w.neon.resetStats();
  const { html } = await person.get(path);
  expect(w.neon.stats().requests).toBe(1);
  expect(textOf(html)).toContain(`SMS from Workshop to ${s.phone}`);
  const once = /name="once" value="([^"]+)"/.exec(html.slice(html.indexOf("writing")))?.[1] ?? "";
  const fields = { contact: s.contact, way: `sms|${s.sender}`, class: "transactional", once, act: "draft" };
  const made = await person.post("/console/write", { ...fields, text: "We come\r\non Friday." });
  expect([made.status, made.place]).toEqual([
    303,
    expect.stringMatching(/^\/console\/approvals\/msg_\w+\?note=message_written/),
  ]);
  const twice = await person.post("/console/write", { ...fields, text: "We come\r\non Friday." });
  expect(twice.place.split("?")[0]).toBe(made.place.split("?")[0]);
  expect(await newest()).toMatchObject({ body: "We come\non Friday.", state: "draft", recipient: s.phone });
  expect(await w.neon.query("select id from outbound.messages where project_id = $1", [w.a.project])).toHaveLength(1);
  expect(textOf((await person.get(made.place)).html)).toContain("It names nothing that it rests on");
});

test("from a conversation it is a reply into it, with evidence picked there, put before whoever approves", async () => {
  const sender = await chatSender(at.account.toString());
  const { contact, evidence } = await said();
  const thread = await person.get(`/console/conversations/${at.conversation}`);
  expect(thread.html).toContain(`href="/console/write?contact=${contact}&amp;conversation=${at.conversation}"`);
  const page = await person.get(`/console/write?contact=${contact}&conversation=${at.conversation}`);
  expect(textOf(page.html)).toContain(`Chat, conversation #${at.conversation}`);
  expect(textOf(page.html)).toContain("When do you come?");
  expect(page.html).toContain(`name="evidence-${evidence}"`);
  const made = await person.post("/console/write", {
    contact,
    conversation: String(at.conversation),
    way: `chat|${sender}`,
    class: "reply",
    text: "On Friday at nine.",
    [`evidence-${evidence}`]: "1",
    act: "ask",
  });
  expect(made.place).toMatch(/note=message_asked/);
  expect(await newest()).toMatchObject({
    channel: "chat",
    class: "reply",
    state: "pending",
    sender_id: sender,
    contact_id: contact,
    evidence_refs: [evidence],
    thread: { conversation: `cw:${w.a.project}:${at.account}:${at.conversation}` },
  });
  expect(textOf((await person.get(made.place)).html)).toMatch(
    new RegExp(`Goes now .*Conversation #${at.conversation}`),
  );
});

test("marketing does not pass for a reply", async () => {
  const sender = await chatSender(at.account.toString());
  const { contact } = await said();
  const fields = {
    contact,
    conversation: String(at.conversation),
    way: `chat|${sender}`,
    text: "Buy now!",
    act: "ask",
  };
  for (const kind of ["marketing", "transactional", ""]) {
    const tried = await person.post("/console/write", { ...fields, class: kind });
    expect([tried.status, textOf(tried.html)]).toEqual([
      422,
      expect.stringContaining("A conversation takes replies only."),
    ]);
  }
  expect(await newest()).toBeUndefined();
});

test("a conversation of an account nobody sends for is answered by no other account", async () => {
  await chatSender("999999");
  const { contact } = await said();
  const page = await person.get(`/console/write?contact=${contact}&conversation=${at.conversation}`);
  expect(textOf(page.html)).not.toContain("Chat, conversation");
  const fields = { contact, conversation: String(at.conversation), way: "chat|snd_chat_999999", class: "reply" };
  const tried = await person.post("/console/write", { ...fields, text: "Hello", act: "draft" });
  expect([tried.status, textOf(tried.html)]).toEqual([
    422,
    expect.stringContaining("No sender of this project serves that channel."),
  ]);
  expect(await newest()).toBeUndefined();
});

test("what is wrong is said beside the words, which are kept", async () => {
  const fields = { contact: s.contact, way: `sms|${s.sender}`, class: "reply", act: "draft" };
  const empty = await person.post("/console/write", { ...fields, text: "" });
  expect([empty.status, textOf(empty.html)]).toEqual([400, expect.stringMatching(/The text: /)]);
  await person.post("/console/write", { ...fields, once: "1", text: "We are <b>here</b>." });
  const again = await person.post("/console/write", { ...fields, once: "2", text: "We are <b>here</b>." });
  expect([again.status, textOf(again.html)]).toEqual([
    409,
    expect.stringContaining("The same words went to this person today"),
  ]);
  expect(textOf(again.html)).toContain("We are <b>here</b>.");
  expect(again.html).not.toContain("<b>here");
});

test("words of one person are no evidence for another; a stranger's person and conversation are nowhere", async () => {
  expect((await person.get(`/console/write?contact=${s.contact}&conversation=${at.conversation}`)).status).toBe(404);
  const { contact } = await said();
  const other = await signedIn(w, w.b);
  for (const path of [`/console/write?contact=${contact}`, `/console/people/${contact}`, "/console/write"])
    expect([path, (await other.get(path)).status]).toEqual([path, 404]);
  const fields = { contact, way: `sms|${s.sender}`, class: "transactional", text: "x", act: "draft" };
  expect((await other.post("/console/write", fields)).status).toBe(404);
  const form = { contact: s.contact, way: `sms|${s.sender}`, class: "transactional", text: "x", act: "draft" };
  expect((await person.post("/console/write", { ...form, csrf: "made-up" })).status).toBe(403);
  expect(await newest()).toBeUndefined();
});

test("a person's page says how he is reached, and what he has said about it", async () => {
  await w.neon.query(
    `insert into outbound.contact_channel_policies (project_id, account_scope_id, id, contact_id, channel, opted_out_at, opted_out_by, cap_count, cap_seconds)
     values ($1, $2, 'pol_1', $3, 'sms', '2026-11-14T10:00:00Z', 'keyword', 2, 86400)`,
    [w.a.project, w.a.accountScope, s.contact],
  );
  await w.neon.query(
    `insert into people.consents (project_id, account_scope_id, id, contact_id, channel, scope, granted, occurred_at)
     values ($1, $2, 'cns_1', $3, 'email', 'marketing', true, '2026-11-13T10:00:00Z')`,
    [w.a.project, w.a.accountScope, s.contact],
  );
  w.neon.resetStats();
  const page = textOf((await person.get(`/console/people/${s.contact}`)).html);
  expect(w.neon.stats().requests).toBe(1);
  expect(page).toContain("It is 09:00 today in Copenhagen. Quiet from 21:00 to 08:00 there: messages may leave now.");
  expect(page).toMatch(/SMS \+4520\d+ from Workshop/);
  expect(page).toMatch(/SMS Opted out by writing STOP, 14 Nov 2026, 11:00 at most 2 messages in 1 day/);
  expect(page).toMatch(/Email Consented to marketing, 13 Nov 2026, 11:00/);
});
