// A suggested answer into a Chatwoot conversation: from what its customer may know, cited, into the approval queue; or an honest no.
import { beforeAll, expect, test } from "vitest";
import { credentialsPlace } from "#brain/outbound/index.ts";
import { hashEmbedder } from "#local/embeddings-hash.ts";
import { signedIn, textOf } from "#test/console/visitor.ts";
import { heard, message, rows, type Talk, talk } from "#test/inbox/chatwoot.ts";
import { testSecrets, type World, world } from "#test/kit/world.ts";
import { remember } from "#test/memory/remember.ts";

let w: World;
let n = 0;

async function chatSender(account: string): Promise<string> {
  const id = `snd_chat_${account}`;
  const sealed = await testSecrets.seal("{}", credentialsPlace({ id, project: w.a.project }));
  await w.neon.query(
    `insert into outbound.senders (project_id, account_scope_id, id, provider, channel, name, address, account, credentials_sealed)
     values ($1, $2, $3, 'chatwoot', 'chat', 'Inbox', $4, $4, $5) on conflict do nothing`,
    [w.a.project, w.a.accountScope, id, account, sealed],
  );
  return id;
}

beforeAll(async () => {
  w = await world({ embedder: hashEmbedder });
  await remember(w.neon, w.a, [
    { text: "The yearly service of a heat pump costs DKK 1,200.", visibility: 0 },
    { text: "The yearly service costs Bob DKK 900, because he complained.", contact: 2, conversation: 2 },
    { text: "The yearly service costs us DKK 640, codename zanzibar.", contact: 2, conversation: 2, visibility: 2 },
  ]);
});

async function suggest(at: Talk | string, key = `i${++n}`, tenant = w.a) {
  const id = typeof at === "string" ? at : String(at.conversation);
  const answer = await w.fetch(`/v1/inbox/conversations/${id}/suggest-reply`, {
    key: tenant.apiKey,
    json: {},
    headers: { "idempotency-key": `"${key}"` },
  });
  await w.settled();
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const says = (at: Talk, content: string, minute: number, more: Record<string, unknown> = {}) =>
  heard(
    w,
    w.a,
    message(at, { content, created_at: new Date(Date.UTC(2026, 10, 15, 7, minute)).toISOString(), ...more }),
  );
const ours = { message_type: "outgoing", sender: { id: 33, name: "Lars Toft", type: "user" } };
const drafts = () => rows(w, w.a, "select * from outbound.messages where project_id = $1 order by created_at, id");

test("it is a draft that cites what the customer may know, goes into his conversation, and waits; once however often asked", async () => {
  const at = talk(w.a);
  const sender = await chatSender(at.account.toString());
  await says(at, "The pump rattles.", 1);
  await says(at, "We come on Thursday.", 2, ours);
  await says(at, "Thank you.", 3);
  await says(at, "What does the yearly service cost?", 4);
  const { status, body } = await suggest(at, "once");
  expect([status, body]).toMatchObject([201, { status: "drafted", answer: expect.stringMatching(/^ans_/) }]);
  expect(await suggest(at, "once")).toEqual({ status, body });
  const [draft, ...others] = await drafts();
  expect(others).toEqual([]);
  expect(draft).toMatchObject({
    id: body["message"],
    state: "draft",
    class: "reply",
    channel: "chat",
    sender_id: sender,
    thread: { conversation: `cw:${w.a.project}:${at.account}:${at.conversation}` },
    answers_to: expect.stringMatching(/^cwmsg:/),
  });
  expect(draft?.["body"]).toContain("1,200");
  expect(draft?.["body"]).not.toMatch(/900|640|zanzibar|rattles/);
  const refs = draft?.["evidence_refs"] as string[];
  const cited = await rows(
    w,
    w.a,
    "select source_table from shared.evidence_items where project_id = $1 and id = any($2::text[])",
    [refs],
  );
  expect([refs.length, cited]).toEqual([1, [{ source_table: "memory.kb_entries" }]]);
  expect(w.queue.published.filter(({ kind }) => kind.startsWith("outbound."))).toEqual([]);
});

test("what nothing answers has no draft: his own words are no answer to himself", async () => {
  const at = talk(w.a);
  await chatSender(at.account.toString());
  const before = (await drafts()).length;
  await says(at, "The boiler shows the code E42 and it is cold. What does the code E42 of the boiler mean?", 1);
  expect(await suggest(at)).toMatchObject({ status: 201, body: { status: "insufficient_evidence", message: null } });
  expect((await drafts()).length).toBe(before);
});

test("what is answered, wordless, unknown or another tenant's is refused", async () => {
  const at = talk(w.a);
  await chatSender(at.account.toString());
  await says(at, "What does the yearly service cost?", 1);
  await says(at, "DKK 1,200.", 2, ours);
  expect(await suggest(at)).toMatchObject({ status: 409, body: { code: "nothing_to_answer" } });
  await says(at, "  ", 3);
  expect(await suggest(at)).toMatchObject({ status: 409, body: { code: "message_wordless" } });
  expect(await suggest("482000")).toMatchObject({ status: 404, body: { code: "conversation_unknown" } });
  expect(await suggest(`cw:${w.a.project}:${at.account}:${at.conversation}`, "theirs", w.b)).toMatchObject({
    status: 404,
  });
});

test("in the console it is a button in the conversation that leads to the draft, or says that nothing is known", async () => {
  const at = talk(w.a);
  await chatSender(at.account.toString());
  await says(at, "And what does the yearly service of a heat pump cost?", 1);
  const person = await signedIn(w, w.a);
  const place = `/console/conversations/${at.conversation}`;
  expect(textOf((await person.get(place)).html)).toContain("Suggest an answer");
  const made = await person.post(`${place}/suggest`, { once: "1" });
  expect([made.status, made.place]).toEqual([
    303,
    expect.stringMatching(/^\/console\/approvals\/msg_\w+\?note=message_suggested/),
  ]);
  expect(textOf((await person.get(made.place)).html)).toContain("1,200");
  await says(at, "The price is 1,200.", 2, ours);
  await says(at, "Wie heißt der Hund von Annegret Zauberstein?", 3);
  const none = await person.post(`${place}/suggest`, { once: "2" });
  expect(none.place).toContain(`${place}?note=nothing_known`);
});
