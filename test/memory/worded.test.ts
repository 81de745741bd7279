// A language model behind the port: it may word an answer, it may not know anything.
import { describe, expect, test } from "vitest";
import { type LanguageModel, ProviderFailure } from "#brain/kernel/ports.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { contactId, remember } from "./remember.ts";

type Prompt = Parameters<LanguageModel["complete"]>[0];

/** Answers with what it is told to, and remembers what it was asked. */
function fakeModel(answers: (prompt: Prompt) => string | Promise<string>) {
  const prompts: Prompt[] = [];
  const model: LanguageModel = {
    provider: "fake",
    model: "parrot-1",
    complete: async (prompt) => {
      prompts.push(prompt);
      return { text: await answers(prompt), inputTokens: 210, outputTokens: 21 };
    },
  };
  return { model, prompts };
}

/** The label under which the prompt gives the evidence that holds these words. */
const labelOf = (prompt: Prompt, words: string) =>
  /\[(E\d+)\]/.exec(prompt.user.split("\n").find((line) => line.includes(words)) ?? "")?.[1] ?? "none";

const reply = (...sentences: { text: string; citations: string[] }[]) => JSON.stringify({ sentences });

async function story(w: World): Promise<Tenant> {
  const a = await tenant(w.neon, "worded");
  await remember(w.neon, a, [
    {
      text: "The new pump is DKK 2,390 and Karim fits it on Tuesday at 13:00.",
      contact: 1,
      name: "Hannah Reid",
      conversation: 1,
    },
    { text: "Call me on +45 20 30 40 50 when he is here.", contact: 1, name: "Hannah Reid", conversation: 1 },
    { text: "Our margin on the pump is DKK 900, keyword zanzibar.", contact: 1, conversation: 1, visibility: 2 },
  ]);
  return a;
}

async function ask(w: World, a: Tenant, more: object = {}) {
  const answer = await w.fetch("/v1/ask", {
    key: a.apiKey,
    json: { question: "How much is the new pump?", audience: { kind: "contact", id: contactId(a, 1) }, ...more },
  });
  return {
    status: answer.status,
    body: (await answer.json()) as { sentences: { text: string; citations: string[] }[]; code?: string },
  };
}

const runs = (w: World, a: Tenant) =>
  w.neon.query(
    `select operation, provider, model, status, error_code, answer, context_hash, input_tokens, output_tokens, prompt_version
     from shared.prompt_runs where project_id = $1`,
    [a.project],
  );

const extract = "The new pump is DKK 2,390 and Karim fits it on Tuesday at 13:00.";

describe("a sentence stays when its evidence says the same", () => {
  test("worded, cited, and the call is on record with its whole answer", async () => {
    const fake = fakeModel((prompt) =>
      reply({
        text: "The new pump costs DKK 2390, fitted by Karim on Tuesday.",
        citations: [labelOf(prompt, "2,390")],
      }),
    );
    const w = await world({ language: fake.model });
    const a = await story(w);
    w.neon.resetStats();
    const { body } = await ask(w, a);
    expect(w.neon.stats().requests).toBe(3);
    expect(body.sentences).toEqual([
      { text: "The new pump costs DKK 2390, fitted by Karim on Tuesday.", citations: [expect.stringMatching(/^evi_/)] },
    ]);
    expect(await runs(w, a)).toEqual([
      {
        operation: "memory.ask",
        provider: "fake",
        model: "parrot-1",
        status: "ok",
        error_code: null,
        answer: { text: expect.stringContaining("2390") },
        context_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        input_tokens: 210,
        output_tokens: 21,
        prompt_version: "answer-2",
      },
    ]);
  });

  test("the prompt holds what the reader may know, without numbers that identify a person", async () => {
    const fake = fakeModel(() => reply());
    const w = await world({ language: fake.model });
    const a = await story(w);
    await ask(w, a, { question: "When does Karim call +45 20 30 40 50 about the pump?" });
    const [prompt] = fake.prompts;
    expect(prompt?.user).toContain("Karim fits it on Tuesday");
    expect(prompt?.user).toContain("<phone>");
    expect(prompt?.user).not.toMatch(/20 30 40 50|zanzibar|margin/);
    await ask(w, a, { audience: { kind: "staff" } });
    expect(fake.prompts[1]?.user).toContain("zanzibar");
  });
});

describe("a sentence goes when it says more", () => {
  const given = (prompt: Prompt) => [labelOf(prompt, "2,390")];
  test.each<[string, (prompt: Prompt) => string, string]>([
    [
      "an invented number",
      (p) => reply({ text: "The new pump costs DKK 2,900.", citations: given(p) }),
      "answer_unsupported",
    ],
    [
      "an invented name",
      (p) => reply({ text: "The new pump is fitted by Peter.", citations: given(p) }),
      "answer_unsupported",
    ],
    [
      "an invented day",
      (p) => reply({ text: "The new pump comes on Friday.", citations: given(p) }),
      "answer_unsupported",
    ],
    [
      "another matter",
      (p) => reply({ text: "The weather stays sunny all winter.", citations: given(p) }),
      "answer_unsupported",
    ],
    [
      "evidence that was not given",
      () => reply({ text: "The new pump is DKK 2,390.", citations: ["E99"] }),
      "answer_unsupported",
    ],
    ["no citation", () => reply({ text: "The new pump is DKK 2,390.", citations: [] }), "answer_unreadable"],
    ["no JSON", () => "The new pump is DKK 2,390.", "answer_unreadable"],
    [
      "a placeholder",
      (p) => reply({ text: "Call <phone> about the pump.", citations: [labelOf(p, "Call me")] }),
      "answer_unsupported",
    ],
  ])("%s: the extract answers instead", async (_, answers, code) => {
    const fake = fakeModel(answers);
    const w = await world({ language: fake.model });
    const a = await story(w);
    const { body } = await ask(w, a);
    expect(body.sentences.map(({ text }) => text)).toEqual([extract]);
    expect(await runs(w, a)).toMatchObject([{ status: "rejected", error_code: code }]);
    const [kept] = await w.neon.query("select answerer from memory.answers where project_id = $1", [a.project]);
    expect(kept).toEqual({ answerer: "extractive" });
  });

  test("of several sentences only those that hold", async () => {
    const fake = fakeModel((p) =>
      reply(
        { text: "The new pump is DKK 2,390.", citations: given(p) },
        { text: "It has a warranty of 5 years.", citations: given(p) },
      ),
    );
    const w = await world({ language: fake.model });
    const { body } = await ask(w, await story(w));
    expect(body.sentences.map(({ text }) => text)).toEqual(["The new pump is DKK 2,390."]);
  });

  test("a model that fails is on record, and the extract answers", async () => {
    const fake = fakeModel(() => {
      throw new ProviderFailure("language_timeout", { retryable: true });
    });
    const w = await world({ language: fake.model });
    const a = await story(w);
    const { body } = await ask(w, a);
    expect(body.sentences.map(({ text }) => text)).toEqual([extract]);
    expect(await runs(w, a)).toMatchObject([{ status: "failed", error_code: "language_timeout", answer: null }]);
  });
});

test("evidence edited while the model was thinking: the answer is not kept, the call is on record", async () => {
  let edit = async () => {};
  const fake = fakeModel(async (prompt) => {
    await edit();
    return reply({ text: "The new pump is DKK 2,390.", citations: [labelOf(prompt, "2,390")] });
  });
  const w = await world({ language: fake.model });
  const a = await story(w);
  edit = async () => {
    await w.neon.query("update shared.evidence_items set version = version + 1 where project_id = $1", [a.project]);
  };
  const { status, body } = await ask(w, a);
  expect([status, body.code]).toEqual([409, "evidence_changed"]);
  expect(await w.neon.query("select id from memory.answers where project_id = $1", [a.project])).toEqual([]);
  expect(await runs(w, a)).toMatchObject([{ status: "ok" }]);
});
