// With a language model behind the port: its answer is checked, its nonsense writes nothing, its calls are on record.
import { beforeAll, expect, test } from "vitest";
import { type LanguageModel, ProviderFailure } from "#brain/kernel/ports.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { rowsOf, say } from "./talking.ts";

type Prompt = Parameters<LanguageModel["complete"]>[0];

let w: World;
const prompts: Prompt[] = [];
let says: (prompt: Prompt) => string = () => "";

beforeAll(async () => {
  const language: LanguageModel = {
    provider: "fake",
    model: "parrot-1",
    complete: async (prompt) => {
      prompts.push(prompt);
      return { text: says(prompt), inputTokens: 300, outputTokens: 30 };
    },
  };
  w = await world({ language, now: "2026-11-16T08:00:00.000Z" });
});

const empty = { version: "extract.v1", tasks: [], goals: [], problems: [], links: [], changes: [], questions: [] };
const runs = (own: Tenant) =>
  w.neon.query(
    "select operation, model, status, error_code, answer, context_hash, request_id from shared.prompt_runs where project_id = $1 order by id",
    [own.project],
  );
const kinds = async (own: Tenant) =>
  (
    await w.neon.query(
      "select kind, payload from shared.events where project_id = $1 and kind like 'assistant.%' order by ts, id",
      [own.project],
    )
  ).map(({ kind }) => kind);

test("what it understood is written in two requests, numbers never leave, the call is on record without its words", async () => {
  const own = await tenant(w.neon, "modelled");
  says = ({ user }) =>
    JSON.stringify({
      ...empty,
      tasks: [{ ref: "t1", title: `Ring ${/<phone 1>/.exec(user)?.[0]} about the offer`, due_date: "2026-11-20" }],
      goals: [{ ref: "g1", title: "More customers" }],
      links: [{ from: { ref: "t1" }, type: "supports_goal", to: { ref: "g1" } }],
    });
  prompts.length = 0;
  await w.settled();
  w.neon.resetStats();
  const { body } = await say(w, own, "ring +45 20 30 40 50 on friday about the offer, so we get more customers");
  expect(w.neon.stats().requests).toBe(2);
  expect(body).toMatchObject({ extractor: "model", reason: "changed", counts: { tasks_created: 1, links_created: 1 } });
  expect(await rowsOf(w, own, "tasks", "title")).toEqual([{ title: "Ring +45 20 30 40 50 about the offer" }]);
  expect(prompts).toHaveLength(1);
  expect(prompts[0]?.user).toContain("Today is 2026-11-16");
  expect(JSON.stringify(prompts[0])).not.toContain("20 30 40 50");
  expect(await runs(own)).toEqual([
    {
      operation: "assistant.extract",
      model: "parrot-1",
      status: "ok",
      error_code: null,
      answer: null,
      context_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      request_id: expect.anything(),
    },
  ]);
  expect(await kinds(own)).toEqual(["assistant.capture.received", "assistant.capture.committed"]);
});

test("nonsense twice: 422, nothing but the item and a failure; the same message again is tried again on the same item", async () => {
  const own = await tenant(w.neon, "nonsense");
  says = () => JSON.stringify({ ...empty, tasks: [{ ref: "t1", title: "" }, { made: "up" }] });
  prompts.length = 0;
  const sent = { source: "telegram", client_message_id: "9:1" };
  expect(await say(w, own, "call someone", { ...sent, key: "n1" })).toMatchObject({
    status: 422,
    body: { code: "extraction_failed" },
  });
  expect(prompts).toHaveLength(2);
  expect(prompts[1]?.user).toContain("was not extract.v1");
  for (const table of ["tasks", "goals", "problems", "entity_links", "captures"])
    expect([table, await rowsOf(w, own, table)]).toEqual([table, []]);
  expect(await rowsOf(w, own, "inbox_items", "message_raw")).toEqual([{ message_raw: "call someone" }]);
  expect(await kinds(own)).toEqual(["assistant.capture.received", "assistant.capture.failed"]);
  expect((await runs(own)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  says = () => JSON.stringify({ ...empty, tasks: [{ ref: "t1", title: "Call someone" }] });
  expect((await say(w, own, "call someone", { ...sent, key: "n1" })).body).toMatchObject({ repeated: false });
  expect((await say(w, own, "call someone", { ...sent, key: "n2" })).body).toMatchObject({ repeated: true });
  expect(await rowsOf(w, own, "inbox_items", "id")).toHaveLength(1);
  expect(await rowsOf(w, own, "tasks", "title")).toHaveLength(1);
});

test("a link to what it never named is nonsense too; nonsense once is forgiven", async () => {
  const own = await tenant(w.neon, "once-wrong");
  const answers = [
    JSON.stringify({ ...empty, links: [{ from: { ref: "t9" }, type: "blocks", to: { ref: "t8" } }] }),
    `\`\`\`json\n${JSON.stringify({ ...empty, tasks: [{ ref: "t1", title: "Sweep" }] })}\n\`\`\``,
  ];
  says = () => answers.shift() ?? "";
  expect((await say(w, own, "sweep the yard")).body).toMatchObject({
    extractor: "model",
    counts: { tasks_created: 1 },
  });
  expect((await runs(own)).map(({ status }) => status)).toEqual(["rejected", "ok"]);
});

test("out of reach: the rules read the message, and the call is on record as failed", async () => {
  const own = await tenant(w.neon, "away");
  says = () => {
    throw new ProviderFailure("language_timeout", { retryable: true });
  };
  expect((await say(w, own, "Call the plumber on Friday")).body).toMatchObject({
    extractor: "rules",
    counts: { tasks_created: 1 },
  });
  expect(await runs(own)).toMatchObject([{ status: "failed", error_code: "language_timeout" }]);
});
