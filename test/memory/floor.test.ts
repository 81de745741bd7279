// One question on the floor: the technician, client A and client B get three answers, each right, each from what its reader may know.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { send } from "#brain/kernel/batch.ts";
import type { Audience } from "#brain/memory/audience.ts";
import { languageOf } from "#brain/memory/language.ts";
import { evidenceFor } from "#brain/memory/recall.ts";
import { addKey } from "#db/bootstrap.ts";
import { embedByHash, HASH_MODEL_ID, hashEmbedder } from "#local/embeddings-hash.ts";
import { signedIn, textOf, type Visitor } from "#test/console/visitor.ts";
import { heard, message, talk } from "#test/inbox/chatwoot.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { bound, smsForm, twilioCalls } from "#test/kit/providers.ts";
import { call } from "#test/mcp/agent.ts";
import { type VaultWorld, vaultWorld } from "#test/vault/vaulting.ts";
import { feeders, feedStores, markOf, markStores } from "./every-store.ts";
import { type Entry, type Knowing, knowing } from "./knowing.ts";

const question = "How is the overheat cutout of the Z900 boiler replaced?";
const about = "The overheat cutout of the Z900 boiler";

let v: VaultWorld;
let k: Knowing;
let technician: string;
let person: Visitor;
let stores: string[];
let readers: { a: Audience; b: Audience };
const entries: Record<string, Entry> = {};
const prompts: string[] = [];

const parrot = {
  provider: "fake",
  model: "parrot-1",
  complete: async ({ user }: { user: string }) => {
    prompts.push(user.split("\n\nQuestion:")[0] ?? "");
    return { text: JSON.stringify({ sentences: [] }) };
  },
};

/** A note about a job of the person whom the query names. */
async function noteOnJob(person: string, value: unknown, note: object) {
  const [found] = await v.neon.query(`select ${person} as id`, [v.a.project, value]);
  const { body } = await v.post("/v1/field/jobs", { client: found?.["id"], title: "Z900 boiler" });
  const { status } = await v.post(`/v1/field/jobs/${body["id"]}/notes`, note);
  if (status !== 201) throw new Error(`a note was not taken: ${status}`);
}

/** The same house, as it comes to know things: each door that leads into memory is used. */
async function furnish() {
  const [a, b] = [talk(v.a), talk(v.a)];
  const staff = { message_type: "outgoing", sender: { id: 1, name: "Karim", type: "user" } };
  await heard(
    v.w,
    v.a,
    message(a, { content: `${about} is replaced at your place on Tuesday, Hannah (canaryownax).` }),
  );
  await heard(v.w, v.a, message(b, { content: `${about} is replaced at your place on Friday, Otto (canaryownbx).` }));
  await heard(
    v.w,
    v.a,
    message(a, { ...staff, private: true, content: `${about} is our own mistake (canarynoteax).` }),
  );
  const source = await bound(v.w, v.a, "twilio");
  await twilioCalls(v.w, source, smsForm(source, "+4520304051", `${about} bit my dog (canarysmsx).`));
  const byChat = "(select person_id from inbox.cw_contacts where project_id = $1 and contact_id = $2::bigint)";
  await noteOnJob(byChat, a.contact, { text: `${about} was wired wrong by us (canaryjobx).` });
  const byPhone = "(select contact_id from people.contact_points where project_id = $1 and value_norm = $2)";
  const told = { text: `${about} is mended in the cellar (canaryjobclientx).`, visibility: "client" };
  await noteOnJob(byPhone, "+4520304051", told);
  const write = async (name: string, body: string, more: object = {}) => {
    const { body: made } = await k.write({ title: "Z900 boiler", body: `${about} ${body} (canary${name}x).`, ...more });
    entries[name] = made;
    return made.id;
  };
  const submit = (id: string) => k.call("lead", `knowledge/${id}/submit`, { version: 1 });
  const publish = (id: string) => k.call("owner", `knowledge/${id}/publish`, { version: 1 });
  await write("kbdraft", "is a known fault", { visibility: "client" });
  await submit(await write("kbreview", "is sold out", { visibility: "client" }));
  for (const [name, body, visibility] of [
    ["kbinternal", "is replaced with the gas shut, after the pump filter was cleaned", "internal"],
    ["kbclient", "needs a technician; please do not touch it yourself", "client"],
    ["kbdeprecated", "may be reset by anybody", "client"],
  ] as const) {
    const id = await write(name, body, { visibility });
    await submit(id);
    await publish(id);
  }
  await k.call("owner", `knowledge/${entries["kbdeprecated"]?.id}/deprecate`, { reason: "Dangerous" });
  v.github.repository("nordvarme/floor", { "cutout.md": `# Z900\n\n${about} costs us DKK 40 (canarydocumentx).\n` });
  await v.bind({ source: "github", repository: "nordvarme/floor", visibility: "internal" });
  await v.quiet();
  readers = {
    a: { kind: "contact", id: String(a.contact) },
    b: { kind: "contact", id: String(b.contact) },
  };
}

beforeAll(async () => {
  v = await vaultWorld({ embedder: hashEmbedder, language: parrot });
  k = await knowing(v.w);
  const permissions = ["memory:read", "memory:ask"];
  technician = await addKey(v.neon, { ...v.a, user: v.a.user, permissions, name: "the technician's phone" });
  await furnish();
  stores = await markStores(v.w, v.a);
  await feedStores(v.w, v.a, { tables: stores, stranger: 990_001, about });
  person = await signedIn(v.w, v.a);
});
afterAll(() => v.close());

type Said = { sentences: { text: string }[]; citations: { source: { table: string; pk: string }; quote: string }[] };

const marksIn = (text: string) => [...new Set(text.match(/canary[a-z0-9]+x/g) ?? [])].sort();

/** Through each door; what a reader is told, without what he asked. */
async function asked(audience: Audience | undefined, words: string, key = k.keys.owner) {
  const given = { question: words, ...(audience ? { audience } : {}) };
  prompts.length = 0;
  const rest = (await (await v.fetch("/v1/ask", { key, json: given })).json()) as Said;
  const tool = await call(v.w, "memory_ask", given, { key });
  return { rest, seen: [JSON.stringify(rest), tool.text, ...prompts] };
}

async function onThePage(audience: Audience): Promise<string> {
  const fields = { question, audience: audience.kind, ...("id" in audience ? { contact: audience.id } : {}) };
  const sent = await person.post("/console/ask", fields);
  const { html } = await person.get(sent.place);
  return textOf(html.slice(html.indexOf("<article"), html.indexOf("</article>")));
}

async function candidatesOf(audience: Audience, words: string): Promise<string> {
  const ctx = ctxOf(v.w, systemOf(v.a));
  const vector = { model: HASH_MODEL_ID, embedding: [...embedByHash(words)] };
  const meant = { text: words, language: languageOf(words), vector };
  const [given] = await send(ctx, [evidenceFor(ctx, { question: meant, audience, narrowing: {}, k: 40 })]);
  return JSON.stringify([given.rows[0]?.passages, given.rows[0]?.around]);
}

test("the same question has three right answers, each cited", async () => {
  const [t, a, b] = await Promise.all([
    asked(undefined, question, technician),
    asked(readers.a, question),
    asked(readers.b, question),
  ]);
  const said = ({ rest }: { rest: Said }) => rest.sentences.map(({ text }) => text).join(" ");
  expect(said(t)).toContain("gas shut");
  expect(said(a)).toContain("on Tuesday, Hannah");
  expect(said(b)).toContain("on Friday, Otto");
  expect(new Set([said(t), said(a), said(b)]).size).toBe(3);
  for (const one of [t, a, b]) expect(one.rest.citations.length).toBeGreaterThan(0);
  // The technician by what clients are not told.
  const gas = await asked(undefined, "Must the gas be shut for the overheat cutout of the Z900 boiler?", technician);
  expect(gas.rest.citations).toMatchObject([{ source: { table: "memory.kb_entries", pk: entries["kbinternal"]?.id } }]);
  const client = await asked(readers.a, "Must the gas be shut for the overheat cutout of the Z900 boiler?");
  expect(client.rest.citations.map(({ source }) => source.pk)).not.toContain(entries["kbinternal"]?.id);
  // Asking for a reader who may know more needs the permission.
  const wider = await v.fetch("/v1/ask", { key: technician, json: { question, audience: { kind: "staff" } } });
  expect(wider.status).toBe(403);
});

describe("nobody is given, told or quoted what he may not know", () => {
  const allowed: Record<string, string[]> = {
    a: ["canarykbclientx", "canaryownax"],
    b: ["canarykbclientx", "canaryownbx"],
    public: ["canarykbclientx"],
  };

  test("though every store holds a mark, and every way into memory was used", async () => {
    expect(await feeders(v.w)).toEqual([
      ...["field.put_note", "field.remember", "inbox.remember", "memory.forget_entry", "memory.remember_entry"],
      ...["vault.put_documents", "vault.remove_documents"],
    ]);
    expect(stores.length).toBeGreaterThan(50);
    const held = await v.neon.query("select string_agg(text, ' ') as all from memory.chunks where project_id = $1", [
      v.a.project,
    ]);
    const marks = marksIn(String(held[0]?.["all"]));
    expect(marks).toEqual(
      expect.arrayContaining([
        ...[
          "canaryownax",
          "canaryownbx",
          "canarynoteax",
          "canarysmsx",
          "canarykbinternalx",
          "canarykbclientx",
          "canarydocumentx",
          "canaryjobx",
          "canaryjobclientx",
        ],
        ...stores.map(markOf),
      ]),
    );
    // What is not live is in no passage, whatever its visibility.
    for (const name of ["kbdraft", "kbreview", "kbdeprecated"]) expect(marks).not.toContain(`canary${name}x`);
  });

  test.each(["a", "b", "public"])("%s", async (name) => {
    const audience: Audience = name === "public" ? { kind: "public" } : readers[name as "a" | "b"];
    const curious = [
      question,
      `${about} canarynoteax canarykbinternalx canarykbdraftx canarydocumentx canarysmsx canaryjobx canaryjobclientx`,
    ];
    for (let i = 0; i < stores.length; i += 20)
      curious.push(
        `${about} ${stores
          .slice(i, i + 20)
          .map(markOf)
          .join(" ")}`.slice(0, 1000),
      );
    const found = new Set<string>();
    for (const words of curious) {
      const { seen } = await asked(audience, words);
      for (const mark of marksIn([...seen, await candidatesOf(audience, words)].join("\n"))) found.add(mark);
    }
    for (const mark of marksIn(await onThePage(audience))) found.add(mark);
    // Nothing beyond his own, and that he was given.
    expect([...found].sort()).toEqual(allowed[name]);
  });

  test("but staff are: the marks can be found", async () => {
    const seen = await candidatesOf({ kind: "staff" }, `${about} canarynoteax ${markOf("outbound.messages")}`);
    expect(marksIn(seen)).toEqual(expect.arrayContaining(["canarynoteax", markOf("outbound.messages")]));
    expect(await onThePage({ kind: "staff" })).toMatch(/canary/);
  });
});
