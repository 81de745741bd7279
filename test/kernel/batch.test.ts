// What the one request to the database does when things go wrong on the way.
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { raw, send } from "#brain/kernel/batch.ts";
import { together } from "#brain/kernel/verb.ts";
import { listContacts } from "#brain/people/index.ts";
import { listEvents } from "#brain/shared/index.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { type World, world } from "#test/kit/world.ts";

let w: World;
beforeAll(async () => {
  w = await world();
});

describe("send", () => {
  test("enters before it asks: the scope is the credential's, and gone after the batch", async () => {
    const ctx = ctxOf(w, systemOf(w.a));
    const [found] = await send(ctx, [
      raw(ctx, sql`select current_user as role, shared.scope() as scope, shared.clock() as now`),
    ]);
    expect(found.rows).toEqual([
      { role: "omneuro_app", scope: w.a.project, now: expect.stringContaining("2026-11-15") },
    ]);
    const [unentered] = await w.runtime.db.batch([
      w.runtime.db.execute(sql`select count(*)::int as n from shared.events`),
    ]);
    expect(unentered.rows).toEqual([{ n: 0 }]);
  });

  test("one failing statement takes the others with it", async () => {
    const ctx = ctxOf(w, systemOf(w.a));
    const id = w.runtime.ids.next("contact");
    const insert = sql`insert into people.contacts (project_id, id, name) values (shared.scope(), ${id}, 'x')`;
    await expect(send(ctx, [raw(ctx, insert), raw(ctx, sql`select 1 / 0`)])).rejects.toThrow(/22012/);
    expect(await w.neon.query("select 1 from people.contacts where id = $1", [id])).toEqual([]);
  });

  test("an answer lost after the commit is said to be unknown, not invented", async () => {
    const ctx = ctxOf(w, systemOf(w.a));
    w.neon.faults.next({ kind: "after-commit" });
    await expect(send(ctx, [])).rejects.toMatchObject({ kind: "unavailable", code: "database_unavailable" });
  });

  test("a row cannot be written for another scope: policy, trigger and foreign key each say no", async () => {
    const ctx = ctxOf(w, systemOf(w.a));
    const foreignProject = sql`insert into people.contacts (project_id, id) values (${w.b.project}::uuid, 'con_x')`;
    await expect(send(ctx, [raw(ctx, foreignProject)])).rejects.toThrow(/42501/);
    const foreignScope = sql`insert into people.contacts (project_id, account_scope_id, id) values (shared.scope(), ${w.b.accountScope}::uuid, 'con_y')`;
    await expect(send(ctx, [raw(ctx, foreignScope)])).rejects.toThrow(/cross-scope write rejected/);
    const asOwner = w.neon.query(
      "insert into people.contacts (project_id, account_scope_id, id) values ($1, $2, 'con_z')",
      [w.a.project, w.b.accountScope],
    );
    await expect(asOwner).rejects.toThrow(/cross-scope write rejected/);
  });

  test("several readings share one request, and each permission counts", async () => {
    const ctx = ctxOf(w, { kind: "key", ...(await keyOf(w.a.apiKey)) });
    const [people, events] = await together(ctx, [
      [listContacts, {}],
      [listEvents, { limit: 5 }],
    ]);
    expect([people.next, events.next, ctx.meter.requests]).toEqual([null, null, 1]);
    const poor = ctxOf(w, { kind: "key", ...(await keyOf(w.a.readKey)) });
    await expect(
      together(poor, [
        [listEvents, {}],
        [listContacts, {}],
      ]),
    ).rejects.toMatchObject({ code: "permission_missing" });
  });
});

async function keyOf(text: string): Promise<{ id: string; hash: string }> {
  const { readApiKey } = await import("#brain/identity/index.ts");
  const key = await readApiKey(text);
  if (!key) throw new Error("not a key");
  return key;
}
