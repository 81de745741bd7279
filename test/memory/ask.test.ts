// Asking through the door: bounded by the audience, cited word for word, kept, and silent where nobody said it.
import { beforeAll, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { hashEmbedder } from "#local/embeddings-hash.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { contactId, remember } from "./remember.ts";

type Answer = {
  id: string;
  status: string;
  sentences: { text: string; citations: string[] }[];
  citations: { id: string; source: { table: string; pk: string }; quote: string; occurred_at: string }[];
};

let w: World;
beforeAll(async () => {
  w = await world({ embedder: hashEmbedder });
});

async function ask(who: Tenant, question: string, more: Record<string, unknown> = {}, init: object = {}) {
  const answer = await w.fetch("/v1/ask", { key: who.apiKey, json: { question, ...more }, ...init });
  const body = await answer.text();
  expect([answer.status, body]).toEqual([200, expect.any(String)]);
  return { ...(JSON.parse(body) as Answer), body };
}

const said = (answer: Answer) => answer.sentences.map(({ text }) => text).join(" ");

describe("audience", () => {
  const canary = "zanzibar";

  async function prices(): Promise<Tenant> {
    const a = await tenant(w.neon, "prices");
    await remember(w.neon, a, [
      {
        text: "Hi Ann, the yearly service costs DKK 1,200 for you.",
        conversation: 1,
        contact: 1,
        at: "2026-05-01T08:00:00Z",
      },
      {
        text: "Hi Bob, the yearly service costs DKK 1,450 for you.",
        conversation: 2,
        contact: 2,
        at: "2026-05-02T08:00:00Z",
      },
      {
        text: `The yearly service costs DKK 640 ourselves, codename ${canary}.`,
        conversation: 2,
        contact: 2,
        visibility: 2,
        at: "2026-05-03T08:00:00Z",
      },
    ]);
    return a;
  }

  test("one question, three readers, three answers, each cited", async () => {
    const a = await prices();
    const question = "What does the yearly service cost?";
    const staff = await ask(a, question, { audience: { kind: "staff" } });
    const ann = await ask(a, question, { audience: { kind: "contact", id: contactId(a, 1) } });
    const bob = await ask(a, question, { audience: { kind: "contact", id: "2" } });
    const open = await ask(a, question, { audience: { kind: "public" } });
    expect([said(staff), said(ann), said(bob), open.status]).toEqual([
      expect.stringContaining("640"),
      expect.stringContaining("1,200"),
      expect.stringContaining("1,450"),
      "insufficient_evidence",
    ]);
    for (const answer of [staff, ann, bob]) {
      const known = answer.citations.map(({ id }) => id);
      for (const sentence of answer.sentences) {
        expect(sentence.citations.length).toBeGreaterThan(0);
        expect(known).toEqual(expect.arrayContaining(sentence.citations));
      }
      for (const { quote, source } of answer.citations) {
        const [row] = await w.neon.query(
          "select text from memory.chunks where project_id = $1 and source_table = $2 and source_pk = $3",
          [a.project, source.table, source.pk],
        );
        expect(row?.["text"]).toContain(quote);
      }
    }
    for (const answer of [ann, bob, open]) expect(answer.body).not.toContain(canary);
  });

  test("without an audience the credentials' own: who may only ask is the public", async () => {
    const a = await prices();
    const key = await addKey(w.neon, { ...a, permissions: ["memory:ask"], name: "the firm's public page" });
    const answer = await ask({ ...a, apiKey: key }, "What does the yearly service cost?");
    expect(answer.status).toBe("insufficient_evidence");
    for (const audience of [{ kind: "staff" }, { kind: "contact", id: "1" }, { kind: "technician", id: "someone" }]) {
      const refused = await w.fetch("/v1/ask", { key, json: { question: "What does it cost?", audience } });
      expect([refused.status, await refused.json()]).toMatchObject([403, { code: "permission_missing" }]);
    }
  });

  test("a contact of another project, and one that is nobody, are unknown", async () => {
    const a = await prices();
    await remember(w.neon, w.b, [{ text: "Something else", contact: 77 }]);
    for (const id of [contactId(w.b, 77), "77", "con_none"]) {
      const refused = await w.fetch("/v1/ask", {
        key: a.apiKey,
        json: { question: "What does it cost?", audience: { kind: "contact", id } },
      });
      expect([refused.status, await refused.json()]).toMatchObject([404, { code: "contact_unknown" }]);
    }
    const nobody = { question: "What does it cost?", audience: { kind: "technician", id: w.b.user } };
    const refused = await w.fetch("/v1/ask", { key: a.apiKey, json: nobody });
    expect([refused.status, await refused.json()]).toMatchObject([404, { code: "technician_unknown" }]);
    const found = await w.fetch(`/v1/search?q=cost&audience=technician:${w.b.user}`, { key: a.apiKey });
    expect([found.status, await found.json()]).toMatchObject([404, { code: "technician_unknown" }]);
  });
});

describe("honesty", () => {
  test("what nobody said is not answered, and that is kept too", async () => {
    const a = await tenant(w.neon, "unsaid");
    await remember(w.neon, a, [
      { text: "We clean the boiler every year, it costs DKK 900." },
      { text: "The solar panels on the school look nice.", conversation: 2 },
    ]);
    const answer = await ask(a, "How much do we charge for cleaning solar panels?");
    expect(answer).toMatchObject({ status: "insufficient_evidence", sentences: [], citations: [] });
    const [event] = await w.neon.query(
      "select payload, ref_id from shared.events where project_id = $1 and kind = 'memory.answered'",
      [a.project],
    );
    expect(event).toEqual({
      payload: { status: "insufficient_evidence", audience: "staff", citations: 0, answerer: "extractive" },
      ref_id: answer.id,
    });
  });

  test("the newest price of a conversation counts, and an error code must be the one asked for", async () => {
    const a = await tenant(w.neon, "newest");
    await remember(w.neon, a, [
      { text: "The new expansion vessel is DKK 3,150 fitted.", at: "2026-03-01T08:00:00Z" },
      { text: "Ouch", at: "2026-03-01T09:00:00Z" },
      {
        text: "New price for the expansion vessel: DKK 2,390. The first offer no longer applies.",
        at: "2026-03-02T08:00:00Z",
      },
      { text: "E04 is low water pressure.", conversation: 2 },
    ]);
    expect(said(await ask(a, "What is the price of the expansion vessel?"))).toContain("2,390");
    expect(said(await ask(a, "What does error E04 mean?"))).toBe("E04 is low water pressure.");
    expect((await ask(a, "What does error E07 mean?")).status).toBe("insufficient_evidence");
  });

  test("a short turn is quoted with the question it answers; Danish too", async () => {
    const a = await tenant(w.neon, "yes");
    await remember(w.neon, a, [
      { text: "Passer torsdag kl. 10 til skorstensfejeren?", language: "danish" },
      { text: "Ja tak, torsdag passer fint", language: "danish" },
      { text: "Tak for sidst", language: "danish", conversation: 2 },
    ]);
    const answer = await ask(a, "Hvornår kommer skorstensfejeren?");
    expect(said(answer)).toContain("torsdag");
    expect(answer.citations.map(({ quote }) => quote)).toContain("Passer torsdag kl. 10 til skorstensfejeren?");
  });

  test("evidence that was withdrawn answers nothing", async () => {
    const a = await tenant(w.neon, "withdrawn");
    const [gone] = await remember(w.neon, a, [{ text: "The alarm code of the café is 2580." }]);
    expect((await ask(a, "What is the alarm code of the café?")).status).toBe("answered");
    await w.neon.query("update shared.evidence_items set withdrawn_at = now() where project_id = $1 and id = $2", [
      a.project,
      gone?.evidence,
    ]);
    expect((await ask(a, "What is the alarm code of the café?")).status).toBe("insufficient_evidence");
  });
});

describe("what is kept", () => {
  test("answer, citations with evidence id and version, and three requests to the database", async () => {
    const a = await tenant(w.neon, "kept");
    const [row] = await remember(w.neon, a, [{ text: "The filter is changed every October." }]);
    await ask(a, "When is the filter changed?");
    w.neon.resetStats();
    const answer = await ask(a, "When is the filter changed?");
    expect(w.neon.stats().requests).toBe(3);
    const kept = await w.neon.query(
      `select a.status, a.question, a.audience, c.evidence_id, c.evidence_version, c.quote, c.position, c.chunk_id
       from memory.answers a join memory.answer_citations c on c.project_id = a.project_id and c.answer_id = a.id
       where a.project_id = $1 and a.id = $2`,
      [a.project, answer.id],
    );
    expect(kept).toEqual([
      {
        status: "answered",
        question: "When is the filter changed?",
        audience: { kind: "staff" },
        evidence_id: row?.evidence,
        evidence_version: 1,
        quote: "The filter is changed every October.",
        position: 1,
        chunk_id: row?.id,
      },
    ]);
    const again = await w.fetch(`/v1/memory/answers/${answer.id}`, { key: a.apiKey });
    expect(await again.json()).toMatchObject({
      id: answer.id,
      sentences: answer.sentences,
      citations: answer.citations,
    });
  });

  test("with an idempotency key the second answer is the first, byte for byte", async () => {
    const a = await tenant(w.neon, "twice");
    await remember(w.neon, a, [{ text: "The filter is changed every October." }]);
    const init = { headers: { "idempotency-key": '"ask-once"' } };
    const first = await ask(a, "When is the filter changed?", {}, init);
    const second = await ask(a, "When is the filter changed?", {}, init);
    expect(second.body).toBe(first.body);
    const rows = await w.neon.query("select id from memory.answers where project_id = $1", [a.project]);
    expect(rows).toHaveLength(1);
  });

  test.each([
    [{}, "/question"],
    [{ question: "   " }, "/question"],
    [{ question: "a\0b" }, "/question"],
    [{ question: "x".repeat(1001) }, "/question"],
    [{ question: "Who?", audience: { kind: "everyone" } }, "/audience/kind"],
    [{ question: "Who?", audience: { kind: "contact" } }, "/audience/id"],
    [{ question: "Who?", audience: { kind: "staff", id: "x" } }, "/audience"],
  ])("refuses %j", async (json, pointer) => {
    const refused = await w.fetch("/v1/ask", { key: w.a.apiKey, json });
    const body = (await refused.json()) as { errors: { pointer: string }[] };
    expect(refused.status).toBe(400);
    expect(body.errors.map((error) => error.pointer)).toContain(pointer);
  });
});
