// The API's document: lints clean, names every route, and every answer keeps to it.
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { routes } from "#gateway/routes/index.ts";
import { signIn } from "#test/identity/joining.ts";
import { password, world } from "#test/kit/world.ts";
import { known } from "#test/people/office.ts";

type Operation = { operationId: string; responses: Record<string, { content: Record<string, { schema: object }> }> };

test("openapi.json is OpenAPI 3.1 without a complaint, and names every verb once", async () => {
  const w = await world();
  const answer = await w.fetch("/openapi.json");
  const source = await answer.text();
  const config = await createConfig({ extends: ["recommended"], rules: { "operation-4xx-response": "error" } });
  const problems = await lintFromString({ source, absoluteRef: "openapi.json", config });
  expect(problems.map((problem) => `${problem.ruleId}: ${problem.message} ${problem.location[0]?.pointer}`)).toEqual(
    [],
  );
  const document = JSON.parse(source) as { paths: Record<string, Record<string, Operation>> };
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map((operation) => operation.operationId),
  );
  expect(ids.sort()).toEqual(routes.map((route) => route.verb.name).sort());
});

test("lists answer what their schema says", async () => {
  const w = await world();
  const document = (await (await w.fetch("/openapi.json")).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const ajv = new Ajv2020({ strict: false });
  const { cookie } = await signIn(w, { username: w.a.username, password });
  const person = await known(w, w.a, { name: "Mette" });
  for (const route of routes.filter((route) => route.list && !route.path.includes("{"))) {
    const caller = route.verb.scope === "user" ? { headers: { cookie } } : { key: w.a.apiKey };
    // What a list cannot do without: the person whose timeline it is.
    const query = new URLSearchParams(route.verb.name === "insight.timeline" ? { contact_id: person } : {});
    const answer = await w.fetch(`${route.path}?${query}`, caller);
    expect([route.path, answer.status]).toEqual([route.path, 200]);
    const schema =
      document.paths[route.path]?.[route.method]?.responses["200"]?.content["application/json"]?.schema ?? {};
    const holds = ajv.validate(schema, await answer.json());
    expect([route.path, holds, ajv.errorsText()]).toEqual([route.path, true, "No errors"]);
  }
});

test("an unchanged answer is a 304, as the document says", async () => {
  const w = await world();
  const document = (await (await w.fetch("/openapi.json")).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const path = "/v1/people/contacts";
  const first = await w.fetch(path, { key: w.a.apiKey });
  const tag = first.headers.get("etag") ?? "";
  const again = await w.fetch(path, { key: w.a.apiKey, headers: { "if-none-match": tag } });
  expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", tag]);
  expect(Object.keys(document.paths[path]?.["get"]?.responses ?? {})).toContain("304");
});

test("the docs page names every operation and carries no script", async () => {
  const w = await world();
  const page = await (await w.fetch("/docs")).text();
  for (const route of routes) expect(page).toContain(route.verb.name);
  expect(page).not.toContain("<script");
});

test("healthz needs nothing, readyz needs a database whose login cannot bypass row security", async () => {
  const w = await world();
  expect(await (await w.fetch("/healthz")).json()).toEqual({ status: "ok" });
  const ready = await w.fetch("/readyz");
  expect(await ready.json()).toMatchObject({ status: "ready", migration: expect.stringMatching(/^00/) });
  const { openDatabase } = await import("#db/client.ts");
  w.runtime.db = openDatabase({ url: w.neon.connectionString("postgres"), fetchEndpoint: w.neon.url });
  const refused = await w.fetch("/readyz");
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, "database_misconfigured"]);
});
