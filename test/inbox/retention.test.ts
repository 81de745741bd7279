/** Words whose time is over: gone everywhere, kept where something rests on them, and not brought back by what is older. */
import { beforeAll, describe, expect, it } from "vitest";
import { hashEmbedder } from "#local/embeddings-hash.ts";
import { deliver, deliverPublished } from "#test/kit/jobs.ts";
import { type Tenant, tenant, type World, world } from "#test/kit/world.ts";
import {
  conversation,
  count,
  deletion,
  edit,
  heard,
  type Json,
  message,
  number,
  rows,
  type Talk,
  talk,
} from "./chatwoot.ts";

let w: World;
beforeAll(async () => {
  w = await world({ embedder: hashEmbedder });
});

type Run = { removed: Record<string, number>; kept: Record<string, Record<string, number>> };

/** The first is ten weeks old, the last of today. */
const colours = ["amber", "brass", "cobalt", "dapple", "ebony", "fawn", "ginger", "hazel", "indigo", "khaki", "lilac"];

/** A tenant that keeps words for thirty days, and says something every week from ten weeks ago on. */
async function talkative(): Promise<{ a: Tenant; at: Talk; said: Json[] }> {
  const a = await tenant(w.neon, "talks");
  const at = talk(a);
  const said = [];
  for (const [n, colour] of colours.entries()) {
    const when = new Date(w.clock.now().getTime() - (10 - n) * 7 * 86_400_000 - 1000);
    const one = message(at, {
      content: `The ${colour} boiler hums in the cellar.`,
      created_at: when.toISOString(),
      attachments: [{ id: number(), file_type: "image", data_url: `https://files.example/photo-of-${colour}.jpg` }],
    });
    said.push(one);
    expect(await heard(w, a, one)).toBe("stored");
  }
  await w.settled();
  await deliverPublished(w);
  const policy = { keep_days: 30, version: 0, confirm: true };
  const headers = { "idempotency-key": `"keep-${a.accountId}"` };
  expect((await w.fetch("/v1/shared/retention/inbox.turns", { key: a.apiKey, json: policy, headers })).status).toBe(
    200,
  );
  return { a, at, said };
}

const night = async (a: Tenant) =>
  (await (await deliver(w, "shared.retention.run", { project: a.project })).json()) as Run;
const idOf = (a: Tenant, payload: Json) => `cwmsg:${a.project}:${a.accountId}:${payload["id"]}`;
const get = async (a: Tenant, path: string) => (await w.fetch(path, { key: a.apiKey })).text();
const search = (a: Tenant, question: string) => get(a, `/v1/search?q=${encodeURIComponent(question)}`);

/** Every text of the project in which a word stands. */
async function places(a: Tenant, word: string): Promise<string[]> {
  const tables = [
    "inbox.cw_messages",
    "inbox.deliveries",
    "memory.chunks",
    "memory.pending",
    "memory.vectors",
    "shared.evidence_items",
    "shared.outbox",
    "shared.tombstones",
    "shared.events",
  ];
  const found = await Promise.all(
    tables.map(async (table) =>
      (await count(w, a, `${table} x`, `to_jsonb(x)::text like '%${word}%'`)) > 0 ? [table] : [],
    ),
  );
  return found.flat();
}

describe("old turns", () => {
  it("lose their words, files, passages, vectors and evidence; the young ones keep theirs", async () => {
    const { a, at, said } = await talkative();
    expect(await places(a, "amber")).toEqual(["inbox.cw_messages", "memory.chunks"]);
    expect(await count(w, a, "memory.vectors")).toBe(11);
    expect(await night(a)).toMatchObject({ removed: { "inbox.turns": 6 } });
    for (const colour of colours.slice(0, 6)) expect(await places(a, colour)).toEqual([]);
    for (const colour of colours.slice(6))
      expect(await places(a, colour)).toEqual(["inbox.cw_messages", "memory.chunks"]);
    expect([await count(w, a, "memory.vectors"), await count(w, a, "inbox.cw_messages")]).toEqual([5, 11]);
    expect(await count(w, a, "shared.tombstones", "reason = 'retention' and object_type = 'inbox.cw_messages'")).toBe(
      6,
    );
    expect(await count(w, a, "shared.evidence_items", "withdrawn_at is not null and content_hash = ''")).toBe(6);
    expect(await search(a, "lilac boiler")).toContain("lilac boiler hums");
    const found = JSON.parse(await search(a, "amber boiler hums in the cellar")) as { data: { text: string }[] };
    expect(found.data.filter(({ text }) => text.includes("amber"))).toEqual([]);
    const listed = JSON.parse(await get(a, `/v1/inbox/messages?conversation=${at.conversation}&limit=100`)) as {
      data: Json[];
    };
    const oldest = listed.data.find((each) => each["id"] === idOf(a, said[0] ?? {}));
    expect(oldest).toMatchObject({
      text: null,
      attachments: [],
      removed_at: expect.stringMatching(/^2026-11-15T/),
      deleted_at: null,
    });
    expect(await night(a)).toMatchObject({ removed: {} });
  });

  it("stay while an answer or an audited act rests on them, and leave when the answer has gone", async () => {
    const { a, said } = await talkative();
    const json = { question: "Where does the brass boiler hum?" };
    const asked = await w.fetch("/v1/ask", { key: a.apiKey, json });
    const answer = (await asked.json()) as { id: string; citations: { source: { pk: string } }[] };
    const cited = new Set(answer.citations.map(({ source }) => source.pk));
    const old = said.slice(0, 6).map((each) => idOf(a, each));
    const kept = old.filter((id) => cited.has(id));
    expect(kept).toContain(idOf(a, said[1] ?? {}));
    const byAct = old.find((id) => !cited.has(id)) ?? "";
    await rows(
      w,
      a,
      `insert into shared.audit_events (project_id, id, actor, action, evidence_refs, request_id)
        select $1, 'aud-' || e.id, 'system', 'test.made', array[e.id], 'req' from shared.evidence_items e where e.project_id = $1 and e.source_pk = $2`,
      [byAct],
    );
    const run = await night(a);
    expect(run.kept).toEqual({ "inbox.turns": { cited_by_answer: kept.length, cited_by_act: 1 } });
    expect(run.removed).toMatchObject({ "inbox.turns": 6 - kept.length - 1 });
    const still = await rows(
      w,
      a,
      "select id from inbox.cw_messages where project_id = $1 and content is not null order by created_at",
    );
    expect(still.map((row) => row["id"])).toEqual(
      [...said.map((each) => idOf(a, each))].filter((id) => [...kept, byAct].includes(id) || !old.includes(id)),
    );
    expect(await rows(w, a, "select stale_at from memory.answers where project_id = $1")).toEqual([{ stale_at: null }]);
    await rows(w, a, "delete from memory.answers where project_id = $1");
    expect((await night(a)).removed).toEqual({ "inbox.turns": kept.length });
  });

  it("do not come back with an old webhook; what was said anew is accepted, found again, and leaves in its time", async () => {
    const { a, at, said } = await talkative();
    const [first = {}, second = {}] = said;
    await night(a);
    const day = (days: number) => new Date(w.clock.now().getTime() + days * 86_400_000).toISOString();
    // A sender that repeats itself, a reconcile that reads the message again, an edit from before.
    await rows(w, a, "delete from inbox.deliveries where project_id = $1");
    expect(await heard(w, a, first)).toBe("stale");
    expect(await heard(w, a, edit(at, first, { content: "The amber boiler rattles.", version: day(-50) }))).toBe(
      "stale",
    );
    expect(await heard(w, a, edit(at, first, { content: "The amber boiler rattles.", version: day(0) }))).toBe("stale");
    expect([await places(a, "amber"), await count(w, a, "memory.pending")]).toEqual([[], 0]);
    expect(
      await heard(w, a, edit(at, second, { content: "The brass boiler whistles now.", version: day(1) }), {
        at: new Date(day(0)),
      }),
    ).toBe("stored");
    expect(await places(a, "whistles")).toEqual(["inbox.cw_messages", "memory.chunks"]);
    expect(await search(a, "Which boiler whistles?")).toContain("The brass boiler whistles now.");
    expect(await night(a)).toMatchObject({ removed: {} });
    const before = w.clock.now();
    w.clock.set(day(32));
    expect((await night(a)).removed).toMatchObject({ "inbox.turns": 6 });
    expect(await places(a, "whistles")).toEqual([]);
    w.clock.set(before.toISOString());
  });

  it("deleted in Chatwoot afterwards are deleted here, and a person who writes again is heard", async () => {
    const { a, at, said } = await talkative();
    await night(a);
    const first = said[0] ?? {};
    expect(await heard(w, a, deletion(at, first, new Date(w.clock.now().getTime() + 1000).toISOString()))).toBe(
      "stored",
    );
    expect(
      await rows(
        w,
        a,
        "select removed_at, deleted_at is not null as deleted from inbox.cw_messages where project_id = $1 and id = $2",
        [idOf(a, first)],
      ),
    ).toEqual([{ removed_at: null, deleted: true }]);
    const anew = message(at, {
      content: "The new magenta boiler is silent.",
      created_at: w.clock.now().toISOString(),
      conversation: conversation(at),
    });
    expect(await heard(w, a, anew)).toBe("stored");
    expect(await places(a, "magenta")).toEqual(["inbox.cw_messages", "memory.chunks"]);
  });
});
