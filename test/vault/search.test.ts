// Documents answer questions: near enough or not at all, with their place, and to nobody who may not know them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { type Tenant, tenant } from "#test/kit/world.ts";
import { remember } from "#test/memory/remember.ts";
import { type Bound, type VaultWorld, vaultWorld } from "./vaulting.ts";

let v: VaultWorld;
beforeAll(async () => {
  v = await vaultWorld();
});
afterAll(() => v.close());

const canary = "zanzibar";
const handbook = {
  "warranty.md": "# Warranty\n\nA heat pump carries five years of warranty.\n",
  "purchase.md": `# Purchase\n\nA heat pump costs us DKK 41,000 in purchase, codename ${canary}.\n`,
  "garanti.md": "# Garanti\n\nVi giver fem års garanti på en varmepumpe, og det gælder også reservedele.\n",
};

async function shop(visibility: "internal" | "public"): Promise<{ a: Tenant; source: Bound }> {
  const a = await tenant(v.neon, "searching");
  const name = `nordvarme/search-${a.accountId}`;
  v.github.repository(name, handbook);
  const source = await v.bind({ source: "github", repository: name, visibility }, a);
  await v.quiet();
  return { a, source };
}

type Found = {
  data: {
    text: string;
    similarity: number;
    document: { path: string; title: string; repository: string };
    evidence_id: string;
  }[];
  degraded?: string;
};
const search = (a: Tenant, q: string, more = "") =>
  v.get<Found>(`/v1/vault/search?q=${encodeURIComponent(q)}${more}`, a);
const ask = async (a: Tenant, question: string, audience?: object, key = a.apiKey) => {
  const answer = await v.fetch("/v1/ask", { key, json: { question, ...(audience ? { audience } : {}) } });
  return (await answer.json()) as {
    status: string;
    sentences: { text: string }[];
    citations: { source: { table: string; pk: string }; quote: string }[];
  };
};

describe("search", () => {
  test("finds what is near enough with its place, and nothing below the threshold", async () => {
    const { a } = await shop("internal");
    const near = await search(a, "Warranty: A heat pump carries five years of warranty.");
    expect(near.data[0]).toMatchObject({
      document: { path: "warranty.md", title: "Warranty" },
      evidence_id: expect.any(String),
    });
    expect(near.data.every(({ similarity }) => similarity >= 0.7)).toBe(true);
    expect((await search(a, "Where does the dog sleep at night?")).data).toEqual([]);
    const low = await search(a, "Where does the dog sleep at night?", "&threshold=0.01");
    const all = await search(a, "heat pump warranty", "&threshold=0");
    expect(low.data.every(({ similarity }) => similarity >= 0.01)).toBe(true);
    expect(all.data.length).toBeGreaterThan(1);
    expect((await search(a, "heat pump warranty", "&threshold=0&k=1")).data).toHaveLength(1);
  });

  test("sees documents only, and only the project's", async () => {
    const { a } = await shop("internal");
    const said = "Warranty: A heat pump carries five years of warranty.";
    await remember(v.neon, a, [{ text: said, contact: 1 }]);
    expect((await search(a, said, "&threshold=0")).data.map(({ document }) => document.path)).not.toContain(undefined);
    expect((await search(v.b, said, "&threshold=0")).data).toEqual([]);
  });

  test("says so when the question could not be embedded", async () => {
    const { a } = await shop("internal");
    const { embedder, ...ports } = v.runtime.ports;
    v.runtime.ports = ports;
    const found = await search(a, "heat pump warranty");
    const words = await search(a, "heat pump warranty", "&threshold=0");
    if (embedder) v.runtime.ports = { ...ports, embedder };
    expect(found).toMatchObject({ data: [], degraded: "no_meaning" });
    expect(words.data.length).toBeGreaterThan(0);
  });
});

describe("asking", () => {
  test("staff are answered from documents, with the document cited, in both languages", async () => {
    const { a } = await shop("internal");
    const answer = await ask(a, "How long is the warranty on a heat pump?");
    expect(answer).toMatchObject({ status: "answered", citations: [{ source: { table: "vault.documents" } }] });
    expect(answer.sentences.map(({ text }) => text).join(" ")).toContain("five years");
    const cited = await v.get<{ content: string }>(`/v1/vault/documents/${answer.citations[0]?.source.pk}`, a);
    expect(cited.content).toContain("five years of warranty");
    const danish = await ask(a, "Hvor mange års garanti er der på en varmepumpe?");
    expect(danish.sentences.map(({ text }) => text).join(" ")).toContain("fem års garanti");
  });

  test("an internal document answers no client and no stranger, whatever is asked", async () => {
    const { a } = await shop("internal");
    await remember(v.neon, a, [{ text: "Hello, when do you come?", contact: 1 }]);
    const open = await addKey(v.neon, { ...a, permissions: ["memory:ask"], name: "the public page" });
    const questions = [
      "What does a heat pump cost in purchase?",
      `What is ${canary}?`,
      handbook["purchase.md"].slice(0, 90),
      "How long is the warranty on a heat pump?",
    ];
    for (const question of questions) {
      for (const audience of [{ kind: "contact", id: "1" }, { kind: "public" }]) {
        const told = JSON.stringify(await ask(a, question, audience));
        expect([question, told]).toEqual([question, expect.stringContaining("insufficient_evidence")]);
        expect(told).not.toMatch(/41,000|five years|fem års/);
      }
      expect(JSON.stringify(await ask(a, question, undefined, open))).toContain("insufficient_evidence");
      for (const audience of ["contact:1", "public"]) {
        expect((await search(a, question, `&threshold=0&audience=${audience}`)).data).toEqual([]);
        const recalled = await v.get<{ data: { text: string }[] }>(
          `/v1/search?q=${encodeURIComponent(question)}&audience=${audience}`,
          a,
        );
        expect(JSON.stringify(recalled)).not.toMatch(/41,000|five years|fem års/);
      }
    }
  });

  test("a source made public answers clients at once, and made internal again answers them no more", async () => {
    const { a, source } = await shop("internal");
    await remember(v.neon, a, [{ text: "Hello, when do you come?", contact: 1 }]);
    const client = () => ask(a, "How long is the warranty on a heat pump?", { kind: "contact", id: "1" });
    const show = async (visibility: string) =>
      (await v.post(`/v1/vault/sources/${source.id}/visibility`, { visibility }, a)).body;
    expect((await client()).status).toBe("insufficient_evidence");
    expect(await show("public")).toEqual({ id: source.id, visibility: "public" });
    const answer = (await client()) as Awaited<ReturnType<typeof client>> & { id: string };
    expect(answer).toMatchObject({ status: "answered", citations: [{ source: { table: "vault.documents" } }] });
    await show("internal");
    expect((await client()).status).toBe("insufficient_evidence");
    expect(await v.get(`/v1/memory/answers/${answer.id}`, a)).toMatchObject({ stale_reason: "evidence_edited" });
    const rows = await v.neon.query(
      "select distinct c.visibility, x.visibility as near, e.visibility as proof from memory.chunks c join memory.vectors x on x.project_id = c.project_id and x.chunk_id = c.id join shared.evidence_items e on e.project_id = c.project_id and e.source_pk = c.source_pk where c.project_id = $1 and c.source_table = 'vault.documents'",
      [a.project],
    );
    expect(rows).toEqual([{ visibility: 2, near: 2, proof: 2 }]);
  });

  test("a document that has gone answers nobody, and what was answered from it is doubted", async () => {
    const { a, source } = await shop("public");
    const answer = (await ask(a, "How long is the warranty on a heat pump?")) as { id: string } & Awaited<
      ReturnType<typeof ask>
    >;
    expect(answer.status).toBe("answered");
    const repository = v.github.repository(`nordvarme/other-${a.accountId}`, {});
    expect(repository).toBeDefined();
    v.github.faults.answer({ status: 409, json: { message: "Git Repository is empty." } }, /commits/);
    await v.sync(source, a);
    v.github.faults.ok();
    expect(await v.status(source, a)).toMatchObject({ status: "success", document_count: 0, removed: 3 });
    expect((await ask(a, "How long is the warranty on a heat pump?")).status).toBe("insufficient_evidence");
    expect(await v.get(`/v1/memory/answers/${answer.id}`, a)).toMatchObject({
      stale_reason: "evidence_withdrawn",
    });
  });
});
