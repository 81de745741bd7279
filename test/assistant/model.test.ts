// With a language model behind the port: its answer is checked, its nonsense writes nothing, its calls are on record.
import { beforeAll, describe, expect, test } from "vitest";
import { type LanguageModel, ProviderFailure } from "#brain/kernel/ports.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { boundPhone, edit, tell, titles } from "./chatting.ts";
import { call, rowsOf, say, summarized } from "./talking.ts";

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

test("on Telegram: what it cannot say is told and kept; new words are read by it, and take back what the old ones did", async () => {
  const own = await tenant(w.neon, "chat-model");
  const phone = await boundPhone(w, own.apiKey);
  says = () => "nonsense";
  expect((await tell(w, phone, "the usual", { message: 5 })).says.text).toMatch(
    /^I kept that, but could not make sense/,
  );
  says = () => JSON.stringify({ ...empty, tasks: [{ ref: "t1", title: "Sweep the yard" }] });
  expect((await edit(w, phone, "the usual yard", { message: 5, update: 7 })).says.text).toBe("Task: Sweep the yard");
  says = () => JSON.stringify({ ...empty, tasks: [{ ref: "t1", title: "Paint the door" }] });
  const reworded = await edit(w, phone, "the usual door", { message: 5, update: 8 });
  expect(reworded.says.text).toBe("Read anew.\nTaken back: Sweep the yard.\nTask: Paint the door");
  expect(await titles(w, own)).toEqual(["Paint the door"]);
  expect(await kinds(own)).toContain("assistant.capture.reworded");
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

describe("with what surrounds it", () => {
  test("the model is told what the chat knows, without numbers, and may change nothing that it was not shown", async () => {
    const own = await tenant(w.neon, "surrounded");
    says = () => JSON.stringify({ ...empty, tasks: [{ ref: "t1", title: "Ring +45 20 30 40 50" }] });
    await say(w, own, "ring +45 20 30 40 50");
    says = ({ user }) =>
      JSON.stringify({
        ...empty,
        changes: [
          { target: { title: `ring ${/<phone \d>/.exec(user)?.[0]}` }, due_date: "2026-11-20" },
          { target: { title: "Sell the company" }, status: "done" },
        ],
      });
    prompts.length = 0;
    await w.settled();
    w.neon.resetStats();
    const { body } = await say(w, own, "that one on Friday");
    expect(w.neon.stats().requests).toBe(2);
    expect(prompts[0]?.user).toMatch(
      /Said lately:\nring <phone 1>\nKnown:\nK1 task "Ring <phone 2>" \(open, number 1 of what was shown last\)/,
    );
    expect(prompts[0]?.user.match(/that one on Friday/g)).toHaveLength(1);
    expect(JSON.stringify(prompts)).not.toContain("20 30 40 50");
    expect(prompts[0]?.mostTokens).toBeGreaterThan(4000);
    expect(body).toMatchObject({
      items: [{ title: "Ring +45 20 30 40 50", op: "updated" }],
      questions: [{ kind: "unclear", about: "Sell the company" }],
    });
  });

  test("a question that no rule understands: it points at what it was shown, and an invented label is no answer", async () => {
    const own = await tenant(w.neon, "pointing");
    says = () =>
      JSON.stringify({
        ...empty,
        tasks: [
          { ref: "t1", title: "Mend the fence" },
          { ref: "t2", title: "Call Lund" },
        ],
      });
    await say(w, own, "mend the fence and call Lund");
    const ask = async (text: string) =>
      (await call<{ about: string | null; items: { title: string }[] }>(w, own.apiKey, "/v1/assistant/ask", { text }))
        .body;
    says = () => JSON.stringify({ items: ["K2", "K2"] });
    expect(await ask("Whom would I phone?")).toMatchObject({ about: "known", items: [{ title: "Call Lund" }] });
    says = () => JSON.stringify({ items: ["K1", "K9"] });
    expect(await ask("Whom would I phone?")).toMatchObject({ about: null, items: [] });
    says = () => "Lund, of course";
    expect(await ask("Whom would I phone?")).toMatchObject({ about: null, items: [] });
    prompts.length = 0;
    expect(await ask("What about the fence?")).toMatchObject({ about: "search", items: [{ title: "Mend the fence" }] });
    expect(prompts).toEqual([]);
    const asked = (await runs(own)).filter(({ operation }) => operation === "assistant.ask");
    expect(asked.map(({ status, error_code, answer }) => [status, error_code, answer])).toEqual([
      ["ok", null, null],
      ["rejected", "items_unknown", null],
      ["rejected", "items_unknown", null],
    ]);
  });

  test("a summary in its words cites facts for each sentence; what they do not bear out leaves the plain one", async () => {
    for (const [said, author, text] of [
      ["You have a new task to call Lund, due 2026-11-20.", "model", /^You have a new task to call Lund/],
      ["Lund ordered 14 pumps from Hansen.", "rules", /^Tasks: Call Lund \(due 2026-11-20\)\.$/],
    ] as const) {
      const own = await tenant(w.neon, "worded");
      says = () => JSON.stringify({ ...empty, tasks: [{ ref: "t1", title: "Call Lund", due_date: "2026-11-20" }] });
      await say(w, own, "call Lund on Friday");
      says = () => JSON.stringify({ sentences: [{ text: said, cites: ["F1"] }] });
      prompts.length = 0;
      w.clock.advance(31 * 60_000);
      await summarized(w, own);
      expect(prompts).toHaveLength(1);
      expect(prompts[0]?.user).toContain("[F1] new task Call Lund (due 2026-11-20)");
      const [summary] = await rowsOf(w, own, "memory_summaries", "author, summary_text, facts_json");
      expect(summary).toMatchObject({
        author,
        summary_text: expect.stringMatching(text),
        facts_json: [{ title: "Call Lund" }],
      });
      const [run] = (await runs(own)).filter(({ operation }) => operation === "assistant.summarize");
      expect(run).toMatchObject({
        status: author === "model" ? "ok" : "rejected",
        context_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        answer: null,
      });
      w.clock.set("2026-11-16T08:00:00.000Z");
    }
  });
});
