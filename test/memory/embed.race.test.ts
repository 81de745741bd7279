// Many workers and many writers at once, on a Postgres with many sessions.
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RaceDatabase, raceDatabase } from "#test/kit/database.ts";
import { deliver } from "#test/kit/jobs.ts";
import type { Tenant } from "#test/kit/world.ts";
import { hashOf, put, type Remembering, remembering, statuses } from "./waiting.ts";

let neon: RaceDatabase;
const sessions: pg.Client[] = [];

beforeAll(async () => {
  neon = await raceDatabase();
});
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.end()));
});

/** A session of its own, as the owner: a writer whose transaction can be held open. */
async function session(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: neon.direct.ownerUrl });
  await client.connect();
  sessions.push(client);
  return client;
}

const run = (w: Remembering) => deliver(w, "memory.embed", { project: w.a.project });
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** What an ingest does, up to its commit: the chunk, then under the shared lock the wake-up. Returns the row it made, if it made one. */
async function write(client: pg.Client, w: Remembering, text: string): Promise<string | undefined> {
  const { project, accountScope } = w.a;
  const id = w.runtime.ids.uuid();
  await client.query("begin");
  await client.query(
    `insert into memory.chunks (project_id, account_scope_id, id, source_table, source_pk, chunk_index, visibility, occurred_at, lang, len, text, text_hash, tsv)
      values ($1, $2, $3, 'inbox.cw_messages', $6, 0, 1, now(), 'simple', 1, $4, $5, '')`,
    [project, accountScope, id, text, hashOf(text), id],
  );
  await client.query(
    "insert into memory.pending (project_id, account_scope_id, chunk_id, text_hash) values ($1, $2, $3, $4)",
    [project, accountScope, id, hashOf(text)],
  );
  await client.query("select pg_advisory_xact_lock_shared(7, hashtext($1))", [project]);
  const made = await client.query(
    `insert into shared.outbox (project_id, account_scope_id, id, kind, dedupe_key) values ($1, $2, $3, 'memory.embed', 'memory.embed')
      on conflict (project_id, kind, dedupe_key) where state = 'pending' do nothing returning id`,
    [project, accountScope, w.runtime.ids.next("outbox")],
  );
  return (made.rows[0] as { id: string } | undefined)?.id;
}

/** Resolves when somebody waits for a lock that another session holds; rejects when nobody does. */
async function untilWaiting(): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const [row] = await neon.query("select count(*)::int as waiting from pg_locks where not granted");
    if (Number(row?.["waiting"]) > 0) return;
    await pause(10);
  }
  throw new Error("nobody waits");
}

const countOf = async (table: string, tenant: Tenant) =>
  Number(
    (await neon.query(`select count(*)::int as n from ${table} where project_id = $1`, [tenant.project]))[0]?.["n"],
  );

/** Vectors that the ledger says were written. */
async function told(tenant: Tenant): Promise<number> {
  const [row] = await neon.query(
    `select coalesce(sum(coalesce((payload->>'embedded')::int, 0) + coalesce((payload->>'copied')::int, 0)), 0)::int as n
      from shared.events where project_id = $1 and kind = 'memory.embedded'`,
    [tenant.project],
  );
  return Number(row?.["n"]);
}

describe("32 workers and 8 writers", () => {
  test("settle every chunk exactly once and embed every text exactly once; nothing is left", async () => {
    const w = await remembering({ neon });
    w.runtime.settings = { ...w.runtime.settings, embedBatch: 7 };
    w.embedder.behave(() => pause(3));
    let writing = true;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      const client = await session();
      for (let i = 0; i < 40; i++) {
        // Every fourth text is one that all writers send.
        await write(client, w, i % 4 === 0 ? `Thanks ${i}` : `Writer ${writer} says ${i}`);
        await client.query("commit");
      }
    });
    const workers = Array.from({ length: 32 }, async () => {
      while (writing) expect((await run(w)).status).toBe(200);
    });
    await Promise.all(writers);
    writing = false;
    await Promise.all(workers);
    expect((await run(w)).status).toBe(200);
    // Twins of a text whose vector was being written when they came are served when its lease would have ended.
    w.clock.advance(121_000);
    expect((await run(w)).status).toBe(200);

    expect(await countOf("memory.pending", w.a)).toBe(0);
    expect(await countOf("memory.vectors", w.a)).toBe(320);
    expect(await told(w.a)).toBe(320);
    const asked = w.embedder.calls.flat();
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked).toHaveLength(8 * 30 + 10);
  });

  test("survive deaths and lost leases: late workers change nothing, every chunk still has one vector", async () => {
    const w = await remembering({ neon });
    w.runtime.settings = { ...w.runtime.settings, embedBatch: 5 };
    w.embedder.behave(async (_, call) => {
      await pause(2);
      // A lease runs out while its worker still works, or the worker dies.
      if (call % 9 === 4) w.clock.advance(121_000);
      if (call % 9 === 7) throw new Error("evicted");
    });
    await put(
      w,
      w.a,
      Array.from({ length: 200 }, (_, i) => `Visit ${i}`),
    );
    await Promise.all(Array.from({ length: 32 }, () => run(w)));
    w.embedder.well();
    for (let round = 0; round < 5; round++) {
      w.clock.advance(121_000);
      await run(w);
    }
    expect(await countOf("memory.pending", w.a)).toBe(0);
    expect(new Set(await statuses(w, w.a))).toEqual(new Set(["ready"]));
    expect(await told(w.a)).toBe(200);
  });
});

describe("a wake-up is never lost", () => {
  test("a claim waits for the writer that relied on the row it takes, and serves him", async () => {
    const w = await remembering({ neon });
    await put(w, w.a, ["first"]);
    const writer = await session();
    expect(await write(writer, w, "second")).toBeUndefined();
    const claiming = run(w);
    await untilWaiting();
    await writer.query("commit");
    expect(await (await claiming).json()).toMatchObject({ embedded: 2 });
  });

  test("a claim passes over rows that a writer holds, who may be about to wait for this very claim", async () => {
    const w = await remembering({ neon });
    const [held] = await put(w, w.a, ["held", "free"]);
    const writer = await session();
    await writer.query("begin");
    await writer.query("select from memory.pending where project_id = $1 and chunk_id = $2 for update", [
      w.a.project,
      held,
    ]);
    expect(await (await run(w)).json()).toMatchObject({ embedded: 1 });
    await writer.query("rollback");
    expect(await (await run(w)).json()).toMatchObject({ embedded: 1 });
  });

  test("a writer that comes while a claim is under way makes a wake-up of its own", async () => {
    const w = await remembering({ neon });
    await put(w, w.a, ["first"]);
    const claimer = await session();
    await claimer.query("begin");
    await claimer.query(
      "select set_config('app.project_id', $1, true), set_config('app.actor', 'system:test', true), set_config('app.request_id', 'r', true)",
      [w.a.project],
    );
    await claimer.query("select memory.claim($1, 'm', 100, '120 s', 5, 'obx_x', 'evt_x')", [w.runtime.ids.uuid()]);
    const writer = await session();
    const writing = write(writer, w, "second");
    await untilWaiting();
    await claimer.query("commit");
    expect(await writing).toMatch(/^obx_/);
    await writer.query("commit");
  });

  test("8 writers whose messages are all there is: nothing is left over", async () => {
    const w = await remembering({ neon });
    const jobs: Promise<unknown>[] = [];
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      const client = await session();
      for (let i = 0; i < 60; i++) {
        const made = await write(client, w, `Writer ${writer} says ${i}`);
        await pause(Math.random() * 4);
        await client.query("commit");
        // Whoever made the row publishes it, and it comes at once.
        if (made) jobs.push(run(w));
      }
    });
    await Promise.all(writers);
    await Promise.all(jobs);
    expect(await countOf("memory.pending", w.a)).toBe(0);
    expect(await told(w.a)).toBe(480);
    expect(jobs.length).toBeLessThan(480);
  });

  test("sweeps that meet stage one wake-up between them", async () => {
    const w = await remembering({ neon });
    await put(w, w.a, ["first"]);
    await neon.query("delete from shared.outbox where project_id = $1", [w.a.project]);
    w.queue.published.splice(0);
    w.clock.advance(61_000);
    await Promise.all(Array.from({ length: 16 }, () => deliver(w, "shared.sweep", { project: w.a.project })));
    expect(new Set(w.queue.published.map((message) => message.id)).size).toBe(1);
  });
});

describe("a settle that meets", () => {
  const meeting = async (change: (client: pg.Client, id: string, w: Remembering) => Promise<unknown>) => {
    const w = await remembering({ neon });
    const [id = ""] = await put(w, w.a, ["Tuesday at ten", "Bring a ladder"]);
    const writer = await session();
    w.embedder.behave(async (_, call) => {
      if (call > 1) return;
      await writer.query("begin");
      await change(writer, id, w);
    });
    const running = run(w);
    await untilWaiting();
    await writer.query("commit");
    return { w, id, answer: await (await running).json() };
  };

  test("an edit that is not yet committed waits for it, and drops the old words' vector", async () => {
    const { w, id } = await meeting(async (client, id, { a }) => {
      await client.query("update memory.chunks set text = 'Noon', text_hash = $3 where project_id = $1 and id = $2", [
        a.project,
        id,
        hashOf("Noon"),
      ]);
      await client.query(
        "update memory.pending set text_hash = $3, token = null, lease_until = null where project_id = $1 and chunk_id = $2",
        [a.project, id, hashOf("Noon")],
      );
    });
    const [vector] = await neon.query("select text_hash from memory.vectors where project_id = $1 and chunk_id = $2", [
      w.a.project,
      id,
    ]);
    expect(vector?.["text_hash"]).toBe(hashOf("Noon"));
    expect(w.embedder.calls).toEqual([["Tuesday at ten", "Bring a ladder"], ["Noon"]]);
  });

  test("an edit that has reached the chunk, and not yet the queue, waits for it all the same", async () => {
    const w = await remembering({ neon });
    const [id] = await put(w, w.a, ["Tuesday at ten"]);
    const writer = await session();
    w.embedder.behave(async (_, call) => {
      if (call > 1) return;
      await writer.query("begin");
      await writer.query("update memory.chunks set text = 'Noon', text_hash = $3 where project_id = $1 and id = $2", [
        w.a.project,
        id,
        hashOf("Noon"),
      ]);
    });
    const running = run(w);
    await untilWaiting();
    await writer.query(
      "update memory.pending set text_hash = $3, token = null, lease_until = null where project_id = $1 and chunk_id = $2",
      [w.a.project, id, hashOf("Noon")],
    );
    await writer.query("commit");
    expect(await (await running).json()).toMatchObject({ embedded: 1 });
    expect(w.embedder.calls).toEqual([["Tuesday at ten"], ["Noon"]]);
  });

  test("a deletion that is not yet committed waits for it, and writes nothing for the dead", async () => {
    const { w, answer } = await meeting((client, id, { a }) =>
      client.query("delete from memory.chunks where project_id = $1 and id = $2", [a.project, id]),
    );
    expect(answer).toMatchObject({ embedded: 1 });
    expect(await countOf("memory.vectors", w.a)).toBe(1);
    expect(await countOf("memory.pending", w.a)).toBe(0);
  });
});
