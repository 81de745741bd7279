/** The same thing told twice, by one sender or two: nothing more happens. What only looks the same is not swallowed. */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { type Tenant, type World, world } from "#test/kit/world.ts";
import { conversation, count, edit, hear, heard, message, number, rows, talk } from "./chatwoot.ts";

let w: World;
let a: Tenant;
beforeAll(async () => {
  w = await world();
  a = w.a;
});

const tables = [
  "inbox.deliveries",
  "inbox.cw_contacts",
  "inbox.cw_conversations",
  "inbox.cw_messages",
  "people.contacts",
  "people.contact_points",
  "memory.chunks",
  "memory.pending",
  "memory.corpus",
  "shared.evidence_items",
  "shared.events",
  "shared.outbox",
  "shared.tombstones",
];

/** Every row version of the tenant: a rewritten row has another place, even with the same values. */
async function tuples(tenant: Tenant): Promise<string> {
  const parts = tables.map(
    (t) => `select '${t}' as t, ctid::text, xmin::text, to_jsonb(x) as v from ${t} x where project_id = $1`,
  );
  return JSON.stringify(await rows(w, tenant, `${parts.join(" union all ")} order by 1, 2`));
}

describe("a repeat", () => {
  it("of one delivery writes no tuple at all", async () => {
    const payload = message(talk(a));
    const delivery = randomUUID();
    expect(await heard(w, a, payload, { delivery })).toBe("stored");
    await w.settled();
    const before = await tuples(a);
    for (let i = 0; i < 3; i++) expect(await heard(w, a, payload, { delivery })).toBe("duplicate");
    expect(await tuples(a)).toBe(before);
    expect(w.queue.published.filter((m) => m.project === a.project)).toHaveLength(1);
  });

  it("ten at once is stored once", async () => {
    const payload = message(talk(a));
    const delivery = randomUUID();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => heard(w, a, payload, { delivery })));
    expect(outcomes.sort()).toEqual([...Array(9).fill("duplicate"), "stored"]);
    expect(await count(w, a, "shared.events", `ref_id like '%:${payload["id"]}'`)).toBe(1);
  });

  it("by two senders under two delivery ids is one message, though keys and spaces differ", async () => {
    const payload = message(talk(a));
    expect(await heard(w, a, payload)).toBe("stored");
    const before = await tuples(a);
    const shuffled = JSON.stringify(Object.fromEntries(Object.entries(payload).reverse()), null, 1);
    w.clock.advance(20_000);
    expect(await heard(w, a, shuffled)).toBe("duplicate");
    expect(await tuples(a)).toBe(before);
  });

  it("of an edit is one edit within five minutes; going back to earlier words is another", async () => {
    const at = talk(a);
    const first = message(at, { content: "Kom kl. 10" });
    await heard(w, a, first);
    const told = (content: string) => ({ ...first, event: "message_updated", content });
    expect(await heard(w, a, told("Kom kl. 12"))).toBe("stored");
    w.clock.advance(1_000);
    expect(await heard(w, a, told("Kom kl. 12"))).toBe("duplicate");
    w.clock.advance(301_000);
    expect(await heard(w, a, told("Kom kl. 10"))).toBe("stored");
    w.clock.advance(301_000);
    expect(await heard(w, a, told("Kom kl. 12"))).toBe("stored");
    const [now] = await rows(w, a, "select content from inbox.cw_messages where project_id = $1 and message_id = $2", [
      first["id"],
    ]);
    expect(now).toEqual({ content: "Kom kl. 12" });
    expect(await count(w, a, "shared.events", `kind = 'message.edited' and ref_id like '%:${first["id"]}'`)).toBe(3);
  });

  it("of old news under a new delivery id is on record as stale and changes nothing", async () => {
    const at = talk(a);
    const first = message(at);
    await heard(w, a, edit(at, first, { content: "rettet", version: "2026-11-15T07:00:00.000Z" }));
    const before = await count(w, a, "shared.events");
    expect(await heard(w, a, first)).toBe("stale");
    expect(await heard(w, a, edit(at, first, { content: "ældre", version: "2026-11-15T06:50:00.000Z" }))).toBe("stale");
    expect(await count(w, a, "shared.events")).toBe(before);
  });
});

describe("a delivery id used for another body", () => {
  it("is kept aside, reported once, and changes nothing", async () => {
    const at = talk(a);
    const delivery = randomUUID();
    const first = message(at, { content: "Første" });
    await heard(w, a, first, { delivery });
    const forged = {
      ...first,
      content: "Anden",
      conversation: conversation(at, { status: "resolved", updated_at: 1794739999 }),
    };
    const answer = await hear(w, a, forged, { delivery });
    expect([answer.status, ((await answer.json()) as { outcome: string }).outcome]).toEqual([202, "replayed"]);
    expect(await heard(w, a, forged, { delivery })).toBe("replayed");
    expect(await heard(w, a, first, { delivery })).toBe("duplicate");
    const kept = await rows(
      w,
      a,
      "select outcome, raw, expires_at from inbox.deliveries where project_id = $1 and delivery_id = $2 order by outcome",
      [delivery],
    );
    expect(kept.map((d) => d["outcome"])).toEqual(["replayed", "stored"]);
    expect(kept[0]?.["raw"]).toMatchObject({ message: { content: "Anden" } });
    expect(await count(w, a, "shared.events", "kind = 'security.replay_conflict'")).toBe(1);
    const [stored] = await rows(
      w,
      a,
      "select content from inbox.cw_messages where project_id = $1 and message_id = $2",
      [first["id"]],
    );
    expect(stored).toEqual({ content: "Første" });
  });
});

describe("an account that is not the source's", () => {
  it("bound to another project is refused, and nothing is stored", async () => {
    const before = await w.neon.query("select count(*) as n from inbox.deliveries");
    const answer = await hear(w, a, message(talk(w.b)));
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([403, "account_bound_elsewhere"]);
    expect(await w.neon.query("select count(*) as n from inbox.deliveries")).toEqual(before);
  });

  it("bound nowhere is kept for a week without project, credentials removed, once", async () => {
    const account = 900_000_000 + number();
    const payload = message({ account, conversation: number(), contact: number() });
    const delivery = randomUUID();
    const answer = await hear(w, a, payload, { delivery });
    expect([answer.status, ((await answer.json()) as { outcome: string }).outcome]).toEqual([202, "quarantined"]);
    expect(await heard(w, a, payload, { delivery })).toBe("quarantined");
    const kept = await w.neon.query(
      "select project_id, outcome, raw, expires_at - received_at = interval '7 days' as week from inbox.deliveries where delivery_id = $1",
      [delivery],
    );
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({
      project_id: null,
      outcome: "quarantined",
      week: true,
      raw: { event: "message_created" },
    });
    expect(JSON.stringify(kept)).not.toMatch(/pubsub_token|REDACT-ME/);
    expect(await count(w, a, "inbox.cw_messages", `account_id = ${account}`)).toBe(0);
  });

  it("is never seen by the serving role", async () => {
    const list = await w.fetch("/v1/inbox/messages", { key: a.apiKey });
    expect(JSON.stringify(await list.json())).not.toContain("900000");
  });

  it("missing from the payload is the source's own", async () => {
    const at = talk(a);
    const { account: _, ...payload } = message(at, { conversation: { ...conversation(at), account: undefined } });
    expect(await heard(w, a, payload)).toBe("stored");
    expect(await count(w, a, "inbox.cw_messages", `id = 'cwmsg:${a.project}:${a.accountId}:${payload["id"]}'`)).toBe(1);
  });
});

describe("two tenants with the same words", () => {
  it("each have their own everything", async () => {
    const same = { conversation: number(), contact: number() };
    const id = number();
    for (const tenant of [w.a, w.b]) {
      const at = { account: tenant.accountId, ...same };
      expect(await heard(w, tenant, message(at, { id, content: "Den samme sætning i begge projekter" }))).toBe(
        "stored",
      );
    }
    for (const tenant of [w.a, w.b]) {
      const found = await rows(
        w,
        tenant,
        "select source_pk, contact_id from memory.chunks where project_id = $1 and text like 'Den samme%'",
      );
      expect(found).toHaveLength(1);
      expect(found[0]?.["source_pk"]).toBe(`cwmsg:${tenant.project}:${tenant.accountId}:${id}`);
    }
  });
});
