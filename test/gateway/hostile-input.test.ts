// Input that fuzzing once turned into our fault, a 500: each case is the caller's mistake and is named as that.
import { beforeAll, expect, test } from "vitest";
import { type World, world } from "#test/kit/world.ts";

let w: World;
beforeAll(async () => {
  w = await world();
});

const told = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];

test.each([
  "/v1/inbox/messages?contact=%00",
  "/v1/search?q=boiler&conversation=%00",
  "/v1/shared/events?request=a%00b",
  "/v1/shared/audit?action=%00",
  "/v1/inbox/conversations/%00",
  "/v1/memory/answers/a%00",
])("a null character in a query or a path asks no database: %s", async (path) => {
  w.neon.resetStats();
  expect(await told(await w.fetch(path, { key: w.a.apiKey }))).toEqual([400, "invalid_text"]);
  expect(w.neon.stats().requests).toBe(0);
});

test("JSON nested beyond all use is refused before it is walked", async () => {
  const nested = (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  const send = (depth: number) =>
    w.fetch("/v1/identity/project", {
      method: "POST",
      key: w.a.apiKey,
      headers: { "content-type": "application/json" },
      body: nested(depth),
    });
  for (const depth of [100, 5_000, 120_000]) expect(await told(await send(depth))).toEqual([400, "too_deep"]);
  expect(await told(await send(90))).toEqual([400, "invalid_input"]);
});
