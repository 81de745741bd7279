// The same change asked for at once, on a Postgres with many sessions.
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { commit } from "#brain/kernel/commit.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { raceDatabase } from "#test/kit/database.ts";
import { type World, world } from "#test/kit/world.ts";

let w: World;
beforeAll(async () => {
  w = await world({ neon: await raceDatabase() });
});

async function contact(): Promise<string> {
  const id = w.runtime.ids.next("contact");
  await w.neon.query("insert into people.contacts (project_id, account_scope_id, id) values ($1, $2, $3)", [
    w.a.project,
    w.a.accountScope,
    id,
  ]);
  return id;
}

describe("races", () => {
  test("forty writers of one version: one wins, and there is one ledger row", async () => {
    const id = await contact();
    const change = sql`update people.contacts set version = version + 1 where project_id = shared.scope() and id = ${id} and version = 1 returning id, version`;
    const tries = Array.from({ length: 40 }, () =>
      commit(ctxOf(w, systemOf(w.a)), { change, event: { kind: "contact.touched", ref: ["contact", id] } }),
    );
    const outcomes = await Promise.allSettled(tries);
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    expect(await w.neon.query("select count(*)::int as n from shared.events where ref_id = $1", [id])).toEqual([
      { n: 1 },
    ]);
  });

  test("a hundred requests with one idempotency key: one effect, and every answer is the same", async () => {
    const id = await contact();
    const change = sql`update people.contacts set version = version + 1 where project_id = shared.scope() and id = ${id} returning id, version`;
    const entry = { idempotency: { key: `key-${id}`, route: "test", hash: "same" } };
    const asked = Array.from({ length: 100 }, async () => {
      const row = await commit(ctxOf(w, systemOf(w.a), entry), { change }).catch(
        (thrown: unknown) => (thrown as { body?: unknown }).body ?? thrown,
      );
      return JSON.stringify(row);
    });
    const answers = await Promise.all(asked);
    expect(new Set(answers)).toEqual(new Set([JSON.stringify({ id, version: 2 })]));
    expect(await w.neon.query("select version from people.contacts where id = $1", [id])).toEqual([{ version: 2 }]);
  });

  test("a login is counted once per try, however many arrive at once", async () => {
    const username = `nobody-${w.a.accountId}`;
    const tries = Array.from({ length: 30 }, () =>
      w.fetch("/v1/identity/login", { json: { username, password: "wrong" } }),
    );
    const statuses = (await Promise.all(tries)).map((answer) => answer.status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
  });
});
