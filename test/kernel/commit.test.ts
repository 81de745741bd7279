// One guarded change with everything that must be true with it, or nothing at all.
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { commit } from "#brain/kernel/commit.ts";
import { Fault } from "#brain/kernel/fault.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { type World, world } from "#test/kit/world.ts";

let w: World;
beforeAll(async () => {
  w = await world();
});

const rename = (
  id: string,
  version: number,
  name: string,
) => sql`update people.contacts set name = ${name}, version = version + 1
  where project_id = shared.scope() and id = ${id} and version = ${version} returning id, name, version`;

async function contact(project = w.a): Promise<string> {
  const id = w.runtime.ids.next("contact");
  await w.neon.query(
    "insert into people.contacts (project_id, account_scope_id, id, name) values ($1, $2, $3, 'Before')",
    [project.project, project.accountScope, id],
  );
  return id;
}

const count = async (table: string, ref: string) => {
  const rows = await w.neon.query(`select count(*)::int as n from ${table} where ref_id = $1`, [ref]);
  return Number(rows[0]?.["n"]);
};

const work = (id: string, version: number) => ({
  change: rename(id, version, "After"),
  event: { kind: "contact.renamed", ref: ["contact", id] as [string, string] },
  audit: { action: "people.contact.renamed", ref: ["contact", id] as [string, string], evidence: ["evi_1"] },
  stage: [{ kind: "people.notify", payload: { contact: id } }],
});

describe("commit", () => {
  test("change, ledger, audit and outbox come in one request, and the staged row is published after the response", async () => {
    const id = await contact();
    const ctx = ctxOf(w, systemOf(w.a));
    const row = await commit(ctx, work(id, 1));
    expect(row).toMatchObject({ id, name: "After", version: 2 });
    expect(ctx.meter.requests).toBe(1);
    expect([await count("shared.events", id), await count("shared.audit_events", id)]).toEqual([1, 1]);
    const before = w.queue.published.length;
    await ctx.settled();
    expect(w.queue.published.slice(before)).toMatchObject([
      { kind: "people.notify", project: w.a.project, body: { contact: id } },
      { kind: "shared.audit.seal", project: w.a.project, body: {}, delaySeconds: 5 },
    ]);
    const outbox = await w.neon.query("select message_id from shared.outbox where payload->>'contact' = $1", [id]);
    expect(outbox).toEqual([{ message_id: expect.stringMatching(/^msg_/) }]);
  });

  test("a lost race leaves no row anywhere and asks the verb why", async () => {
    const id = await contact();
    const lost = commit(ctxOf(w, systemOf(w.a)), {
      ...work(id, 7),
      lost: () => new Fault("conflict", "moved_on", { version: 1 }),
    });
    await expect(lost).rejects.toMatchObject({ kind: "conflict", code: "moved_on" });
    expect([await count("shared.events", id), await count("shared.audit_events", id)]).toEqual([0, 0]);
    expect(await w.neon.query("select 1 from shared.outbox where payload->>'contact' = $1", [id])).toEqual([]);
  });

  test("another project's row is not there to be changed", async () => {
    const id = await contact(w.b);
    await expect(commit(ctxOf(w, systemOf(w.a)), work(id, 1))).rejects.toMatchObject({ kind: "not_found" });
    expect(await w.neon.query("select name from people.contacts where id = $1", [id])).toEqual([{ name: "Before" }]);
  });

  test("a critical act without evidence is refused before anything is sent", async () => {
    const id = await contact();
    const ctx = ctxOf(w, systemOf(w.a));
    const bare = {
      ...work(id, 1),
      audit: { action: "people.contact.renamed", ref: ["contact", id] as [string, string], evidence: [] },
    };
    await expect(commit(ctx, bare)).rejects.toMatchObject({ kind: "invalid", code: "evidence_required" });
    expect(ctx.meter.requests).toBe(0);
  });

  test("the ledger refuses words: a payload with a sentence aborts the whole change", async () => {
    const id = await contact();
    const wordy = {
      ...work(id, 1),
      event: { kind: "contact.renamed", ref: ["contact", id] as [string, string], payload: { note: "called Mette" } },
    };
    await expect(commit(ctxOf(w, systemOf(w.a)), wordy)).rejects.toThrow(/23514/);
    expect(await w.neon.query("select name, version from people.contacts where id = $1", [id])).toEqual([
      { name: "Before", version: 1 },
    ]);
  });

  test("a wake-up is staged once while it is pending", async () => {
    const stage = [{ kind: "people.wake", dedupe: "people.wake" }];
    for (const _ of [1, 2, 3]) {
      const ctx = ctxOf(w, systemOf(w.a));
      await commit(ctx, { change: rename(await contact(), 1, "After"), stage });
      await ctx.settled();
    }
    expect(w.queue.published.filter((message) => message.kind === "people.wake")).toHaveLength(1);
  });

  test("an expired idempotency key is a new request", async () => {
    const id = await contact();
    const entry = { idempotency: { key: "expiring", route: "test", hash: "h1" } };
    await commit(ctxOf(w, systemOf(w.a), entry), { change: rename(id, 1, "Once") });
    await expect(commit(ctxOf(w, systemOf(w.a), entry), { change: rename(id, 2, "Twice") })).rejects.toMatchObject({
      name: "Replay",
      body: { name: "Once" },
    });
    w.clock.advance(25 * 3_600_000);
    expect(await commit(ctxOf(w, systemOf(w.a), entry), { change: rename(id, 2, "Twice") })).toMatchObject({
      name: "Twice",
    });
  });
});
