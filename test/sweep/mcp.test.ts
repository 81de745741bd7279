// Every tool there is, met by strangers: generated from the tools themselves, so that a later verb cannot escape it.
import { beforeAll, describe, expect, test } from "vitest";
import { addKey } from "#db/bootstrap.ts";
import { type Tool, tools } from "#gateway/mcp/tools.ts";
import { hashEmbedder } from "#local/embeddings-hash.ts";
import { type World, world } from "#test/kit/world.ts";
import { call, post, problemOf, type Reply } from "#test/mcp/agent.ts";
import { exampleRows, foreign } from "./foreign.ts";

let w: World;
let powerless: string;

beforeAll(async () => {
  w = await world({ embedder: hashEmbedder });
  await exampleRows(w);
  powerless = await addKey(w.neon, { ...w.a, permissions: ["nothing:at_all"], name: "may do nothing" });
});

let calls = 0;
/** The verb's example, and what the door itself asks for. */
function given(tool: Tool, change: object = {}): Record<string, unknown> {
  calls += 1;
  const key = tool.verb.idempotency === "none" ? {} : { idempotency_key: `sweep-${calls}` };
  return { ...((tool.verb.example?.() ?? {}) as object), ...key, ...change };
}

/** The argument that names a row, if there is one that must be given. */
const rowOf = (tool: Tool): string | undefined =>
  ((tool.shown.inputSchema["required"] ?? []) as string[]).find(
    (name) => name === "id" || (foreign[tool.verb.name] && name !== "idempotency_key"),
  );

/** Names under which secrets go in and out. */
const secret = /^(key|secret|password|pin|code|token|api_token|secret_hash)$/;

/** Every property's name in a JSON Schema, at any depth. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = "properties" in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(fieldsOf)];
}

test("no tool takes or shows a secret: what a model has read is kept in places nobody chose", () => {
  const telling = [...tools()].flatMap(([name, { shown }]) =>
    [...fieldsOf(shown.inputSchema), ...fieldsOf(shown.outputSchema)]
      .filter((field) => secret.test(field))
      .map((field) => `${name}: ${field}`),
  );
  expect(telling).toEqual([]);
});

test("people's own affairs are no tools: signing in and up, sessions, the choice of a project", () => {
  expect([...tools().values()].filter(({ verb }) => verb.scope !== "project").map(({ name }) => name)).toEqual([
    "identity_me",
  ]);
});

const expectNoInsides = (reply: Reply) =>
  expect(reply.text).not.toMatch(/node_modules|\bat [A-Za-z.]+ \(|select |insert |SQLSTATE|postgres/i);

const all = [...tools()];
const scoped = all.filter(([, tool]) => tool.verb.scope === "project");

describe.each(all)("%s", (name, tool) => {
  test("without a key: 401, and the database is not asked", async () => {
    w.neon.resetStats();
    const reply = await call(w, name, given(tool));
    expect([reply.status, w.neon.stats().requests]).toEqual([401, 0]);
  });

  test("malformed arguments: a failure that points at them", async () => {
    const strange = problemOf(await call(w, name, given(tool, { no_such_argument: 1 }), { key: w.a.apiKey }));
    expect(strange).toMatchObject({ code: "invalid_input", errors: [{ pointer: "/no_such_argument" }] });
    for (const field of Object.keys(tool.shown.inputSchema["properties"] as object)) {
      const reply = await call(w, name, given(tool, { [field]: { an: "object" } }), { key: w.a.apiKey });
      expectNoInsides(reply);
      expect([field, problemOf(reply).status]).toEqual([field, 400]);
    }
  });

  test("its name, schemas and hints are such as clients take", () => {
    expect(name).toMatch(/^[A-Za-z0-9_.-]{1,128}$/);
    expect(tool.shown.inputSchema).toMatchObject({ type: "object", additionalProperties: false });
    expect(tool.shown.outputSchema.type).toBe("object");
    expect(Object.keys(tool.shown.annotations)).toHaveLength(4);
    expect(tool.shown.annotations["readOnlyHint"]).toBe(tool.verb.effect === "read");
  });
});

describe.each(scoped)("%s", (name, tool) => {
  test("with a key that may do nothing: not listed, and refused in one request", async () => {
    const { tools: listed } = (await post(w, { method: "tools/list" }, { key: powerless })).body.result as {
      tools: { name: string }[];
    };
    expect(listed.map((shown) => shown.name)).not.toContain(name);
    w.neon.resetStats();
    const reply = await call(w, name, given(tool, rowOf(tool) ? { [rowOf(tool) ?? ""]: "none" } : {}), {
      key: powerless,
    });
    expect([reply.status, reply.body["code"], w.neon.stats().requests]).toEqual([403, "permission_missing", 1]);
  });

  test("another's row: not found, as for a row that is nowhere", async () => {
    const row = rowOf(tool);
    const make = foreign[tool.verb.name];
    if (!row) return expect(make).toBeUndefined();
    if (!make) throw new Error(`${name} names a row: give test/sweep/foreign.ts one of another tenant`);
    const theirs = await call(w, name, given(tool, { [row]: await make(w) }), { key: w.a.apiKey });
    const nowhere = await call(w, name, given(tool, { [row]: "none_such" }), { key: w.a.apiKey });
    expectNoInsides(theirs);
    expect(problemOf(theirs)).toMatchObject({ status: 404, code: problemOf(nowhere).code });
  });

  test("it makes no more requests to the database than its verb declares", async () => {
    if (rowOf(tool)) return;
    await call(w, name, given(tool), { key: w.a.apiKey });
    // What the first one has to publish is not the second one's.
    await w.settled();
    w.neon.resetStats();
    const reply = await call(w, name, given(tool), { key: w.a.apiKey });
    expect(reply.status).toBe(200);
    // What is done once is refused the second time, as over REST.
    const refused = reply.body.result?.isError === true;
    if (refused) expect(problemOf(reply).status).toBe(409);
    // A conflict asks once more whether it was its own twin that was quicker.
    expect(w.neon.stats().requests).toBe(tool.verb.steps + (refused ? 1 : 0));
    await w.settled();
  });
});
