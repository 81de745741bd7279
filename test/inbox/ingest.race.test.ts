/** Webhooks arriving at once, on a Postgres with many sessions. */
import { randomUUID } from "node:crypto";
import pg from "pg";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { eventOf } from "#brain/inbox/events.ts";
import { type Delivery, fromMicros, ingestDeliveries } from "#brain/inbox/index.ts";
import { type Credential, credentialText } from "#brain/kernel/ctx.ts";
import { ctxOf, systemOf } from "#test/kit/ctx.ts";
import { type RaceDatabase, raceDatabase } from "#test/kit/database.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import { count, edit, heard, type Json, message, number, rows, talk } from "./chatwoot.ts";

let neon: RaceDatabase;
let w: World;
beforeAll(async () => {
  neon = await raceDatabase();
  w = await world({ neon });
});

const receiving = (t: Tenant): Credential => ({ kind: "source", id: t.source.id, version: 1 });
const bindingOf = (t: Tenant) => ({ source: t.source.id, project: t.project, account: String(t.accountId) });
const ctxFor = (t: Tenant) => ctxOf(w, receiving(t), { permission: "inbox:receive" });
const micros = (iso: string) => fromMicros(Date.parse(iso) * 1000);
const delivery = (body: Json, sentAt: string): Delivery => ({ delivery: randomUUID(), sentAt, body: body as never });

/** Every turn has one place, and the conversation counted them all. */
async function placed(t: Tenant): Promise<void> {
  const wrong = await rows(
    w,
    t,
    `select v.id, v.turns, array_agg(m.seq order by m.seq) as seqs from inbox.cw_conversations v
      left join inbox.cw_messages m on m.project_id = v.project_id and m.conversation_global_id = v.id where v.project_id = $1
      group by v.id, v.turns having array_agg(m.seq order by m.seq) is distinct from array(select generate_series(1, v.turns))`,
  );
  expect(wrong).toEqual([]);
}

describe("at once", () => {
  it("the same webhook ten times is stored once", async () => {
    const t = await tenant(neon, "ten");
    const payload = message(talk(t));
    const id = randomUUID();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => heard(w, t, payload, { delivery: id })));
    expect(outcomes.sort()).toEqual([...Array(9).fill("duplicate"), "stored"]);
    for (const table of [
      "inbox.deliveries",
      "inbox.cw_messages",
      "people.contacts",
      "memory.chunks",
      "memory.pending",
      "shared.outbox",
    ]) {
      expect(await count(w, t, table), table).toBe(1);
    }
    expect(await count(w, t, "shared.events")).toBe(3);
  });

  it("the same message from two senders is one message, and each content is taken once", async () => {
    const t = await tenant(neon, "two");
    for (let round = 0; round < 10; round++) {
      const payload = message(talk(t));
      const outcomes = await Promise.all([heard(w, t, payload), heard(w, t, payload), heard(w, t, payload)]);
      expect(outcomes.sort()).toEqual(["duplicate", "duplicate", "stored"]);
    }
    expect(await count(w, t, "shared.events", "kind = 'message.received'")).toBe(10);
  });

  it("twenty first messages of one new customer make one person and one place each", async () => {
    const t = await tenant(neon, "new");
    const at = talk(t);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => heard(w, t, message(at))));
    expect(new Set(outcomes)).toEqual(new Set(["stored"]));
    expect(await count(w, t, "people.contacts")).toBe(1);
    expect(await count(w, t, "inbox.cw_contacts")).toBe(1);
    await placed(t);
    await w.settled();
    expect(w.queue.published.filter((m) => m.project === t.project)).toHaveLength(1);
  });

  it("a creation and its edits end alike, whoever comes first, with one place taken", async () => {
    const t = await tenant(neon, "edits");
    const at = talk(t);
    for (let round = 0; round < 15; round++) {
      const first = message(at, { content: "Første ord" });
      const edits = [1, 2, 3].map((n) =>
        edit(at, first, { content: `Rettelse ${n}`, version: `2026-11-15T07:00:0${n}.000Z` }),
      );
      await Promise.all([first, ...edits].map((payload) => heard(w, t, payload)));
      const [now] = await rows(
        w,
        t,
        "select content from inbox.cw_messages where project_id = $1 and message_id = $2",
        [first["id"]],
      );
      expect(now).toEqual({ content: "Rettelse 3" });
    }
    expect(await count(w, t, "inbox.cw_messages")).toBe(15);
    await placed(t);
  });

  it("eight importers over five shared conversations neither lose nor misplace a turn", async () => {
    const t = await tenant(neon, "import");
    const talks = Array.from({ length: 5 }, () => ({ ...talk(t), contact: number() }));
    const all = Array.from({ length: 400 }, (_, n) =>
      message(talks[n % 5] ?? talk(t), { content: `Tur nummer ${n} med varmepumpen` }),
    );
    const shuffled = all.map((body, i) => ({ body, key: (i * 7919) % 401 })).sort((x, y) => x.key - y.key);
    const shares = Array.from({ length: 8 }, (_, n) => shuffled.filter((_, i) => i % 8 === n));
    const work = shares.map(async (share) => {
      for (let i = 0; i < share.length; i += 20) {
        const deliveries = share.slice(i, i + 20).map(({ body }) => delivery(body, micros("2026-11-15T06:30:00Z")));
        await ingestDeliveries(ctxFor(t), { binding: bindingOf(t), deliveries });
      }
    });
    await Promise.all(work);
    expect(await count(w, t, "inbox.cw_messages")).toBe(400);
    expect(await count(w, t, "memory.pending")).toBe(400);
    await placed(t);
  });
});

describe("the wake-up", () => {
  const claim = "select memory.claim(gen_random_uuid(), 'model', 100, interval '2 minutes', 5, $1, $2) as claimed";

  async function session(t: Tenant, credential: Credential, permission: string) {
    const client = new pg.Client({ connectionString: neon.direct.appUrl });
    await client.connect();
    onTestFinished(() => client.end());
    const enter = async () => {
      await client.query("begin");
      const context = JSON.stringify({ request: "r", scope: "project", project: t.project });
      await client.query("select identity.enter($1, $2, $3::jsonb)", [credentialText(credential), permission, context]);
    };
    const ingest = async (body: Json) => {
      const event = await eventOf(ctxFor(t), delivery(body, micros("2026-11-15T06:30:00Z")), bindingOf(t));
      return (await client.query("select inbox.ingest($1::jsonb) as a", [JSON.stringify([event])])).rows[0].a as {
        wake: Json | null;
      };
    };
    const take = async () => {
      const found = await client.query(claim, [w.runtime.ids.next("outbox"), w.runtime.ids.next("event")]);
      return (found.rows[0].claimed as { rows: unknown[] }).rows;
    };
    return { client, enter, ingest, take, commit: () => client.query("commit") };
  }

  /** Until the session waits for a lock; locks, unlike activity, show to everybody. */
  const blocked = async (client: pg.Client) => {
    const { processID } = client as unknown as { processID: number };
    const waits = () => neon.query("select from pg_locks where pid = $1 and not granted", [processID]);
    await vi.waitUntil(async () => (await waits()).length > 0, { timeout: 20_000, interval: 20 });
  };

  it("is not lost when the claim comes while an ingest that relied on it has not committed", async () => {
    const t = await tenant(neon, "late");
    await heard(w, t, message(talk(t), { content: "Den første" }));
    const writer = await session(t, receiving(t), "inbox:receive");
    const worker = await session(t, systemOf(t), "memory:write");
    await writer.enter();
    expect((await writer.ingest(message(talk(t)))).wake).toBeNull();
    await worker.enter();
    const taking = worker.take();
    await blocked(worker.client);
    await writer.commit();
    expect(await taking).toHaveLength(2);
    await worker.commit();
    expect(await count(w, t, "memory.pending", "token is null")).toBe(0);
  });

  it("is made anew when an ingest comes while the claim that took it has not committed", async () => {
    const t = await tenant(neon, "early");
    await heard(w, t, message(talk(t), { content: "Den første" }));
    const writer = await session(t, receiving(t), "inbox:receive");
    const worker = await session(t, systemOf(t), "memory:write");
    await worker.enter();
    expect(await worker.take()).toHaveLength(1);
    await writer.enter();
    const writing = writer.ingest(message(talk(t)));
    await blocked(writer.client);
    await worker.commit();
    expect((await writing).wake).toMatchObject({ kind: "memory.embed" });
    await writer.commit();
    expect(await count(w, t, "memory.pending", "token is null")).toBe(1);
    expect(await count(w, t, "shared.outbox", "state = 'pending'")).toBe(1);
  });

  it("never leaves a passage waiting with nobody on the way, however they interleave", async () => {
    const t = await tenant(neon, "storm");
    const worker = await session(t, systemOf(t), "memory:write");
    let writing = true;
    const claims = (async () => {
      while (writing) {
        await worker.enter();
        await worker.take();
        await worker.commit();
      }
    })();
    const writers = Array.from({ length: 6 }, async () => {
      for (let n = 0; n < 40; n++) await heard(w, t, message(talk(t)));
    });
    await Promise.all(writers);
    writing = false;
    await claims;
    const waiting = await count(w, t, "memory.pending", "token is null");
    const wakes = await count(w, t, "shared.outbox", "state = 'pending'");
    expect({ waiting, left: waiting > 0 && wakes === 0 }).toMatchObject({ left: false });
  });
});

describe("size", () => {
  it("a conversation of 10,000 messages, shuffled within batches, is counted and placed", async () => {
    const t = await tenant(neon, "long");
    const at = talk(t);
    const start = Date.parse("2026-08-01T08:00:00Z");
    const told = (n: number): Delivery => {
      const created = new Date(start + n * 1000).toISOString();
      const body = message(at, { id: 1_000_000 + n, content: `Besked nummer ${n}`, created_at: created });
      return { delivery: `import:${n}`, sentAt: micros(created), body: body as never };
    };
    const batch = (from: number) => Array.from({ length: 500 }, (_, i) => told(from + ((i * 7) % 500)));
    const outcomes = new Map<string, number>();
    for (let from = 0; from < 10_000; from += 500) {
      // What a server does by itself within a minute: plans made for empty tables are thrown away.
      if (from === 500) await neon.query("analyze");
      for (const { outcome } of await ingestDeliveries(ctxFor(t), { binding: bindingOf(t), deliveries: batch(from) })) {
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    }
    expect(Object.fromEntries(outcomes)).toEqual({ stored: 10_000 });
    const newest = new Date(start + 9_999_000).toISOString();
    const [talked] = await rows(
      w,
      t,
      "select turns, last_message_at = $2::timestamptz as newest from inbox.cw_conversations where project_id = $1",
      [newest],
    );
    expect(talked).toEqual({ turns: 10_000, newest: true });
    expect(await count(w, t, "inbox.cw_messages", "seq <> message_id - 999999")).toBe(0);
    expect(await count(w, t, "memory.pending")).toBe(10_000);
    expect(await count(w, t, "shared.outbox")).toBe(1);
    const again = await ingestDeliveries(ctxFor(t), { binding: bindingOf(t), deliveries: batch(4_500) });
    expect(new Set(again.map((o) => o.outcome))).toEqual(new Set(["duplicate"]));
  });
});
