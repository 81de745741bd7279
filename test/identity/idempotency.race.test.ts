// A thousand copies of one request at once, on a Postgres with many sessions: one effect, and never two stories about it.
import { expect, test } from "vitest";
import { raceDatabase } from "#test/kit/database.ts";
import { world } from "#test/kit/world.ts";

test("a thousand posts with one Idempotency-Key make one key, and everybody is told the same or to wait", async () => {
  const w = await world({ neon: await raceDatabase() });
  const json = { name: "Thousandfold", permissions: ["identity:read"] };
  const headers = { "idempotency-key": '"one-of-a-thousand"' };
  const asked = Array.from({ length: 1000 }, async () => {
    const answer = await w.fetch("/v1/identity/api-keys", { json, key: w.a.apiKey, headers });
    return { status: answer.status, text: await answer.text() };
  });
  const answers = await Promise.all(asked);
  await w.settled();
  const told = answers.filter(({ status }) => status === 201);
  const others = answers.filter(({ status }) => status !== 201);
  expect(new Set(told.map(({ text }) => text)).size).toBe(1);
  expect([...new Set(others.map(({ status }) => status))].filter((status) => status !== 409)).toEqual([]);
  const count = async (from: string) =>
    (await w.neon.query(`select count(*)::int as n from ${from} and project_id = $1`, [w.a.project]))[0]?.["n"];
  expect(await count("identity.api_keys where name = 'Thousandfold'")).toBe(1);
  expect(await count("shared.audit_events where action = 'identity.api_key.created'")).toBe(1);
  expect(await count("shared.events where kind = 'identity.api_key.created'")).toBe(1);
  expect(await count("shared.idempotency_keys where idempotency_key = 'one-of-a-thousand'")).toBe(1);
});
