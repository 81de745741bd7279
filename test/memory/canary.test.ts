// Every word has an owner: whoever asks, whatever he asks, he is given, told and quoted only what he may know.
import { beforeAll, describe, expect, test } from "vitest";
import { send } from "#brain/kernel/batch.ts";
import type { Audience } from "#brain/memory/audience.ts";
import { languageOf } from "#brain/memory/language.ts";
import { evidenceFor } from "#brain/memory/recall.ts";
import { business } from "#local/business/business.ts";
import { type Question, rows } from "#local/business/model.ts";
import { seeded } from "#local/business/seeded.ts";
import { embedByHash, HASH_MODEL_ID, hashEmbedder } from "#local/embeddings-hash.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { type World, world } from "#test/kit/world.ts";
import { contactId, remember } from "./remember.ts";

const seeds = ["canary-1", "canary-2"];
const prompts: string[] = [];
let w: World;

beforeAll(async () => {
  const parrot = {
    provider: "fake",
    model: "parrot-1",
    complete: async ({ user }: { user: string }) => {
      prompts.push(user);
      return { text: JSON.stringify({ sentences: [] }) };
    },
  };
  w = await world({ embedder: hashEmbedder, language: parrot });
});

/** The mark of a customer's own words, and of what is noted about him. */
const own = (contact: number) => `canaryown${contact}x`;
const noted = (contact: number) => `canarynote${contact}x`;

async function settle(seed: string) {
  const made = business({ seed, customers: 4, months: 3, messages: 160, languages: ["en", "da"], asked: 14 });
  const numbers = new Map(made.people.map(({ key }, i) => [key, i + 1]));
  const conversations = new Map(made.conversations.map(({ id }, i) => [id, i + 1]));
  const turns = rows(made).map((row) => {
    const contact = numbers.get(row.contact) ?? 0;
    return {
      text: `${row.text} ${row.isPrivate ? noted(contact) : own(contact)}`,
      contact,
      conversation: conversations.get(row.conversation) ?? 0,
      visibility: row.isPrivate ? (2 as const) : (1 as const),
      language: row.language === "da" ? ("danish" as const) : ("english" as const),
      at: row.at.toISOString(),
    };
  });
  await remember(w.neon, w.a, turns);
  return {
    questions: made.questions,
    contacts: [...numbers.values()],
    notes: turns.filter((turn) => turn.visibility === 2),
  };
}

/** The questions of the set, and ones made of the very words of what must not be known. */
function curious(
  { questions, notes }: { questions: readonly Question[]; notes: { text: string }[] },
  seed: string,
): string[] {
  const random = seeded(seed);
  const stolen = Array.from({ length: 5 }, () => random.pick(notes).text.split(" ").slice(-9).join(" "));
  return [...questions.map(({ text }) => text), ...stolen, "canarynote1x canaryown1x canarynote2x canaryown3x"];
}

describe.each(seeds)("%s", (seed) => {
  test("nobody's words reach another customer: not as candidates, in a prompt, an answer or a quote", async () => {
    const set = await settle(seed);
    const random = seeded(`${seed} readers`);
    let marks = 0;
    for (const question of curious(set, seed)) {
      const contact = random.pick(set.contacts);
      const audience: Audience = { kind: "contact", id: contactId(w.a, contact) };
      prompts.length = 0;
      const answer = await w.fetch("/v1/ask", { key: w.a.apiKey, json: { question, audience } });
      const body = await answer.text();
      expect(answer.status).toBe(200);
      const ctx = ctxOf(w, systemOf(w.a));
      const vector = { model: HASH_MODEL_ID, embedding: [...embedByHash(question)] };
      const asked = { text: question, language: languageOf(question), vector };
      const [given] = await send(ctx, [evidenceFor(ctx, { question: asked, audience, narrowing: {}, k: 40 })]);
      const { passages, around } = given.rows[0] ?? { passages: [], around: [] };
      const seen = JSON.stringify([
        passages,
        around,
        JSON.parse(body),
        prompts.map((prompt) => prompt.split("\n\nQuestion:")[0]),
      ]);
      const found = seen.match(/canary(?:own|note)\d+x/g) ?? [];
      expect(found.filter((mark) => mark !== own(contact))).toEqual([]);
      marks += found.length;
    }
    // Readers were given something: their own.
    expect(marks).toBeGreaterThan(60);
  });

  test("staff are given the notes", async () => {
    const note = await w.neon.query("select text from memory.chunks where project_id = $1 and visibility = 2 limit 1", [
      w.a.project,
    ]);
    const text = String(note[0]?.["text"]);
    const found = await w.fetch(`/v1/search?q=${encodeURIComponent(text.slice(0, 200))}`, { key: w.a.apiKey });
    expect(JSON.stringify(await found.json())).toContain("canarynote");
  });
});
