// The pages of the console, asked for as a browser asks.
import { expect, test } from "vitest";
import { contact, conversation, deletion, edit, heard, message, talk } from "#test/inbox/chatwoot.ts";
import { scriptedEmbedder } from "#test/kit/embedder.ts";
import { deliverPublished } from "#test/kit/jobs.ts";
import { world } from "#test/kit/world.ts";
import { signedIn, textOf, threadIn } from "./visitor.ts";

const hostile = `<script>alert("x")</script><img src=x onerror=alert(1)> & 'quotes'`;

test("a conversation reads as it was held: order, private notes, edits, deletions, files", async () => {
  const w = await world();
  const at = talk(w.a);
  const first = message(at, { content: "The boiler drips again.", created_at: "2026-11-14T07:00:00Z" });
  const agent = { id: 33, name: "Lars Toft", type: "user" };
  const said = (content: string, created_at: string, change = {}) =>
    message(at, { content, created_at, message_type: "outgoing", sender: agent, ...change });
  const promise = said("We come on Tuesday.", "2026-11-14T07:05:00Z");
  const note = said("He never pays on time.", "2026-11-14T07:06:00Z", { private: true });
  const slip = said("Wrong window.", "2026-11-14T07:07:00Z");
  const attachment = {
    id: 771,
    message_id: 1,
    file_type: "image",
    extension: "jpg",
    data_url: "javascript:alert(1)//pump.jpg",
    file_size: 182233,
  };
  const photo = message(at, { content: null, created_at: "2026-11-14T07:08:00Z", attachments: [attachment] });
  for (const one of [first, promise, note, slip, photo]) await heard(w, w.a, one);
  await heard(w, w.a, edit(at, promise, { version: "2026-11-14T08:00:00Z", content: "We come on Wednesday." }));
  await heard(w, w.a, deletion(at, slip, "2026-11-14T08:10:00Z"));

  const person = await signedIn(w, w.a);
  const { html, status } = await person.get(`/console/conversations/${at.conversation}`);
  expect(status).toBe(200);
  const thread = threadIn(html);
  expect(thread).toContain("Yesterday Mette Holm 08:00 The boiler drips again.");
  expect(thread).toContain("Lars Toft 08:05 , edited 09:00 We come on Wednesday.");
  expect(thread).toContain("Lars Toft Private note, staff only 08:06 He never pays on time.");
  expect(thread).toMatch(/Deleted on 14 Nov 2026, 09:10 ; the text is gone here too/);
  expect(thread).toContain("Image · pump.jpg · 182 kB");
  expect(html).not.toContain("javascript:");
  expect(html).not.toContain("We come on Tuesday.");
  expect(html).not.toContain("Wrong window.");

  const evidence = textOf(html.slice(html.indexOf('class="evidence"')));
  expect(evidence).toMatch(/Passages 0 of 3 remembered/);
  expect(evidence).toMatch(/He never pays on time\. Waiting Staff only evi…/);
  expect(evidence).toMatch(/We come on Wednesday\. Waiting Contact’s own evi…\w+ v2/);
  expect(evidence).toContain("Message deleted");
});

test("names and messages from outside are text, wherever they show", async () => {
  const w = await world();
  const at = talk(w.a);
  const meta = { sender: { ...contact(at, { name: hostile }), type: "contact" }, assignee: null, team: null };
  const sent = { content: hostile, sender: contact(at, { name: hostile }), conversation: conversation(at, { meta }) };
  expect(await heard(w, w.a, message(at, sent))).toBe("stored");
  const person = await signedIn(w, w.a);
  const pages = ["/console", `/console/conversations/${at.conversation}`, "/console/ask", "/console/ledger"];
  for (const path of [...pages, `/console/conversations/${at.conversation}?live=1`]) {
    const { html } = await person.get(path);
    expect(html.match(/<script/g) ?? []).toHaveLength(path.includes("live") ? 0 : 1);
    expect(html).not.toMatch(/<img|onerror=(?!alert\(1\)&gt;)/);
  }
  const { html } = await person.get(`/console/conversations/${at.conversation}`);
  expect(textOf(html)).toContain(hostile);
});

test("another tenant's conversation is nowhere, like one that never was", async () => {
  const w = await world();
  const theirs = talk(w.b);
  await heard(w, w.b, message(theirs));
  const person = await signedIn(w, w.a);
  const foreign = await person.get(`/console/conversations/cw:${w.b.project}:${theirs.account}:${theirs.conversation}`);
  const nowhere = await person.get("/console/conversations/999999");
  for (const page of [foreign, nowhere]) {
    expect(page.status).toBe(404);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(textOf(page.html)).toContain("There is no such conversation in this project.");
    expect(textOf(page.html)).toContain("404 conversation_unknown");
    expect(page.html).not.toContain("Mette");
  }
  for (const path of ["/console/conversations/%00", "/console/ask/a%20b", "/console/nothing", "/console/assets/x.js"]) {
    const page = await person.get(path);
    expect([path, page.status, page.headers.get("content-type")?.split(";")[0]]).toEqual([path, 404, "text/html"]);
  }
  expect((await person.get("/console?list=made-up")).status).toBe(400);
});

test("each page is one request to the database, and says so", async () => {
  const w = await world();
  const at = talk(w.a);
  await heard(w, w.a, message(at));
  const person = await signedIn(w, w.a);
  await w.neon.query(
    `insert into memory.answers (project_id, account_scope_id, id, actor, request_id, question, audience, status, answerer)
     values ($1, $2, $3, 'user:x', 'req_x', 'Why?', '{"kind":"staff"}', 'insufficient_evidence', 'none')`,
    [w.a.project, w.a.accountScope, `ans_${w.a.accountId}`],
  );
  const paths = [
    "/console",
    `/console/conversations/${at.conversation}`,
    `/console/conversations/${at.conversation}?live=1`,
    "/console/ask",
    `/console/ask/ans_${w.a.accountId}`,
    "/console/memory",
    "/console/ledger",
    "/console/ledger?kind=message.received",
  ];
  for (const path of paths) {
    w.neon.resetStats();
    const page = await person.get(path);
    expect([path, page.status, w.neon.stats().requests]).toEqual([path, 200, 1]);
    expect(page.headers.get("server-timing")).toContain("requests=1");
  }
  for (const path of ["/console/login", "/console/nothing"]) {
    w.neon.resetStats();
    await person.get(path);
    expect([path, w.neon.stats().requests]).toEqual([path, 0]);
  }
});

test("pages allow nothing but their own stylesheet and script, which keep for ever", async () => {
  const w = await world();
  const person = await signedIn(w, w.a);
  for (const path of [
    "/console",
    "/console/login",
    "/console/ask",
    "/console/memory",
    "/console/ledger",
    "/console/no",
  ]) {
    const page = await person.get(path);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|data:/);
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(page.headers.get("referrer-policy")).toBe("same-origin");
    expect(page.html).not.toMatch(/ style=| on[a-z]+="|<style|<script>/);
    expect(page.html).not.toMatch(/(?:href|src|action)="(?!\/|#)/);
  }
  const { html } = await person.get("/console");
  const files = [...html.matchAll(/(?:href|src)="(\/console\/assets\/[^"]+)"/g)].map((match) => match[1] ?? "");
  expect(files).toHaveLength(3);
  for (const file of files) {
    const asset = await w.fetch(file);
    expect([file, asset.status]).toEqual([file, 200]);
    expect(file).toMatch(/-[0-9a-f]{16}\.(css|js|svg)$/);
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  }
});

test("news are asked for with the last answer's tag and cost nothing while there are none", async () => {
  const w = await world();
  const at = talk(w.a);
  await heard(w, w.a, message(at, { content: "First." }));
  const person = await signedIn(w, w.a);
  const path = `/console/conversations/${at.conversation}?live=1`;
  const before = await person.get(path);
  const tag = before.headers.get("etag") ?? "";
  expect(before.html).not.toContain("<html");
  const same = await person.get(path, { "if-none-match": tag });
  expect([same.status, same.html]).toEqual([304, ""]);
  await heard(w, w.a, message(at, { content: "Second." }));
  const after = await person.get(path, { "if-none-match": tag });
  expect([after.status, after.html.includes("Second.")]).toEqual([200, true]);
  expect(after.headers.get("etag")).not.toBe(tag);
});

test("what failed shows its reason, and an operator's retry makes it wait again", async () => {
  const embedder = scriptedEmbedder();
  const w = await world({ embedder: embedder.port });
  const at = talk(w.a);
  await heard(w, w.a, message(at, { content: "The secret of the cellar is that it leaks." }));
  await w.settled();
  await w.neon.query(
    "update memory.pending set failed_at = '2026-11-15T07:59:00Z', error = 'input_refused', attempts = 5 where project_id = $1",
    [w.a.project],
  );
  const person = await signedIn(w, w.a);
  const page = await person.get("/console/memory");
  expect(textOf(page.html)).toContain("Input refused The secret of the cellar is that it leaks.");
  expect(textOf(page.html)).toContain("5 attempts");
  expect((await person.post("/console/memory/retry", { csrf: "no" })).status).toBe(403);
  const retried = await person.post("/console/memory/retry", {});
  expect(textOf((await person.get(retried.place)).html)).toContain("1 passage will be read again.");
  await w.settled();
  await deliverPublished(w);
  const after = textOf((await person.get("/console/memory")).html);
  expect(after).toContain("Everything that was heard is remembered: 1 passage.");
  expect(after).toContain(`Model ${embedder.port.model}`);
});

test("the ledger is filtered by kind and by request, and pages on", async () => {
  const w = await world();
  const at = talk(w.a);
  for (let i = 0; i < 30; i++) await heard(w, w.a, message(at, { content: `Turn ${i}` }));
  const person = await signedIn(w, w.a);
  const all = await person.get("/console/ledger");
  const rows = (html: string) => html.match(/id="line-/g)?.length ?? 0;
  expect(rows(all.html)).toBeGreaterThan(30);
  const only = await person.get("/console/ledger?kind=contact.created");
  expect(rows(only.html)).toBe(1);
  expect(only.html).toContain('<option value="contact.created" selected');
  const request = /request=(req_\w+)/.exec(all.html)?.[1] ?? "";
  const one = await person.get(`/console/ledger?request=${request}`);
  expect(rows(one.html)).toBeGreaterThanOrEqual(1);
  expect(textOf((await person.get("/console/ledger?kind=no.such")).html)).toContain("No line fits this filter");
});

test("a long conversation turns its pages, and a quoted turn is found where it was said", async () => {
  const w = await world();
  const at = talk(w.a);
  const sent = Array.from({ length: 60 }, (_, i) =>
    message(at, { content: `Turn ${i}.`, created_at: new Date(Date.UTC(2026, 10, 14, 6, i)).toISOString() }),
  );
  for (const one of sent) await heard(w, w.a, one);
  const person = await signedIn(w, w.a);
  const newest = await person.get(`/console/conversations/${at.conversation}`);
  expect(threadIn(newest.html)).toContain("Turn 59.");
  expect(threadIn(newest.html)).not.toContain("Turn 9.");
  const earlier = /href="([^"]+)"[^>]*>\s*Earlier turns/.exec(newest.html)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const older = await person.get(earlier);
  expect(threadIn(older.html)).toContain("Turn 9.");
  expect(threadIn(older.html)).toContain("Later turns");
  const quoted = await person.get(`/console/conversations/${at.conversation}?turn=${sent[3]?.["id"]}`);
  expect(quoted.html).toContain(`id="turn-${sent[3]?.["id"]}"`);
  expect(textOf(quoted.html)).toContain("Later turns");
});

test("nobody has written yet: the page says how the first message arrives", async () => {
  const w = await world();
  const person = await signedIn(w, w.b);
  const page = textOf((await person.get("/console")).html);
  expect(page).toContain("No message has arrived yet");
  expect(page).toContain(`/v1/hooks/chatwoot/${w.b.source.id}`);
  expect(textOf((await person.get("/console/ledger")).html)).toContain("Nothing has happened yet");
  expect(textOf((await person.get("/console/memory")).html)).toContain("Nothing to remember yet");
  expect(textOf((await person.get("/console/ask")).html)).toContain("Every sentence comes with its evidence");
});

test("a technician reads and asks, and is not shown what his role does not include", async () => {
  const w = await world();
  await w.neon.query("update identity.memberships set role = 'technician' where user_id = $1", [w.a.user]);
  const at = talk(w.a);
  await heard(w, w.a, message(at));
  const person = await signedIn(w, w.a);
  const page = await person.get(`/console/conversations/${at.conversation}`);
  expect(page.status).toBe(200);
  expect(page.html).not.toMatch(/Ask as contact|class="lines"/);
  expect((await person.get("/console/ask")).html).not.toContain('value="public"');
  const ledger = await person.get("/console/ledger");
  expect(ledger.status).toBe(403);
  expect(textOf(ledger.html)).toContain("Your role in this project does not include this.");
  expect((await person.get("/console/memory")).html).not.toContain("/console/memory/retry");
});

test("when the database is away the page says so, without a stack", async () => {
  const w = await world();
  const person = await signedIn(w, w.a);
  const { db } = w.runtime;
  w.runtime.db = new Proxy(db, {
    get: (target, name) =>
      name === "batch"
        ? () => Promise.reject(new Error("fetch failed at Socket.<anonymous>"))
        : Reflect.get(target, name),
  });
  const page = await person.get("/console");
  w.runtime.db = db;
  expect(page.status).toBe(503);
  expect(textOf(page.html)).toContain("The database did not answer.");
  expect(page.html).not.toMatch(/Socket|\bat /);
});
