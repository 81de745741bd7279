// Documents in the console, without a script: sources, a sync, who is answered, one document with its passages.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bound, type VaultWorld, vaultWorld } from "#test/vault/vaulting.ts";
import { signedIn, textOf, type Visitor } from "./visitor.ts";

let v: VaultWorld;
let person: Visitor;
let source: Bound;

beforeAll(async () => {
  v = await vaultWorld();
  const name = `nordvarme/pages-${v.a.accountId}`;
  const hostile = "# <script>alert(1)</script>\n\nHours & prices are <b>here</b>.\n";
  v.github.repository(name, {
    "warranty.md": "# Warranty\n\nFive years.\n\n## Parts\n\nTwo years.\n",
    "hostile.md": hostile,
  });
  source = await v.bind({ source: "github", repository: name, name: "Handbook" });
  person = await signedIn(v.w, v.a);
});
afterAll(() => v.close());

test("a source waits, is synced from its row, and shows what it holds", async () => {
  v.queue.published.splice(0);
  expect(textOf((await person.get("/console/documents")).html)).toMatch(
    /Handbook GitHub nordvarme\S+ Waiting 0 documents Staff only/,
  );
  const asked = await person.post(`/console/documents/sources/${source.id}/sync`, { once: "now" });
  expect([asked.status, asked.place]).toEqual([303, expect.stringMatching(/^\/console\/documents\?note=sync_asked/)]);
  await v.job(source);
  await v.settled();
  await v.quiet();
  const page = textOf((await person.get(asked.place)).html);
  expect(page).toContain("The documents are being looked through.");
  expect(page).toMatch(/Up to date Last copied just now 2 documents/);
  expect(page).toMatch(/Warranty warranty\.md 2 passages Staff only/);
});

test("a document shows its passages, and hostile words are text", async () => {
  const { html } = await person.get("/console/documents");
  const ids = [...html.matchAll(/\/console\/documents\/(doc_\w+)/g)].map((match) => match[1] ?? "");
  const pages = await Promise.all([...new Set(ids)].map((id) => person.get(`/console/documents/${id}`)));
  const all = pages.map((page) => page.html).join("\n");
  expect(textOf(all)).toContain("Warranty › Parts: Two years. Remembered");
  expect(all).not.toContain("<script>alert");
  expect(textOf(all)).toContain("<b>here</b>");
  expect((await person.get("/console/documents/doc_none")).status).toBe(404);
});

test("who is answered is a choice, made with the form's proof", async () => {
  const choose = (fields: Record<string, string>) =>
    person.post(`/console/documents/sources/${source.id}/visibility`, { once: JSON.stringify(fields), ...fields });
  expect((await choose({ visibility: "public", csrf: "wrong" })).status).toBe(403);
  const chosen = await choose({ visibility: "public" });
  expect(textOf((await person.get(chosen.place)).html)).toMatch(
    /Clients and staff.*Clients may be answered from these documents now\./,
  );
  expect((await choose({ visibility: "contact" })).status).toBe(400);
});

test("a failure says why; a technician sees it and has no buttons", async () => {
  v.github.faults.answer({ status: 404, json: {} });
  await person.post(`/console/documents/sources/${source.id}/sync`, { once: "fails" });
  await v.quiet();
  await v.job(source);
  v.github.faults.ok();
  expect(textOf((await person.get("/console/documents")).html)).toMatch(
    /Failed There is no such repository.*2 documents/,
  );
  await v.neon.query("update identity.memberships set role = 'technician' where user_id = $1", [v.a.user]);
  const { html } = await person.get("/console/documents");
  expect(html).not.toContain("Sync now");
  expect((await person.post(`/console/documents/sources/${source.id}/sync`, { once: "no" })).status).toBe(403);
  await v.neon.query("update identity.memberships set role = 'owner' where user_id = $1", [v.a.user]);
});

test("each page is one request to the database", async () => {
  const { html } = await person.get("/console/documents");
  const document = /\/console\/documents\/doc_\w+/.exec(html)?.[0] ?? "";
  for (const path of ["/console/documents", document]) {
    v.neon.resetStats();
    expect([path, (await person.get(path)).status, v.neon.stats().requests]).toEqual([path, 200, 1]);
  }
});

test("a document is erased for good from its own page, once the word is typed", async () => {
  const { html } = await person.get("/console/documents");
  const id = /\/console\/documents\/(doc_\w+)[^>]*>Warranty/.exec(html)?.[1] ?? "";
  expect(textOf((await person.get(`/console/documents/${id}`)).html)).toContain("Erase this document");
  const fields = { once: "erase", kind: "document", id, reason: "user_delete" };
  expect((await person.post("/console/erasures", { ...fields, typed: "yes" })).status).toBe(422);
  const asked = await person.post("/console/erasures", { ...fields, typed: "ERASE" });
  expect([asked.status, asked.place]).toEqual([303, expect.stringMatching(/^\/console\/erasures\/era_/)]);
  expect(textOf((await person.get("/console/erasures")).html)).toMatch(/A document doc_\w+/);
});
